//! Oldest first, waits in between, one probe, and bounds of memory: in a time of its own.

use std::time::{Duration, SystemTime};

use allwell::output::Amount;
use allwell::output::forward::{Backoff, ForwardOptions, Forwarder, Loss, Notice, Refusal, Remedy};
use tokio::time::Instant;

use crate::support::{Scripted, Told, conserved, large, pause, payload, points};

fn options() -> ForwardOptions {
    ForwardOptions { seed: Some(7), ..ForwardOptions::default() }
}

#[tokio::test(start_paused = true)]
async fn a_payload_is_sent_at_once_if_nothing_waits() {
    let endpoint = Scripted::new([]);
    let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options()));
    forwarder.push(payload("/a", 1));
    pause(0.001).await;
    assert_eq!(endpoint.tried(start), [(0.0, 1)]);
    assert_eq!(conserved(&forwarder).delivered, points(1));
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_sent_again_before_what_came_later() {
    let endpoint = Scripted::new([Refusal::retry("no"), Refusal::retry("no")]);
    let forwarder = Forwarder::new(endpoint.clone(), options());
    (1..=3).for_each(|number| forwarder.push(payload("/a", number)));
    pause(60.0).await;
    assert_eq!(endpoint.numbers(), [1, 2, 3]);
    let counts = conserved(&forwarder);
    assert_eq!((counts.delivered, counts.errors), (points(6), 2));
}

#[test]
fn the_windows_are_those_of_the_agent() {
    let windows = [(2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0), (32.0, 64.0), (64.0, 64.0)];
    for (errors, (start, end)) in (1..).zip(windows) {
        let wait = |chance| Backoff::default().wait(errors, chance).as_secs_f64();
        assert_eq!((wait(0.0), wait(1.0)), (start, end), "after {errors} errors");
    }
    assert_eq!(Backoff::default().wait(u32::MAX, 0.3), Duration::from_secs(64));
}

#[tokio::test(start_paused = true)]
async fn there_is_one_probe_a_window_and_the_windows_grow_and_shrink() {
    let endpoint = Scripted::new(std::iter::repeat_n(Refusal::retry("no"), 8));
    let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options()));
    (1..=5).for_each(|number| forwarder.push(payload("/a", number)));
    pause(600.0).await;
    let tried = endpoint.tried(start);
    let numbers: Vec<_> = tried.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers, [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5]);
    let waits: Vec<_> = tried.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let windows = [(2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0), (32.0, 64.0)];
    for (wait, (start, end)) in waits.iter().zip(windows) {
        assert!((start..=end + 0.001).contains(wait), "{waits:?}");
    }
    assert!(waits[5..8].iter().all(|wait| (wait - 64.0).abs() < 0.002), "{waits:?}");
    assert!(waits[8..].iter().all(|wait| *wait < 0.01), "{waits:?}");
    conserved(&forwarder);
}

#[tokio::test(start_paused = true)]
async fn a_success_takes_two_errors_back() {
    let errors = std::iter::repeat_n(Refusal::retry("no"), 4);
    let endpoint = Scripted::new(errors);
    let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options()));
    forwarder.push(payload("/a", 1));
    pause(100.0).await;
    // Four errors less two, and one more: the third window.
    endpoint.judge(|_, number| (number == 2).then(|| Refusal::retry("no")));
    forwarder.push(payload("/a", 2));
    pause(7.9).await;
    assert_eq!(endpoint.tried(start).iter().filter(|(_, number)| *number == 2).count(), 1);
    pause(8.2).await;
    assert_eq!(endpoint.tried(start).iter().filter(|(_, number)| *number == 2).count(), 2);
    conserved(&forwarder);
}

