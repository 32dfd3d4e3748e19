//! The code that makes a record of what a scrape has found for it.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Type};

use super::parse::ParsedRecord;
use super::{Condition, Item, Level, Nested, Record, Selector, Source, source};
use crate::generics::bounded;
use crate::name;
use crate::place::learn;

/// The impl, if a scrape fills the record.
pub(super) fn expand(record: &Record<'_>) -> Option<TokenStream> {
    if !record.is_scraped {
        return None;
    }
    let Record { ident, generics, tags, host, items, nested, own, .. } = record;
    let sourced: Vec<_> =
        items.iter().filter_map(|item| Some((item, item.source.as_ref()?))).collect();
    let labels: Vec<(&Ident, &Type, &str)> = tags
        .iter()
        .map(|tag| (tag.field, tag.ty, tag.label.as_str()))
        .chain(host.iter().map(|host| (host.field, host.ty, host.label.as_str())))
        .collect();
    let bounds = labels.iter().map(|(_, ty, _)| (*ty, quote!(__rt::LabelValue)));
    let bounds = bounds.chain(sourced.iter().map(|(item, source)| (item.ty, source.bound())));
    let bounds = bounds.chain(nested.iter().map(|nested| (nested.ty, quote!(__rt::FromScrape))));
    let generics = bounded(generics, bounds);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let type_name = name::plain(ident);
    let label_rows =
        labels.iter().map(|(field, ty, label)| learn("scrape_label", field, ty, &quote!(#label)));
    let source_rows = sourced.iter().map(|(item, source)| source.declaration(item));
    let nested_rows = nested.iter().map(Nested::needs);
    let takes = labels
        .iter()
        .enumerate()
        .map(|(at, (field, ty, _))| (*field, learn("take_label", field, ty, &quote!(row, #at))));
    let takes = takes.chain(sourced.iter().enumerate().map(|(at, (item, source))| {
        (item.field, learn(source.take(), item.field, item.ty, &quote!(row, #at)))
    }));
    let takes = takes.chain(nested.iter().enumerate().map(|(at, nested)| {
        let Nested { field, ty, .. } = nested;
        (*field, learn("take_records", field, ty, &quote!(row, #at)))
    }));
    let (fields, takes): (Vec<_>, Vec<_>) = takes.unzip();
    let locals: Vec<_> = (0..fields.len()).map(local).collect();
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics __rt::ScrapedRecord for #ident #ty_generics #where_clause {
            const TABLE: __rt::ScrapedTable<Self> = (
                __rt::Shaped {
                    type_name: #type_name,
                    labels: &[#(#label_rows),*],
                    sources: &[#(#source_rows),*],
                    nested: &[#(#nested_rows),*],
                },
                |row| {
                    #(let #locals = #takes;)*
                    __rt::Some(Self { #(#fields: #locals?,)* #(#own: __rt::None,)* })
                },
            );
        }
    })
}

/// An impl that takes nothing, so that a broken record causes no errors elsewhere.
pub(super) fn fallback(parsed: &ParsedRecord<'_>) -> Option<TokenStream> {
    let ParsedRecord { ident, generics, .. } = parsed;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    source::is_scraped(parsed).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics __rt::ScrapedRecord for #ident #ty_generics #where_clause {
                const TABLE: __rt::ScrapedTable<Self> =
                    (__rt::Shaped::NOTHING, |_| __rt::None);
            }
        }
    })
}

fn local(index: usize) -> Ident {
    Ident::new(&format!("field_{index}"), Span::mixed_site())
}

impl Source {
    fn bound(&self) -> TokenStream {
        if self.levels.is_empty() { quote!(__rt::FromSample) } else { quote!(__rt::FromState) }
    }

    const fn take(&self) -> &'static str {
        if self.levels.is_empty() { "take_sample" } else { "take_state" }
    }

    fn declaration(&self, item: &Item<'_>) -> TokenStream {
        let Self { selector: Selector { metric, conditions, place: _ }, sum, any_type, levels } =
            self;
        let name = name::plain(item.field);
        let conditions = conditions.iter().map(Condition::declaration);
        let of_type = if levels.is_empty() {
            learn("sample_field", item.field, item.ty, &quote!(#metric))
        } else {
            let levels = levels.iter().map(|(level, value)| {
                let level = level.variant();
                quote!((#level, #value))
            });
            learn("state_field", item.field, item.ty, &quote!(#metric, &[#(#levels),*]))
        };
        quote! {
            __rt::ScrapeSource {
                field: #name,
                conditions: &[#(#conditions),*],
                sum: #sum,
                any_type: #any_type,
                ..#of_type
            }
        }
    }
}

impl Condition {
    fn declaration(&self) -> TokenStream {
        let Self { label, value, equal } = self;
        quote!(__rt::LabelCondition { label: #label, value: #value, equal: #equal })
    }
}

impl Level {
    fn variant(self) -> TokenStream {
        let variant = match self {
            Self::Ok => quote!(Ok),
            Self::Warning => quote!(Warning),
            Self::Critical => quote!(Critical),
        };
        quote!(__rt::StateLevel::#variant)
    }
}

impl Nested<'_> {
    fn needs(&self) -> TokenStream {
        learn("records_needed", self.field, self.ty, &TokenStream::new())
    }
}
