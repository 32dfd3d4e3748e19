//! Whether what an author wrote on a check is right: names, times, and the form of the function or impl.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    FnArg, GenericArgument, LitStr, Path, PathArguments, ReturnType, Safety, Signature, Type,
};

use super::parse::{CheckOptions, FunctionHead, Head, ImplHead, ParsedCheck};
use super::{Body, Check, Function, Impl, Meta, Parameter};
use crate::diag::{Errors, faultless};
use crate::duration;
use crate::generics::last_name;
use crate::name;

/// The form of every check function.
const SIGNATURE: &str = "a check function has the form\n    \
    async fn name(config: &MyConfig, cx: &Context) -> Result<MyMetrics>\n\
    `async` may be left out (then it runs on the blocking pool), and so may either parameter and the `Result`";

/// How often a check runs unless it or its instance says otherwise, in milliseconds: the Agent's 15 seconds.
const DEFAULT_INTERVAL: u64 = 15_000;

/// The check, if everything about it is right.
pub(super) fn check<'i>(parsed: &'i ParsedCheck, errors: &Errors) -> Option<Check<'i>> {
    let ParsedCheck { options, runtime, doc, head } = parsed;
    let meta = faultless(errors, || {
        let place = head.name_place();
        if doc.is_empty() {
            errors.at(
                place,
                "the check has no description\nhint: write a doc comment above it: `/// …`",
            );
        }
        meta(options, head, doc.text(), errors)
    });
    let body = faultless(errors, || match head {
        Head::Function(head) => Some(Body::Function(function(head, errors))),
        Head::Impl(head) => implementation(head, errors).map(Body::Impl),
    });
    Some(Check { meta: meta??, runtime: runtime.clone(), body: body?? })
}

impl Head {
    fn name_place(&self) -> Span {
        match self {
            Self::Function(head) => head.signature.ident.span(),
            Self::Impl(head) => head.self_ty.span(),
        }
    }
}

fn meta(options: &CheckOptions, head: &Head, description: String, errors: &Errors) -> Option<Meta> {
    let CheckOptions { name, display_name, interval, timeout, enabled_by_default, can_connect } =
        options;
    let interval_ms = interval.as_ref().and_then(|text| time(text, "interval", errors));
    let timeout_ms = timeout.as_ref().and_then(|text| time(text, "timeout", errors));
    if let (Some(given), Some(timeout)) = (timeout, timeout_ms) {
        let known = interval.is_none() || interval_ms.is_some();
        let longest = interval_ms.unwrap_or(DEFAULT_INTERVAL);
        if known && timeout >= longest {
            let of = if interval.is_some() { "interval" } else { "default interval" };
            let message = format!(
                "the timeout is not shorter than the {of} of {}\nhint: the next run is due by then: shorten the timeout or lengthen `interval`",
                duration::text(longest),
            );
            errors.add(given, message);
        }
    }
    if let Some(given) = can_connect
        && let Some(fault) = name::service_check_fault(&given.value())
    {
        errors
            .add(given, format!("`{}` is not the name of a service check: {fault}", given.value()));
    }
    let name = check_name(name.as_ref(), head, errors)?;
    Some(Meta {
        display_name: display_name_of(&name, display_name.as_ref(), errors),
        name,
        description,
        interval: interval_ms,
        timeout: timeout_ms,
        enabled_by_default: *enabled_by_default,
        can_connect: can_connect.as_ref().map(LitStr::value),
    })
}

fn check_name(given: Option<&LitStr>, head: &Head, errors: &Errors) -> Option<String> {
    let (name, span) = match (given, head) {
        (Some(given), _) => (given.value(), given.span()),
        (None, Head::Function(head)) => {
            (name::plain(&head.signature.ident), head.signature.ident.span())
        }
        (None, Head::Impl(head)) => {
            let ident = last_name(&head.self_ty)?;
            (name::snake_case(&name::plain(ident)), ident.span())
        }
    };
    if let Some(fault) = name::check_fault(&name) {
        errors.at(span, format!("`{name}` is not the name of a check: {fault}"));
        return None;
    }
    Some(name)
}

/// The name for people, which is the check's own in words unless another is given.
fn display_name_of(name: &str, given: Option<&LitStr>, errors: &Errors) -> String {
    let Some(given) = given else { return name::in_words(name) };
    let display_name = given.value();
    if let Some(fault) = name::display_name_fault(&display_name) {
        errors.add(given, format!("`{display_name}` is not a name for people: {fault}"));
    }
    display_name
}

fn time(given: &LitStr, option: &str, errors: &Errors) -> Option<u64> {
    match duration::parse(&given.value()) {
        Ok(milliseconds) => Some(milliseconds),
        Err(fault) => {
            errors.add(given, format!("`{}` is not a time: {fault}\nhint: write `{option} = \"15s\"`; the units are `ms`, `s`, `m` and `h`", given.value()));
            None
        }
    }
}

fn function<'i>(head: &'i FunctionHead, errors: &Errors) -> Function<'i> {
    let FunctionHead { visibility, signature } = head;
    report_qualifiers(signature, errors);
    report_output(&signature.output, errors);
    Function {
        ident: &signature.ident,
        visibility,
        is_async: signature.asyncness.is_some(),
        parameters: parameters(signature, errors),
        output: &signature.output,
    }
}

