//! What an author wrote on a check: the options, and the head of the function or impl. Bodies are never parsed.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, LitStr, Path, Signature, Token, Type, Visibility};

use crate::attr::{Options, Place};
use crate::diag::Errors;
use crate::doc::Doc;
use crate::paths::Runtime;

const ON_CHECK: Place = Place {
    attribute: "check",
    on: "a check",
    options: &[
        "name",
        "display_name",
        "interval",
        "timeout",
        "enabled_by_default",
        "can_connect",
        "crate",
    ],
    elsewhere: &[
        ("title", "it is called `display_name`"),
        ("description", "the description is the doc comment: `/// …`"),
        ("namespace", "it belongs on the record: `#[metrics(namespace = \"…\")]`"),
        ("metrics", "the metrics are the return type"),
        ("config", "the configuration is a parameter: `config: &MyConfig`"),
        (
            "tags",
            "tags are fields of the record, marked `#[tag]`, or options marked `#[config(tag)]`",
        ),
        ("blocking", "a function that is not `async` runs on the blocking pool"),
    ],
};

/// A check as it is written.
pub(super) struct ParsedCheck {
    pub(super) options: CheckOptions,
    pub(super) runtime: Runtime,
    pub(super) doc: Doc,
    pub(super) head: Head,
}

/// The options of `#[check]`.
pub(super) struct CheckOptions {
    pub(super) name: Option<LitStr>,
    pub(super) display_name: Option<LitStr>,
    pub(super) interval: Option<LitStr>,
    pub(super) timeout: Option<LitStr>,
    pub(super) enabled_by_default: bool,
    pub(super) can_connect: Option<LitStr>,
}

/// The item without its body.
pub(super) enum Head {
    Function(Box<FunctionHead>),
    Impl(Box<ImplHead>),
}

impl Head {
    /// A function with `self` stands in an impl or trait, where no other item may stand beside it.
    pub(super) fn is_method(&self) -> bool {
        matches!(self, Self::Function(head) if head.signature.receiver().is_some())
    }
}

/// `pub async fn disk(config: &Disk) -> Result<Filesystem>`.
pub(super) struct FunctionHead {
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
}

/// `impl Check for Postgres`.
pub(super) struct ImplHead {
    pub(super) unsafety: Option<Token![unsafe]>,
    pub(super) impl_token: Span,
    pub(super) generics: Generics,
    pub(super) trait_path: Option<Path>,
    pub(super) self_ty: Type,
}

/// Reads the attribute and what it stands on; nothing if that is no function or impl, which is reported.
pub(super) fn check(
    options: TokenStream,
    item: TokenStream,
    errors: &Errors,
) -> Option<ParsedCheck> {
    let mut given = Options::in_parentheses(options, ON_CHECK, errors);
    let runtime = Runtime::new(given.path("crate"));
    let options = CheckOptions {
        name: given.text("name"),
        display_name: given.text("display_name"),
        interval: given.text("interval"),
        timeout: given.text("timeout"),
        enabled_by_default: given.flag("enabled_by_default").is_some(),
        can_connect: given.text("can_connect"),
    };
    match head.parse2(item) {
        Ok((attrs, head)) => Some(ParsedCheck { options, runtime, doc: Doc::of(&attrs), head }),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

fn head(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Head)> {
    let attrs = input.call(Attribute::parse_outer)?;
    let head =
        if input.peek(Token![impl]) || (input.peek(Token![unsafe]) && input.peek2(Token![impl])) {
            Head::Impl(Box::new(impl_head(input)?))
        } else {
            Head::Function(Box::new(function_head(input)?))
        };
    input.parse::<TokenStream>()?;
    Ok((attrs, head))
}

fn function_head(input: ParseStream<'_>) -> syn::Result<FunctionHead> {
    let visibility = input.parse()?;
    let qualified =
        [input.peek(Token![const]), input.peek(Token![async]), input.peek(Token![unsafe])];
    let is_function =
        input.peek(Token![fn]) || input.peek(Token![extern]) || qualified.contains(&true);
    if !is_function {
        return Err(input.error(
            "`#[check]` stands on a function or on `impl Check for …`\nhint: put it on the function that looks once and returns the metrics",
        ));
    }
    Ok(FunctionHead { visibility, signature: input.parse()? })
}

fn impl_head(input: ParseStream<'_>) -> syn::Result<ImplHead> {
    let unsafety = input.parse()?;
    let impl_token = input.parse::<Token![impl]>()?.span;
    let has_generics = input.peek(Token![<]) && !input.peek2(Token![<]);
    let mut generics: Generics = if has_generics { input.parse()? } else { Generics::default() };
    let first: Type = input.parse()?;
    let (trait_path, self_ty) = if input.parse::<Option<Token![for]>>()?.is_some() {
        let Type::Path(path) = first else {
            return Err(syn::Error::new_spanned(first, "expected the trait `Check`"));
        };
        (Some(path.path), input.parse()?)
    } else {
        (None, first)
    };
    generics.where_clause = input.parse()?;
    Ok(ImplHead { unsafety, impl_token, generics, trait_path, self_ty })
}
