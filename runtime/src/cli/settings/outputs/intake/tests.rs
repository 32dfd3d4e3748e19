//! The intake as settings and variables have it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::cli::settings::outputs::Receivers;
use crate::cli::settings::read;
use crate::output::Catalogue;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The options of `- datadog: …`.
fn options(text: &str) -> Datadog {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("allwell.yaml");
    std::fs::write(&file, format!("outputs: [{{datadog: {text}}}]\n")).expect("a file");
    let setup = read(Some(&file), &Environment::new()).setup.expect("good settings");
    setup.settings.outputs[0].datadog.clone().expect("a datadog")
}

fn ground(variables: &[(&str, &str)]) -> Ground {
    Ground {
        spool: Some(PathBuf::from("/run/spool")),
        file: Some(PathBuf::from("/etc/allwell/allwell.yaml")),
        environment: environment(variables),
        versions: HashMap::new(),
        receivers: Receivers::default(),
        catalogue: Arc::new(Catalogue::default()),
    }
}

/// Where everything is sent, with the end of each key.
fn destinations(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let environment = environment(variables);
    let all = options(text).destinations(Given(&environment)).expect("good options");
    let of = |Destination { addresses: Addresses { metrics, logs, api }, key }: Destination| {
        format!("{metrics} {logs} {api} {key}")
    };
    all.into_iter().map(of).collect()
}

fn site(site: &str, key: &str) -> String {
    let Addresses { metrics, logs, api } = Addresses::of_site(site);
    format!("{metrics} {logs} {api} {key}")
}

#[test]
fn a_key_is_enough() {
    let text = format!("{{api_key: {KEY}}}");
    assert_eq!(destinations(&text, &[]), [site("datadoghq.com", "***bcdef")]);
    let options = options(&text);
    assert_eq!(options.form(), Form::default());
    let ground = ground(&[]);
    let forward = options.forward(&ground);
    assert_eq!((forward.most_bytes, forward.concurrency), (15_728_640, 4));
    assert_eq!(forward.spool, Some(SpoolOptions::new("/run/spool/datadog")));
    let http = options.http(Given(&ground.environment), &ground);
    assert_eq!(http, HttpOptions { timeout: Duration::from_secs(20), ..HttpOptions::default() });
}

#[test]
fn without_a_key_nothing_is_sent_to_datadog_but_to_others() {
    let Err(unmade) = options("{}").make(&ground(&[("DD_API_KEY", " ")])) else {
        panic!("there is no key");
    };
    assert_eq!(unmade.message, "`datadog` has no `api_key`");
    assert!(unmade.hint.contains("`DD_API_KEY`"));
    let url = "http://localhost:8428/datadog";
    assert_eq!(
        destinations("{dd_url: 'http://localhost:8428/datadog/'}", &[]),
        [format!("{url} {url} {url} ***")]
    );
}

#[test]
fn variables_win() {
    let text = format!("{{api_key: {KEY}, site: datadoghq.eu, logs_dd_url: 'https://logs'}}");
    assert_eq!(
        destinations(&text, &[("DD_API_KEY", "00000000000000000000000000011111")])[0],
        site("datadoghq.eu", "***11111").replace("http-intake.logs.datadoghq.eu", "logs")
    );
    let variables =
        [("DD_SITE", "us3.datadoghq.com"), ("DD_LOGS_CONFIG_LOGS_DD_URL", "logs.us3:443")];
    assert_eq!(
        destinations(&text, &variables)[0],
        site("us3.datadoghq.com", "***bcdef")
            .replace("https://http-intake.logs.us3.datadoghq.com", "https://logs.us3:443")
    );
    let url = "https://intake.example.com";
    for variable in ["DD_DD_URL", "DD_URL"] {
        let expected = format!("{url} https://logs {url} ***bcdef");
        assert_eq!(destinations(&text, &[(variable, url), ("DD_SITE", "x")])[0], expected);
    }
}

