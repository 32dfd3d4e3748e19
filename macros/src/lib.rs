//! The macros of allwell: `#[check]`, `#[derive(Config)]`, `#[derive(Metrics)]` and `#[derive(TagValue)]`.
//!
//! Use them through the crate `allwell`, which re-exports them beside the traits that they implement.
#![forbid(unsafe_code)]

mod attr;
mod check;
mod config;
mod diag;
mod doc;
mod duration;
mod generics;
mod metrics;
mod name;
mod paths;
mod place;
mod tag_value;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use diag::Errors;

/// Makes a check of a function, or registers an `impl Check for …`.
///
/// # A function
///
/// A check is a function from its configuration to its metrics. It takes `&C`, where `C` has `#[derive(Config)]`, and
/// `&Context`, in any order; either may be left out. The parameter whose type is named `Context` is the context.
/// It returns anything that implements `Metrics`, or a `Result` of it. The doc comment is the check's description.
///
/// ```
/// use allwell::prelude::*;
///
/// /// One queue.
/// #[derive(Config)]
/// struct Queue {
///     /// Its name.
///     #[config(tag, example = "mail")]
///     queue: String,
/// }
///
/// #[derive(Metrics)]
/// #[metrics(namespace = "queue")]
/// struct Depth {
///     /// Messages that wait.
///     depth: Gauge<Message>,
/// }
///
/// /// How full a queue is.
/// #[check(interval = "1m", timeout = "20s")]
/// async fn queue(config: &Queue, cx: &Context) -> Result<Depth> {
///     ensure!(!config.queue.is_empty(), "the queue of {} has no name", cx.hostname());
///     Ok(Depth { depth: 3.into() })
/// }
/// ```
///
/// A function that is not `async` may block: it runs on a pool of threads for that.
///
/// `Context<M>` also submits records of `M` while the function runs; see `Context::submit`.
///
/// # An impl
///
/// A check that keeps something from run to run, such as a connection, is a type that implements `Check`; the attribute
/// only registers it. `impl Check<M> for …` is given a `&Context<M>`.
///
/// ```
/// use allwell::prelude::*;
/// # #[derive(Metrics)]
/// # #[metrics(namespace = "counter")]
/// # struct Runs {
/// #     /// Runs so far.
/// #     runs: Gauge<Run>,
/// # }
///
/// struct Counter {
///     runs: u64,
/// }
///
/// /// Counts its runs.
/// #[check(can_connect = "counter.can_connect")]
/// impl Check for Counter {
///     type Config = ();
///     type Metrics = Runs;
///
///     async fn start(_config: (), _cx: &Context) -> Result<Self> {
///         Ok(Counter { runs: 0 })
///     }
///
///     async fn run(&mut self, _cx: &Context) -> Result<Runs> {
///         self.runs += 1;
///         Ok(Runs { runs: self.runs.into() })
///     }
/// }
/// ```
///
/// # Options
///
/// | option | meaning |
/// | --- | --- |
/// | `name = "disk"` | The check's name, `[a-z][a-z0-9_]*`. Otherwise the function's name, or the type's in snake case. |
/// | `display_name = "HTTP Check"` | Its name for people, in documentation and on the integration's tile. Otherwise the name's words, each with a capital. |
/// | `interval = "1m"` | How often it runs unless an instance says otherwise; 15 s if absent. Units: `ms`, `s`, `m`, `h`. |
/// | `timeout = "10s"` | How long a run may take; shorter than the interval. |
/// | `enabled_by_default` | It runs without a configuration file, so all its options must be optional. |
/// | `can_connect = "x.can_connect"` | A service check that is OK when a run returns `Ok` and CRITICAL with the error otherwise. |
/// | `crate = path` | Where the crate `allwell` is found, if not at `::allwell`. |
///
/// Beside a function `disk`, the attribute makes a type `disk` that stands for it where a type is needed, as in the test
/// kit's `testing::run::<disk>("")`. No other type or module of that name can stand in the same place.
#[proc_macro_attribute]
pub fn check(options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let code = check::attribute(options.into(), item.into(), &errors);
    with_errors(code, errors)
}

