//! The loader's side of the C interface.
#![allow(unsafe_code, reason = "this is the other side of a C interface")]

use std::ffi::{CStr, CString, c_char, c_double, c_float, c_int, c_long, c_longlong, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use serde_json::{Value, json};

use crate::recorded::record;

type Run = unsafe extern "C" fn(
    *mut c_char,
    *mut c_char,
    *mut c_char,
    *const Aggregator,
    *mut *const c_char,
);
type Version = unsafe extern "C" fn(*mut *const c_char) -> *const c_char;

/// `aggregator_t`, with all six callbacks.
#[repr(C)]
struct Aggregator {
    metric: extern "C" fn(
        *mut c_char,
        c_int,
        *mut c_char,
        c_double,
        *mut *mut c_char,
        *mut c_char,
        bool,
    ),
    service_check:
        extern "C" fn(*mut c_char, *mut c_char, c_int, *mut *mut c_char, *mut c_char, *mut c_char),
    event: extern "C" fn(*mut c_char, *const Event),
    histogram_bucket: extern "C" fn(
        *mut c_char,
        *mut c_char,
        c_longlong,
        c_float,
        c_float,
        c_int,
        *mut c_char,
        *mut *mut c_char,
        bool,
    ),
    event_platform_event: extern "C" fn(*mut c_char, *mut c_char, c_int, *mut c_char),
    log: extern "C" fn(*mut c_char, c_int),
}

/// `event_t`.
#[repr(C)]
struct Event {
    title: *mut c_char,
    text: *mut c_char,
    timestamp: c_long,
    priority: *mut c_char,
    host: *mut c_char,
    tags: *mut *mut c_char,
    alert_type: *mut c_char,
    aggregation_key: *mut c_char,
    source_type_name: *mut c_char,
    event_type: *mut c_char,
}

/// Which callbacks the host has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// All six, which record what they are called with.
    Recording,
    /// Five, and behind them memory that ends the process when it is read.
    Poisoned,
    /// Five that do nothing.
    Empty,
    /// None: the pointer is NULL.
    None,
}

static RECORDING: Aggregator = Aggregator {
    metric,
    service_check,
    event,
    histogram_bucket,
    event_platform_event,
    log: LogMsg,
};

static EMPTY: Aggregator = Aggregator {
    metric: no_metric,
    service_check,
    event,
    histogram_bucket,
    event_platform_event,
    log: LogMsg,
};

impl Table {
    fn pointer(self) -> *const Aggregator {
        match self {
            Self::Recording => &raw const RECORDING,
            Self::Empty => &raw const EMPTY,
            Self::Poisoned => poisoned(),
            Self::None => ptr::null(),
        }
    }
}

/// Five callbacks at the very end of the memory that may be read.
fn poisoned() -> *const Aggregator {
    const PAGE: usize = 4096;
    const FIVE: usize = 5 * size_of::<*const c_void>();
    let (access, flags) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: new memory of the process; it is kept for good, as the Agent keeps its table. The copy fits in the first page.
    unsafe {
        let pages = libc::mmap(ptr::null_mut(), 2 * PAGE, access, flags, -1, 0);
        assert_ne!(pages, libc::MAP_FAILED, "no memory");
        libc::mprotect(pages.byte_add(PAGE), PAGE, libc::PROT_NONE);
        let table = pages.byte_add(PAGE - FIVE);
        ptr::copy_nonoverlapping((&raw const RECORDING).cast::<u8>(), table.cast::<u8>(), FIVE);
        table.cast()
    }
}

/// An opened library.
#[derive(Debug)]
pub struct Library {
    handle: *mut c_void,
    run: Run,
    version: Option<Version>,
}

// SAFETY: a handle may be used from any thread, and so may the functions by the rules of the interface.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Opens a library and looks for its functions.
    ///
    /// # Errors
    /// The loader's words for what is wrong with it.
    pub fn open(path: &Path) -> Result<Self, String> {
        let file = CString::new(path.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
        // SAFETY: the name ends with NUL; what the library does when it is loaded is what is tested here.
        let handle = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            return Err(format!(
                "Failed to load shared library at {}: {}",
                path.display(),
                dl_error()
            ));
        }
        // SAFETY: the handle is open and the names end with NUL.
        let [run, version] =
            [c"Run", c"Version"].map(|name| unsafe { libc::dlsym(handle, name.as_ptr()) });
        if run.is_null() {
            // SAFETY: it is open, and nothing of it is used any more.
            unsafe { libc::dlclose(handle) };
            return Err("can't find 'Run' symbol".to_owned());
        }
        // SAFETY: the interface gives the functions of these names these types; a null pointer is `None`.
        let (run, version) = unsafe {
            (
                std::mem::transmute::<*mut c_void, Run>(run),
                std::mem::transmute::<*mut c_void, Option<Version>>(version),
            )
        };
        Ok(Self { handle, run, version })
    }

    /// A symbol of it, NULL if it has none of this name.
    pub(crate) fn symbol(&self, name: &CStr) -> *mut c_void {
        // SAFETY: the handle is open and the name ends with NUL.
        unsafe { libc::dlsym(self.handle, name.as_ptr()) }
    }

    /// Its version, if it tells one.
    pub fn version(&self) -> Option<String> {
        let mut error = ptr::null();
        // SAFETY: the function takes a place for an error or nothing, and gives a text that it keeps.
        Some(unsafe { text((self.version?)(&raw mut error)) })
    }

    /// Runs an instance. Absent texts are given as NULL.
    ///
    /// # Errors
    /// The library's error.
    ///
    /// # Panics
    /// A text has a NUL in it.
    pub fn run(
        &self,
        [id, init, instance]: [Option<&[u8]>; 3],
        table: Table,
    ) -> Result<(), String> {
        let texts =
            [id, init, instance].map(|text| text.map(|text| CString::new(text).expect("no NUL")));
        let pointers = texts.map(|text| text.map_or(ptr::null_mut(), CString::into_raw));
        let [id, init, instance] = pointers;
        let mut error = ptr::null();
        // SAFETY: the texts end with NUL and are freed after the call; the error is freed below, by `free`.
        unsafe {
            (self.run)(id, init, instance, table.pointer(), &raw mut error);
            for pointer in pointers.into_iter().filter(|pointer| !pointer.is_null()) {
                drop(CString::from_raw(pointer));
            }
            if error.is_null() {
                return Ok(());
            }
            let message = text(error);
            libc::free(error.cast_mut().cast());
            Err(format!("Failed to run check: {message}"))
        }
    }

    /// Closes it, whatever goes on in it.
    pub fn close(&self) {
        // SAFETY: it is open. That nothing of it is used any more is what the Agent does not make sure of, either.
        unsafe { libc::dlclose(self.handle) };
    }
}

