//! What is known of the family whose metrics come: the beginning of the message `MetricFamily`.

use crate::openmetrics::parse::problem::Mistake;

use super::wire::Field;

/// The number of the field that holds the family's name.
const NAME: u64 = 1;
/// That of its description.
pub(super) const HELP: u64 = 2;
/// That of its type.
const TYPE: u64 = 3;
/// That of a metric.
pub(super) const METRIC: u64 = 4;

/// The types of families, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Counter,
    Gauge,
    Summary,
    Untyped,
    Histogram,
    GaugeHistogram,
}

impl Type {
    const fn of(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::Counter,
            1 => Self::Gauge,
            2 => Self::Summary,
            3 => Self::Untyped,
            4 => Self::Histogram,
            5 => Self::GaugeHistogram,
            _ => return None,
        })
    }

    /// The name, as the text format writes it, which has no gauge histograms.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Summary => "summary",
            Self::Untyped => "untyped",
            Self::Histogram | Self::GaugeHistogram => "histogram",
        }
    }

    /// The field of a metric that holds a value of this type.
    pub(super) const fn field(self) -> u64 {
        match self {
            Self::Gauge => 2,
            Self::Counter => 3,
            Self::Summary => 4,
            Self::Untyped => 5,
            Self::Histogram | Self::GaugeHistogram => 7,
        }
    }
}

/// The family whose metrics come.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) name: String,
    pub(super) help: Option<String>,
    /// A counter's type is 0, which some writers leave out.
    number: u64,
    pub(super) state: State,
    /// Nothing was told of it yet.
    pub(super) is_new: bool,
}

/// How far a family has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    /// No metric of it has come.
    #[default]
    Begun,
    /// Name and type are settled, and metrics are told of.
    Open(Type),
    /// Something is wrong with it, and its metrics are passed over.
    Closed,
}

impl Family {
    /// Forgets the last one.
    pub(super) fn begin(&mut self) {
        self.name.clear();
        self.help = None;
        self.number = 0;
        self.state = State::Begun;
        self.is_new = true;
    }

    /// Takes a field of the message. Name and type cannot change once metrics have come under them.
    pub(super) fn take(&mut self, field: &Field<'_>) -> Result<(), Mistake> {
        match field.number {
            NAME => {
                let name = String::from_utf8_lossy(field.message()?.bytes).into_owned();
                self.settled(name == self.name, "the name comes after metrics of the family")?;
                self.name = name;
            }
            HELP => {
                self.help = Some(String::from_utf8_lossy(field.message()?.bytes).into_owned());
            }
            TYPE => {
                let number = field.number()?;
                let is_same = number == self.number;
                self.settled(is_same, "the type comes after metrics of the family")?;
                self.number = number;
            }
            _ => {}
        }
        Ok(())
    }

    /// What is settled stays the same, or the metrics that follow are passed over.
    fn settled(&mut self, is_same: bool, otherwise: &'static str) -> Result<(), Mistake> {
        if is_same || self.state == State::Begun {
            return Ok(());
        }
        self.state = State::Closed;
        Err(Mistake::of_line(otherwise))
    }

    /// Settles name and type, as the first metric comes.
    pub(super) fn open(&mut self) -> Result<Type, Mistake> {
        self.state = State::Closed;
        if self.name.is_empty() {
            return Err(Mistake::of_line("a metric comes before the name of its family"));
        }
        let kind = Type::of(self.number).ok_or_else(|| {
            Mistake::of_line(format!("there is no type {} of families", self.number))
        })?;
        self.state = State::Open(kind);
        Ok(kind)
    }
}
