//! The code of `#[derive(Config)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident};

use super::parse::{Body, ParsedConfig};
use super::value::Class;
use super::{Choice, Constraints, DefaultValue, Member, Opt, Range, Section, Variant};
use crate::generics::{bounded, is_option, optional};
use crate::name;

impl Section<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { ident, generics, runtime, description, validate, members } = self;
        let generics = bounded(generics, members.iter().filter_map(Member::bound));
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let type_name = name::plain(ident);
        let items = members.iter().map(Member::item);
        let fields: Vec<_> = members.iter().map(Member::field).collect();
        let locals: Vec<_> = (0..members.len()).map(local).collect();
        let reads = members.iter().enumerate().map(|(index, member)| member.read(index));
        let tags: Vec<_> = members.iter().filter_map(Member::tags).collect();
        let tags = (!tags.is_empty()).then(|| {
            quote! {
                fn tags(&self, out: &mut __rt::Vec<__rt::String>) {
                    #(#tags)*
                }
            }
        });
        let value = quote!(Self { #(#fields: #locals?),* });
        let value = match validate {
            None => quote!(__rt::Some(#value)),
            Some(path) => quote! {{
                let value = #value;
                __rt::accepted(section, value, |value: &Self| #path(value))
            }},
        };
        let reads = quote!(#(#reads)*);
        runtime.scope(&quote! {
            #[automatically_derived]
            impl #impl_generics __rt::Config for #ident #ty_generics #where_clause {
                const SPEC: __rt::Spec = __rt::Spec {
                    type_name: #type_name,
                    description: #description,
                    items: &[#(#items),*],
                };

                fn read(section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
                    #reads
                    #value
                }

                #tags
            }
        })
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

    fn bound(&self) -> Option<(&syn::Type, TokenStream)> {
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
            Self::Flatten { ty, .. } => quote!(__rt::Item::Flatten(&<#ty as __rt::Config>::SPEC)),
        }
    }

    fn read(&self, index: usize) -> TokenStream {
        let local = local(index);
        match self {
            Self::Option(option) => {
                let read = option.read(index);
                quote!(let #local = #read;)
            }
            Self::Flatten { ty, .. } => quote!(let #local = <#ty as __rt::Config>::read(section);),
        }
    }

    fn tags(&self) -> Option<TokenStream> {
        match self {
            Self::Flatten { field, ty } => {
                Some(quote!(<#ty as __rt::Config>::tags(&self.#field, out);))
            }
            Self::Option(option) => {
                let (field, key) = (option.field, option.tag.as_ref()?);
                Some(quote!(__rt::push_tag(out, #key, &self.#field);))
            }
        }
    }
}

impl Opt<'_> {
    fn spec(&self) -> TokenStream {
        let Self {
            field: _,
            ty,
            name,
            description,
            default,
            example,
            constraints,
            secret,
            hidden,
            shared,
            tag,
            deprecated,
            validate: _,
            serde,
        } = self;
        let shape = if *serde {
            quote!(__rt::Shape::Any)
        } else {
            quote!(<#ty as __rt::OptionValue>::SHAPE)
        };
        let required = match (default, serde) {
            (Some(_), _) => quote!(false),
            (None, true) => {
                let required = !is_option(ty);
                quote!(#required)
            }
            (None, false) => quote!(!<#ty as __rt::OptionValue>::OPTIONAL),
        };
        let default = optional(default.as_ref().and_then(|default| self.shown(default)));
        let example = optional(example.as_ref().map(|value| quote!(|| __rt::json!(#value))));
        let constraints = constraints.expand();
        let tag = tag.as_deref().unwrap_or_default();
        let deprecated = optional(deprecated.as_ref().map(|instead| quote!(#instead)));
        quote! {
            __rt::OptionSpec {
                name: #name,
                description: #description,
                shape: #shape,
                required: #required,
                default: #default,
                example: #example,
                constraints: #constraints,
                secret: #secret,
                hidden: #hidden,
                shared: #shared,
                tag: #tag,
                deprecated: #deprecated,
            }
        }
    }

    /// The default as exports show it. What serde alone can read, it need not be able to show.
    fn shown(&self, default: &DefaultValue) -> Option<TokenStream> {
        let ty = self.ty;
        match default {
            DefaultValue::Literal(value) if self.serde => Some(quote!(|| __rt::json!(#value))),
            _ if self.serde => None,
            DefaultValue::Literal(value) => {
                Some(quote!(|| __rt::show_literal::<#ty>(__rt::json!(#value))))
            }
            DefaultValue::OfType => {
                Some(quote!(|| __rt::OptionValue::show(&<#ty as __rt::Default>::default())))
            }
            DefaultValue::Expression(value) => Some(quote! {
                || {
                    let value: #ty = #value;
                    __rt::OptionValue::show(&value)
                }
            }),
        }
    }

    fn read(&self, index: usize) -> TokenStream {
        let Self { ty, .. } = self;
        let spec = quote!(const { Self::SPEC.option(#index) });
        let read = match (&self.default, self.serde) {
            (None, false) => quote!(section.option::<#ty>(#spec)),
            (Some(DefaultValue::Literal(value)), false) => {
                quote!(__rt::option_or_literal::<#ty>(section, #spec, || __rt::json!(#value)))
            }
            (Some(default), false) => {
                let default = default.closure(ty);
                quote!(section.option_or::<#ty>(#spec, #default))
            }
            (default, true) => {
                let absent = match default {
                    None if is_option(ty) => quote!(|| __rt::Some(__rt::None)),
                    None => quote!(|| __rt::None),
                    Some(DefaultValue::Literal(value)) => {
                        quote!(|| __rt::serde_literal(__rt::json!(#value)))
                    }
                    Some(default) => {
                        let default = default.closure(ty);
                        quote!(|| __rt::Some((#default)()))
                    }
                };
                quote!(section.option_with::<#ty>(#spec, __rt::read_serde, #absent))
            }
        };
        let assertion = self.assertion();
        let read = match &self.validate {
            None => read,
            Some(path) => self.validated(&read, &spec, path),
        };
        match assertion {
            None => read,
            Some(assertion) => quote!({ #assertion #read }),
        }
    }

    fn validated(&self, read: &TokenStream, spec: &TokenStream, path: &syn::Path) -> TokenStream {
        let ty = self.ty;
        let validate = if is_option(ty) {
            let inner = super::value::inner(ty);
            quote! {
                |value: &#ty| match value {
                    __rt::Some(value) => {
                        let value: &#inner = value;
                        #path(value)
                    }
                    __rt::None => __rt::Ok(()),
                }
            }
        } else {
            quote!(|value: &#ty| #path(value))
        };
        quote! {{
            let value: __rt::Option<#ty> = #read;
            __rt::validated(section, #spec, value, #validate)
        }}
    }

    /// A default that has a name is compared with the range by the compiler.
    fn assertion(&self) -> Option<TokenStream> {
        let Some(DefaultValue::Expression(value @ Expr::Path(_))) = &self.default else {
            return None;
        };
        let Range { min, max, max_exclusive } = self.constraints.range.as_ref()?;
        if !Class::of(self.ty).is_number() || is_option(self.ty) {
            return None;
        }
        let least = min.as_ref().map(|min| quote!(value >= (#min) as f64));
        let most = max.as_ref().map(|max| match max_exclusive {
            true => quote!(value < (#max) as f64),
            false => quote!(value <= (#max) as f64),
        });
        let holds = least.into_iter().chain(most);
        let message = format!("the default of `{}` is outside of its range", self.name);
        let ty = self.ty;
        Some(quote_spanned! {value.span()=>
            const {
                let value: #ty = #value;
                let value = value as f64;
                __rt::assert!(#(#holds)&&*, #message);
            }
        })
    }
}

impl DefaultValue {
    fn closure(&self, ty: &syn::Type) -> TokenStream {
        match self {
            Self::OfType => quote!(<#ty as __rt::Default>::default),
            Self::Literal(value) | Self::Expression(value) => quote!(|| -> #ty { #value }),
        }
    }
}

impl Constraints {
    fn expand(&self) -> TokenStream {
        let Self { range, pattern, non_empty, one_of } = self;
        if range.is_none() && pattern.is_none() && !non_empty && one_of.is_empty() {
            return quote!(__rt::Constraints::NONE);
        }
        let bound = |bound: Option<&Expr>| optional(bound.map(|bound| quote!((#bound) as f64)));
        let min = bound(range.as_ref().and_then(|range| range.min.as_ref()));
        let max = bound(range.as_ref().and_then(|range| range.max.as_ref()));
        let max_exclusive = range.as_ref().is_some_and(|range| range.max_exclusive);
        let pattern = optional(pattern.as_ref().map(|pattern| quote!(#pattern)));
        quote! {
            __rt::Constraints {
                min: #min,
                max: #max,
                max_exclusive: #max_exclusive,
                pattern: #pattern,
                non_empty: #non_empty,
                one_of: &[#(#one_of),*],
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
                const SPEC: __rt::Spec =
                    __rt::Spec { type_name: #type_name, description: "", items: &[] };

                fn read(_section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
                    __rt::None
                }
            }
        },
    };
    runtime.scope(&code)
}
