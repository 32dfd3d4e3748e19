//! A server that answers as it should.

use std::fmt::Write as _;

use allwell::metric::Status;
use allwell::testing::{Instance, problems_of, run};
use allwell_server_checks::dns_check::dns_check;
use allwell_tests::Dnsmasq;

use crate::{ask, assert_not_resolved, assert_resolved};

const NAMES: &str = r#"host-record=a.example,192.0.2.1,2001:db8::1
host-record=two.example,192.0.2.1
host-record=two.example,192.0.2.2
cname=www.example,a.example
cname=far.example,www.example
mx-host=example,mail.example,10
mx-host=example,spare.example,20
txt-record=example,"v=spf1 -all","second"
srv-host=_ldap._tcp.example,ldap.example,389,1,5
ptr-record=1.2.0.192.in-addr.arpa,a.example
caa-record=example,0,issue,ca.example"#;

#[tokio::test]
async fn a_name_is_resolved_and_its_time_is_told() {
    let server = Dnsmasq::start(NAMES);
    let options = "name: intranet\ntags: [env:test]";
    let run = run::<dns_check>(&ask(server.port(), "a.example", options)).await;
    assert_resolved(&run);
    let tags = [
        "env:test",
        "instance:intranet",
        "resolved_hostname:a.example",
        "record_type:A",
        "nameserver:127.0.0.1",
    ];
    run.assert_metric("dns.response_time", run.values("dns.response_time")[0], tags)
        .assert_service_check("dns.can_resolve", Status::Ok)
        .assert_all_covered();
}

#[tokio::test]
async fn records_of_every_type_are_compared() {
    let server = Dnsmasq::start(NAMES);
    for (name, kind, expected) in [
        ("a.example", "A", "192.0.2.1"),
        ("A.Example.", "A", "192.0.2.1"),
        ("two.example", "A", "192.0.2.2, 192.0.2.1"),
        ("www.example", "A", "192.0.2.1"),
        ("far.example", "A", "192.0.2.1"),
        ("a.example", "AAAA", "2001:DB8:0::1"),
        ("www.example", "CNAME", "A.example."),
        ("example", "MX", "20 spare.example,10 mail.example."),
        ("_ldap._tcp.example", "SRV", "1 5 389 ldap.example"),
        ("1.2.0.192.in-addr.arpa", "PTR", "a.example"),
    ] {
        let options = format!("record_type: {kind}\nresolves_as: '{expected}'");
        let run = run::<dns_check>(&ask(server.port(), name, &options)).await;
        assert_resolved(&run);
        let told = run.to_string();
        assert!(told.contains(&format!("resolved_as:{expected}")), "{told}");
        assert!(told.contains(&format!("record_type:{kind}")), "{told}");
    }
    for kind in ["TXT", "CAA"] {
        let options = ask(server.port(), "example", &format!("record_type: {kind}"));
        assert_resolved(&run::<dns_check>(&options).await);
    }
}

#[tokio::test]
async fn a_name_that_resolves_as_something_else_is_critical() {
    let server = Dnsmasq::start(NAMES);
    for (name, kind, expected, message) in [
        (
            "a.example",
            "A",
            "192.0.2.9",
            "`a.example` resolves as 192.0.2.1, and should as 192.0.2.9",
        ),
        (
            "two.example",
            "A",
            "192.0.2.1",
            "`two.example` resolves as 192.0.2.1, 192.0.2.2, and should as 192.0.2.1",
        ),
        (
            "a.example",
            "A",
            "192.0.2.1,192.0.2.1",
            "`a.example` resolves as 192.0.2.1, and should as 192.0.2.1, 192.0.2.1",
        ),
        (
            "example",
            "MX",
            "10 mail.example",
            "`example` resolves as 10 mail.example, 20 spare.example, and should as 10 mail.example",
        ),
    ] {
        let options = format!("record_type: {kind}\nresolves_as: {expected}");
        let run = run::<dns_check>(&ask(server.port(), name, &options)).await;
        assert_not_resolved(&run, message);
    }
}

#[tokio::test]
async fn a_name_that_is_not_there_is_critical_unless_it_should_not_be() {
    let server = Dnsmasq::start(NAMES);
    let run = async |name: &str, kind: &str| {
        run::<dns_check>(&ask(server.port(), name, &format!("record_type: {kind}"))).await
    };
    let missing = "there is no name `nobody.example` (NXDOMAIN)";
    assert_not_resolved(&run("nobody.example", "A").await, missing);
    assert_resolved(&run("nobody.example", "NXDOMAIN").await);
    let there = "there is a name `a.example`, and there should be none";
    assert_not_resolved(&run("a.example", "NXDOMAIN").await, there);
    let without = "`a.example` has no record of the type MX";
    assert_not_resolved(&run("a.example", "MX").await, without);
    // It asks nobody for what is not its own.
    let refused = format!("`127.0.0.1:{}`: it refuses (REFUSED)", server.port());
    assert_not_resolved(&run("elsewhere.test", "A").await, &refused);
}

#[tokio::test]
async fn an_answer_that_is_too_long_for_a_packet_is_had_by_tcp() {
    let mut names = String::new();
    let addresses: Vec<_> = (1..=100).map(|host| format!("192.0.2.{host}")).collect();
    for address in &addresses {
        let _ = writeln!(names, "host-record=many.example,{address}");
    }
    let server = Dnsmasq::start(&names);
    let options = format!("resolves_as: '{}'", addresses.join(","));
    assert_resolved(&run::<dns_check>(&ask(server.port(), "many.example", &options)).await);
}

#[test]
fn what_cannot_be_is_refused() {
    for (options, expected) in [
        ("nameserver: 127.0.0.1", "hostname"),
        ("hostname: ''", "hostname"),
        ("hostname: a..example", "`a..example` is no name that can be asked for"),
        ("hostname: a\nnameserver: dns.example", "`nameserver` must be an address"),
        ("hostname: a\nrecord_type: FOO", "record_type"),
        ("hostname: a\ntimeout: 0", "`timeout` must be longer than zero"),
        (
            "hostname: a\nrecord_type: TXT\nresolves_as: x",
            "`resolves_as` can be used with A, AAAA, CNAME",
        ),
        ("hostname: a\nrecord_type: NXDOMAIN\nresolves_as: x", "`resolves_as` can be used with"),
    ] {
        let problems = problems_of::<dns_check>(options);
        assert!(problems.contains(expected), "{options}: {problems}");
    }
    let long = format!("hostname: {}.example", "a".repeat(64));
    assert!(problems_of::<dns_check>(&long).contains("is no name that can be asked for"));
}

#[tokio::test]
async fn an_instance_without_a_name_or_a_time_has_those_of_all() {
    let server = Dnsmasq::start(NAMES);
    let options = ask(server.port(), "a.example", "");
    let mut instance = Instance::with_init_config::<dns_check>("default_timeout: 7", &options);
    let run = instance.run().await;
    assert_resolved(&run);
    assert!(run.to_string().contains("instance:dns-check-0"), "{run}");
}
