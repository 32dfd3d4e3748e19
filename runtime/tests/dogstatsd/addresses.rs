//! The forms of an address, in options and in the environment.

use std::collections::HashMap;

use allwell::output::dogstatsd::Address;

fn address(text: &str) -> Result<String, String> {
    text.parse::<Address>().map(|address| address.to_string()).map_err(|error| error.message)
}

#[test]
fn an_address_is_one_of_the_agents_urls_or_a_bare_one() {
    for (text, meant) in [
        ("udp://agent:9125", "udp://agent:9125"),
        ("udp://agent", "udp://agent:8125"),
        ("udp://10.0.0.1:8125/", "udp://10.0.0.1:8125"),
        ("udp://[fe80::1]", "udp://[fe80::1]:8125"),
        ("::1", "udp://[::1]:8125"),
        ("[::1]:9125", "udp://[::1]:9125"),
        ("agent", "udp://agent:8125"),
        (" agent:9125 ", "udp://agent:9125"),
        ("unix:///var/run/dsd.socket", "unix:///var/run/dsd.socket"),
        ("unixgram:///var/run/dsd.socket", "unixgram:///var/run/dsd.socket"),
        ("unixstream:///var/run/dsd.socket", "unixstream:///var/run/dsd.socket"),
        ("/var/run/dsd.socket", "unix:///var/run/dsd.socket"),
    ] {
        assert_eq!(address(text).as_deref(), Ok(meant), "{text}");
    }
    for (text, wrong) in [
        ("http://agent:8125", "`http://` is not how DogStatsD is reached"),
        ("unix://var/run/dsd.socket", "`var/run/dsd.socket` is not an absolute path of a socket"),
        ("udp://", "`` names no host"),
        ("udp://agent:0", "`0` is not a port"),
        ("agent:http", "`http` is not a port"),
        ("agent:80000", "`80000` is not a port"),
        ("a:b:8125", "`a:b:8125` names no host"),
        ("udp://agent/x", "`agent/x` names no host"),
    ] {
        assert_eq!(address(text), Err(wrong.to_owned()));
    }
}

fn of_environment(variables: &[(&str, &str)]) -> Result<Option<String>, String> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let address =
        Address::of_environment(|name| variables.get(name).map(|text| (*text).to_owned()));
    address.map(|address| address.map(|one| one.to_string())).map_err(|error| error.message)
}

#[test]
fn the_environment_names_one_in_the_clients_order() {
    let all = [
        ("DD_DOGSTATSD_URL", "unixstream:///a"),
        ("DD_DOGSTATSD_SOCKET", "/b"),
        ("DD_AGENT_HOST", "agent"),
        ("DD_DOGSTATSD_PORT", "9125"),
    ];
    let named = |variables| of_environment(variables).unwrap();
    assert_eq!(named(&all).as_deref(), Some("unixstream:///a"));
    assert_eq!(named(&all[1..]).as_deref(), Some("unix:///b"));
    assert_eq!(named(&all[2..]).as_deref(), Some("udp://agent:9125"));
    assert_eq!(named(&all[2..3]).as_deref(), Some("udp://agent:8125"));
    assert_eq!(named(&all[3..]).as_deref(), Some("udp://localhost:9125"));
    assert_eq!(named(&[]), None);
    assert_eq!(
        named(&[("DD_DOGSTATSD_URL", ""), ("DD_AGENT_HOST", "::1")]).as_deref(),
        Some("udp://[::1]:8125")
    );
    let wrong = of_environment(&[("DD_DOGSTATSD_PORT", "x")]);
    assert_eq!(wrong, Err("`DD_DOGSTATSD_PORT`: `x` is not a port".to_owned()));
    let wrong = of_environment(&[("DD_DOGSTATSD_URL", "tcp://x")]);
    assert_eq!(
        wrong,
        Err("`DD_DOGSTATSD_URL`: `tcp://` is not how DogStatsD is reached".to_owned())
    );
}

#[test]
fn packets_are_small_where_they_leave_the_host() {
    let size = |text: &str| text.parse::<Address>().unwrap().packet_size();
    for here in ["localhost", "127.0.0.2", "::1", "/dsd.socket", "unixstream:///dsd.socket"] {
        assert_eq!(size(here), 8192, "{here}");
    }
    assert_eq!((size("agent"), size("10.0.0.1"), size("udp://[fe80::1]")), (1432, 1432, 1432));
}
