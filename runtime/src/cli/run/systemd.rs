//! Tells systemd how the service is: `sd_notify(3)`, which is a datagram of text to the socket that it names.

use std::env;
use std::time::Duration;

/// The socket of the service manager, if the process was started by one that wants to know.
#[derive(Debug)]
pub(super) struct Manager {
    #[cfg(unix)]
    socket: Option<std::os::unix::net::UnixDatagram>,
}

impl Manager {
    #[cfg(unix)]
    pub(super) fn of_process() -> Self {
        let socket = env::var_os("NOTIFY_SOCKET").and_then(|path| connect(&path).ok());
        Self { socket }
    }

    #[cfg(not(unix))]
    pub(super) const fn of_process() -> Self {
        Self {}
    }

    /// All that was configured has been started.
    pub(super) fn ready(&self, status: &str) {
        self.send(&format!("READY=1\nSTATUS={status}"));
    }

    /// The configuration is being read again, until [`ready`](Self::ready) is told.
    pub(super) fn reloading(&self) {
        let time = monotonic_micros().map(|micros| format!("\nMONOTONIC_USEC={micros}"));
        self.send(&format!("RELOADING=1{}", time.unwrap_or_default()));
    }

    /// It is about to end.
    pub(super) fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// All is well.
    pub(super) fn alive(&self) {
        self.send("WATCHDOG=1");
    }

    #[cfg(unix)]
    fn send(&self, text: &str) {
        if let Some(socket) = &self.socket {
            // A manager that does not listen misses nothing else.
            let _ = socket.send(text.as_bytes());
        }
    }

    #[cfg(not(unix))]
    fn send(&self, _text: &str) {}
}

/// How often the manager wants to hear that all is well: twice as often as it would lose patience. Zero if it does not want to.
pub(super) fn watchdog() -> Duration {
    let number = |name| env::var(name).ok()?.parse::<u64>().ok();
    let mine = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
    let micros = number("WATCHDOG_USEC").filter(|_| mine).unwrap_or(0);
    Duration::from_micros(micros / 2)
}

/// A path, or, after `@`, a name that stands in no filesystem.
#[cfg(unix)]
fn connect(path: &std::ffi::OsStr) -> std::io::Result<std::os::unix::net::UnixDatagram> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    let socket = UnixDatagram::unbound()?;
    match path.as_bytes().strip_prefix(b"@") {
        #[cfg(target_os = "linux")]
        Some(name) => {
            use std::os::linux::net::SocketAddrExt;
            socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?;
        }
        _ => socket.connect_addr(&SocketAddr::from_pathname(path)?)?,
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// The time since the machine was started, as systemd counts it.
#[cfg(target_os = "linux")]
fn monotonic_micros() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(time.tv_sec).ok()?, u64::try_from(time.tv_nsec).ok()?);
    Some(seconds * 1_000_000 + nanos / 1000)
}

#[cfg(not(target_os = "linux"))]
const fn monotonic_micros() -> Option<u64> {
    None
}
