//! Metrics, imported from `metadata.csv`.
//!
//! A `count` of the file is a `MonotonicCount` here: a total that only grows, of which the growth
//! is reported. Where the check submits what was added since its last run, write `Count`.

use allwell::prelude::*;

/// The metrics `hard.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard")]
pub struct Hard {
    /// Something.
    pub r#type: Gauge<Unitless>,
    /// Something.
    #[metric(name = "self")]
    pub self_: Gauge<Unitless>,
    /// Something.
    #[metric(name = "crate")]
    pub crate_: Gauge<Unitless>,
    /// Something.
    #[metric(short_name = "")]
    pub r#gen: Gauge<Unitless>,
    /// Names that begin with a digit.
    #[metric(name = "1")]
    pub hard_1: Gauge<Unitless>,
    /// Something.
    #[metric(name = "95percentile")]
    pub hard_95percentile: Gauge<Unitless>,
    /// Something.
    #[metric(name = "heapUsed")]
    pub heap_used: Gauge<Byte>,
    /// Something.
    #[metric(name = "heap_used")]
    pub heap_used_2: Gauge<Byte>,
    /// Something.
    #[metric(name = "heap.used", short_name = "heap \"used\"")]
    pub heap_used_3: Gauge<Byte>,
    /// Something.
    #[metric(name = "App_Store", short_name = "App\\Store")]
    pub app_store: MonotonicCount<Unitless>,
    /// Something.
    #[metric(name = "HTTPStatus")]
    pub http_status: Gauge<Unitless>,
    /// Something.
    #[metric(name = "a__b")]
    pub a_b: Gauge<Unitless>,
    /// A name that is the namespace of others.
    #[metric(full_name = "hard")]
    pub hard: Gauge<Unitless>,
    /// Something.
    #[metric(short_name = "long")]
    pub long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_name:
        MonotonicCount<Per<ByteInDecimalBytesFamily, Second>>,
    /// Something.
    #[metric(name = "deep.er.and.deeper.still")]
    pub deep_er_and_deeper_still: Gauge<Unitless>,
    /// Something.
    #[metric(name = "deep.er.and.deeper.yet")]
    pub deep_er_and_deeper_yet: Gauge<Unitless>,
    /// Time that a request takes.
    #[metric(orientation = lower_is_better)]
    pub latency: Histogram<Millisecond>,
    #[metric(short_name = "", undocumented)]
    pub silent: Histogram<Unitless>,
    #[metric(short_name = " spaced ", undocumented)]
    pub named: Histogram<Unitless>,
    /// yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
    pub wordy: Histogram<Byte>,
    /// Something.
    pub taken: Gauge<Unitless>,
}