#[test]
fn additional_endpoints_have_the_agents_form() {
    let text = format!(
        "{{api_key: {KEY}, additional_endpoints: {{'https://app.datadoghq.eu': [{KEY}, {KEY}]}}}}"
    );
    let (first, more) = (site("datadoghq.com", "***bcdef"), site("datadoghq.eu", "***bcdef"));
    assert_eq!(destinations(&text, &[]), [first.clone(), more.clone(), more]);
    let json = format!(r#"{{"https://app.us5.datadoghq.com": ["{KEY}"]}}"#);
    let variables = [("DD_ADDITIONAL_ENDPOINTS", json.as_str())];
    assert_eq!(destinations(&text, &variables), [first, site("us5.datadoghq.com", "***bcdef")]);
    let wrong = format!("{{{KEY}");
    let Err(unmade) = options(&text).make(&ground(&[("DD_ADDITIONAL_ENDPOINTS", &wrong)])) else {
        panic!("it is no JSON");
    };
    assert_eq!(
        unmade.message,
        "`DD_ADDITIONAL_ENDPOINTS` is no JSON of addresses and lists of keys"
    );
}

#[test]
fn two_outputs_to_one_receiver_are_refused_and_two_keys_are_not() {
    let ground = ground(&[]);
    assert!(options(&format!("{{api_key: {KEY}}}")).make(&ground).is_ok());
    let other = "00000000000000000000000000011111";
    assert!(options(&format!("{{api_key: {other}}}")).make(&ground).is_ok());
    let again = format!("{{api_key: {other}, dd_url: 'https://app.datadoghq.com'}}");
    let Err(unmade) = options(&again).make(&ground) else { panic!("it is there already") };
    assert_eq!(
        unmade.message,
        "`datadog` sends to the same receiver, with the same key, as an output before it"
    );
    assert_eq!(unmade.hint, "remove one of the two: everything would arrive twice");
}

#[test]
fn proxies_and_certificates() {
    let text =
        "{dd_url: 'http://x', proxy: {http: 'http://a', no_proxy: [here]}, tls_ca_cert: own.pem}";
    let http = |variables: &[(&str, &str)]| {
        let ground = ground(variables);
        options(text).http(Given(&ground.environment), &ground)
    };
    let of_file = http(&[]);
    assert_eq!(of_file.tls_ca_cert, Some(PathBuf::from("/etc/allwell/own.pem")));
    let proxy = |http: &str, https: Option<&str>, no_proxy: &[&str]| Proxy {
        http: Some(http.to_owned()),
        https: https.map(str::to_owned),
        no_proxy: no_proxy.iter().map(|host| (*host).to_owned()).collect(),
    };
    assert_eq!(of_file.proxy, Some(proxy("http://a", None, &["here"])));
    assert!(of_file.tls_verify);
    let of_variables = http(&[
        ("DD_PROXY_HTTPS", "http://b"),
        ("DD_PROXY_NO_PROXY", "x,y z"),
        ("DD_SKIP_SSL_VALIDATION", "true"),
    ]);
    assert_eq!(of_variables.proxy, Some(proxy("http://a", Some("http://b"), &["x", "y", "z"])));
    assert!(!of_variables.tls_verify);
    let mixed = http(&[("HTTPS_PROXY", "http://c"), ("NO_PROXY", "here.too")]);
    assert_eq!(mixed.proxy, Some(proxy("http://a", Some("http://c"), &["here", "here.too"])));
    let plain = options("{dd_url: 'http://x'}");
    let variables =
        environment(&[("https_proxy", "http://c"), ("DD_PROXY_NO_PROXY", "x"), ("NO_PROXY", "y")]);
    let expected = Proxy {
        http: None,
        https: Some("http://c".to_owned()),
        no_proxy: vec!["x".to_owned(), "y".to_owned()],
    };
    assert_eq!(plain.proxy(Given(&variables)), Some(expected));
}

#[test]
fn other_receivers_have_another_form_and_nothing_on_the_disk() {
    let options = options(
        "{dd_url: 'http://x', compression: deflate, series_version: v1, \
         forwarder_storage_max_size_in_bytes: 0}",
    );
    let form = Form { compression: Compression::Deflate, series: SeriesVersion::V1 };
    assert_eq!(options.form(), form);
    assert_eq!(options.forward(&ground(&[])).spool, None);
    assert!(options.make(&ground(&[])).is_ok());
}

#[test]
fn no_key_is_in_what_is_shown_of_options() {
    let shown = format!(
        "{:?}",
        options(&format!("{{api_key: {KEY}, additional_endpoints: {{'https://x': [{KEY}]}}}}"))
    );
    assert!(!shown.contains("bcdef"), "{shown}");
}
