//! The C interfaces of the Agent's loader of shared libraries and of the wheel's class of Python's, and all `unsafe` code that there is.
//!
//! The loader opens `libdatadog-agent-<check>.so` with `RTLD_NOW | RTLD_LOCAL` and looks for `Run` and, for show, `Version`. What it hands
//! over is its own and valid until `Run` returns; what is handed to a callback is copied before the callback returns. An error is freed by
//! the host with `free`, so it comes from `malloc`.
//!
//! **The sixth callback.** A host of before August 2026 has a table of five callbacks, a later one of six, and nothing in the table says
//! which it is. So no more than five are ever read. The sixth is the function `LogMsg`, which the Agent exports under that name: it is looked
//! up by name, and is used if it is there and in the same image as the first callback.
//!
//! **Unloading.** The loader closes a library while a run of it goes on. [`pin`] runs when the library is loaded and opens it once more,
//! for good, so that its code stays in memory for as long as the process.
#![allow(unsafe_code, reason = "this file is where C is spoken; each block says why it is sound")]

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_double, c_float, c_int, c_long, c_longlong, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use crate::metric::{Bucket, Log, Tags};

use super::library::Library;
use super::panics;
use super::python;
use super::receiver::{EventTexts, Level, MetricType, Receiver, Scope, narrowed};
use super::run::{Call, run};
use super::text::Text;

type SubmitMetric = unsafe extern "C" fn(
    id: *const c_char,
    metric_type: c_int,
    name: *const c_char,
    value: c_double,
    tags: *const *const c_char,
    hostname: *const c_char,
    flush_first_value: bool,
);
type SubmitServiceCheck = unsafe extern "C" fn(
    id: *const c_char,
    name: *const c_char,
    status: c_int,
    tags: *const *const c_char,
    hostname: *const c_char,
    message: *const c_char,
);
type SubmitEvent = unsafe extern "C" fn(id: *const c_char, event: *const Event);
type SubmitHistogramBucket = unsafe extern "C" fn(
    id: *const c_char,
    name: *const c_char,
    value: c_longlong,
    lower: c_float,
    upper: c_float,
    monotonic: c_int,
    hostname: *const c_char,
    tags: *const *const c_char,
    flush_first_value: bool,
);
type LogMessage = unsafe extern "C" fn(message: *const c_char, level: c_int);

/// The host's callbacks (`aggregator_t`), as far as every host has them.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Aggregator {
    metric: Option<SubmitMetric>,
    service_check: Option<SubmitServiceCheck>,
    event: Option<SubmitEvent>,
    histogram_bucket: Option<SubmitHistogramBucket>,
    event_platform_event: Option<unsafe extern "C" fn()>,
}

/// An event (`event_t`).
#[derive(Debug)]
#[repr(C)]
struct Event {
    title: *const c_char,
    text: *const c_char,
    timestamp: c_long,
    priority: *const c_char,
    host: *const c_char,
    tags: *const *const c_char,
    alert_type: *const c_char,
    aggregation_key: *const c_char,
    source_type_name: *const c_char,
    event_type: *const c_char,
}

/// What `Run` does: runs the instance once and stores an error, if there is one.
///
/// # Safety
/// `id`, `init_config` and `instance` are NULL or texts that end with NUL, `aggregator` is NULL or points to callbacks of these types,
/// `error` is NULL or can be written to; all that until this returns.
pub unsafe fn run_of_host(
    id: *const c_char,
    init_config: *const c_char,
    instance: *const c_char,
    aggregator: *const Aggregator,
    error: *mut *const c_char,
) {
    let ran = panics::outcome(|| {
        // SAFETY: the caller promises that each is NULL or a text.
        let texts = unsafe { [text(id), text(init_config), text(instance)] };
        // SAFETY: the caller promises that it is NULL or points to callbacks.
        let aggregator = unsafe { aggregator.as_ref() };
        let [Some(id), init_config, instance] = texts else {
            return Err("the host gave no check id".to_owned());
        };
        let aggregator = aggregator.ok_or("the host gave no callbacks")?;
        let [init_config, instance] =
            [init_config, instance].map(|text| text.unwrap_or_default().to_bytes());
        let call = Call { id, init_config, instance };
        let callbacks = Callbacks { id: id.to_owned(), aggregator: *aggregator };
        run(Library::of_this_process(), &call, callbacks).0
    });
    if let Err(told) = ran {
        // SAFETY: the caller promises that it is NULL or can be written to.
        unsafe { store(error, &told) };
    }
}

