//! A crate made of an exposition: it is built and tested, and submits what the exposition says.
#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use allwell::openmetrics::parse::{
    FamilyType, Format, Mistake, Parser, Part, Problem, Sample, Visitor,
};

use crate::forward::{Server, Source};
use crate::made::Crate;
use crate::new;

const HOSTILE: &str = include_str!("exposition.txt");

/// What is put into a crate's tests: it runs the check and prints what it declares and submits.
const PRINTS: &str = r#"
#[tokio::test]
async fn prints() {
    use allwell::Metrics as _;
    Exposition::DECLARATION.visit(&mut |metric, _| {
        println!("declared\t{}\t{}", metric.name, metric.from.unwrap_or_default());
    });
    let endpoint = std::env::var("ENDPOINT").expect("an endpoint");
    let options = format!("openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false\nmax_returned_metrics: 0");
    let run = run::<CHECK>(&options).await;
    run.assert_ok();
    for metric in &run.metrics {
        println!("sample\t{}\t{}\t{}", metric.name, metric.value, metric.tags.join("\t"));
    }
    for bucket in &run.buckets {
        println!("bucket\t{}\t{}", bucket.name, bucket.tags.join("\t"));
    }
    for warning in &run.report.warnings {
        println!("warning\t{warning}");
    }
}
"#;

/// The name of a line, and the values of its labels, sorted.
type Key = (String, Vec<String>);

/// What the crate submits, by the lines that it comes from, and its warnings.
fn submitted(made: &Crate, check: &str, endpoint: &str) -> (BTreeMap<Key, f64>, Vec<String>) {
    let path = made.path.join(format!("src/{check}/tests.rs"));
    let tests = fs::read_to_string(&path).expect("the tests of the crate");
    fs::write(&path, format!("{tests}{}", PRINTS.replace("CHECK", check))).expect("a file");
    let printed =
        made.cargo_with(&["test", "--", "--nocapture", "prints"], &[("ENDPOINT", endpoint)]);
    let mut declared = BTreeMap::new();
    let (mut samples, mut warnings) = (BTreeMap::new(), Vec::new());
    for line in printed.lines() {
        let words: Vec<&str> = line.split('\t').collect();
        let key = |name: &str, tags: &[&str]| {
            let from: &String = &declared[name];
            let name = from.trim_start_matches("{'").trim_end_matches("'}").to_owned();
            let values = tags.iter().filter(|tag| !tag.is_empty()).map(|tag| value_of(tag));
            let mut values: Vec<String> = values.collect();
            values.sort();
            (name, values)
        };
        match words.as_slice() {
            ["declared", name, from] => {
                drop(declared.insert((*name).to_owned(), (*from).to_owned()));
            }
            ["sample", name, value, tags @ ..] => {
                let before = samples.insert(key(name, tags), value.parse().expect("a number"));
                assert_eq!(before, None, "{line}");
            }
            ["bucket", name, tags @ ..] => drop(samples.insert(key(name, tags), 0.0)),
            ["warning", warning] => warnings.push((*warning).to_owned()),
            _ => {}
        }
    }
    (samples, warnings)
}

fn value_of(tag: &str) -> String {
    let (key, value) = tag.split_once(':').expect("a key and a value");
    match key {
        "quantile" => number(value),
        _ => value.to_owned(),
    }
}

fn number(text: &str) -> String {
    text.parse::<f64>().expect("a number").to_string()
}

/// What an exposition says, buckets of a histogram together.
#[derive(Default)]
struct Said {
    samples: BTreeMap<Key, f64>,
    kind: Option<FamilyType>,
}

impl Visitor for Said {
    fn family(&mut self, _name: &str, kind: FamilyType) {
        self.kind = Some(kind);
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let is_bucket = self.kind == Some(FamilyType::Histogram) && sample.part == Part::Bucket;
        let labels = sample.labels.iter().filter(|(name, _)| !is_bucket || name != "le");
        let labels = labels.filter(|(_, value)| !value.is_empty());
        let mut values: Vec<String> = labels
            .map(
                |(name, value)| {
                    if name == "quantile" { number(&value) } else { value.into_owned() }
                },
            )
            .collect();
        values.sort();
        let value = if is_bucket { 0.0 } else { sample.value };
        if value.is_finite() {
            self.samples.entry((sample.name.to_owned(), values)).or_insert(value);
        }
        Ok(())
    }

    fn problem(&mut self, _problem: Problem) {}
}

