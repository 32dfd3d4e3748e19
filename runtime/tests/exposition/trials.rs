//! `diagnose`: what is seen when the endpoint is tried out.

use std::net::TcpListener;

use allwell::Secret;
use allwell::output::exposition::{Access, ExpositionOptions};
use allwell::output::{Complaint, Output};

use crate::support::{Endpoint, gauge, run};

fn at(address: std::net::SocketAddr) -> Endpoint {
    Endpoint::new(ExpositionOptions { address, ..ExpositionOptions::default() })
}

async fn seen(endpoint: &Endpoint) -> Vec<(String, Result<String, Complaint>)> {
    let seen = endpoint.exposition.diagnose().await;
    seen.into_iter().map(|seen| (seen.what, seen.outcome)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_free_is_listened_at_and_scraped() {
    let endpoint = at(([127, 0, 0, 1], 0).into());
    endpoint.take([run([gauge("a\"b", 1.0, &["c:\"d\\"]), gauge("c", 2.0, &[])])]);
    let seen = seen(&endpoint).await;
    let address = endpoint.exposition.listen().unwrap();
    assert_eq!(seen[0], ("listening at `127.0.0.1:0`".to_owned(), Ok("it can".to_owned())));
    let scrape = format!("scraping `http://{address}/metrics`");
    assert_eq!(seen[1], (scrape, Ok("2 samples of 2 metrics".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_ours_that_listens_there_is_scraped() {
    let access = || Access { bearer_token: Some(Secret::new("right")), user: None };
    let options = ExpositionOptions {
        address: ([127, 0, 0, 1], 0).into(),
        access: access(),
        ..ExpositionOptions::default()
    };
    let running = Endpoint::new(options.clone());
    running.take([run([gauge("a", 1.0, &[])])]);
    let address = running.exposition.listen().unwrap();
    let same = Endpoint::new(ExpositionOptions { address, ..options });
    let with_token = seen(&same).await;
    assert_eq!(with_token[0].1, Ok("a process of Allwell listens there already".to_owned()));
    let asks = "it asks for a token or password, which another process is not shown";
    assert_eq!(with_token[1].1, Ok(asks.to_owned()));
    let without = seen(&at(address)).await;
    assert_eq!(
        without[1].1,
        Err(Complaint {
            message: format!("`http://{address}/metrics` answered 401 Unauthorized"),
            hint: "the process that runs may have other settings than these; start it anew"
                .to_owned(),
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_is_told_with_what_to_do() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    // Whoever it is does not speak HTTP.
    let address = taken.local_addr().unwrap();
    std::thread::spawn(move || taken.incoming().for_each(drop));
    let [(_, Err(complaint))] = &seen(&at(address)).await[..] else { panic!("one complaint") };
    assert_eq!(complaint.message, "something else listens there");
    assert!(complaint.hint.contains("`address` names another port"), "{}", complaint.hint);
    let [(_, Err(complaint))] = &seen(&at(([192, 0, 2, 1], 9465).into())).await[..] else {
        panic!("one complaint")
    };
    assert!(complaint.hint.contains("one of this host's"), "{}", complaint.hint);
}