/// # Safety
/// The pointer is NULL, or a text that ends with NUL and stays for as long as the result is used.
unsafe fn text<'c>(pointer: *const c_char) -> Option<&'c CStr> {
    // SAFETY: it is not NULL, and the caller promises the rest.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
}

/// Stores a text where the host looks for an error. Where there is no memory for it, none is stored.
///
/// # Safety
/// The pointer is NULL or can be written to.
unsafe fn store(error: *mut *const c_char, told: &str) {
    if error.is_null() {
        return;
    }
    let told = Text::of(told);
    // SAFETY: the text ends with NUL, and the caller promises that the place can be written to.
    unsafe { *error = libc::strdup(told.get().as_ptr()) };
}

/// The host's callbacks, for one run of an instance, while the host waits for it. They may be called from any thread, as those of checks in Python are
/// that have threads.
struct Callbacks {
    id: CString,
    aggregator: Aggregator,
}

impl Receiver for Callbacks {
    fn keeps_failed_runs(&self) -> bool {
        false
    }

    fn honours_common_options(&self) -> bool {
        false
    }

    fn closes_instances(&self) -> bool {
        false
    }

    /// This interface has no way for it.
    fn cache(&self, _: &BTreeMap<String, String>) {}

    fn metric(
        &self,
        kind: MetricType,
        name: &CStr,
        value: f64,
        scope: Scope<'_>,
        flush_first: bool,
    ) {
        let Some(submit) = self.aggregator.metric else { return };
        let (id, name, host) = (self.id.as_ptr(), name.as_ptr(), scope.host.as_ptr());
        // SAFETY: all texts end with NUL and the tags with NULL; they outlive the call, and the host copies them in it.
        unsafe { submit(id, kind.number(), name, value, scope.tags.as_ptr(), host, flush_first) };
    }

    /// A histogram bucket of no width with one value in it: the Agent puts that value into the sketch's bin.
    fn distribution(&self, name: &CStr, value: f64, scope: Scope<'_>) {
        let Some(submit) = self.aggregator.histogram_bucket else { return };
        let bound = narrowed(value);
        let (id, name, host) = (self.id.as_ptr(), name.as_ptr(), scope.host.as_ptr());
        // SAFETY: all texts end with NUL and the tags with NULL; they outlive the call, and the host copies them in it.
        unsafe { submit(id, name, 1, bound, bound, 0, host, scope.tags.as_ptr(), false) };
    }

    fn bucket(&self, name: &CStr, bucket: &Bucket, scope: Scope<'_>, flush_first: bool) {
        let Some(submit) = self.aggregator.histogram_bucket else { return };
        let &Bucket { count, lower, upper, monotonic, .. } = bucket;
        #[expect(clippy::cast_possible_truncation, reason = "that is what the interface takes")]
        let (lower, upper) = (lower as c_float, upper as c_float);
        let (id, name, host) = (self.id.as_ptr(), name.as_ptr(), scope.host.as_ptr());
        let tags = scope.tags.as_ptr();
        // SAFETY: all texts end with NUL and the tags with NULL; they outlive the call, and the host copies them in it.
        unsafe {
            submit(id, name, count, lower, upper, monotonic.into(), host, tags, flush_first);
        }
    }

    fn service_check(&self, name: &CStr, status: u8, scope: Scope<'_>, message: &CStr) {
        let Some(submit) = self.aggregator.service_check else { return };
        let (id, name, host) = (self.id.as_ptr(), name.as_ptr(), scope.host.as_ptr());
        let (tags, message) = (scope.tags.as_ptr(), message.as_ptr());
        // SAFETY: all texts end with NUL and the tags with NULL; they outlive the call, and the host copies them in it.
        unsafe { submit(id, name, status.into(), tags, host, message) };
    }

