//! Finds a check function's arguments by their types: a configuration, a context, both or none.

use crate::config::Config;
use crate::metric::Metrics;

use super::context::Context;

/// A type that a check function can take by reference: a configuration or a [`Context`].
#[diagnostic::on_unimplemented(
    message = "a check cannot take a `{Self}`",
    label = "neither a configuration nor a context",
    note = "hint: a check takes `&C` where `C` has `#[derive(Config)]`, and `&Context`, or one of them, or none"
)]
pub trait Parameter {
    /// Which of the two it is.
    type Role;
}

impl<C: Config> Parameter for C {
    type Role = ConfigRole<C>;
}

impl<M: Metrics> Parameter for Context<M> {
    type Role = ContextRole<M>;
}

/// The parameter is the configuration `C`.
#[derive(Debug)]
pub struct ConfigRole<C>(std::marker::PhantomData<C>);

/// The parameter is a context that submits `M`.
#[derive(Debug)]
pub struct ContextRole<M>(std::marker::PhantomData<M>);

/// There is no parameter.
#[derive(Debug)]
pub struct NoRole;

/// The roles of all parameters, which say what configuration the check has and what it may submit as it goes.
#[diagnostic::on_unimplemented(
    message = "a check takes one configuration and one context",
    label = "these parameters do not fit together",
    note = "hint: merge two configurations into one struct, with `#[config(flatten)]` for the second"
)]
pub trait Roles {
    /// The configuration, `()` if there is none.
    type Config: Config;
    /// What the context submits, `()` if there is none.
    type Stream: Metrics;
}

impl Roles for () {
    type Config = ();
    type Stream = ();
}

impl<C: Config> Roles for (ConfigRole<C>,) {
    type Config = C;
    type Stream = ();
}

impl<M: Metrics> Roles for (ContextRole<M>,) {
    type Config = ();
    type Stream = M;
}

impl<C: Config, M: Metrics> Roles for (ConfigRole<C>, ContextRole<M>) {
    type Config = C;
    type Stream = M;
}

impl<C: Config, M: Metrics> Roles for (ContextRole<M>, ConfigRole<C>) {
    type Config = C;
    type Stream = M;
}

/// Picks a parameter's value out of what a run has.
pub trait Pick<C, M> {
    /// The configuration or the context, whichever this type is.
    fn pick<'a>(config: &'a C, context: &'a Context<M>) -> &'a Self;
}

impl<C: Config, M> Pick<Self, M> for C {
    fn pick<'a>(config: &'a Self, _context: &'a Context<M>) -> &'a Self {
        config
    }
}

impl<C, M: Metrics> Pick<C, M> for Context<M> {
    fn pick<'a>(_config: &'a C, context: &'a Self) -> &'a Self {
        context
    }
}
