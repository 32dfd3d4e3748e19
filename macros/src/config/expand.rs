//! The code of `#[derive(Config)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path, Type};

use super::parse::{Body, ParsedConfig};
use super::value::Class;
use super::{Choice, Constraints, DefaultValue, Member, Opt, Range, Section, Variant};
use crate::generics::{bounded, is_option, mentions, optional};
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

impl Opt<'_> {
    /// The option's row in the table: what differs from an option of that type about which nothing else is said.
    fn spec(&self) -> TokenStream {
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
    fn learn(&self, function: &str, more: &TokenStream) -> TokenStream {
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

    fn read(&self, index: usize) -> TokenStream {
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