    fn event(&self, event: &EventTexts<'_>) {
        let Some(submit) = self.aggregator.event else { return };
        let optional = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
        let event = Event {
            title: event.title.as_ptr(),
            text: event.text.as_ptr(),
            timestamp: event.timestamp,
            priority: event.priority.as_ptr(),
            host: event.scope.host.as_ptr(),
            tags: event.scope.tags.as_ptr(),
            alert_type: event.alert_type.as_ptr(),
            aggregation_key: optional(event.aggregation_key),
            source_type_name: event.source_type_name.as_ptr(),
            event_type: optional(event.event_type),
        };
        // SAFETY: its texts are NULL or end with NUL, its tags end with NULL; all outlive the call, and the host copies them in it.
        unsafe { submit(self.id.as_ptr(), &raw const event) };
    }

    /// It goes to the Agent's own log: this interface has no other way for it.
    fn log_line(&self, log: &Log, _: Tags<'_>) {
        let level = log.status.as_deref().map_or(Level::Info, Level::of);
        match log.tags.as_slice() {
            [] => self.log(level, &log.message),
            tags => self.log(level, &format!("{} [{}]", log.message, tags.join(", "))),
        };
    }

    fn warn(&self, message: &str) {
        self.log(Level::Warning, message);
    }

    fn beyond_limit(&self, _: u64) {}

    /// This interface has no way for it.
    fn metadata(&self, _: &str, _: &str) {}

    fn log(&self, level: Level, message: &str) -> bool {
        let Some(log) = self.aggregator.log() else { return false };
        let message = Text::of(&format!("{} | {message}", self.id.to_string_lossy()));
        // SAFETY: the text ends with NUL and outlives the call, and the host copies it in it.
        unsafe { log(message.get().as_ptr(), level.number()) };
        true
    }
}

impl Aggregator {
    /// The host's own log, found by its name next to the first callback.
    fn log(&self) -> Option<LogMessage> {
        // SAFETY: the name ends with NUL; looking for a name changes nothing.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"LogMsg".as_ptr()) };
        let metric = self.metric? as *const c_void;
        if found.is_null() || image_of(found)? != image_of(metric)? {
            return None;
        }
        // SAFETY: it is the Agent's function of that name, which takes a text and a level in every version that has it.
        Some(unsafe { std::mem::transmute::<*mut c_void, LogMessage>(found) })
    }
}

/// Where the image begins that an address is in.
fn image_of(address: *const c_void) -> Option<*mut c_void> {
    info_of(address).map(|info| info.dli_fbase)
}

fn info_of(address: *const c_void) -> Option<libc::Dl_info> {
    let mut info = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: any address may be asked about, and the result has room.
    let known = unsafe { libc::dladdr(address, info.as_mut_ptr()) } != 0;
    // SAFETY: it was filled, and zeros are a value of each of its fields.
    known.then(|| unsafe { info.assume_init() })
}

/// Keeps the image that this code is in loaded for as long as the process; called when the library is loaded.
///
/// It is no link argument since those of a library cannot be said by the crates that it depends on, and its author would have to know.
pub extern "C" fn pin() {
    let Some(info) = info_of(pin as *const c_void) else { return };
    let flags = libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
    // SAFETY: the name was given by the loader and ends with NUL. The image is loaded, so nothing is run by this; the handle is never closed.
    unsafe { libc::dlopen(info.dli_fname, flags) };
}

/// Bytes that Python holds until it gives them back.
#[derive(Debug)]
#[repr(C)]
pub struct Bytes {
    start: *mut u8,
    length: usize,
}

impl Bytes {
    fn of(bytes: Vec<u8>) -> Self {
        let bytes = Box::into_raw(bytes.into_boxed_slice());
        Self { start: bytes.cast(), length: bytes.len() }
    }
}

/// What `allwell_open` does: configures an instance of a check, by a request in JSON, and answers in JSON.
///
/// # Safety
/// The request is NULL, or so many bytes that can be read until this returns.
pub unsafe fn open_for_python(request: *const u8, length: usize) -> Bytes {
    // SAFETY: the caller promises it.
    let request = unsafe { bytes(request, length) };
    Bytes::of(python::open(Library::of_this_process(), request))
}