#[tokio::test(start_paused = true)]
async fn the_chance_is_the_same_with_the_same_seed() {
    let mut times = Vec::new();
    for _ in 0..2 {
        let endpoint = Scripted::new(std::iter::repeat_n(Refusal::retry("no"), 4));
        let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options()));
        forwarder.push(payload("/a", 1));
        pause(100.0).await;
        times.push(endpoint.tried(start));
        drop(forwarder);
    }
    assert_eq!(times[0], times[1]);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_and_capped() {
    let after = |seconds| Some(Duration::from_secs(seconds));
    let busy = |seconds| Refusal::new("busy", Remedy::Retry { after: after(seconds) });
    let endpoint = Scripted::new([busy(100), busy(1), busy(1_000_000)]);
    let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options()));
    forwarder.push(payload("/a", 1));
    pause(2000.0).await;
    let tried = endpoint.tried(start);
    let waits: Vec<_> = tried.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!((100.0..110.01).contains(&waits[0]) && waits[0] > 100.02, "not all at once: {waits:?}");
    assert!((4.0..8.01).contains(&waits[1]), "its own window is later than asked for: {waits:?}");
    assert!((900.0..990.01).contains(&waits[2]), "not for days: {waits:?}");
    assert_eq!(conserved(&forwarder).delivered, points(1));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_holds_everything_and_is_tried_seldom() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::hold("the key is wrong")));
    let told = Told::default();
    let (start, options) = (Instant::now(), told.observe(options()));
    let forwarder = Forwarder::new(endpoint.clone(), options);
    (1..=10).for_each(|number| forwarder.push(payload("/a", number)));
    pause(3600.0).await;
    let tries = endpoint.tried(start).len();
    assert!((10..=14).contains(&tries), "every five minutes or so: {tries}");
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.refused, counts.retrying), (points(55), points(0), true));
    let message = "the key is wrong".to_owned();
    assert_eq!(told.take()[0], Notice::Retrying { message: message.clone(), held: true });
    assert_eq!(counts.last_error.unwrap().1, message);
    endpoint.accept_all();
    pause(400.0).await;
    assert_eq!(endpoint.numbers(), (1..=10).collect::<Vec<_>>());
    assert_eq!(told.take().last().unwrap(), &Notice::Working { route: "/a".to_owned() });
}

#[tokio::test(start_paused = true)]
async fn what_will_never_be_accepted_is_counted_and_stops_nothing() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, number| match number {
        2 => Some(Refusal::drop("too large")),
        3 => Some(Refusal::new("two are bad", Remedy::DropPart(points(2)))),
        _ => None,
    });
    let told = Told::default();
    let forwarder = Forwarder::new(endpoint.clone(), told.observe(options()));
    (1..=4).for_each(|number| forwarder.push(payload("/a", number)));
    pause(1.0).await;
    assert_eq!(endpoint.numbers(), [1, 4]);
    let counts = conserved(&forwarder);
    assert_eq!((counts.delivered, counts.refused, counts.errors), (points(6), points(4), 2));
    let lost = |amount, message: &str| Notice::Lost {
        loss: Loss::Refused,
        amount: points(amount),
        message: message.to_owned(),
    };
    assert_eq!(told.take(), [lost(2, "too large"), lost(2, "two are bad")]);
}

