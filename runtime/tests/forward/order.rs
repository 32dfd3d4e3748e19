//! Oldest first, waits between, and nothing lost between the numbers.

use std::time::Duration;

use allwell::output::forward::{ForwardOptions, Forwarder, Refusal};

use crate::support::{Scripted, conserved, payload, points};

#[tokio::test(start_paused = true)]
async fn what_failed_is_sent_again_before_what_came_later() {
    let endpoint = Scripted::new([Refusal::retry("no"), Refusal::retry("no")]);
    let forwarder = Forwarder::new(endpoint.clone(), ForwardOptions::default());
    (1..=3).for_each(|number| forwarder.push(payload("/a", number)));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(endpoint.numbers(), [1, 2, 3]);
    let counts = conserved(&forwarder);
    assert_eq!((counts.delivered, counts.errors), (points(6), 2));
}