fn parameters<'i>(signature: &'i Signature, errors: &Errors) -> Vec<Parameter<'i>> {
    let mut known = Vec::new();
    for input in &signature.inputs {
        let Some(ty) = referenced(input, errors) else { continue };
        let parameter = role(ty);
        let is_context = matches!(parameter, Parameter::Context(_));
        if known.iter().any(|other| matches!(other, Parameter::Context(_)) == is_context) {
            let fault = if is_context {
                "a check has one context\nhint: name all that it submits: `&Context<(A, B)>`"
            } else {
                "a check has one configuration\nhint: merge the two structs, with `#[config(flatten)]` on a field for the second"
            };
            errors.add(ty, format!("{fault}; {SIGNATURE}"));
        }
        known.push(parameter);
    }
    known
}

/// What a parameter is, by the name of its type.
fn role(ty: &Type) -> Parameter<'_> {
    match ty {
        Type::Path(path) if last_name(ty).is_some_and(|name| name == "Context") => {
            Parameter::Context(type_argument(&path.path))
        }
        _ => Parameter::Config(ty),
    }
}

fn report_qualifiers(signature: &Signature, errors: &Errors) {
    let refuse = |tokens: &dyn ToTokens, what: &str| {
        errors
            .add(tokens.to_token_stream(), format!("a check cannot be {what}\nhint: {SIGNATURE}"));
    };
    if let Some(token) = &signature.constness {
        refuse(token, "`const`");
    }
    if let Safety::Unsafe(token) = &signature.safety {
        refuse(token, "`unsafe`");
    }
    if let Some(abi) = &signature.abi {
        refuse(abi, "`extern`");
    }
    if let Some(variadic) = &signature.variadic {
        refuse(&variadic.dots, "variadic");
    }
    if !signature.generics.params.is_empty() {
        refuse(&signature.generics.params, "generic: one check is one set of metrics");
    } else if let Some(clause) = &signature.generics.where_clause {
        refuse(clause, "generic: one check is one set of metrics");
    }
}

fn report_output(output: &ReturnType, errors: &Errors) {
    let ReturnType::Type(_, ty) = output else { return };
    let fault = match &**ty {
        Type::Never(_) => "a check returns what it found",
        Type::ImplTrait(_) => {
            "a check names its metrics, so that they are known without running it"
        }
        Type::Reference(_) => "a check gives its metrics away",
        _ => return,
    };
    errors.add(ty, format!("{fault}\nhint: {SIGNATURE}"));
}

/// The type behind a parameter's reference.
fn referenced<'i>(input: &'i FnArg, errors: &Errors) -> Option<&'i Type> {
    let FnArg::Typed(input) = input else {
        errors.add(input, format!("a check function has no `self`\nhint: keep state in `impl Check for MyType`, with `#[check]` on the impl; {SIGNATURE}"));
        return None;
    };
    match &*input.ty {
        Type::Reference(reference) => {
            if let Some(mutability) = &reference.mutability {
                errors.add(mutability, format!("a check cannot change its parameters\nhint: keep state in `impl Check for MyType`, with `#[check]` on the impl; {SIGNATURE}"));
            }
            if let Type::ImplTrait(ty) = &*reference.elem {
                errors.add(
                    ty,
                    format!("a check names the types of its parameters\nhint: {SIGNATURE}"),
                );
                return None;
            }
            Some(&reference.elem)
        }
        ty => {
            let written = ty.to_token_stream().to_string().replace(' ', "");
            errors.add(ty, format!("a check takes its parameters by reference\nhint: write `&{written}`; {SIGNATURE}"));
            None
        }
    }
}

fn implementation<'i>(head: &'i ImplHead, errors: &Errors) -> Option<Impl<'i>> {
    let ImplHead { unsafety, impl_token, generics, trait_path, self_ty } = head;
    if let Some(token) = unsafety {
        errors.add(token, "a check cannot be `unsafe`\nhint: take it away");
    }
    if !generics.params.is_empty() {
        errors.add(&generics.params, "a check cannot be generic: one check is one set of metrics\nhint: write the impl for one type, such as `impl Check for Postgres<Tls>`");
    }
    if last_name(self_ty).is_none() {
        errors.add(
            self_ty,
            "a check is a struct or enum of its own\nhint: `impl Check for Postgres`",
        );
    }
    let Some(trait_path) = trait_path else {
        errors.at(*impl_token, "`#[check]` stands on a function or on `impl Check for …`\nhint: write `impl Check for` and the type, with `start` and `run` within");
        return None;
    };
    if trait_path.segments.last().is_none_or(|segment| segment.ident != "Check") {
        errors.add(trait_path, "this is not the trait `Check`\nhint: write `impl Check for …`, with `use allwell::Check;` above");
    }
    Some(Impl { trait_path, stream: type_argument(trait_path), self_ty })
}

/// The type argument at the end of a path: `Row` of `Check<Row>`.
fn type_argument(path: &Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