#[tokio::test(start_paused = true)]
async fn a_route_that_fails_keeps_no_other_waiting() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|route, _| (route == "/bad").then(|| Refusal::retry("no")));
    let forwarder = Forwarder::new(endpoint.clone(), options());
    for number in 1..=20 {
        forwarder.push(payload(if number % 2 == 0 { "/bad" } else { "/good" }, number));
    }
    pause(1.0).await;
    assert_eq!(endpoint.numbers(), (1..=20).step_by(2).collect::<Vec<_>>());
    assert_eq!(conserved(&forwarder).queued, points(110));
    endpoint.accept_all();
    pause(10.0).await;
    assert_eq!(endpoint.numbers_of("/bad"), (2..=20).step_by(2).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_are_of_different_routes_and_as_many_as_allowed() {
    let routes = ["/a", "/b", "/c", "/d"];
    for (concurrency, takes) in [(1, 40), (2, 20), (4, 10), (9, 10)] {
        let endpoint = Scripted::slow(Duration::from_secs(1));
        let options = ForwardOptions { concurrency, ..options() };
        let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options));
        for number in 0..40_u8 {
            forwarder.push(payload(routes[usize::from(number % 4)], number.into()));
        }
        while forwarder.statistics().queued.total() > 0 {
            pause(0.1).await;
        }
        assert_eq!(start.elapsed().as_secs(), takes, "{concurrency} at once");
        for route in routes {
            assert!(endpoint.numbers_of(route).is_sorted());
        }
        if concurrency == 1 {
            assert!(endpoint.numbers().is_sorted());
        }
        conserved(&forwarder);
    }
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_and_the_oldest_make_room() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::retry("no")));
    let (told, most_bytes) = (Told::default(), 100_000);
    let options = told.observe(ForwardOptions { most_bytes, ..options() });
    let forwarder = Forwarder::new(endpoint.clone(), options);
    for number in 0..200 {
        forwarder.push(large("/a", number, 1000));
        assert!(forwarder.statistics().memory_bytes <= most_bytes);
        pause(0.01).await;
    }
    forwarder.push(large("/a", 1000, most_bytes));
    let counts = conserved(&forwarder);
    // A thousand bytes and what is around them: 79 fit.
    assert_eq!((counts.queued, counts.no_room), (points(79), points(122)));
    endpoint.accept_all();
    pause(100.0).await;
    assert_eq!(endpoint.numbers(), (121..200).collect::<Vec<_>>());
    let dropped = told.take().iter().fold(0, |sum, notice| match notice {
        Notice::Lost { loss: Loss::NoRoom, amount, .. } => sum + amount.series,
        _ => sum,
    });
    assert_eq!(dropped, 122);
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_ten_days_is_dropped() {
    let endpoint = Scripted::new([]);
    let forwarder = Forwarder::new(endpoint.clone(), options());
    let old = |hours| SystemTime::now() - Duration::from_hours(hours);
    for (number, hours) in [(1, 241), (2, 239), (3, 0)] {
        forwarder
            .push(allwell::output::forward::Payload { made: old(hours), ..payload("/a", number) });
    }
    pause(1.0).await;
    assert_eq!(endpoint.numbers(), [2, 3]);
    let counts = conserved(&forwarder);
    assert_eq!((counts.outdated, counts.errors), (points(1), 0));
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_panics_has_not_accepted() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, number| (number == 0).then(|| Refusal::retry("no")));
    let forwarder = Forwarder::new(endpoint.clone(), options());
    let mut broken = payload("/a", 5);
    broken.body = "not a number".into();
    forwarder.push(broken);
    pause(1.0).await;
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.errors, counts.retrying), (points(5), 1, true));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_what_waits_is_sent_or_counted() {
    let endpoint = Scripted::new([]);
    let forwarder = Forwarder::new(endpoint.clone(), options());
    (1..=3).for_each(|number| forwarder.push(payload("/a", number)));
    let start = Instant::now();
    forwarder.finish(Duration::from_secs(2)).await;
    assert!(start.elapsed() < Duration::from_millis(100), "there was nothing to wait for");
    assert_eq!(conserved(&forwarder).delivered, points(6));
    forwarder.push(payload("/a", 4));
    forwarder.finish(Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).unsent, points(4));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_an_outage_is_given_a_last_chance() {
    for (errors, delivered) in [(2, 6), (100, 0)] {
        let endpoint = Scripted::new(std::iter::repeat_n(Refusal::retry("no"), errors));
        let forwarder = Forwarder::new(endpoint.clone(), options());
        (1..=3).for_each(|number| forwarder.push(payload("/a", number)));
        pause(0.5).await;
        let start = Instant::now();
        forwarder.finish(Duration::from_secs(4)).await;
        assert!(start.elapsed() <= Duration::from_secs(3));
        let counts = conserved(&forwarder);
        assert_eq!((counts.delivered, counts.unsent), (points(delivered), points(6 - delivered)));
        assert_eq!(counts.queued, Amount::default());
    }
}

/// The endpoint says of one payload that it is not well itself, and takes every other.
#[tokio::test(start_paused = true)]
async fn a_payload_that_an_endpoint_stumbles_over_does_not_keep_all_others_waiting() {
    for spool in [false, true] {
        let dir = crate::support::directory();
        let options = if spool { crate::support::spooled(dir.path()) } else { options() };
        let endpoint = Scripted::new([]);
        endpoint.judge(|_, number| (number == 1).then(|| Refusal::retry("500").answered()));
        let (start, forwarder) = (Instant::now(), Forwarder::new(endpoint.clone(), options));
        (1..6).for_each(|number| forwarder.push(payload("/a", number)));
        pause(3000.0).await;
        assert_eq!(endpoint.numbers(), [2, 3, 4, 5]);
        let tried: Vec<_> = endpoint.tried(start).into_iter().map(|(_, number)| number).collect();
        assert_eq!(tried, [&[1; 10][..], &[2, 1, 3, 4, 5]].concat());
        let counts = conserved(&forwarder);
        assert_eq!((counts.refused, counts.delivered), (points(1), points(14)));
        let (_, message) = counts.last_error.unwrap();
        assert_eq!(message, "500, again and again, and takes other payloads");
    }
}

/// Where the next one is not taken either, the order is kept and nothing lost, however long it lasts.
#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_not_well_for_long_loses_nothing() {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::retry("503").answered()));
    let forwarder = Forwarder::new(endpoint.clone(), options());
    (1..6).for_each(|number| forwarder.push(payload("/a", number)));
    pause(7200.0).await;
    assert_eq!(conserved(&forwarder).queued, points(15));
    endpoint.accept_all();
    pause(200.0).await;
    let mut numbers = endpoint.numbers();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(conserved(&forwarder).delivered, points(15));
}
