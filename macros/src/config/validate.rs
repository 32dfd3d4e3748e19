//! Whether what an author wrote on options is right, and how the options fit together.

use std::collections::BTreeMap;

use syn::{Expr, Ident, LitStr};

use super::parse::{FieldOptions, ParsedConfig, ParsedField, ParsedSection, ParsedVariant};
use super::value::{Class, Literal};
use super::{Choice, DefaultValue, Member, Opt, Section, Variant, constraint};
use crate::attr::Maybe;
use crate::diag::{Errors, faultless};
use crate::generics::last_name;
use crate::name;

/// The section, if everything about it is right.
pub(super) fn section<'i>(
    parsed: &ParsedConfig<'i>,
    section: &ParsedSection<'i>,
    errors: &Errors,
) -> Option<Section<'i>> {
    let ParsedSection { validate, template, fields } = section;
    let members = faultless(errors, || {
        report_repeated(fields, errors);
        report_unknown_template(template.as_ref(), errors);
        fields.iter().map(|field| member(field, errors)).collect()
    })?;
    Some(Section {
        ident: parsed.ident,
        generics: parsed.generics,
        runtime: parsed.runtime.clone(),
        description: parsed.doc.text(),
        template: template.as_ref().map(LitStr::value).unwrap_or_default(),
        validate: validate.clone(),
        members,
    })
}

fn member<'i>(parsed: &ParsedField<'i>, errors: &Errors) -> Member<'i> {
    let ParsedField { ident, ty, doc, flatten, options, beside_flatten } = parsed;
    if flatten.is_some() {
        for (name, span) in beside_flatten {
            let message = format!(
                "`{name}` means nothing beside `flatten`\nhint: put it on the options of `{}`",
                name::plain(ident)
            );
            errors.at(*span, message);
        }
        return Member::Flatten { field: ident, ty };
    }
    if doc.is_empty() && !options.hidden {
        let message = format!(
            "`{}` has no description\nhint: write a doc comment above it: `/// …`",
            name::plain(ident)
        );
        errors.add(ident, message);
    }
    let class = Class::of(ty);
    let constraints = constraint::validate(options, class, errors);
    let default = default(options, class, &constraints, errors);
    if let Some(value) = &options.example
        && let Some(literal) = Literal::of(value)
    {
        check_literal("example", value, &literal, class, &constraints, errors);
    }
    let secret = options.secret.is_some()
        || last_name(super::value::inner(ty)).is_some_and(|n| n == "Secret");
    Member::Option(Box::new(Opt {
        field: ident,
        ty,
        name: option_name(ident, options),
        description: doc.text(),
        default,
        example: options.example.clone(),
        constraints,
        secret,
        hidden: options.hidden,
        shared: options.shared,
        tag: tag(ident, options, secret, errors),
        deprecated: options.deprecated.as_ref().map(LitStr::value),
        validate: options.validate.clone(),
        serde: options.serde,
    }))
}

fn option_name(ident: &Ident, options: &FieldOptions) -> String {
    options.name.as_ref().map_or_else(|| name::plain(ident), LitStr::value)
}

fn default(
    options: &FieldOptions,
    class: Class,
    constraints: &super::Constraints,
    errors: &Errors,
) -> Option<DefaultValue> {
    let Maybe::Value(value) = options.default.as_ref()? else {
        return Some(DefaultValue::OfType);
    };
    let Some(literal) = Literal::of(value) else {
        return Some(DefaultValue::Expression(value.clone()));
    };
    check_literal("default", value, &literal, class, constraints, errors);
    // Where the compiler checks the literal's bounds, it may do so.
    match (class, &literal) {
        (Class::Bool | Class::Integer, _) | (Class::Float, Literal::Float(_)) if !options.serde => {
            Some(DefaultValue::Expression(value.clone()))
        }
        _ => Some(DefaultValue::Literal(value.clone())),
    }
}

fn check_literal(
    what: &str,
    value: &Expr,
    literal: &Literal,
    class: Class,
    constraints: &super::Constraints,
    errors: &Errors,
) {
    if literal.fits(class) {
        constraints.check(what, value, literal, errors);
        return;
    }
    let remedy = match (class, literal) {
        (Class::Text, _) => "put it in quotes",
        (Class::Bool, _) => "write `true` or `false`",
        (Class::Integer | Class::Float, Literal::Text(text)) if text.parse::<f64>().is_ok() => {
            "leave the quotes out"
        }
        (Class::Integer, _) => "write a whole number",
        (Class::Float, _) => "write a number",
        (Class::List, _) => "write a list: `[…]`",
        _ => "change the value or the type",
    };
    errors.add(
        value,
        format!("the {what} is {}, which does not fit the type\nhint: {remedy}", literal.what()),
    );
}