/// The metrics `hard.5xx.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.5xx")]
pub struct Hard5xx {
    /// Something.
    pub rate: Gauge<Unitless>,
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

#[derive(Metrics)]
pub struct Alone {
    /// Something.
    #[metric(full_name = "alone")]
    pub alone: Gauge<Unitless>,
}

/// The metrics `system.hard.*`.
#[derive(Metrics)]
#[metrics(namespace = "system.hard")]
pub struct SystemHard {
    /// Something.
    pub uptime: Gauge<Second>,
}

/// The metrics `hard.connection.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.connection")]
pub struct HardConnection {
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

/// The metrics `hard.context.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.context")]
pub struct HardContext {
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

/// The metrics `hard.string.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.string")]
pub struct HardString {
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

/// The metrics `hard.Metrics.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.Metrics")]
pub struct HardMetrics {
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

/// The metrics `hard.check.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.check")]
pub struct HardCheck {
    /// Something.
    pub used: MonotonicCount<Connection>,
    /// Something.
    pub free: Gauge<Connection>,
    /// Something.
    pub max: Gauge<Connection>,
    /// Something.
    pub min: Gauge<Connection>,
}

/// The metrics `hard.units.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.units")]
pub struct Units {
    /// Something.
    pub per_second: Gauge<Per<Unitless, Second>>,
    /// Something.
    pub check: Gauge<units::Check>,
    /// Something.
    pub event: Gauge<Per<Event, Hour>>,
    /// Something.
    pub energy: Gauge<WattHour>,
    /// Something.
    pub since: Gauge<UnixSecond>,
    /// Something.
    pub odd: Gauge<Per<Time, Millisecond>>,
    /// Something.
    pub same: Gauge<Per<Document, Document>>,
}

/// The metrics `hard.rates.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.rates")]
pub struct Rates {
    /// Something.
    #[metric(in_app = rate)]
    pub plain: Rate<Request>,
    /// Something.
    #[metric(in_app = rate)]
    pub hourly: Rate<Per<Request, Hour>>,
    /// Something.
    #[metric(in_app = rate)]
    pub none: Rate<Unitless>,
    /// Something.
    #[metric(in_app = rate)]
    pub per_second: Rate<Per<Unitless, Second>>,
    /// Something.
    // The values are per second already; a `Rate` would put that into the unit.
    #[metric(in_app = rate)]
    pub undivided: Gauge<Byte>,
    /// Something.
    #[metric(in_app = rate)]
    pub busy: Rate<Second>,
    /// Something.
    #[metric(in_app = rate)]
    pub busier: Rate<Millisecond>,
    /// Something.
    // The values are per second already; a `Rate` would put that into the unit.
    #[metric(in_app = rate)]
    pub time: Gauge<Microsecond>,
    /// Something.
    #[metric(in_app = rate)]
    pub odd: Rate<Per<Time, Millisecond>>,
    /// Something.
    #[metric(in_app = rate)]
    pub fractions: Rate<Fraction>,
}

/// The metrics `hard.counts.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.counts")]
pub struct Counts {
    /// Something.
    pub per_second: MonotonicCount<Per<Event, Second>>,
    /// Something.
    #[metric(orientation = higher_is_better)]
    pub plain: MonotonicCount<Event>,
    /// Something.
    #[metric(orientation = lower_is_better, interval = 86400)]
    pub slow: MonotonicCount<Unitless>,
    /// Something.
    #[metric(interval = 10, curated = [cpu, memory])]
    pub curated: MonotonicCount<Unitless>,
    /// Something.
    #[metric(interval = 4294967295, curated = cpu)]
    pub cpu: Gauge<Unitless>,
}

/// The metrics `hard.texts.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.texts")]
pub struct Texts {
    /// Brackets \[deprecated\], \[a\]\[b\] and [a link](https://example.com/x) and \[none\](x).
    pub t00: Gauge<Unitless>,
    /// Backslashes: C:\Temp\\\[x\], \\\server, \\*, the end\\
    pub t01: Gauge<Unitless>,
    /// Code `a[0]\n` and ``a`b``, a lone ` tick, ```three```, `open
    pub t02: Gauge<Unitless>,
    /// Pods \<pod_name> and \<b>bold\</b>, 1 < 2 > 1, \<!-- no -->, \&lt; & \&#65; &;
    pub t03: Gauge<Unitless>,
    /// See https://example.com/a_b_c for more.
    #[allow(rustdoc::bare_urls)]
    pub t04: Gauge<Unitless>,
    /// Stars \*one\* and \*\*two\*\*, 2 * 3 * 4, \_under\_ and \_\_init\_\_, snake_case_name,
    /// \~\~gone\~\~ \~5.
    pub t05: Gauge<Unitless>,
    /// \- not a list
    pub t06: Gauge<Unitless>,
    /// 1\. not a list either
    pub t07: Gauge<Unitless>,
    /// \# not a heading
    pub t08: Gauge<Unitless>,
    /// \> not a quotation
    pub t09: Gauge<Unitless>,
    /// \+ plus
    pub t10: Gauge<Unitless>,
    /// \* star
    pub t11: Gauge<Unitless>,
    /// \--- rule
    pub t12: Gauge<Unitless>,
    /// \=== line
    pub t13: Gauge<Unitless>,
    /// \~\~\~ fence
    pub t14: Gauge<Unitless>,
    /// \`\`\` fence
    pub t15: Gauge<Unitless>,
    /// / slash \*/ and /\* and //
    pub t16: Gauge<Unitless>,
    /// White space, lines and tabs.
    pub t17: Gauge<Unitless>,
    /// Says "quoted", 'single', and a comma; 100% of $HOME {braces} #\[attributes\] r#raw @at ^1 !?
    pub t18: Gauge<Unitless>,
    #[metric(undocumented)]
    pub t19: Gauge<Unitless>,
    /// .
    pub t20: Gauge<Unitless>,
    /// xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    pub t21: Gauge<Unitless>,
    /// word word word word word word word word word word word word word word word word word word
    /// word word word word word word word word word word word word word word word word word word
    /// word word word word word word word word word word word word word word word word word word
    /// word word word word word word word word word word word word word word word word word word
    /// word word word word word word word word
    pub t22: Gauge<Unitless>,
    /// a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a
    /// \- b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b a - b
    pub t23: Gauge<Unitless>,
    /// 1\. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > +
    /// \= - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) # > + = - 1. 2) #
    /// \> + = -
    pub t24: Gauge<Unitless>,
    /// `a code span that is long` `a code span that is long` `a code span that is long`
    /// `a code span that is long` `a code span that is long` `a code span that is long`
    /// `a code span that is long` `a code span that is long` `a code span that is long`
    /// `a code span that is long` `a code span that is long` `a code span that is long`
    /// `a code span that is long` `a code span that is long`
    pub t25: Gauge<Unitless>,
}

/// The metrics `hard.*` by b, a.
#[derive(Metrics)]
#[metrics(namespace = "hard")]
pub struct HardByBAndA {
    #[tag]
    pub b: String,
    #[tag]
    pub a: String,
    /// Bytes in a reply.
    #[metric(short_name = "of replies", interval = 30)]
    pub sizes: Histogram<Per<Byte, Request>>,
}

/// The metrics `hard.almost.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.almost")]
pub struct Almost {
    /// Nearly one (average).
    #[metric(short_name = "almost avg")]
    pub avg: Gauge<Unitless>,
    /// Nearly one (values per second).
    #[metric(short_name = "almost count", in_app = rate)]
    pub count: Rate<Unitless>,
    /// Nearly one (maximum).
    #[metric(short_name = "almost max")]
    pub max: Gauge<Unitless>,
    /// Nearly one (median).
    #[metric(short_name = "almost median!")]
    pub median: Gauge<Unitless>,
    /// Nearly one (95th percentile).
    #[metric(name = "95percentile", short_name = "almost p95")]
    pub almost_95percentile: Gauge<Unitless>,
}

/// The metrics `hard.taken.*`.
#[derive(Metrics)]
#[metrics(namespace = "hard.taken")]
pub struct Taken {
    /// Its name is taken (average).
    #[metric(short_name = "taken avg")]
    pub avg: Gauge<Unitless>,
    /// Its name is taken (values per second).
    #[metric(short_name = "taken count", in_app = rate)]
    pub count: Rate<Unitless>,
    /// Its name is taken (maximum).
    #[metric(short_name = "taken max")]
    pub max: Gauge<Unitless>,
    /// Its name is taken (median).
    #[metric(short_name = "taken median")]
    pub median: Gauge<Unitless>,
    /// Its name is taken (95th percentile).
    #[metric(name = "95percentile", short_name = "taken p95")]
    pub taken_95percentile: Gauge<Unitless>,
}

/// The metrics `hard.queue.*` by queue, region.
#[derive(Metrics)]
#[metrics(namespace = "hard.queue")]
pub struct Queue {
    #[tag]
    pub queue: String,
    #[tag]
    pub region: String,
    /// Something.
    pub depth: Gauge<Message>,
    /// Something.
    pub age: Gauge<Second>,
}

/// The metrics `hard.queue.*` by region, queue.
#[derive(Metrics)]
#[metrics(namespace = "hard.queue")]
pub struct QueueByRegionAndQueue {
    #[tag]
    pub region: String,
    #[tag]
    pub queue: String,
    /// Something.
    pub size: Gauge<Unitless>,
}

/// The metrics `hard.queue.*` by type, kube/app-name.x.
#[derive(Metrics)]
#[metrics(namespace = "hard.queue")]
pub struct QueueByTypeAndKubeAppNameX {
    #[tag]
    pub r#type: String,
    #[tag(name = "kube/app-name.x")]
    pub kube_app_name_x: String,
    /// Something.
    #[metric(name = "type")]
    pub type_2: Gauge<Unitless>,
}

/// The metrics `hard.queue.*` by queue.
#[derive(Metrics)]
#[metrics(namespace = "hard.queue")]
pub struct QueueByQueue {
    #[tag]
    pub queue: String,
    /// Something.
    #[metric(name = "depth.total")]
    pub depth_total: Gauge<Unitless>,
    /// Something.
    #[metric(full_name = "other.queue")]
    pub other_queue: Gauge<Unitless>,
    /// Something.
    #[metric(name = "queue")]
    pub queue_2: Gauge<Unitless>,
}

/// The metrics `hard.queue.*` by self.
#[derive(Metrics)]
#[metrics(namespace = "hard.queue")]
pub struct QueueBySelf {
    #[tag(name = "self")]
    pub self_: String,
    /// Something.
    #[metric(name = "self")]
    pub self_2: Gauge<Unitless>,
}