/// What `allwell_remember` does: gives an instance that has not run what it had in its cache, in JSON.
///
/// # Safety
/// The text is NULL, or so many bytes that can be read until this returns.
pub unsafe fn remember_for_python(instance: u64, text: *const u8, length: usize) {
    // SAFETY: the caller promises it.
    let text = unsafe { bytes(text, length) };
    python::remember(Library::of_this_process(), instance, text);
}

/// # Safety
/// The pointer is NULL, or to so many bytes that stay for as long as the result is used.
unsafe fn bytes<'b>(start: *const u8, length: usize) -> &'b [u8] {
    match start.is_null() {
        true => &[],
        // SAFETY: the caller promises that there are so many bytes.
        false => unsafe { std::slice::from_raw_parts(start, length) },
    }
}

/// What `allwell_run` does: runs an instance once, and gives all that came of it.
pub fn run_for_python(instance: u64) -> Bytes {
    Bytes::of(python::run(Library::of_this_process(), instance))
}

/// What `allwell_close` does: ends an instance. One that is not there is none.
pub fn close_for_python(instance: u64) {
    python::close(Library::of_this_process(), instance);
}

/// What `allwell_free` does: takes bytes back.
///
/// # Safety
/// They were given by a function of this file, and are given back once.
pub unsafe fn free_for_python(Bytes { start, length }: Bytes) {
    let bytes = ptr::slice_from_raw_parts_mut(start, length);
    // SAFETY: they were made of a boxed slice of this length, which nobody has any more.
    drop(unsafe { Box::from_raw(bytes) });
}

/// The functions that the loader and the class of Python's look for; what [`agent_library!`](crate::agent_library) stands for.
#[doc(hidden)]
#[macro_export]
macro_rules! __agent_entry_points {
    () => {
        const _: () = {
            use $crate::__private::agent::{
                Aggregator, Bytes, PYTHON_INTERFACE, c_char, close_for_python, free_for_python,
                open_for_python, pin, remember_for_python, run_for_python, run_of_host,
            };

            /// # Safety
            /// The arguments are those of the Agent's loader.
            #[unsafe(no_mangle)]
            #[allow(non_snake_case)]
            pub unsafe extern "C" fn Run(
                id: *mut c_char,
                init_config: *mut c_char,
                instance: *mut c_char,
                aggregator: *const Aggregator,
                error: *mut *const c_char,
            ) {
                // SAFETY: the loader gives texts that end with NUL, its callbacks, and a place for an error.
                unsafe { run_of_host(id, init_config, instance, aggregator, error) }
            }

            /// The version of this library. An argument that some hosts pass is not looked at.
            #[unsafe(no_mangle)]
            #[allow(non_snake_case)]
            pub extern "C" fn Version() -> *const c_char {
                $crate::__private::concat!($crate::__private::env!("CARGO_PKG_VERSION"), "\0")
                    .as_ptr()
                    .cast()
            }

            /// The version of the five functions that follow.
            #[unsafe(no_mangle)]
            pub extern "C" fn allwell_interface() -> u32 {
                PYTHON_INTERFACE
            }

            /// # Safety
            /// There are so many bytes.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn allwell_open(request: *const u8, length: usize) -> Bytes {
                // SAFETY: the class of Python's gives bytes and their number.
                unsafe { open_for_python(request, length) }
            }

            /// # Safety
            /// There are so many bytes.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn allwell_remember(
                instance: u64,
                text: *const u8,
                length: usize,
            ) {
                // SAFETY: the class of Python's gives bytes and their number.
                unsafe { remember_for_python(instance, text, length) }
            }

            #[unsafe(no_mangle)]
            pub extern "C" fn allwell_run(instance: u64) -> Bytes {
                run_for_python(instance)
            }

            #[unsafe(no_mangle)]
            pub extern "C" fn allwell_close(instance: u64) {
                close_for_python(instance);
            }

            /// # Safety
            /// The bytes are of `allwell_open` or `allwell_run`, and are given back once.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn allwell_free(bytes: Bytes) {
                // SAFETY: the class of Python's gives back what it was given, once.
                unsafe { free_for_python(bytes) }
            }

            /// Tells others that this library keeps itself in memory.
            #[unsafe(no_mangle)]
            #[allow(non_upper_case_globals)]
            pub static allwell_library: u8 = 1;

            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
            #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
            static PIN: extern "C" fn() = pin;
        };
    };
}