fn tag(ident: &Ident, options: &FieldOptions, secret: bool, errors: &Errors) -> Option<String> {
    let (span, given) = options.tag.as_ref()?;
    if secret {
        errors.at(
            *span,
            "a secret cannot be a tag, which everybody sees\nhint: take `tag` or `secret` away",
        );
        return None;
    }
    let (key, span) = match given {
        Some(key) => (key.value(), key.span()),
        None => (option_name(ident, options), *span),
    };
    if let Some(fault) = name::tag_fault(&key) {
        errors.at(span, format!("`{key}` is not the key of a tag: {fault}"));
    }
    Some(key)
}

/// The templates that the exports know the options of; the first is that of every check's options.
const TEMPLATES: [&str; 3] = ["instances/default", "instances/http", "instances/tls"];

fn report_unknown_template(template: Option<&LitStr>, errors: &Errors) {
    let unknown = template.filter(|template| !TEMPLATES.contains(&template.value().as_str()));
    if let Some(template) = unknown {
        let message = format!(
            "`{}` is no template whose options are known\nhint: `{}` and `{}` are; without one, the options are written in full",
            template.value(),
            TEMPLATES[1],
            TEMPLATES[2],
        );
        errors.add(template, message);
    }
}

fn report_repeated(fields: &[ParsedField<'_>], errors: &Errors) {
    let mut seen = BTreeMap::new();
    for field in fields.iter().filter(|field| field.flatten.is_none()) {
        let name = option_name(field.ident, &field.options);
        let span = field.options.name.as_ref().map_or_else(|| field.ident.span(), LitStr::span);
        if let Some(fault) = name::option_fault(&name) {
            errors.at(span, format!("`{name}` is not the name of an option: {fault}"));
        }
        match seen.get(&name) {
            Some(first) => {
                let other = name::plain(field.ident);
                let message = format!(
                    "two options are named `{name}`: `{first}` and `{other}`\nhint: give one of them another `name`"
                );
                errors.at(span, message);
            }
            None => drop(seen.insert(name, name::plain(field.ident))),
        }
    }
}

/// The choice, if everything about it is right.
pub(super) fn choice<'i>(
    parsed: &ParsedConfig<'i>,
    variants: &[ParsedVariant<'i>],
    errors: &Errors,
) -> Option<Choice<'i>> {
    let ParsedConfig { ident, generics, runtime, doc: _, body: _ } = parsed;
    if !generics.params.is_empty() {
        errors.add(&generics.params, "a choice of texts has no parameters\nhint: leave them out");
    }
    if variants.is_empty() && errors.count() == 0 {
        errors.add(ident, "the enum has no variant, so no text would be right\nhint: add one");
    }
    let mut seen = BTreeMap::<String, String>::new();
    let variants = faultless(errors, || {
        variants.iter().map(|parsed| variant(parsed, &mut seen, errors)).collect()
    })?;
    Some(Choice { ident, runtime: runtime.clone(), variants })
}

fn variant<'i>(
    parsed: &ParsedVariant<'i>,
    seen: &mut BTreeMap<String, String>,
    errors: &Errors,
) -> Variant<'i> {
    let ParsedVariant { ident, doc, name } = parsed;
    let text = name.as_ref().map_or_else(|| name::snake_case(&name::plain(ident)), LitStr::value);
    let span = name.as_ref().map_or_else(|| ident.span(), LitStr::span);
    if doc.is_empty() {
        let message = format!(
            "`{}` has no description\nhint: write a doc comment above it: `/// …`",
            name::plain(ident)
        );
        errors.add(ident, message);
    }
    match seen.get(&text) {
        Some(first) => {
            let other = name::plain(ident);
            let message = format!(
                "two variants are written `{text}`: `{first}` and `{other}`\nhint: give one of them another `name`"
            );
            errors.at(span, message);
        }
        None => drop(seen.insert(text.clone(), name::plain(ident))),
    }
    Variant { ident, text, description: doc.text() }
}
