//! Collects the errors of an item, so that an author sees all of them at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The errors found so far.
///
/// Nobody may forget to look: dropped unread, it panics.
#[derive(Debug)]
pub(crate) struct Errors {
    list: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { list: RefCell::new(Some(Vec::new())) }
    }

    /// Adds an error that covers all of `tokens`.
    pub(crate) fn add(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error at a place.
    pub(crate) fn at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds what the parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(list) = &mut *self.list.borrow_mut() {
            list.push(error);
        }
    }

    /// How many there are, to tell whether a part of the work went well.
    pub(crate) fn count(&self) -> usize {
        self.list.borrow().as_ref().map_or(0, Vec::len)
    }

    /// Ends the collection.
    pub(crate) fn into_list(self) -> Vec<syn::Error> {
        self.list.take().unwrap_or_default()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        let unread = self.list.get_mut().is_some();
        assert!(!unread || std::thread::panicking(), "the errors of an item were dropped unread");
    }
}

/// Does a part of the work; gives its result only if it added no error.
pub(crate) fn faultless<T>(errors: &Errors, work: impl FnOnce() -> T) -> Option<T> {
    let before = errors.count();
    let result = work();
    (errors.count() == before).then_some(result)
}

/// The errors as the compiler is told of them.
pub(crate) fn compile_errors(list: &[syn::Error]) -> TokenStream {
    list.iter().map(syn::Error::to_compile_error).collect()
}
