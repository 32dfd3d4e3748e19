//! Families of metrics: which samples belong to one, and in what part.

/// The type of a family, as its `# TYPE` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FamilyType {
    /// A total that only grows.
    Counter,
    /// A value as it is now.
    Gauge,
    /// Counts of values by cumulative buckets.
    Histogram,
    /// Quantiles of values.
    Summary,
    /// No type is given, or `untyped`, or `unknown`.
    Unknown,
    /// Facts as labels.
    Info,
    /// Which of several states holds.
    StateSet,
    /// Buckets of values as they are now.
    GaugeHistogram,
}

impl FamilyType {
    /// The type of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "summary" => Self::Summary,
            "untyped" | "unknown" => Self::Unknown,
            "info" => Self::Info,
            "stateset" => Self::StateSet,
            "gaugehistogram" => Self::GaugeHistogram,
            _ => return None,
        })
    }

    /// The name, as `# TYPE` writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
            Self::Unknown => "unknown",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::GaugeHistogram => "gaugehistogram",
        }
    }
}

/// The format of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Prometheus's text format, 0.0.4.
    #[default]
    Text,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// Prometheus's Protocol Buffers: messages `io.prometheus.client.MetricFamily`, each with its length before it.
    Protobuf,
}

/// What a sample is in its family, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `_sum`
    Sum,
    /// `_count`
    Count,
    /// `_bucket`
    Bucket,
    /// `_created`, of a family whose samples are of that time: when it began, and no value of it.
    Created,
    /// Its name is that of the family.
    Whole,
    /// Anything else.
    Other,
}

impl Part {
    /// The part that any sample of this name is.
    pub(super) fn by_name(name: &str) -> Self {
        if name.ends_with("_sum") {
            Self::Sum
        } else if name.ends_with("_count") {
            Self::Count
        } else if name.ends_with("_bucket") {
            Self::Bucket
        } else {
            Self::Other
        }
    }

    /// The part that a sample of a family's own name is: a quantile of `foo_bucket` is no bucket.
    pub(super) fn whole(name: &str, kind: FamilyType) -> Self {
        match Self::by_name(name) {
            Self::Other => Self::Whole,
            Self::Bucket if kind == FamilyType::Summary => Self::Whole,
            part => part,
        }
    }
}

/// The family whose samples are being read.
#[derive(Debug, Default)]
pub(super) struct Current {
    /// The name in its `# TYPE` or `# HELP`; empty if there is none.
    pub(super) written: String,
    /// How much of the name is the family's: counters lose their `_total`.
    pub(super) length: usize,
    pub(super) kind: Option<FamilyType>,
    /// It has been told to the visitor.
    pub(super) is_open: bool,
    /// The part of a sample that has the written name.
    pub(super) plain: Option<Part>,
    /// The name of the last sample.
    pub(super) last: Last,
}

/// The name of a sample, and what it is in the current family.
#[derive(Debug, Default)]
pub(super) struct Last {
    pub(super) name: Vec<u8>,
    pub(super) belongs: Option<Belongs>,
}

impl Last {
    pub(super) fn set(&mut self, name: &[u8], belongs: Option<Belongs>) {
        self.name.clear();
        self.name.extend_from_slice(name);
        self.belongs = belongs;
    }
}

impl Current {
    pub(super) fn kind(&self) -> FamilyType {
        self.kind.unwrap_or(FamilyType::Unknown)
    }

    pub(super) fn name(&self) -> &str {
        self.written.get(..self.length).unwrap_or_default()
    }

    pub(super) fn begin(&mut self, name: &str) {
        self.written.clear();
        self.written.push_str(name);
        self.kind = None;
        self.is_open = false;
        self.settle();
    }

    pub(super) fn set_type(&mut self, kind: FamilyType) {
        self.kind = Some(kind);
        self.settle();
    }

    /// Works out what follows from name and type.
    fn settle(&mut self) {
        self.last.set(b"", None);
        let kind = self.kind();
        let family = match kind {
            FamilyType::Counter => self.written.strip_suffix("_total").unwrap_or(&self.written),
            _ => &self.written,
        };
        self.length = family.len();
        self.plain = match kind {
            // Its samples count as those of a name that ends in `_total`.
            FamilyType::Counter => Some(Part::Other),
            _ => Some(Part::whole(&self.written, kind)),
        };
    }

    /// The part that a sample with this ending behind the written name is, if it belongs to the family.
    pub(super) fn part(&self, ending: &str, format: Format) -> Option<Belongs> {
        let kind = self.kind();
        let openmetrics = format == Format::OpenMetrics;
        let own = |part| Some(Belongs { part, by_its_suffix: false });
        let has_short_name = self.length == self.written.len();
        match (kind, ending) {
            (FamilyType::Histogram, "") => None,
            (FamilyType::Info | FamilyType::GaugeHistogram, "") if openmetrics => None,
            (FamilyType::Counter, "") if openmetrics && has_short_name => None,
            (_, "") => own(self.plain?),
            (FamilyType::Counter, "_total") if !openmetrics && has_short_name => {
                Some(Belongs { part: Part::Other, by_its_suffix: true })
            }
            (FamilyType::Histogram | FamilyType::Summary, "_sum") => own(Part::Sum),
            (FamilyType::Histogram | FamilyType::Summary, "_count") => own(Part::Count),
            (FamilyType::Histogram, "_bucket") => own(Part::Bucket),
            _ if openmetrics => Self::part_of_openmetrics(kind, ending).and_then(own),
            _ => None,
        }
    }

    /// The parts that only `OpenMetrics` has.
    fn part_of_openmetrics(kind: FamilyType, ending: &str) -> Option<Part> {
        match (kind, ending) {
            (FamilyType::Counter, "_total")
            | (FamilyType::GaugeHistogram, "_gcount" | "_gsum")
            | (FamilyType::Info, "_info") => Some(Part::Other),
            (FamilyType::GaugeHistogram, "_bucket") => Some(Part::Bucket),
            (FamilyType::Counter | FamilyType::Histogram | FamilyType::Summary, "_created") => {
                Some(Part::Created)
            }
            _ => None,
        }
    }
}

/// That a sample belongs to the current family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Belongs {
    pub(super) part: Part,
    /// The family's `# TYPE` lacks the `_total` of its samples, as it does in `OpenMetrics`, but the payload is in the text format.
    pub(super) by_its_suffix: bool,
}

impl Belongs {
    /// It has the family's name.
    pub(super) const WHOLE: Self = Self { part: Part::Whole, by_its_suffix: false };
}
