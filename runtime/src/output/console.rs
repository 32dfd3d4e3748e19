//! An output that writes what it is given, for people or for programs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::delivery::Delivery;
use super::json::things;
use super::{Delivering, Output, OutputError};

/// How a console writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// A line of JSON for each thing: `{"instance": …, "metrics": {…}}`, in the shapes of `agent check --json`.
    Json,
    /// A line of text for each thing.
    #[default]
    Text,
}

/// Writes to standard output, or whatever it is given.
pub struct Console {
    out: Arc<Mutex<dyn Write + Send>>,
    style: Style,
}

impl Console {
    /// A console that writes to standard output.
    pub fn standard(style: Style) -> Self {
        Self::new(io::stdout(), style)
    }

    /// A console that writes to this.
    pub fn new(out: impl Write + Send + 'static, style: Style) -> Self {
        Self { out: Arc::new(Mutex::new(out)), style }
    }
}

impl Output for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    /// Writes on a thread that may block, so that a reader who does not read keeps nobody else waiting.
    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        let (out, style, deliveries) = (Arc::clone(&self.out), self.style, deliveries.to_vec());
        Box::pin(async move {
            let write = move || {
                let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                write(&mut *out, style, &deliveries)
            };
            let written = tokio::task::spawn_blocking(write).await;
            let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
            written.map_err(|error| match error.kind() {
                io::ErrorKind::BrokenPipe => OutputError::close("nobody reads any more"),
                _ => OutputError::discard(format!("cannot write: {error}")),
            })
        })
    }
}

fn write(out: &mut dyn Write, style: Style, deliveries: &[Arc<Delivery>]) -> io::Result<()> {
    // One write for all: lines of others do not come in between.
    let mut text = Vec::new();
    for delivery in deliveries {
        match style {
            Style::Json => write_json(&mut text, delivery)?,
            Style::Text => write_text(&mut text, delivery)?,
        }
    }
    out.write_all(&text)?;
    out.flush()
}

fn write_json(out: &mut Vec<u8>, delivery: &Delivery) -> io::Result<()> {
    for (section, thing) in things(delivery) {
        writeln!(out, "{}", json!({ "instance": *delivery.instance, section: thing }))?;
    }
    Ok(())
}

fn write_text(out: &mut Vec<u8>, delivery: &Delivery) -> io::Result<()> {
    for one in &delivery.series {
        let tags: Vec<_> = one.tags.iter().collect();
        writeln!(
            out,
            "{} {} {} {} [{}]",
            one.timestamp,
            one.kind.name(),
            one.name,
            one.value,
            tags.join(", ")
        )?;
    }
    for one in &delivery.sketches {
        let (tags, sketch): (Vec<_>, _) = (one.tags.iter().collect(), &one.sketch);
        let (count, mean, max) = (sketch.count(), sketch.mean(), sketch.max());
        let tags = tags.join(", ");
        writeln!(
            out,
            "{} sketch {} n={count} avg={mean} max={max} [{tags}]",
            one.timestamp, one.name
        )?;
    }
    for one in &delivery.service_checks {
        let (status, tags) = (&one.status, one.tags.join(", "));
        let message = one_line(status.message());
        writeln!(
            out,
            "{} service_check {} {}{message} [{tags}]",
            one.timestamp,
            one.name,
            status.name()
        )?;
    }
    for one in &delivery.events {
        writeln!(
            out,
            "{:.0} event {}: {}{}",
            delivery.time,
            one.alert_type.name(),
            one.title,
            one_line(&one.text)
        )?;
    }
    for one in &delivery.logs {
        let status = one.status.as_deref().unwrap_or("info");
        writeln!(out, "{:.0} log {status}{}", delivery.time, one_line(&one.message))?;
    }
    Ok(())
}

/// A text behind a colon, on one line.
fn one_line(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {}", text.escape_debug()) }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("style", &self.style).finish_non_exhaustive()
    }
}
