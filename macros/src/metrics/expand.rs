//! The code of `#[derive(Metrics)]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parse::ParsedRecord;
use super::{EachKey, Item, Nested, Orientation, Record, Tag};
use crate::generics::{bounded, is_option};

impl Record<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { ident, generics, runtime, tags, host, items, nested } = self;
        let generics = {
            let fields = items.iter().map(|item| (item.ty, quote!(__rt::Field)));
            let records = nested.iter().map(|n| (n.ty, n.bound()));
            let keys =
                tags.iter().filter(|tag| !tag.display).map(|tag| (tag.ty, quote!(__rt::TagValue)));
            bounded(generics, fields.chain(records).chain(keys))
        };
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let type_name = crate::name::plain(ident);
        let tag_keys = tags.iter().map(Tag::declaration);
        let descriptors = items.iter().map(Item::declaration);
        let nested_records = nested.iter().map(Nested::declaration);
        let enter = (!tags.is_empty() || host.is_some()).then(|| {
            let tags = tags.iter().map(Tag::write);
            let host = host.map(|field| quote!(record.host(&self.#field);));
            quote! {
                let mut record = out.record();
                #(#tags)*
                #host
                let mut samples = record.samples();
                let out = &mut samples;
            }
        });
        let look_up =
            (!items.is_empty()).then(|| quote!(let items = const { Self::DECLARATION.items() };));
        let samples = items.iter().enumerate().map(|(index, item)| item.emit(index));
        let records = nested.iter().map(Nested::emit);
        runtime.scope(&quote! {
            #[automatically_derived]
            impl #impl_generics __rt::Metrics for #ident #ty_generics #where_clause {
                const DECLARATION: __rt::Declaration = __rt::Declaration::Record(&__rt::Record {
                    type_name: #type_name,
                    tags: &[#(#tag_keys),*],
                    items: &[#(#descriptors),*],
                    nested: &[#(#nested_records),*],
                });

                #[inline]
                fn emit(&self, out: &mut __rt::Emitter<'_>) {
                    #enter
                    #look_up
                    #(#samples)*
                    #(#records)*
                }
            }
        })
    }
}

impl Tag<'_> {
    fn declaration(&self) -> TokenStream {
        let Self { ty, key, description, display, .. } = self;
        let (values, optional) = if *display {
            let optional = is_option(ty);
            (quote!(__rt::None), quote!(#optional))
        } else {
            (quote!(<#ty as __rt::TagValue>::VALUES), quote!(<#ty as __rt::TagValue>::OPTIONAL))
        };
        quote! {
            __rt::TagKey {
                key: #key,
                description: #description,
                values: #values,
                optional: #optional,
            }
        }
    }

    fn write(&self) -> TokenStream {
        let Self { field, ty, key, display, .. } = self;
        match (*display, is_option(ty)) {
            (false, _) => quote!(record.tag(#key, &self.#field);),
            (true, false) => quote!(record.tag(#key, &__rt::Displayed(&self.#field));),
            (true, true) => quote! {
                record.tag(#key, &__rt::Option::map(__rt::Option::as_ref(&self.#field), __rt::Displayed));
            },
        }
    }
}

impl Item<'_> {
    fn declaration(&self) -> TokenStream {
        let Self {
            field: _,
            ty,
            name,
            description,
            short_name,
            orientation,
            curated,
            flush_first_value,
        } = self;
        let orientation = match orientation {
            Orientation::LowerIsBetter => quote!(LowerIsBetter),
            Orientation::Neutral => quote!(Neutral),
            Orientation::HigherIsBetter => quote!(HigherIsBetter),
        };
        quote! {
            __rt::Descriptor {
                name: #name,
                declared: <#ty as __rt::Field>::DECLARED,
                description: #description,
                short_name: #short_name,
                orientation: __rt::Orientation::#orientation,
                curated: &[#(#curated),*],
                flush_first_value: #flush_first_value,
            }
        }
    }

    fn emit(&self, index: usize) -> TokenStream {
        let Self { field, ty, .. } = self;
        quote!(<#ty as __rt::Field>::emit(&self.#field, &items[#index], out);)
    }
}

impl Nested<'_> {
    fn bound(&self) -> TokenStream {
        if self.each.is_some() { quote!(__rt::Keyed) } else { quote!(__rt::Metrics) }
    }

    fn declaration(&self) -> TokenStream {
        let Self { ty, each, .. } = self;
        match each {
            None => quote! {
                __rt::Nested { each: __rt::None, declaration: <#ty as __rt::Metrics>::DECLARATION }
            },
            Some(EachKey { key, description }) => quote! {
                __rt::Nested {
                    each: __rt::Some(__rt::TagKey {
                        key: #key,
                        description: #description,
                        values: <<#ty as __rt::Keyed>::Key as __rt::TagValue>::VALUES,
                        optional: <<#ty as __rt::Keyed>::Key as __rt::TagValue>::OPTIONAL,
                    }),
                    declaration: <<#ty as __rt::Keyed>::Record as __rt::Metrics>::DECLARATION,
                }
            },
        }
    }

    fn emit(&self) -> TokenStream {
        let Self { field, ty, each } = self;
        match each {
            None => quote!(<#ty as __rt::Metrics>::emit(&self.#field, out);),
            Some(EachKey { key, .. }) => {
                quote!(<#ty as __rt::Keyed>::emit_each(&self.#field, #key, out);)
            }
        }
    }
}

/// An impl that submits nothing, so that a broken record causes no errors elsewhere.
pub(super) fn fallback(parsed: &ParsedRecord<'_>) -> TokenStream {
    let ParsedRecord { ident, generics, runtime, .. } = parsed;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    runtime.scope(&quote! {
        #[automatically_derived]
        impl #impl_generics __rt::Metrics for #ident #ty_generics #where_clause {
            const DECLARATION: __rt::Declaration = __rt::Declaration::NOTHING;

            fn emit(&self, _out: &mut __rt::Emitter<'_>) {}
        }
    })
}
