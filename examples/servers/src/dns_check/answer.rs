//! An answer of a name server: what it says of a name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use simple_dns::rdata::RData;
use simple_dns::{Packet, RCODE, TYPE};

/// How many other names may lead to the one that has the record.
const ALIASES: usize = 16;

/// An answer that fits the question.
#[derive(Debug)]
pub(super) struct Answer {
    is_no_such_name: bool,
    records: Vec<Record>,
}

#[derive(Debug)]
struct Record {
    name: String,
    kind: TYPE,
    value: String,
}

impl Answer {
    /// What a packet says.
    ///
    /// # Errors
    /// The server could not or would not answer.
    pub(super) fn of(packet: &Packet<'_>) -> Result<Self, String> {
        let is_no_such_name = match packet.rcode() {
            RCODE::NoError => false,
            RCODE::NameError => true,
            RCODE::ServerFailure => return Err("it has failed (SERVFAIL)".to_owned()),
            RCODE::Refused => return Err("it refuses (REFUSED)".to_owned()),
            other => return Err(format!("it answers {other:?}")),
        };
        let record = |record: &simple_dns::ResourceRecord<'_>| Record {
            name: record.name.to_string(),
            kind: record.rdata.type_code(),
            value: value(&record.rdata),
        };
        Ok(Self { is_no_such_name, records: packet.answers.iter().map(record).collect() })
    }

    /// There is no such name, of whatever type (`NXDOMAIN`).
    pub(super) const fn is_no_such_name(&self) -> bool {
        self.is_no_such_name
    }

    /// What a name, or the one that it is another name of, resolves as, in order.
    pub(super) fn values(&self, name: &str, kind: TYPE) -> Vec<String> {
        let mut name = name;
        for _ in 0..ALIASES {
            let mut found = self.of_name(name, kind);
            if !found.is_empty() {
                found.sort();
                return found;
            }
            let mut aliases = self.records.iter().filter(|record| record.is(name, TYPE::CNAME));
            let Some(alias) = aliases.next() else { return Vec::new() };
            name = &alias.value;
        }
        Vec::new()
    }

    fn of_name(&self, name: &str, kind: TYPE) -> Vec<String> {
        let records = self.records.iter().filter(|record| record.is(name, kind));
        records.map(|record| record.value.clone()).collect()
    }
}

impl Record {
    fn is(&self, name: &str, kind: TYPE) -> bool {
        self.kind == kind && self.name.eq_ignore_ascii_case(name)
    }
}

/// A value as it is compared: in small letters, without the dot that ends a whole name, an address in its shortest form.
pub(super) fn normal(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
    text.parse::<IpAddr>().map_or(text, |address| address.to_string())
}

fn value(data: &RData<'_>) -> String {
    match data {
        RData::A(a) => Ipv4Addr::from(a.address).to_string(),
        RData::AAAA(aaaa) => Ipv6Addr::from(aaaa.address).to_string(),
        RData::CNAME(name) => normal(&name.0.to_string()),
        RData::NS(name) => normal(&name.0.to_string()),
        RData::PTR(name) => normal(&name.0.to_string()),
        RData::MX(mx) => normal(&format!("{} {}", mx.preference, mx.exchange)),
        RData::SRV(srv) => {
            normal(&format!("{} {} {} {}", srv.priority, srv.weight, srv.port, srv.target))
        }
        RData::SOA(soa) => normal(&format!(
            "{}. {}. {} {} {} {} {}",
            soa.mname, soa.rname, soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum
        )),
        // That there is one is all that is asked of the others.
        other => format!("{:?}", other.type_code()),
    }
}
