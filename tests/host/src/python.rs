//! The other side of the functions that a wheel's class calls, without Python in between.
#![allow(unsafe_code, reason = "this is the other side of a C interface")]

use std::ffi::{CStr, c_void};

use serde_json::{Value, json};

use crate::Library;

/// Bytes of the library's, which are given back.
#[repr(C)]
struct Bytes {
    start: *mut u8,
    length: usize,
}

type Open = unsafe extern "C" fn(*const u8, usize) -> Bytes;
type Run = extern "C" fn(u64) -> Bytes;
type Close = extern "C" fn(u64);
type Free = unsafe extern "C" fn(Bytes);

impl Library {
    /// Opens an instance, runs it so many times and closes it; then runs it once more, which cannot be. Tells the reply to the opening, the length of each
    /// reply to a run, and what the last one ends with.
    ///
    /// # Panics
    /// The library lacks a function, or replies in another form.
    pub fn as_wheel(&self, request: &[u8], runs: u32) -> Value {
        // SAFETY: these are the types of the functions of these names.
        let (open, run, close) = unsafe {
            (
                std::mem::transmute::<*mut c_void, Open>(self.function(c"allwell_open")),
                std::mem::transmute::<*mut c_void, Run>(self.function(c"allwell_run")),
                std::mem::transmute::<*mut c_void, Close>(self.function(c"allwell_close")),
            )
        };
        // SAFETY: there are so many bytes, until the function returns.
        let opened = self.taken(unsafe { open(request.as_ptr(), request.len()) });
        let opened: Value = serde_json::from_slice(&opened).expect("JSON");
        let number = opened["instance"].as_u64().unwrap_or_default();
        let lengths: Vec<_> = (0..runs).map(|_| self.taken(run(number)).len()).collect();
        close(number);
        close(number);
        let last = self.taken(run(number));
        let said = last.iter().rposition(|byte| *byte == b'\0').map_or(0, |nul| nul + 1);
        json!({ "opened": opened, "lengths": lengths, "last": String::from_utf8_lossy(&last[said..]) })
    }

    fn function(&self, name: &CStr) -> *mut c_void {
        let function = self.symbol(name);
        assert!(!function.is_null(), "{} is not there", name.to_string_lossy());
        function
    }

    fn taken(&self, bytes: Bytes) -> Vec<u8> {
        // SAFETY: that is the type of the function of this name.
        let free =
            unsafe { std::mem::transmute::<*mut c_void, Free>(self.function(c"allwell_free")) };
        // SAFETY: there are so many bytes until they are given back, once.
        unsafe {
            let copy = std::slice::from_raw_parts(bytes.start, bytes.length).to_vec();
            free(bytes);
            copy
        }
    }
}
