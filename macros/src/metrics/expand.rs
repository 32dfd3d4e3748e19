//! The code of `#[derive(Metrics)]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parse::ParsedRecord;
use super::{Host, InAppType, Item, Key, Nested, Orientation, Record, Tag, fill};
use crate::generics::{bounded, is_option};
use crate::place::{access, learn, variable};

impl Record<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let scraped = fill::expand(&self);
        let Self { ident, generics, runtime, tags, host, items, nested, .. } = self;
        let bounds = items.iter().map(|item| (item.ty, item.bound()));
        let bounds = bounds.chain(nested.iter().map(|nested| (nested.ty, nested.bound())));
        let bounds = bounds.chain(tags.iter().map(|tag| (tag.ty, tag.bound())));
        let generics = bounded(generics, bounds);
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let type_name = crate::name::plain(ident);
        let tag_keys = tags.iter().map(Tag::declaration);
        let descriptors = items.iter().map(Item::declaration);
        let nested_records = nested.iter().map(Nested::declaration);
        let fields = tags.iter().map(|tag| (tag.field, tag.ty));
        let fields = fields.chain(host.iter().map(|host| (host.field, host.ty)));
        let fields = fields.chain(items.iter().map(|item| (item.field, item.ty)));
        let fields = fields.chain(nested.iter().map(|nested| (nested.field, nested.ty)));
        let (fields, variables): (Vec<_>, Vec<_>) =
            fields.map(|(field, ty)| (field, variable(field, ty))).unzip();
        let enter = (!tags.is_empty() || host.is_some()).then(|| enter(&tags, host.as_ref()));
        let items_of = (!items.is_empty())
            .then(|| quote!(let items = const { <Self as __rt::Metrics>::DECLARATION.items() };));
        let samples = items.iter().enumerate().map(|(index, item)| item.emit(index));
        let records = nested.iter().map(Nested::emit);
        // A unit that cannot be is found by evaluating the table, which `cargo check` does only for a constant like this.
        let evaluated = generics
            .params
            .is_empty()
            .then(|| quote!(const _: __rt::Declaration = <#ident as __rt::Metrics>::DECLARATION;));
        runtime.scope(&quote! {
            #[automatically_derived]
            impl #impl_generics __rt::Table for #ident #ty_generics #where_clause {
                const TABLE: (__rt::Record, fn(&Self, &mut __rt::Emitter<'_>)) = (
                    __rt::Record {
                        type_name: #type_name,
                        tags: &[#(#tag_keys),*],
                        items: &[#(#descriptors),*],
                        nested: &[#(#nested_records),*],
                    },
                    |record, out| {
                        let Self { #(#fields: #variables),* } = record;
                        #enter
                        #items_of
                        #(#samples)*
                        #(#records)*
                    },
                );
            }

            #[automatically_derived]
            impl #impl_generics __rt::Metrics for #ident #ty_generics #where_clause {
                const DECLARATION: __rt::Declaration =
                    __rt::Declaration::Record(&<Self as __rt::Table>::TABLE.0);

                #[inline]
                fn emit(&self, out: &mut __rt::Emitter<'_>) {
                    (const { <Self as __rt::Table>::TABLE.1 })(self, out);
                }
            }

            #scraped

            #evaluated
        })
    }
}

fn enter(tags: &[Tag<'_>], host: Option<&Host<'_>>) -> TokenStream {
    let tags = tags.iter().map(Tag::write);
    let host = host.map(|host| {
        let access = access(host.field, host.ty);
        quote!(tags.host(#access);)
    });
    quote! {
        let mut tags = out.record();
        #(#tags)*
        #host
        let mut samples = tags.samples();
        let out = &mut samples;
    }
}

impl Tag<'_> {
    fn bound(&self) -> TokenStream {
        if self.display { quote!(__rt::Display) } else { quote!(__rt::TagValue) }
    }

    fn declaration(&self) -> TokenStream {
        let Self { field, ty, key: Key { text: key, place: _ }, description, display, .. } = self;
        if *display {
            let optional = is_option(ty);
            return quote! {
                __rt::TagKey {
                    key: #key,
                    description: #description,
                    values: __rt::None,
                    optional: #optional,
                }
            };
        }
        learn("tag_field", field, ty, &quote!(#key, #description))
    }

    fn write(&self) -> TokenStream {
        let Self { field, ty, key: Key { text: key, place: _ }, display, .. } = self;
        let access = access(field, ty);
        match (display, is_option(ty)) {
            (false, _) => quote!(tags.tag(#key, #access);),
            (true, false) => quote!(tags.tag(#key, &__rt::Displayed(#access));),
            (true, true) => quote! {
                tags.tag(#key, &__rt::Option::map(__rt::Option::as_ref(#access), __rt::Displayed));
            },
        }
    }
}

impl Item<'_> {
    fn bound(&self) -> TokenStream {
        if self.in_app.is_some() { quote!(__rt::OneSeries) } else { quote!(__rt::Field) }
    }

    fn declaration(&self) -> TokenStream {
        let Self {
            field,
            ty,
            name,
            name_place: _,
            description,
            short_name,
            orientation,
            curated,
            interval,
            in_app,
            flush_first_value,
            source,
        } = self;
        let short_name = short_name.as_ref().map(|short| quote!(short_name: __rt::Some(#short),));
        let orientation = match orientation {
            Orientation::LowerIsBetter => Some(quote!(LowerIsBetter)),
            Orientation::Neutral => None,
            Orientation::HigherIsBetter => Some(quote!(HigherIsBetter)),
        };
        let orientation =
            orientation.map(|variant| quote!(orientation: __rt::Orientation::#variant,));
        let curated = (!curated.is_empty()).then(|| quote!(curated: &[#(#curated),*],));
        let flush_first_value = flush_first_value.then(|| quote!(flush_first_value: true,));
        let interval = interval.map(|seconds| quote!(interval: __rt::Some(#seconds),));
        let from = source.as_ref().map(|source| {
            let metric = &source.selector.metric;
            quote!(from: __rt::Some(#metric),)
        });
        let of_type = match in_app {
            Some(in_app) => learn("in_app_field", field, ty, &in_app.variant()),
            None => learn("metric_field", field, ty, &TokenStream::new()),
        };
        quote! {
            __rt::Descriptor {
                name: #name,
                description: #description,
                #short_name
                #orientation
                #curated
                #interval
                #flush_first_value
                #from
                ..#of_type
            }
        }
    }

    fn emit(&self, index: usize) -> TokenStream {
        let access = access(self.field, self.ty);
        quote!(__rt::Field::emit(#access, &items[#index], out);)
    }
}

impl InAppType {
    fn variant(self) -> TokenStream {
        let variant = match self {
            Self::Gauge => quote!(Gauge),
            Self::Rate => quote!(Rate),
            Self::Count => quote!(Count),
        };
        quote!(__rt::InAppType::#variant)
    }
}

impl Nested<'_> {
    fn bound(&self) -> TokenStream {
        if self.each.is_some() { quote!(__rt::Keyed) } else { quote!(__rt::Metrics) }
    }

    fn declaration(&self) -> TokenStream {
        let Self { field, ty, each, description } = self;
        match each {
            None => learn("record_field", field, ty, &TokenStream::new()),
            Some(Key { text: key, place: _ }) => {
                learn("records_field", field, ty, &quote!(#key, #description))
            }
        }
    }

    fn emit(&self) -> TokenStream {
        let Self { field, ty, each, description: _ } = self;
        let access = access(field, ty);
        match each {
            None => quote!(__rt::Metrics::emit(#access, out);),
            Some(Key { text: key, place: _ }) => {
                quote!(__rt::Keyed::emit_each(#access, #key, out);)
            }
        }
    }
}

/// An impl that submits nothing, so that a broken record causes no errors elsewhere.
pub(super) fn fallback(parsed: &ParsedRecord<'_>) -> TokenStream {
    let ParsedRecord { ident, generics, runtime, .. } = parsed;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let scraped = fill::fallback(parsed);
    runtime.scope(&quote! {
        #[automatically_derived]
        impl #impl_generics __rt::Metrics for #ident #ty_generics #where_clause {
            const DECLARATION: __rt::Declaration = __rt::Declaration::NOTHING;

            fn emit(&self, _out: &mut __rt::Emitter<'_>) {}
        }

        #scraped
    })
}
