//! Behind the hub: outages are survived, and everything is delivered or counted.

use std::sync::Arc;
use std::time::Duration;

use allwell::metric::Log;
use allwell::output::{Amount, Delivery, Hub, HubOptions, Output, OutputState, OutputStatistics};
use tokio::time::sleep;

use crate::agent::{Agent, Place};
use crate::samples::numbered;
use crate::unix::{values, waiting};

fn hub(place: &Place) -> Hub {
    Hub::new(vec![Arc::new(place.output()) as Arc<dyn Output>], HubOptions::default())
}

fn statistics(hub: &Hub) -> OutputStatistics {
    hub.statistics().remove(0)
}

fn points(series: u64) -> Amount {
    Amount { series, ..Amount::default() }
}

#[tokio::test(start_paused = true)]
async fn what_is_found_while_the_agent_is_away_arrives_when_it_is_back() {
    let place = Place::new();
    let hub = hub(&place);
    // So few that they find room in the queue: time that stands still does not wait for who reads.
    for _ in 0..30 {
        hub.push(numbered(20));
        sleep(Duration::from_mins(1)).await;
    }
    let seen = statistics(&hub);
    assert_eq!(
        (seen.state, seen.queued, seen.delivered),
        (OutputState::Retrying, points(600), points(0))
    );
    assert!(seen.last_error.unwrap().1.contains("No such file or directory"));
    let agent = Agent::unix(&place);
    sleep(Duration::from_mins(2)).await;
    let seen = statistics(&hub);
    assert_eq!(
        (seen.state, seen.queued, seen.delivered),
        (OutputState::Working, points(0), points(600))
    );
    assert_eq!((seen.dropped, seen.refused), (points(0), points(0)));
    let twenty = (0..20).map(f64::from);
    assert!(values(&agent.stop()).into_iter().eq((0..30).flat_map(|_| twenty.clone())));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_room_and_what_is_no_line_are_counted() {
    let place = Place::new();
    let socket = place.bind();
    let hub = hub(&place);
    hub.push(Delivery { logs: vec![Log::new("a")], ..numbered(15_000) });
    let closed = hub.close(Duration::from_secs(10)).await;
    assert_eq!(closed.undelivered, Amount::default());
    let seen = statistics(&hub);
    let got = values(&waiting(&socket)).len() as u64;
    assert!(got > 0 && got < 15_000);
    assert_eq!(seen.delivered, points(got));
    assert_eq!(seen.dropped, points(15_000 - got));
    assert_eq!(seen.refused, Amount { logs: 1, ..Amount::default() });
    assert!(seen.errors >= 2);
}
