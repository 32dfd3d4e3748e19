//! Values as they are written in attributes, and what can be told about them and about a type without a compiler.

use syn::{Expr, ExprArray, ExprLit, ExprUnary, GenericArgument, Lit, PathArguments, Type, UnOp};

use crate::generics::{is_option, last_name};

/// What a type is, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Bool,
    Integer,
    Float,
    Text,
    List,
    /// A type of the author's, an alias, or anything else.
    Unknown,
}

impl Class {
    /// The class of a type, or of what an `Option` holds.
    pub(super) fn of(ty: &Type) -> Self {
        let ty = inner(ty);
        match last_name(ty).map(ToString::to_string).unwrap_or_default().as_str() {
            "bool" => Self::Bool,
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64"
            | "i128" | "isize" => Self::Integer,
            "f32" | "f64" => Self::Float,
            "String" | "PathBuf" | "Url" | "Secret" => Self::Text,
            "Vec" | "BTreeSet" | "HashSet" => Self::List,
            _ => Self::Unknown,
        }
    }

    pub(super) const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Float)
    }

    /// Whether a value can be too small or too great.
    pub(super) const fn may_have_range(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Unknown)
    }

    /// Whether a value can be empty.
    pub(super) const fn may_be_empty(self) -> bool {
        matches!(self, Self::Text | Self::List | Self::Unknown)
    }

    /// Whether a value is text, or a list of it.
    pub(super) const fn may_be_text(self) -> bool {
        self.may_be_empty()
    }
}

/// What an `Option` holds, or the type itself.
pub(super) fn inner(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    match path.path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) if is_option(ty) => {
            match arguments.args.first() {
                Some(GenericArgument::Type(inner)) => inner,
                _ => ty,
            }
        }
        _ => ty,
    }
}

/// A value that is written out: no name, no call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Integer(f64),
    Float(f64),
    Bool,
    List(Vec<Self>),
}

impl Literal {
    pub(super) fn of(value: &Expr) -> Option<Self> {
        match value {
            Expr::Lit(ExprLit { lit, .. }) => Self::of_token(lit),
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match Self::of(expr)? {
                Self::Integer(number) => Some(Self::Integer(-number)),
                Self::Float(number) => Some(Self::Float(-number)),
                _ => None,
            },
            Expr::Array(ExprArray { elems, .. }) => {
                elems.iter().map(Self::of).collect::<Option<_>>().map(Self::List)
            }
            Expr::Group(group) => Self::of(&group.expr),
            _ => None,
        }
    }

    fn of_token(lit: &Lit) -> Option<Self> {
        match lit {
            Lit::Str(text) => Some(Self::Text(text.value())),
            Lit::Bool(_) => Some(Self::Bool),
            Lit::Int(number) => number.base10_digits().parse().ok().map(Self::Integer),
            Lit::Float(number) => number.base10_parse().ok().map(Self::Float),
            _ => None,
        }
    }

    pub(super) const fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) | Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a value like this can be one of the class.
    pub(super) const fn fits(&self, class: Class) -> bool {
        match class {
            Class::Bool => matches!(self, Self::Bool),
            Class::Integer => matches!(self, Self::Integer(_)),
            Class::Float => matches!(self, Self::Integer(_) | Self::Float(_)),
            Class::Text => matches!(self, Self::Text(_)),
            Class::List => matches!(self, Self::List(_)),
            Class::Unknown => true,
        }
    }

    /// What it is, for messages.
    pub(super) const fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number with a fraction",
            Self::Bool => "true or false",
            Self::List(_) => "a list",
        }
    }
}
