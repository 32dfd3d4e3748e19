//! Checks that the command line is tried on.

use allwell::prelude::*;

/// Room on a shelf. Shelves are made of wood.
///
/// They bend when they are full.
#[check(enabled_by_default)]
fn shelf() -> Vec<Board> {
    let board = |name: &str, room: u32, bent: bool| Board {
        name: name.to_owned(),
        room: room.into(),
        bent: bent.into(),
        read: 1000.into(),
        bending: Duration::from_millis(3).into(),
        weight: 2.5.into(),
        firm: if bent { Status::critical("it bends") } else { Status::Ok }.into(),
    };
    vec![board("upper", 1_572_864, false), board("lower", 2048, true)]
}

#[derive(Metrics)]
#[metrics(namespace = "shelf")]
struct Board {
    /// Which board it is.
    #[tag]
    name: String,
    /// Room that is left.
    #[metric(orientation = higher_is_better)]
    room: Gauge<Byte>,
    /// Share of the board, which is bent.
    bent: Gauge<Fraction>,
    /// Books taken out to be read.
    read: MonotonicCount<Object>,
    /// Time that a book bends the board.
    bending: Histogram<Second>,
    /// Weight of a book.
    weight: Distribution<Unitless>,
    /// OK unless the board is bent.
    firm: ServiceCheck,
}

/// Asks a guest.
#[check(interval = "30s", timeout = "200ms", can_connect = "guest.can_connect")]
async fn guest(config: &Guest, cx: &Context) -> Result<()> {
    cx.version("1.2.3");
    if config.door.lock {
        cx.metadata("door", "locked");
    }
    match config.mood.as_str() {
        "angry" => bail!("the guest left"),
        "mad" => panic!("the guest bit the host"),
        "mute" => std::future::pending().await,
        "shy" => cx.warn("the guest says little"),
        "loud" => {
            cx.event(Event::new("a song", "la\nla").tag("key", "C"));
            cx.log(Log::new("la la"));
        }
        _ => {}
    }
    Ok(())
}

/// Takes its time.
#[check(timeout = "5s")]
async fn sloth() {
    tokio::time::sleep(Duration::from_millis(1500)).await;
}

/// A guest.
#[derive(Config)]
struct Guest {
    /// How the guest feels.
    #[config(example = "shy")]
    mood: String,
    /// The room.
    #[config(tag, default = 12)]
    room: u16,
    /// What the door is like.
    #[config(default)]
    door: Door,
}

/// A door.
#[derive(Config, Default)]
struct Door {
    /// It can be locked.
    #[config(default = false)]
    lock: bool,
}