/// Makes a struct the options of a check, or an enum a choice of texts.
///
/// Each field is an option: its type says what a value looks like, its doc comment describes it everywhere. An option is
/// required unless it has a default or its type is an `Option`.
///
/// ```
/// use allwell::prelude::*;
///
/// /// One server.
/// #[derive(Config)]
/// #[config(validate = check_server)]
/// struct Server {
///     /// Name of the host.
///     #[config(tag = "server", example = "db-1")]
///     host: String,
///     /// Port.
///     #[config(default = 6379, range = 1..=65535, shared)]
///     port: u16,
///     /// How long to wait for a reply.
///     #[config(default = "5s")]
///     timeout: Duration,
///     /// Password, if one is needed.
///     password: Option<Secret>,
///     /// How much to look at.
///     #[config(default = "quick")]
///     mode: Mode,
/// }
///
/// #[derive(Config)]
/// enum Mode {
///     /// The totals.
///     Quick,
///     /// Each database.
///     #[config(name = "full")]
///     Everything,
/// }
///
/// fn check_server(server: &Server) -> Result<()> {
///     ensure!(server.host != "localhost" || server.password.is_none(), "a local server has no password");
///     Ok(())
/// }
/// # use allwell::Config as _;
/// assert_eq!(Server::SPEC.options().len(), 5);
/// ```
///
/// # Options of a field
///
/// | option | meaning |
/// | --- | --- |
/// | `name = "x"` | The key in the file, if it is not the field's name. |
/// | `default` | The type's `Default` is the value of an option that is not given. |
/// | `default = value` | That value is. A text, number or list is read as if it stood in the file, so `"5s"` is a `Duration`. |
/// | `example = value` | What examples show: a literal, a list `["a", "b"]` or a mapping `{ "a": 1 }`. |
/// | `range = 1..=10` | The numbers that are allowed; either bound may be missing, and the upper one excluded. |
/// | `pattern = "^x"` | A regular expression that text must match somewhere. |
/// | `non_empty` | Text, a list or a map must not be empty. |
/// | `one_of = ["a", "b"]` | The texts that are allowed. |
/// | `secret` | The value never shows in any output; always so for the type `Secret`. |
/// | `flatten` | The field's own options stand in the same section. |
/// | `tag`, `tag = "key"` | The value becomes a tag of everything that the instance submits. |
/// | `shared` | The option may stand in `init_config`, too, as the default of all instances. |
/// | ``deprecated = "use `x`"`` | Its use is warned of, with this hint. |
/// | `hidden` | It is left out of examples and documentation, and needs no doc comment. |
/// | `validate = path` | A function from a reference to the value to a `Result<(), E>` where `E` is `Display`. For an `Option`, it is called with what is in it, if anything. |
/// | `serde` | The value is read by its type's `Deserialize`. |
///
/// The struct itself takes `validate = path` for what concerns several options at once, and `crate = path` if the crate
/// `allwell` is not at `::allwell`. `template = "instances/http"` (or `"instances/tls"`) says that its options are those that
/// Datadog's template of this name has, as far as the names are the same: `spec.yaml` then refers to the template. A variant of an enum takes `name = "x"`; otherwise its name in snake case is the text.
#[proc_macro_derive(Config, attributes(config))]
pub fn config(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), config::derive)
}

