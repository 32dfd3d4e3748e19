//! The code of `#[check]`: beside the item, which stays as it is, the types and constants that the registry needs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type, Visibility, parse_quote};

use super::parse::{Head, ParsedCheck};
use super::{Body, Check, Function, Impl, Meta, Parameter};
use crate::generics::optional;
use crate::name;

impl Check<'_> {
    pub(super) fn expand(self) -> TokenStream {
        let Self { meta, runtime, body } = self;
        let blocking = matches!(&body, Body::Function(function) if !function.is_async);
        let meta = meta.expand(blocking);
        let (handle, subject, definition) = match body {
            Body::Function(function) => {
                let marker = marker(function.ident);
                (handle(function.visibility, &marker), quote!(#marker), function.definition())
            }
            Body::Impl(implementation) => {
                let self_ty = implementation.self_ty;
                (TokenStream::new(), quote!(#self_ty), implementation.definition())
            }
        };
        let scope = runtime.scope(&quote! {
            #[automatically_derived]
            impl __rt::Definition for #subject {
                const META: __rt::Meta = #meta;
                #definition
            }

            __rt::inventory::submit! { __rt::Entry::new::<#subject>() }
        });
        quote!(#handle #scope)
    }
}

/// The type that stands for a check function. Its place is the attribute, so that an editor takes the function's name
/// for the function alone.
fn marker(ident: &Ident) -> Ident {
    let mut marker = ident.clone();
    marker.set_span(Span::call_site());
    marker
}

fn handle(visibility: &Visibility, marker: &Ident) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
        #visibility enum #marker {}
    }
}

impl Meta {
    fn expand(self, blocking: bool) -> TokenStream {
        let Self {
            name,
            display_name,
            description,
            interval,
            timeout,
            enabled_by_default,
            can_connect,
        } = self;
        let interval = interval.map_or(
            quote!(__rt::Meta::DEFAULT_INTERVAL),
            |interval| quote!(__rt::Duration::from_millis(#interval)),
        );
        let timeout =
            optional(timeout.map(|timeout| quote!(__rt::Duration::from_millis(#timeout))));
        let can_connect = optional(can_connect.map(|service_check| {
            quote! {
                &__rt::Descriptor::service_check(
                    #service_check,
                    "Returns `OK` if a run succeeds, `CRITICAL` with the error otherwise.",
                )
            }
        }));
        quote! {
            __rt::Meta {
                name: #name,
                display_name: #display_name,
                description: #description,
                interval: #interval,
                timeout: #timeout,
                enabled_by_default: #enabled_by_default,
                blocking: #blocking,
                can_connect: #can_connect,
                location: __rt::Location {
                    file: __rt::file!(),
                    line: __rt::line!(),
                    column: __rt::column!(),
                },
                package: __rt::Package {
                    name: __rt::crate_of(__rt::module_path!()),
                    version: __rt::env!("CARGO_PKG_VERSION"),
                    authors: __rt::env!("CARGO_PKG_AUTHORS"),
                    homepage: __rt::env!("CARGO_PKG_HOMEPAGE"),
                    repository: __rt::env!("CARGO_PKG_REPOSITORY"),
                    licence: __rt::env!("CARGO_PKG_LICENSE"),
                },
            }
        }
    }
}

impl Function<'_> {
    fn definition(self) -> TokenStream {
        let Self { ident, visibility: _, is_async, parameters, output } = self;
        let unit: Type = parse_quote!(());
        let config = parameters.iter().find_map(Parameter::config).unwrap_or(&unit);
        let stream = parameters.iter().find_map(Parameter::stream).unwrap_or(&unit);
        let outcome = match output {
            ReturnType::Default => &unit,
            ReturnType::Type(_, ty) => ty,
        };
        let run = Run::new(ident, &parameters);
        let Run { config: config_variable, cx, .. } = &run;
        let body = if is_async { run.in_place() } else { run.on_blocking_pool() };
        let config_type = associated("Config", config, &quote!(#config));
        let stream_type = associated("Stream", stream, &quote!(#stream));
        let outcome_type = associated("Outcome", outcome, &quote!(#outcome));
        let state = quote_spanned!(config.span()=> __rt::Arc<#config>);
        let state_type = associated("State", config, &state);
        quote! {
            #config_type
            #stream_type
            #outcome_type
            #state_type

            async fn start(
                config: #config,
                _cx: &__rt::Context<#stream>,
            ) -> __rt::CheckResult<Self::State> {
                __rt::Ok(__rt::Arc::new(config))
            }

            async fn run(
                #config_variable: &mut Self::State,
                #cx: &__rt::Context<#stream>,
            ) -> __rt::CheckResult<()> {
                #body
            }
        }
    }
}

/// An associated type at the place of an author's type, where it is said if that is more private than the check.
fn associated(name: &str, written: &Type, ty: &TokenStream) -> TokenStream {
    let name = Ident::new(name, written.span());
    quote_spanned!(written.span()=> type #name = #ty;)
}

impl<'i> Parameter<'i> {
    const fn config(&self) -> Option<&'i Type> {
        match self {
            Self::Config(ty) => Some(ty),
            Self::Context(_) => None,
        }
    }

    const fn stream(&self) -> Option<&'i Type> {
        match self {
            Self::Config(_) => None,
            Self::Context(stream) => *stream,
        }
    }
}

/// The call of a check function within `run`.
///
/// All of it is at the place of the function's name, where errors about it belong. That goes for the variables, too:
/// code that a macro by example writes would not find them otherwise. Their names hide no check function.
struct Run {
    config: Ident,
    cx: Ident,
    call: TokenStream,
    place: Span,
}

impl Run {
    fn new(function: &Ident, parameters: &[Parameter<'_>]) -> Self {
        let place = function.span();
        let (config, cx) = (Ident::new("__config", place), Ident::new("__cx", place));
        let arguments = parameters.iter().map(|parameter| match parameter {
            Parameter::Config(_) => &config,
            Parameter::Context(_) => &cx,
        });
        let call = quote_spanned!(place=> #function(#(#arguments),*));
        Self { config, cx, call, place }
    }

    fn in_place(&self) -> TokenStream {
        let Self { config, cx, call, place } = self;
        let call = quote_spanned!(*place=> __rt::future_must_be_send(#call));
        quote! {
            let #config = &**#config;
            #cx.finish::<Self>(#call.await)
        }
    }

    /// The record is submitted on the blocking pool, too, so it need not travel between threads.
    fn on_blocking_pool(&self) -> TokenStream {
        let Self { config, cx, call, place: _ } = self;
        quote! {
            let #config = __rt::Arc::clone(#config);
            let #cx = __rt::Clone::clone(#cx);
            __rt::blocking(move || {
                let (#config, #cx) = (&*#config, &#cx);
                #cx.finish::<Self>(#call)
            })
            .await
        }
    }
}

impl Impl<'_> {
    fn definition(self) -> TokenStream {
        let Self { trait_path, stream, self_ty } = self;
        let check = quote!(<#self_ty as #trait_path>);
        let unit: Type = parse_quote!(());
        let stream = stream.unwrap_or(&unit);
        quote! {
            type Config = #check::Config;
            type Stream = #stream;
            type Outcome = __rt::CheckResult<#check::Metrics>;
            type State = Self;

            async fn start(
                config: Self::Config,
                cx: &__rt::Context<Self::Stream>,
            ) -> __rt::CheckResult<Self> {
                #check::start(config, cx).await
            }

            async fn run(
                state: &mut Self,
                cx: &__rt::Context<Self::Stream>,
            ) -> __rt::CheckResult<()> {
                cx.finish::<Self>(#check::run(state, cx).await)
            }

            async fn stop(state: Self) {
                #check::stop(state).await;
            }
        }
    }
}

/// A definition that does nothing, so that a broken check function causes no errors where it is tested.
pub(super) fn fallback(parsed: &ParsedCheck) -> TokenStream {
    let ParsedCheck { runtime, head, .. } = parsed;
    let Head::Function(head) = head else { return TokenStream::new() };
    let marker = marker(&head.signature.ident);
    let handle = handle(&head.visibility, &marker);
    let meta = Meta {
        name: name::plain(&marker),
        display_name: String::new(),
        description: String::new(),
        interval: None,
        timeout: None,
        enabled_by_default: false,
        can_connect: None,
    };
    let meta = meta.expand(false);
    let unit: Type = parse_quote!(());
    let scope = runtime.scope(&quote! {
        #[automatically_derived]
        impl __rt::Definition for #marker {
            const META: __rt::Meta = #meta;
            type Config = #unit;
            type Stream = #unit;
            type Outcome = #unit;
            type State = #unit;

            async fn start(_: #unit, _: &__rt::Context<#unit>) -> __rt::CheckResult<#unit> {
                __rt::Ok(())
            }

            async fn run(_: &mut #unit, _: &__rt::Context<#unit>) -> __rt::CheckResult<()> {
                __rt::Ok(())
            }
        }
    });
    quote!(#handle #scope)
}
