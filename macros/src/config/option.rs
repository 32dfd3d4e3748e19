//! The code of one option: its row in the table, and how it is read.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path};

use super::value::Class;
use super::{Constraints, DefaultValue, Opt, Range};
use crate::generics::{is_option, mentions, optional};
use crate::place::{call, learn};

impl Opt<'_> {
    /// The option's row in the table: what differs from an option of that type about which nothing else is said.
    pub(super) fn spec(&self) -> TokenStream {
        let Self {
            field,
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
        let of_type = if *serde {
            let optional = is_option(ty);
            quote!(__rt::serde_field(#optional))
        } else {
            learn("option_field", field, ty, &TokenStream::new())
        };
        let required = default.as_ref().map(|_| quote!(required: false,));
        let default = default.as_ref().and_then(|default| self.shown(default));
        let default = default.map(|default| quote!(default: __rt::Some(#default),));
        let example =
            example.as_ref().map(|value| quote!(example: __rt::Some(|| __rt::json!(#value)),));
        let constraints = constraints.expand().map(|table| quote!(constraints: #table,));
        let secret = secret.then(|| quote!(secret: true,));
        let hidden = hidden.then(|| quote!(hidden: true,));
        let shared = shared.then(|| quote!(shared: true,));
        let tag = tag.as_ref().map(|key| quote!(tag: #key,));
        let deprecated =
            deprecated.as_ref().map(|instead| quote!(deprecated: __rt::Some(#instead),));
        quote! {
            __rt::OptionSpec {
                name: #name,
                description: #description,
                #required
                #default
                #example
                #constraints
                #secret
                #hidden
                #shared
                #tag
                #deprecated
                ..#of_type
            }
        }
    }

    /// A call of the runtime's function of this name, which learns the type of the field.
    pub(super) fn learn(&self, function: &str, more: &TokenStream) -> TokenStream {
        learn(function, self.field, self.ty, more)
    }

    /// The default as exports show it. What serde alone can read, it need not be able to show.
    fn shown(&self, default: &DefaultValue) -> Option<TokenStream> {
        let shown = match (default, self.serde) {
            (DefaultValue::Literal(value), true) => quote!(__rt::json!(#value)),
            (_, true) => return None,
            (DefaultValue::Literal(value), false) => {
                self.learn("show_literal", &quote!(__rt::json!(#value)))
            }
            (DefaultValue::Expression(value), false) => {
                self.learn("show_default", &quote!(|| #value))
            }
            (DefaultValue::OfType, false) => {
                self.learn("show_default_of_type", &TokenStream::new())
            }
        };
        Some(quote!(|| #shown))
    }

    /// How the option with this place in the table is read.
    pub(super) fn read(&self, index: usize) -> TokenStream {
        let spec = quote!(const { <Self as __rt::Config>::SPEC.option(#index) });
        let read = if self.serde { self.read_by_serde(&spec) } else { self.read_by_type(&spec) };
        let read = match &self.validate {
            None => read,
            Some(path) => self.validated(&read, &spec, path),
        };
        match self.assertion() {
            None => read,
            Some(assertion) => quote!({ #assertion #read }),
        }
    }

    fn read_by_type(&self, spec: &TokenStream) -> TokenStream {
        match &self.default {
            None => self.learn("option", &quote!(section, #spec)),
            Some(DefaultValue::Literal(value)) => {
                self.learn("option_or_literal", &quote!(section, #spec, || __rt::json!(#value)))
            }
            Some(DefaultValue::Expression(value)) => {
                self.learn("option_or", &quote!(section, #spec, || #value))
            }
            Some(DefaultValue::OfType) => self.learn("option_or_default", &quote!(section, #spec)),
        }
    }

    fn read_by_serde(&self, spec: &TokenStream) -> TokenStream {
        let absent = match &self.default {
            None if is_option(self.ty) => quote!(|| __rt::Some(__rt::None)),
            None => quote!(|| __rt::None),
            Some(DefaultValue::Literal(value)) => {
                quote!(|| __rt::serde_literal(__rt::json!(#value)))
            }
            Some(DefaultValue::Expression(value)) => quote!(|| __rt::Some(#value)),
            Some(DefaultValue::OfType) => quote!(|| __rt::Some(__rt::Default::default())),
        };
        self.learn("option_by_serde", &quote!(section, #spec, #absent))
    }

    fn validated(&self, read: &TokenStream, spec: &TokenStream, path: &Path) -> TokenStream {
        let call = call(path, "value");
        let validate = if is_option(self.ty) {
            quote! {
                |value| match value {
                    __rt::Some(value) => #call,
                    __rt::None => __rt::Ok(()),
                }
            }
        } else {
            quote!(|value| #call)
        };
        let validated = self.learn("validated", &quote!(section, #spec, value, #validate));
        quote! {{
            let value = #read;
            #validated
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
        let most = max.as_ref().map(|max| {
            let below = if *max_exclusive { quote!(<) } else { quote!(<=) };
            quote!(value #below (#max) as f64)
        });
        let holds = least.into_iter().chain(most);
        let message = format!("the default of `{}` is outside of its range", self.name);
        let ty = self.ty;
        let block = quote_spanned! {value.span()=> {
            let value: #ty = #value;
            let value = value as f64;
            __rt::assert!(#(#holds)&&*, #message);
        }};
        // An item is evaluated by `cargo check`, too, but cannot say `Self`.
        let of_self = mentions(quote!(#value #min #max), &[&Ident::new("Self", Span::call_site())]);
        Some(if of_self {
            quote_spanned!(value.span()=> const #block)
        } else {
            quote_spanned!(value.span()=> const _: () = #block;)
        })
    }
}

impl Constraints {
    fn expand(&self) -> Option<TokenStream> {
        let Self { range, pattern, non_empty, one_of } = self;
        if range.is_none() && pattern.is_none() && !non_empty && one_of.is_empty() {
            return None;
        }
        let bound = |bound: Option<&Expr>| optional(bound.map(|bound| quote!((#bound) as f64)));
        let min = bound(range.as_ref().and_then(|range| range.min.as_ref()));
        let max = bound(range.as_ref().and_then(|range| range.max.as_ref()));
        let max_exclusive = range.as_ref().is_some_and(|range| range.max_exclusive);
        let pattern = optional(pattern.as_ref().map(|pattern| quote!(#pattern)));
        Some(quote! {
            __rt::Constraints {
                min: #min,
                max: #max,
                max_exclusive: #max_exclusive,
                pattern: #pattern,
                non_empty: #non_empty,
                one_of: &[#(#one_of),*],
            }
        })
    }
}