/// Makes a struct a record of metrics.
///
/// A field is a metric whose kind and unit are its type, or a service check; its doc comment is the description. A field
/// marked `#[tag]` is a tag of all metrics of the record. Other attributes, such as serde's, do not matter here.
///
/// ```
/// use allwell::prelude::*;
///
/// #[derive(Metrics)]
/// #[metrics(namespace = "system.disk")]
/// struct Filesystem {
///     #[tag]
///     device: String,
///     #[tag(name = "mount_point")]
///     path: std::path::PathBuf,
///     /// Size of the filesystem.
///     total: Gauge<Byte>,
///     /// Share of the space in use.
///     #[metric(orientation = lower_is_better)]
///     in_use: Gauge<Fraction>,
///     /// Bytes read since the device was attached.
///     #[metric(name = "read")]
///     bytes: MonotonicCount<Byte>,
///     /// Inodes in use. Not every filesystem counts them.
///     inodes: Option<Gauge<Inode>>,
/// }
///
/// let root = Filesystem {
///     device: "sda1".to_owned(),
///     path: "/".into(),
///     total: 1_000.into(),
///     in_use: 0.5.into(),
///     bytes: 10.into(),
///     inodes: None,
/// };
/// # let _ = root;
/// ```
///
/// Records nest: `flatten` takes in a record (or an `Option`, a `Vec` or a tuple of records), `each` a map of records
/// whose keys become a tag.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use allwell::prelude::*;
/// # #[derive(Metrics)]
/// # #[metrics(namespace = "redis.mem")]
/// # struct Memory {
/// #     /// Memory in use.
/// #     used: Gauge<Byte>,
/// # }
/// # #[derive(Metrics)]
/// # #[metrics(namespace = "redis")]
/// # struct Database {
/// #     /// Keys.
/// #     keys: Gauge<Key>,
/// # }
///
/// #[derive(Metrics)]
/// struct Server {
///     #[metrics(flatten)]
///     memory: Memory,
///     /// Name of the database.
///     #[metrics(each = "redis_db")]
///     databases: BTreeMap<String, Database>,
/// }
/// ```
///
/// # Expositions
///
/// Where a field says `from`, a scrape of an endpoint in Prometheus's format or in `OpenMetrics` fills the record:
/// `cx.scrape::<Record>(…)`. A record is one set of labels, those that its tags are made of, and a `Vec` of records is all of them.
///
/// ```
/// use allwell::prelude::*;
///
/// #[derive(TagValue)]
/// enum Zone {
///     Front,
///     Back,
/// }
///
/// #[derive(Metrics)]
/// #[metrics(namespace = "gate")]
/// struct Route {
///     /// The label `path` becomes the tag `route`.
///     #[tag(name = "route", from = "path")]
///     path: String,
///     #[tag]
///     zone: Option<Zone>,
///     /// Connections that are open.
///     #[metric(from = "gate_connections{state='open'}")]
///     open: Gauge<Connection>,
///     /// Requests, whatever their code.
///     #[metric(from = "gate_requests_total", sum)]
///     requests: MonotonicCount<Request>,
///     /// Time that requests took.
///     #[metric(from = "gate_request_duration_seconds_bucket")]
///     duration: Option<Buckets<Second>>,
///     /// OK if the route is served, CRITICAL if it is not.
///     #[metric(from = "gate_up", ok = 1, critical = 0)]
///     up: ServiceCheck,
///     /// Share of the requests that failed, which the check works out itself.
///     failed: Option<Gauge<Fraction>>,
/// }
/// # let _ = (Zone::Front, Zone::Back);
/// ```
///
/// The name is that of the lines: `x_total` for a total, `x_sum`, `x_count` and `x_bucket` for the parts of a histogram. Conditions on labels
/// stand in braces, as in Prometheus's queries, with `=` and `!=`; a name with other characters than letters, digits, `_` and `:`
/// stands there, too: `{'a.b', code='200'}`.
///
/// - A `Gauge` takes a value as it is now; a `MonotonicCount` or a `Rate` a total that grows (a counter, or the sum, the count and
///   the buckets of a histogram or a summary); `Buckets` the buckets of a histogram, which become a distribution; a `ServiceCheck` a
///   value that stands for a status, and is UNKNOWN with any other. A sample whose `# TYPE` does not fit is left out with a warning.
/// - A field that is no `Option` must be there: without it, a record of a `Vec` is left out with a warning, and one by itself
///   is an error.
/// - An `Option` without `from` is filled by the check itself.
/// - A tag is made of the label that has the field's name, or of the one that `from` names; it is text, a number, or an enum with
///   `#[derive(TagValue)]`, and an `Option` where the label may be absent. Labels that are no tags are dropped; where two samples
///   differ in these alone, the second is left out with a warning, unless `sum` adds them up.
/// - A record within a record (`flatten`) has the labels of the outer one besides its own.
///
/// # Attributes
///
/// | attribute | meaning |
/// | --- | --- |
/// | `#[metrics(namespace = "x.y")]` on the struct | What stands before the name of each metric. |
/// | `#[metrics(crate = path)]` on the struct | Where the crate `allwell` is found, if not at `::allwell`. |
/// | `#[metrics(scraped)]` on the struct | A scrape fills it, though it holds nothing but records. |
/// | `#[metric(name = "x")]` | The name behind the namespace, if it is not the field's. |
/// | `#[metric(full_name = "x.y")]` | The whole name of a metric outside of the namespace. |
/// | `#[metric(orientation = lower_is_better)]` | Whether more is better: this, `neutral` or `higher_is_better`. |
/// | `#[metric(short_name = "x")]` | A name for legends; `""` says that there is none. Otherwise it is made of the metric's name. |
/// | `#[metric(curated = [cpu, memory])]` | The lists of Datadog that the metric stands in. |
/// | `#[metric(interval = 60)]` | The seconds between two points, where Datadog is to know them. |
/// | `#[metric(in_app = rate)]` | The type under which Datadog shows the metric (`rate`, `gauge` or `count`), if it is not the one that arrives. A histogram, a distribution and a service check have no such choice. |
/// | `#[metric(undocumented)]` | The metric has no description, on purpose: it needs no doc comment. |
/// | `#[metric(flush_first_value)]` | A monotonic count reports its first value ever, too. |
/// | `#[metric(from = "x{label='value'}")]` | The samples of an exposition that become the metric. |
/// | `#[metric(from = "x", sum)]` | Samples that only labels tell apart which are no tags are added up. |
/// | `#[metric(from = "x", any_type)]` | It does not matter what type the exposition gives them. |
/// | `#[metric(from = "x", ok = 1, warning = 2, critical = [0, 3])]` | The values that stand for a status of a service check. |
/// | `#[tag]`, `#[tag(name = "key")]` | The field is a tag; its doc comment, if there is one, describes it. |
/// | `#[tag(display)]` | It is written as its `Display` does. |
/// | `#[tag(from = "label")]`, `#[hostname(from = "label")]` | The label of an exposition that it is made of, if it has not the field's name. |
/// | `#[hostname]` | The field names the host that the record belongs to, if it is not this one. |
/// | `#[metrics(flatten)]`, `#[metrics(each = "key")]` | The field is a record, or a map of records. |
///
/// Names and descriptions keep to the rules of Datadog's `metadata.csv`: names have at most 200 characters and are what
/// Datadog would store unchanged; descriptions are ASCII, without `|`, of at most 400 characters.
#[proc_macro_derive(Metrics, attributes(metrics, metric, tag, hostname))]
pub fn metrics(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), metrics::derive)
}

