//! How generated code names the runtime: by one absolute path, which an author may replace with `crate = path`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The runtime's path.
#[derive(Clone, Default)]
pub(crate) struct Runtime {
    path: Option<Path>,
}

impl Runtime {
    pub(crate) const fn new(path: Option<Path>) -> Self {
        Self { path }
    }

    /// Puts items into a scope of their own where `__rt` is what generated code may name.
    pub(crate) fn scope(&self, items: &TokenStream) -> TokenStream {
        let path = self.path.as_ref().map_or(quote!(::allwell), |path| quote!(#path));
        quote! {
            #[doc(hidden)]
            #[allow(
                deprecated,
                non_camel_case_types,
                unreachable_pub,
                unused_imports,
                unused_qualifications,
                clippy::all,
                clippy::pedantic,
                clippy::nursery,
            )]
            const _: () = {
                use #path::__private as __rt;
                #items
            };
        }
    }
}
