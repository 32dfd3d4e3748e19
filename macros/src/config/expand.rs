//! The code of `#[derive(Config)]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Type};

use super::parse::{Body, ParsedConfig};
use super::{Choice, Member, Section, Variant};
use crate::generics::bounded;
use crate::name;
use crate::place::{access, call, learn, runtime_function, variable};

impl Section<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { ident, generics, runtime, description, template, validate, members } = self;
        let generics = bounded(generics, members.iter().filter_map(Member::bound));
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let type_name = name::plain(ident);
        let items = members.iter().map(Member::item);
        let fields = members.iter().map(Member::field);
        let locals: Vec<_> = (0..members.len()).map(local).collect();
        let reads = members.iter().enumerate().map(|(index, member)| member.read(index));
        let value = quote!(Self { #(#fields: #locals?),* });
        let value = match validate {
            None => quote!(__rt::Some(#value)),
            Some(path) => {
                let call = call(&path, "config");
                quote!(__rt::accepted(section, #value, |config: &Self| #call))
            }
        };
        let tagged = members.iter().filter(|member| member.is_tagged());
        let tagged_fields = tagged.clone().map(Member::field);
        let tagged_variables = tagged.clone().map(|member| variable(member.field(), member.ty()));
        let tags = tagged.map(Member::tags);
        let adjust = adjust(&members);
        runtime.scope(&quote! {
            #[automatically_derived]
            impl #impl_generics __rt::Options for #ident #ty_generics #where_clause {
                const OPTIONS: __rt::OptionsOf<Self> = __rt::OptionsOf {
                    spec: __rt::Spec {
                        type_name: #type_name,
                        description: #description,
                        template: #template,
                        items: &[#(#items),*],
                    },
                    read: |section| {
                        #(#reads)*
                        #value
                    },
                    tags: |record, out| {
                        let Self { #(#tagged_fields: #tagged_variables,)* .. } = record;
                        #(#tags)*
                    },
                    adjust: #adjust,
                };
            }

            #[automatically_derived]
            impl #impl_generics __rt::Config for #ident #ty_generics #where_clause {
                const SPEC: __rt::Spec = <Self as __rt::Options>::OPTIONS.spec;

                fn read(section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
                    (<Self as __rt::Options>::OPTIONS.read)(section)
                }

                fn tags(&self, out: &mut __rt::Vec<__rt::String>) {
                    (<Self as __rt::Options>::OPTIONS.tags)(self, out);
                }

                fn adjust(&self, common: &mut __rt::Common) {
                    (<Self as __rt::Options>::OPTIONS.adjust)(self, common);
                }
            }
        })
    }
}

/// What options that are written elsewhere say about the common ones.
fn adjust(members: &[Member<'_>]) -> TokenStream {
    let flattened = members.iter().filter(|member| matches!(member, Member::Flatten { .. }));
    let fields = flattened.clone().map(Member::field);
    let variables = flattened.clone().map(|member| variable(member.field(), member.ty()));
    let calls = flattened.map(|member| {
        let access = access(member.field(), member.ty());
        quote!(__rt::Config::adjust(#access, common);)
    });
    let calls: Vec<_> = calls.collect();
    if calls.is_empty() {
        return quote!(|_, _| {});
    }
    quote! {
        |record, common| {
            let Self { #(#fields: #variables,)* .. } = record;
            #(#calls)*
        }
    }
}

/// The variable that a field's value is kept in; its hygiene keeps authors' expressions from seeing it.
fn local(index: usize) -> Ident {
    Ident::new(&format!("field_{index}"), Span::mixed_site())
}

impl Member<'_> {
    fn field(&self) -> &Ident {
        match self {
            Self::Option(option) => option.field,
            Self::Flatten { field, .. } => field,
        }
    }

    fn ty(&self) -> &Type {
        match self {
            Self::Option(option) => option.ty,
            Self::Flatten { ty, .. } => ty,
        }
    }

    fn bound(&self) -> Option<(&Type, TokenStream)> {
        match self {
            Self::Option(option) if option.serde => None,
            Self::Option(option) => Some((option.ty, quote!(__rt::OptionValue))),
            Self::Flatten { ty, .. } => Some((ty, quote!(__rt::Config))),
        }
    }

    fn item(&self) -> TokenStream {
        match self {
            Self::Option(option) => {
                let spec = option.spec();
                quote!(__rt::Item::Option(#spec))
            }
            Self::Flatten { field, ty } => learn("flatten_field", field, ty, &TokenStream::new()),
        }
    }

    fn read(&self, index: usize) -> TokenStream {
        let local = local(index);
        let read = match self {
            Self::Option(option) => option.read(index),
            Self::Flatten { field, ty } => learn("flattened", field, ty, &quote!(section)),
        };
        quote!(let #local = #read;)
    }

    fn is_tagged(&self) -> bool {
        match self {
            Self::Option(option) => option.tag.is_some(),
            Self::Flatten { .. } => true,
        }
    }

    fn tags(&self) -> TokenStream {
        let access = access(self.field(), self.ty());
        match self {
            Self::Flatten { .. } => quote!(__rt::Config::tags(#access, out);),
            Self::Option(option) => {
                let push_tag = runtime_function("push_tag", option.ty);
                let key = &option.tag;
                quote!(#push_tag(out, #key, #access);)
            }
        }
    }
}

impl Choice<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { ident, runtime, variants } = self;
        let choices: Vec<_> = variants
            .iter()
            .map(|Variant { ident: _, text, description }| quote!((#text, #description)))
            .collect();
        let idents: Vec<_> = variants.iter().map(|variant| variant.ident).collect();
        let texts = variants.iter().map(|variant| &variant.text);
        let indexes = 0..variants.len();
        runtime.scope(&quote! {
            #[automatically_derived]
            impl __rt::OptionValue for #ident {
                const SHAPE: __rt::Shape = __rt::Shape::OneOf(&[#(#choices),*]);

                fn read(node: &__rt::Node, reader: &mut __rt::Reader) -> __rt::Option<Self> {
                    match __rt::read_choice(node, &[#(#choices),*], reader)? {
                        #(#indexes => __rt::Some(Self::#idents),)*
                        _ => __rt::None,
                    }
                }

                fn show(&self) -> __rt::Value {
                    __rt::Value::from(match self {
                        #(Self::#idents => #texts,)*
                    })
                }
            }
        })
    }
}

/// An impl without options, so that a broken type causes no errors elsewhere.
pub(super) fn fallback(parsed: &ParsedConfig<'_>) -> TokenStream {
    let ParsedConfig { ident, generics, runtime, body, .. } = parsed;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let type_name = name::plain(ident);
    let code = match body {
        Body::Choice(_) => quote! {
            #[automatically_derived]
            impl #impl_generics __rt::OptionValue for #ident #ty_generics #where_clause {
                const SHAPE: __rt::Shape = __rt::Shape::Any;

                fn read(_node: &__rt::Node, _reader: &mut __rt::Reader) -> __rt::Option<Self> {
                    __rt::None
                }

                fn show(&self) -> __rt::Value {
                    __rt::Value::Null
                }
            }
        },
        Body::Section(_) | Body::Other => quote! {
            #[automatically_derived]
            impl #impl_generics __rt::Config for #ident #ty_generics #where_clause {
                const SPEC: __rt::Spec = __rt::Spec {
                    type_name: #type_name,
                    description: "",
                    template: "",
                    items: &[],
                };

                fn read(_section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
                    __rt::None
                }
            }
        },
    };
    runtime.scope(&code)
}