/// Makes an enum or a tuple struct of one field the value of a tag.
///
/// An enum closes the set of values: they are the variants' names in snake case, and are listed in what is exported.
///
/// ```
/// use allwell::prelude::*;
///
/// #[derive(TagValue)]
/// enum Role {
///     Primary,
///     #[tag(name = "replica")]
///     Secondary,
/// }
///
/// #[derive(TagValue)]
/// struct Device(String);
///
/// assert_eq!(allwell::metric::tag("role", &Role::Secondary).as_deref(), Some("role:replica"));
/// assert_eq!(Role::VALUES, Some(&["primary", "replica"][..]));
/// # let _ = (Role::Primary, Device(String::new()));
/// ```
///
/// A variant takes `#[tag(name = "x")]`, the type `#[tag(crate = path)]` if the crate `allwell` is not at `::allwell`.
/// Any other type that is `Display` needs no derive: its field in a record is marked `#[tag(display)]`.
#[proc_macro_derive(TagValue, attributes(tag))]
pub fn tag_value(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), tag_value::derive)
}

#[expect(clippy::needless_pass_by_value, reason = "`parse_macro_input!` gives the item away")]
fn derive(
    input: DeriveInput,
    derive: fn(&DeriveInput, &Errors) -> proc_macro2::TokenStream,
) -> TokenStream {
    let errors = Errors::new();
    let code = derive(&input, &errors);
    with_errors(code, errors)
}

fn with_errors(mut code: proc_macro2::TokenStream, errors: Errors) -> TokenStream {
    code.extend(diag::compile_errors(&errors.into_list()));
    code.into()
}
