//! The code of `#[derive(TagValue)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Ident};

use super::parse::ParsedValue;
use super::{Shape, Value};
use crate::generics::bounded;

impl Value<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { ident, generics, runtime, shape } = self;
        let mut label = None;
        let (generics, body) = match shape {
            Shape::Closed(variants) => {
                let (idents, texts): (Vec<_>, Vec<_>) = variants.into_iter().unzip();
                label = Some(of_label(ident, generics, &idents, &texts));
                let body = quote! {
                    const VALUES: __rt::Option<&'static [&'static str]> = __rt::Some(&[#(#texts),*]);

                    #[inline]
                    fn write(&self, out: &mut __rt::TagText<'_>) {
                        out.push_str(match self {
                            #(Self::#idents => #texts,)*
                        });
                    }
                };
                (generics.clone(), body)
            }
            Shape::Newtype(ty) => {
                let body = quote! {
                    const VALUES: __rt::Option<&'static [&'static str]> = <#ty as __rt::TagValue>::VALUES;
                    const OPTIONAL: bool = <#ty as __rt::TagValue>::OPTIONAL;

                    #[inline]
                    fn write(&self, out: &mut __rt::TagText<'_>) {
                        <#ty as __rt::TagValue>::write(&self.0, out);
                    }
                };
                (bounded(generics, [(ty, quote!(__rt::TagValue))].into_iter()), body)
            }
        };
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        runtime.scope(&quote! {
            #[automatically_derived]
            impl #impl_generics __rt::TagValue for #ident #ty_generics #where_clause {
                #body
            }

            #label
        })
    }
}

/// The way back, from the text of a label to a variant.
fn of_label(
    ident: &Ident,
    generics: &Generics,
    idents: &[&Ident],
    texts: &[String],
) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics __rt::LabelValue for #ident #ty_generics #where_clause {
            fn from_label(text: &str) -> __rt::Option<Self> {
                match text {
                    #(#texts => __rt::Some(Self::#idents),)*
                    _ => __rt::None,
                }
            }
        }
    }
}

/// An impl that writes nothing, so that a broken type causes no errors elsewhere.
pub(super) fn fallback(parsed: &ParsedValue<'_>) -> TokenStream {
    let ParsedValue { ident, generics, runtime, .. } = parsed;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    runtime.scope(&quote! {
        #[automatically_derived]
        impl #impl_generics __rt::TagValue for #ident #ty_generics #where_clause {
            fn write(&self, _out: &mut __rt::TagText<'_>) {}
        }
    })
}
