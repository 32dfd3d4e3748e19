//! Where a command writes: data, and everything else.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// Where a command writes, and how wide and colourful that may be.
pub struct Screen<'s> {
    out: Box<dyn Write + 's>,
    err: Box<dyn Write + 's>,
    out_colour: bool,
    err_colour: bool,
    live: bool,
    width: Option<u16>,
}

pub(super) const HEADING: Style = Style::new().bold();
pub(super) const MUTED: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const HINT: Style = AnsiColor::Cyan.on_default();

impl<'s> Screen<'s> {
    /// A screen without colours that never wraps: for files, pipes and tests.
    pub fn plain(out: impl Write + 's, err: impl Write + 's) -> Self {
        Self {
            out: Box::new(out),
            err: Box::new(err),
            out_colour: false,
            err_colour: false,
            live: false,
            width: None,
        }
    }

    /// Wraps data at a width, in characters.
    #[must_use]
    pub fn width(mut self, width: u16) -> Self {
        self.width = Some(width);
        self
    }

    /// Prints in colours.
    #[must_use]
    pub fn coloured(mut self) -> Self {
        (self.out_colour, self.err_colour) = (true, true);
        self
    }

    /// Draws and erases a line that tells what still runs.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// The data that the user asked for goes here.
    pub(super) fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// Everything else goes here.
    pub(super) fn err(&mut self) -> &mut dyn Write {
        &mut *self.err
    }

    /// A progress line can be drawn and erased.
    pub(super) const fn is_live(&self) -> bool {
        self.live
    }

    /// The width to wrap data at.
    pub(super) const fn columns(&self) -> Option<u16> {
        self.width
    }

    pub(super) const fn colours(&self) -> (bool, bool) {
        (self.out_colour, self.err_colour)
    }

    /// A text in a style, if data may be coloured.
    pub(super) fn paint(&self, style: Style, text: impl Display) -> String {
        painted(self.out_colour, style, text)
    }

    /// Tells an error or warning, and what to do about it.
    pub(super) fn tell(&mut self, label: &str, message: &str, hint: &str) -> io::Result<()> {
        let style = if label == "error" { BAD } else { WARNING };
        writeln!(self.err, "{} {message}", painted(self.err_colour, style, format!("{label}:")))?;
        if !hint.is_empty() {
            writeln!(self.err, "{} {hint}", painted(self.err_colour, HINT, "hint:"))?;
        }
        Ok(())
    }
}

impl Screen<'static> {
    /// The terminal, or whatever the process's output goes to. Colours obey `NO_COLOR` and its kin.
    pub fn standard() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let out_colour = AutoStream::choice(&out) != ColorChoice::Never;
        let err_colour = AutoStream::choice(&err) != ColorChoice::Never;
        let width = out.is_terminal().then(terminal_size::terminal_size).flatten();
        Self {
            live: err.is_terminal() && std::env::var_os("TERM").is_some_and(|term| term != "dumb"),
            width: width.map(|(width, _)| width.0),
            out: Box::new(BufWriter::new(out)),
            err: Box::new(err),
            out_colour,
            err_colour,
        }
    }
}

impl std::fmt::Debug for Screen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").field("width", &self.width).finish_non_exhaustive()
    }
}

pub(super) fn painted(colour: bool, style: Style, text: impl Display) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_string() }
}