fn dl_error() -> String {
    // SAFETY: it gives a text that stays until the next call of this thread, or NULL.
    unsafe { text(libc::dlerror()) }
}

/// # Safety
/// It is NULL or a text that ends with NUL.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(pointer) }
        .to_str()
        .map_or_else(|_| "not UTF-8".to_owned(), str::to_owned)
}

fn texts(mut pointer: *mut *mut c_char) -> Vec<String> {
    let mut texts = Vec::new();
    // SAFETY: the interface's arrays are NULL or end with NULL, and hold texts that end with NUL.
    while !pointer.is_null() && unsafe { !(*pointer).is_null() } {
        // SAFETY: as above.
        unsafe {
            texts.push(text(*pointer));
            pointer = pointer.add(1);
        }
    }
    texts
}

/// A text of a call, or null.
fn read(pointer: *const c_char) -> Value {
    // SAFETY: the interface's texts are NULL or end with NUL.
    if pointer.is_null() { Value::Null } else { unsafe { text(pointer) }.into() }
}

extern "C" fn metric(
    id: *mut c_char,
    metric_type: c_int,
    name: *mut c_char,
    value: c_double,
    tags: *mut *mut c_char,
    host: *mut c_char,
    flush_first: bool,
) {
    record(json!({
        "id": read(id), "metric": read(name), "type": metric_type, "value": value, "tags": texts(tags), "host": read(host),
        "flush_first": flush_first,
    }));
}

extern "C" fn no_metric(
    _: *mut c_char,
    _: c_int,
    _: *mut c_char,
    _: c_double,
    _: *mut *mut c_char,
    _: *mut c_char,
    _: bool,
) {
}

extern "C" fn service_check(
    id: *mut c_char,
    name: *mut c_char,
    status: c_int,
    tags: *mut *mut c_char,
    host: *mut c_char,
    message: *mut c_char,
) {
    record(json!({
        "id": read(id), "service_check": read(name), "status": status, "tags": texts(tags), "host": read(host),
        "message": read(message),
    }));
}

extern "C" fn event(id: *mut c_char, event: *const Event) {
    // SAFETY: the interface gives an event.
    let event = unsafe { &*event };
    record(json!({
        "id": read(id), "event": read(event.title), "text": read(event.text), "timestamp": event.timestamp,
        "priority": read(event.priority), "host": read(event.host), "tags": texts(event.tags),
        "alert_type": read(event.alert_type), "aggregation_key": read(event.aggregation_key),
        "source_type_name": read(event.source_type_name), "event_type": read(event.event_type),
    }));
}

extern "C" fn histogram_bucket(
    id: *mut c_char,
    name: *mut c_char,
    value: c_longlong,
    lower: c_float,
    upper: c_float,
    monotonic: c_int,
    host: *mut c_char,
    tags: *mut *mut c_char,
    flush_first: bool,
) {
    record(json!({
        "id": read(id), "bucket": read(name), "value": value, "lower": lower, "upper": upper, "monotonic": monotonic,
        "host": read(host), "tags": texts(tags), "flush_first": flush_first,
    }));
}

extern "C" fn event_platform_event(
    id: *mut c_char,
    _: *mut c_char,
    size: c_int,
    kind: *mut c_char,
) {
    record(json!({ "id": read(id), "event_platform_event": read(kind), "size": size }));
}

/// The host's log, by the name under which the Agent exports it.
#[unsafe(no_mangle)]
#[allow(unreachable_pub, reason = "the library reaches it")]
#[allow(non_snake_case, reason = "the Agent's name for it")]
pub extern "C" fn LogMsg(message: *mut c_char, level: c_int) {
    record(json!({ "log": read(message), "level": level }));
}