fn said(payload: &str) -> BTreeMap<Key, f64> {
    let (mut said, mut parser) = (Said::default(), Parser::new(Format::Text));
    parser.feed(payload.as_bytes(), &mut said).expect("problems are told otherwise");
    parser.finish(&mut said).expect("problems are told otherwise");
    said.samples
}

/// Builds the crate as its own CI does, runs its tests, and compares what it submits with what the endpoint said.
fn assert_exact(made: &Crate, check: &str, server: &Server) -> Vec<String> {
    made.cargo(&["fmt", "--check"]);
    made.cargo(&["clippy", "--all-targets", "--", "-D", "warnings"]);
    let tests = made.cargo(&["test"]);
    assert!(tests.contains("test result: ok. 2 passed; 0 failed; 0 ignored"), "{tests}");
    let (samples, warnings) = submitted(made, check, &server.url);
    let expected = said(&server.said());
    let missing: Vec<_> =
        expected.iter().filter(|(key, value)| samples.get(*key) != Some(*value)).collect();
    let more: Vec<_> = samples.keys().filter(|key| !expected.contains_key(*key)).collect();
    assert!(missing.is_empty() && more.is_empty(), "missing: {missing:#?}\nmore: {more:#?}");
    warnings
}

#[test]
fn a_crate_of_any_exposition_submits_what_it_says() {
    let server = Server::new(Source::Fixed("200 OK", HOSTILE.to_owned()));
    let made = Crate::with("shop", &["--openmetrics", &server.url]);
    let records = fs::read_to_string(made.path.join("src/shop/exposition.rs")).expect("records");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/new/exposition.golden.rs");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &records).expect("the golden file");
    }
    assert_eq!(records, fs::read_to_string(golden).expect("the golden file"));
    let warnings = assert_exact(&made, "shop", &server);
    assert_eq!(
        warnings,
        [
            "2 lines were left out: line 44, column 17: nothing is expected after the timestamp: `shop_broken 1 2 3 4`; \
          line 46, column 1: another sample has given `Shop::twice` its value: it comes twice: `shop_twice 2`"
        ]
    );
    let metadata = made.cargo(&["run", "--", "export", "metadata"]);
    for row in [
        "shop.sales,count,,,,\"Sales, by \"\"kind\"\" / till.\",0,shop,sales,,",
        "shop.cache.bytes,gauge,,byte,,\"Memory of the cache_table. Of all of it, [most] is <used> by `it`.\",0,shop,bytes,,",
    ] {
        assert!(metadata.lines().any(|line| line.starts_with(row)), "{row}\n{metadata}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("exposition.txt");
    fs::write(&path, HOSTILE).expect("a file");
    let made = directory.path().join("made");
    let (path, made) = (path.to_string_lossy(), made.to_string_lossy());
    let (exit, _, err) = new(&["shop", "--path", &made, "--openmetrics", &path]);
    assert_eq!(exit, 0);
    assert!(
        err.starts_with(
            "warning: left out: line 44, column 17: nothing is expected after the timestamp: `shop_broken 1 2 3 4`\n\
             warning: left out: line 46, column 1: it comes a second time with the same labels: `shop_twice 2`\n\
             made the crate `shop` with the check `shop`; next:\n"
        ),
        "{err}"
    );
    let kept = fs::read_to_string(format!("{made}/src/shop/tests/exposition.txt"));
    let kept = kept.expect("the exposition");
    assert_eq!(kept, HOSTILE.replace("shop_broken 1 2 3 4\n", "").replace("shop_twice 2\n", ""));
}

/// A crate of a payload that a server says, with what was told and what was kept of the payload.
fn kept_of(source: Source) -> (Crate, String) {
    let server = Server::new(source);
    let made = Crate::with("kept", &["--openmetrics", &server.url]);
    let kept = fs::read_to_string(made.path.join("src/kept/tests/exposition.txt"));
    (made, kept.expect("the exposition"))
}

fn assert_its_tests_pass(made: &Crate) {
    let tests = made.cargo(&["test"]);
    assert!(tests.contains("test result: ok. 2 passed; 0 failed; 0 ignored"), "{tests}");
}

#[test]
fn a_payload_without_its_end_is_kept_with_one() {
    let cut = "# TYPE a counter\na_total 1\n# TYPE b gauge\nb 2";
    let (made, kept) = kept_of(Source::OpenMetrics(cut.to_owned()));
    assert_eq!(kept, format!("{cut}\n# EOF\n"));
    assert_its_tests_pass(&made);
    let server = Server::new(Source::OpenMetrics(cut.to_owned()));
    let path = made.path.join("again");
    let (_, _, err) = new(&["a", "--path", &path.to_string_lossy(), "--openmetrics", &server.url]);
    let told = "warning: `# EOF` is missing: the exposition may have been cut short; it is kept with one\nmade the crate";
    assert!(err.starts_with(told), "{err}");
    let (_, kept) = kept_of(Source::Fixed("200 OK", String::from("a 1\nb 2")));
    assert_eq!(kept, "a 1\nb 2\n");
}

/// An endpoint may call its labels what it likes, and none of it is code.
#[test]
fn what_an_endpoint_says_is_no_code() {
    let odd = "foo{a=\"1\",\"x\\n#[test] fn evil() { panic!() }\\n//\"=\"1\",\"\u{202e}\u{2028}\"=\"2\"} 5\n";
    let (made, _) = kept_of(Source::Fixed("200 OK", odd.to_owned()));
    let records = fs::read_to_string(made.path.join("src/kept/exposition.rs"));
    let records = records.or_else(|_| fs::read_to_string(made.path.join("src/exposition.rs")));
    let records = records.expect("the records");
    assert!(records.lines().all(|line| !line.trim_start().starts_with("#[test]")), "{records}");
    assert_its_tests_pass(&made);
}

#[test]
fn any_number_of_lines_may_be_wrong() {
    let lines = (0..3000).map(|number| format!("a_{number} b\nright{{n=\"{number}\"}} {number}\n"));
    let server = Server::new(Source::Fixed("200 OK", lines.collect::<Vec<_>>().concat()));
    let made = Crate::with("kept", &["--openmetrics", &server.url]);
    let kept = fs::read_to_string(made.path.join("src/kept/tests/exposition.txt"));
    let kept = kept.expect("the exposition");
    assert_eq!((kept.lines().count(), kept.contains("a_")), (3000, false));
    assert_its_tests_pass(&made);
    let path = made.path.join("again");
    let (_, _, err) = new(&["a", "--path", &path.to_string_lossy(), "--openmetrics", &server.url]);
    let told: Vec<_> = err.lines().take_while(|line| line.starts_with("warning: ")).collect();
    assert_eq!((told.len(), told[5]), (6, "warning: 2995 more lines were left out"), "{err}");
}

#[test]
fn what_is_secret_in_an_address_is_asked_and_written_nowhere() {
    let server = Server::new(Source::Fixed("200 OK", String::from("a 1\n")));
    let secret =
        server.url.replace("http://", "http://itsme:hunter%402@") + "?format=x&token=t0psecret";
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("shop");
    let (exit, out, err) =
        new(&["shop", "--path", &path.to_string_lossy(), "--openmetrics", &secret]);
    assert_eq!(exit, 0, "{err}");
    let asked = server.asked();
    assert!(asked.starts_with("GET /metrics?format=x&token=t0psecret HTTP/1.1\r\n"), "{asked}");
    // `itsme:hunter@2`
    assert!(asked.contains("authorization: Basic aXRzbWU6aHVudGVyQDI=\r\n"), "{asked}");
    assert!(err.starts_with("warning: what is secret in the address is written nowhere: fill it in in conf.d/shop.d/conf.yaml"), "{err}");
    let configured = fs::read_to_string(path.join("conf.d/shop.d/conf.yaml"));
    let configured = configured.expect("a configuration");
    let expected = format!(
        "instances:\n  - openmetrics_endpoint: \"{}?format=x&token=<TOKEN>\"\n    username: \"<USERNAME>\"\n    \
         # Or the handle of a secret that is kept elsewhere: `ENC[<HANDLE>]`.\n    password: \"<PASSWORD>\"\n",
        server.url
    );
    assert!(configured.ends_with(&expected), "{configured}");
    let is_secret =
        |text: &str| ["itsme", "hunter", "t0psecret"].iter().any(|word| text.contains(word));
    assert!(!is_secret(&out) && !is_secret(&err), "{out}{err}");
    for file in files_in(&path) {
        let text = fs::read_to_string(&file).expect("a text");
        assert!(!is_secret(&text), "{}: {text}", file.display());
    }
}

#[test]
fn what_is_secret_in_an_address_is_in_no_error() {
    let gone = Server::new(Source::Fixed("404 Not Found", String::new()));
    let page = Server::new(Source::Fixed("200 OK", String::from("<p>Hi</p>\n")));
    let unreachable = "http://127.0.0.1:1/metrics";
    for url in [&gone.url, &page.url, unreachable, "http://127.0.0.1:x/metrics", "gopher://x/"] {
        let secret = url.replace("://", "://itsme:hunter2@") + "?token=t0psecret";
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let path = directory.path().join("made");
        let (exit, out, err) =
            new(&["x", "--path", &path.to_string_lossy(), "--openmetrics", &secret]);
        assert_eq!((exit, out.as_str(), path.exists()), (3, "", false), "{err}");
        let words = ["itsme", "hunter", "t0psecret"];
        assert!(!words.iter().any(|word| err.contains(word)), "{err}");
    }
}

/// All files below a directory.
fn files_in(directory: &Path) -> Vec<std::path::PathBuf> {
    let entries =
        fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

#[test]
fn thousands_of_families_are_records_of_a_bearable_length() {
    let lines =
        (0..4000).map(|n| format!("# TYPE a_{n}_b gauge\na_{n}_b{{x=\"{}\"}} {n}\n", n % 7));
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("exposition.txt");
    fs::write(&path, lines.collect::<String>()).expect("a file");
    let made = Crate::with("many", &["--openmetrics", &path.to_string_lossy()]);
    made.cargo(&["fmt", "--check"]);
    let records = fs::read_to_string(made.path.join("src/many/exposition.rs")).expect("records");
    assert_eq!(records.matches("#[metric(").count(), 4000);
    let longest = records.split("pub struct ").map(|of| of.matches("#[metric(").count()).max();
    assert_eq!(longest, Some(60));
    let configured = made.path.join("conf.d/many.d/conf.yaml");
    let configured = fs::read_to_string(configured).expect("a configuration");
    assert!(configured.ends_with("    max_returned_metrics: 8000\n"), "{configured}");
}

/// What is said when nothing can be made of a source.
fn refused(source: &str) -> String {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("made");
    let (exit, out, err) = new(&["x", "--path", &path.to_string_lossy(), "--openmetrics", source]);
    assert_eq!((exit, out.as_str(), path.exists()), (3, "", false), "{err}");
    err.replace(source, "SOURCE")
}

#[test]
fn what_is_no_exposition_makes_no_crate() {
    let gone = Server::new(Source::Fixed("404 Not Found", String::from("nothing here")));
    assert_eq!(
        refused(&gone.url),
        "error: the exposition cannot be read: `SOURCE` answered 404 Not Found\n\
         hint: save it to a file and name that, if the endpoint needs more than its address\n"
    );
    let page = Server::new(Source::Fixed("200 OK", String::from("<!DOCTYPE html>\n<p>Hi</p>\n")));
    assert_eq!(
        refused(&page.url),
        "error: `SOURCE` is no exposition: line 1, column 11: the value is not a number: `<!DOCTYPE html>`\n\
         hint: name the address that exposes metrics, such as `http://localhost:9090/metrics`\n"
    );
    let empty = Server::new(Source::Fixed("200 OK", String::new()));
    assert_eq!(
        refused(&empty.url),
        "error: `SOURCE` is no exposition: it has no samples\n\
         hint: name the address that exposes metrics, such as `http://localhost:9090/metrics`\n"
    );
    assert_eq!(
        refused("/does/not/exist"),
        "error: `SOURCE` cannot be read: No such file or directory (os error 2)\n\
         hint: name a file, or an address that begins with `http://`\n"
    );
    assert!(refused("http://127.0.0.1:1/metrics").contains("`SOURCE` cannot be reached"));
    assert!(refused("gopher://x/").starts_with("error: the exposition cannot be read: "));
}

/// A server of a package, until the end of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server that takes its address as an option; nothing where it is not installed.
fn start(program: &str, option: &str) -> Option<(Running, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    drop(listener);
    let mut command = Command::new(program);
    command.arg(format!("{option}={address}")).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(child) = command.spawn() else {
        eprintln!("skipped: `{program}` is not installed");
        return None;
    };
    let running = Running(child);
    while TcpStream::connect(address).is_err() {
        thread::sleep(Duration::from_millis(20));
    }
    Some((running, address))
}

#[test]
fn a_crate_of_a_live_server_submits_what_it_says() {
    let Some((_running, address)) = start("prometheus-node-exporter", "--web.listen-address")
    else {
        return;
    };
    let server = Server::new(Source::Live(address));
    let made = Crate::with("node-exporter", &["--openmetrics", &server.url]);
    let warnings = assert_exact(&made, "node_exporter", &server);
    assert_eq!(warnings, [""; 0]);
    let checked = made.cargo(&["run", "--", "check", "--json"]);
    for name in ["node_exporter.memory.mem_total_bytes", "node_exporter.openmetrics.health"] {
        assert!(checked.contains(&format!("\"{name}\"")), "{checked}");
    }
}
