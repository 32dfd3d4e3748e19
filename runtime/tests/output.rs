//! The hub under virtual time: what outputs are offered and when, and what becomes of what they do not take.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use allwell::metric::{Event, Log};
use allwell::output::{
    Amount, Console, Delivering, Delivery, Held, Hub, HubOptions, Memory, Output, OutputError,
    OutputState, OutputStatistics, Style,
};
use tokio::time::{Instant, sleep, timeout};

/// An output that fails as told, takes its time, and remembers when it was offered how many points.
struct Scripted {
    fails: Box<dyn Fn(usize) -> Option<OutputError> + Send + Sync>,
    takes: Duration,
    start: Instant,
    offers: Mutex<Vec<(u64, u64)>>,
}

impl Scripted {
    /// Fails by the number of the offer, from 0 on.
    fn failing(fails: impl Fn(usize) -> Option<OutputError> + Send + Sync + 'static) -> Arc<Self> {
        let (fails, start) = (Box::new(fails), Instant::now());
        Arc::new(Self { fails, takes: Duration::ZERO, start, offers: Mutex::default() })
    }

    fn slow(takes: Duration) -> Arc<Self> {
        let (fails, start) = (Box::new(|_| None), Instant::now());
        Arc::new(Self { fails, takes, start, offers: Mutex::default() })
    }

    /// Seconds since the start, and points.
    fn offers(&self) -> Vec<(u64, u64)> {
        self.offers.lock().unwrap().clone()
    }
}

impl Output for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        Box::pin(async move {
            let points = deliveries.iter().map(|delivery| delivery.amount().total()).sum();
            let number = {
                let mut offers = self.offers.lock().unwrap();
                offers.push((self.start.elapsed().as_secs(), points));
                offers.len() - 1
            };
            sleep(self.takes).await;
            (self.fails)(number).map_or(Ok(()), Err)
        })
    }
}

fn hub(outputs: Vec<Arc<dyn Output>>) -> Hub {
    Hub::new(outputs, HubOptions::default())
}

/// A delivery of so many events and log lines.
fn delivery(events: usize, logs: usize) -> Delivery {
    Delivery {
        check: "test",
        instance: "test:1".into(),
        host: Some("here".into()),
        time: 1_700_000_000.5,
        tags: Arc::new(["a:b".to_owned()]),
        series: Vec::new(),
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: (0..events).map(|n| Event::new(format!("event {n}"), "text")).collect(),
        logs: (0..logs).map(|n| Log::new(format!("line {n}"))).collect(),
    }
}

fn amount(events: u64, logs: u64) -> Amount {
    Amount { events, logs, ..Amount::default() }
}

fn only(hub: &Hub) -> OutputStatistics {
    let [one] = hub.statistics().try_into().expect("one output");
    one
}

async fn pass(seconds: f64) {
    sleep(Duration::from_secs_f64(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_second_of_deliveries_is_one_offer_to_every_output() {
    let (one, other) = (Scripted::slow(Duration::ZERO), Scripted::slow(Duration::ZERO));
    let hub = hub(vec![one.clone(), other.clone()]);
    hub.push(delivery(1, 0));
    pass(0.5).await;
    hub.push(delivery(2, 0));
    pass(1.0).await;
    hub.push(delivery(4, 0));
    pass(1.5).await;
    assert_eq!(one.offers(), [(1, 3), (2, 4)]);
    assert_eq!(other.offers(), one.offers());
}

#[tokio::test(start_paused = true)]
async fn many_points_do_not_wait_for_the_second_to_end() {
    let output = Scripted::slow(Duration::ZERO);
    let hub = hub(vec![output.clone()]);
    hub.push(delivery(9_999, 0));
    hub.push(delivery(1, 0));
    pass(0.1).await;
    assert_eq!(output.offers(), [(0, 10_000)]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_output_delays_no_other() {
    let (slow, quick) = (Scripted::slow(Duration::from_secs(100)), Scripted::slow(Duration::ZERO));
    let hub = hub(vec![slow.clone(), quick.clone()]);
    for _ in 0..3 {
        hub.push(delivery(1, 0));
        pass(2.0).await;
    }
    assert_eq!(slow.offers(), [(1, 1)]);
    assert_eq!(quick.offers(), [(1, 1), (3, 1), (5, 1)]);
    pass(100.0).await;
    assert_eq!(slow.offers(), [(1, 1), (101, 2)], "what came meanwhile is one offer");
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_retried_is_offered_later_and_later() {
    let output = Scripted::failing(|n| (n < 9).then(|| OutputError::retry("no route")));
    let hub = hub(vec![output.clone()]);
    hub.push(delivery(2, 1));
    pass(10.0).await;
    let meanwhile = only(&hub);
    assert_eq!((meanwhile.state, meanwhile.queued), (OutputState::Retrying, amount(2, 1)));
    pass(300.0).await;
    let times: Vec<_> = output.offers().iter().map(|(time, _)| *time).collect();
    assert_eq!(times, [1, 2, 4, 8, 16, 32, 64, 124, 184, 244]);
    let at_last = only(&hub);
    assert_eq!((at_last.state, at_last.errors), (OutputState::Working, 9));
    assert_eq!((at_last.delivered, at_last.queued), (amount(2, 1), amount(0, 0)));
    assert_eq!(at_last.last_error.map(|(_, text)| text).as_deref(), Some("no route"));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_counted_and_the_next_is_taken() {
    let output = Scripted::failing(|n| (n == 0).then(|| OutputError::discard("too big")));
    let hub = hub(vec![output]);
    hub.push(delivery(3, 0));
    pass(2.0).await;
    hub.push(delivery(0, 4));
    pass(2.0).await;
    let statistics = only(&hub);
    assert_eq!((statistics.refused, statistics.delivered), (amount(3, 0), amount(0, 4)));
    assert_eq!((statistics.state, statistics.errors), (OutputState::Working, 1));
}

#[tokio::test(start_paused = true)]
async fn a_closed_output_is_told_and_takes_nothing_any_more() {
    let (output, memory) = (Scripted::failing(|_| Some(OutputError::close("gone"))), Memory::new());
    let hub = hub(vec![output.clone(), Arc::new(memory.clone())]);
    hub.push(delivery(1, 0));
    let closed = timeout(Duration::from_secs(2), hub.output_closed()).await;
    assert!(closed.is_ok());
    hub.push(delivery(0, 1));
    pass(2.0).await;
    assert_eq!(output.offers(), [(1, 1)]);
    let [closed, other] = hub.statistics().try_into().expect("two outputs");
    assert_eq!((closed.state, closed.refused), (OutputState::Closed, amount(1, 1)));
    assert_eq!((other.delivered, memory.take().len()), (amount(1, 1), 2));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_make_room_and_are_counted_by_kind() {
    let output = Scripted::slow(Duration::from_secs(1000));
    let options = HubOptions { most_points: 10, ..HubOptions::default() };
    let hub = Hub::new(vec![output], options);
    for _ in 0..5 {
        hub.push(delivery(3, 1));
        pass(2.0).await;
    }
    // The first is being offered; of the others, one has room beside it.
    let statistics = only(&hub);
    assert_eq!((statistics.queued, statistics.dropped), (amount(6, 2), amount(9, 3)));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_room_before_it_is_handed_on_is_counted_too() {
    let memory = Memory::new();
    let options = HubOptions { most_points: 10, ..HubOptions::default() };
    let hub = Hub::new(vec![Arc::new(memory)], options);
    (0..5).for_each(|_| hub.push(delivery(3, 1)));
    pass(2.0).await;
    let statistics = only(&hub);
    assert_eq!((statistics.delivered, statistics.dropped), (amount(6, 2), amount(9, 3)));
}

#[tokio::test]
async fn the_hook_sees_everything_before_any_output() {
    let memory = Memory::new();
    let seen: Arc<Mutex<Vec<(usize, usize)>>> = Arc::default();
    let (noted, outputs_had) = (Arc::clone(&seen), memory.clone());
    let before = move |batch: &[Arc<Delivery>]| {
        noted.lock().unwrap().push((batch.len(), outputs_had.take().len()));
    };
    let options = HubOptions { before: Some(Arc::new(before)), ..HubOptions::default() };
    let hub = Hub::new(vec![Arc::new(memory.clone())], options);
    hub.push(delivery(0, 0));
    hub.push(delivery(1, 0));
    hub.close(Duration::from_secs(5)).await;
    assert_eq!(*seen.lock().unwrap(), [(2, 0)]);
    assert_eq!(memory.take().len(), 1, "an empty delivery goes to no output");
}

#[tokio::test(start_paused = true)]
async fn closing_hands_on_at_once_what_is_being_gathered() {
    let (output, start) = (Scripted::slow(Duration::ZERO), Instant::now());
    let hub = hub(vec![output.clone()]);
    hub.push(delivery(1, 0));
    let closed = hub.close(Duration::from_secs(5)).await;
    assert_eq!((closed.undelivered, output.offers()), (amount(0, 0), vec![(0, 1)]));
    assert!(start.elapsed() < Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn closing_cuts_a_pause_short() {
    let output = Scripted::failing(|n| (n < 6).then(|| OutputError::retry("no route")));
    let hub = hub(vec![output.clone()]);
    hub.push(delivery(1, 0));
    // The pause from second 32 to second 64 has begun.
    pass(33.0).await;
    let closed = hub.close(Duration::from_secs(5)).await;
    assert_eq!(closed.undelivered, amount(0, 0));
    assert_eq!(output.offers().last(), Some(&(33, 1)));
}

#[tokio::test(start_paused = true)]
async fn closing_ends_in_time_and_says_what_is_left() {
    let (output, start) = (Scripted::slow(Duration::from_secs(1000)), Instant::now());
    let hub = hub(vec![output]);
    hub.push(delivery(2, 0));
    pass(2.0).await;
    hub.push(delivery(0, 3));
    let closed = hub.close(Duration::from_secs(5)).await;
    assert_eq!(closed.undelivered, amount(2, 3));
    assert_eq!(start.elapsed().as_secs(), 7);
}

/// A disk that hangs holds up what is done ahead. Nothing of it is forgotten, and the outputs still have time to finish.
#[tokio::test]
async fn what_is_done_ahead_is_counted_and_cannot_take_all_of_the_end() {
    let (let_go, hangs) = std::sync::mpsc::channel::<()>();
    let hangs = Mutex::new(hangs);
    let before = move |_: &[Arc<Delivery>]| {
        let _ = hangs.lock().unwrap().recv();
    };
    let options = HubOptions {
        gather: Duration::from_millis(1),
        before: Some(Arc::new(before)),
        ..HubOptions::default()
    };
    let (memory, finished) = (Memory::new(), Finished::default());
    let hub = Hub::new(vec![Arc::new(memory.clone()), Arc::new(finished.clone())], options);
    hub.push(delivery(2, 1));
    while hub.statistics()[0].queued != amount(2, 1) {
        sleep(Duration::from_millis(1)).await;
    }
    hub.push(delivery(1, 0));
    let closed = hub.close(Duration::from_secs(3)).await;
    assert_eq!(closed.undelivered, amount(0, 0));
    assert_eq!(memory.take().len(), 2);
    assert!(finished.0.load(Ordering::Relaxed), "it was not told that this is the end");
    drop(let_go);
}

/// An output that knows whether it has been told of the end.
#[derive(Clone, Default)]
struct Finished(Arc<AtomicBool>);

impl Output for Finished {
    fn name(&self) -> &'static str {
        "finished"
    }

    fn deliver<'a>(&'a self, _: &'a [Arc<Delivery>]) -> Delivering<'a> {
        Box::pin(async { Ok(()) })
    }

    fn finish(&self) -> Delivering<'_> {
        self.0.store(true, Ordering::Relaxed);
        Box::pin(async { Ok(()) })
    }
}

/// An output that is there before there is anything for it, and whose code is wrong.
#[derive(Default)]
struct Panicking(AtomicBool);

impl Output for Panicking {
    fn name(&self) -> &'static str {
        "panicking"
    }

    fn start(&self) -> Result<(), OutputError> {
        self.0.store(true, Ordering::Relaxed);
        Err(OutputError::retry("not yet"))
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        Box::pin(async move { panic!("{} are too many", deliveries.len()) })
    }
}

#[tokio::test(start_paused = true)]
async fn an_output_begins_before_anything_is_delivered_and_one_that_panics_is_closed() {
    let panicking = Arc::new(Panicking::default());
    let hub = hub(vec![panicking.clone()]);
    pass(0.1).await;
    assert!(panicking.0.load(Ordering::Relaxed));
    let message = |of: OutputStatistics| of.last_error.map(|(_, message)| message);
    assert_eq!(message(only(&hub)).as_deref(), Some("not yet"));
    hub.push(delivery(1, 0));
    timeout(Duration::from_secs(10), hub.output_closed()).await.unwrap();
    hub.push(delivery(2, 0));
    pass(2.0).await;
    let now = only(&hub);
    assert_eq!((now.state, now.refused), (OutputState::Closed, amount(3, 0)));
    let expected = "the output panicked: this is an error in its code";
    assert_eq!(message(now).as_deref(), Some(expected));
    assert_eq!(hub.close(Duration::from_secs(1)).await.undelivered, amount(0, 0));
}

/// Text that can still be read after it was given away.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_console_writes_a_line_for_each_thing() {
    let page = Page::default();
    for style in [Style::Text, Style::Json] {
        let console = Console::new(page.clone(), style);
        console.deliver(&[Arc::new(delivery(1, 1))]).await.expect("it can be written");
    }
    let text = String::from_utf8(page.0.lock().unwrap().clone()).expect("text");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], ["1700000000 event info: event 0: text", "1700000000 log info: line 0"]);
    let log: serde_json::Value = serde_json::from_str(lines[3]).expect("a line of JSON");
    assert_eq!(
        log,
        serde_json::json!({ "instance": "test:1", "logs": {
            "message": "line 0", "status": "info", "timestamp": 1_700_000_000_500_u64, "tags": ["a:b"],
        } })
    );
    assert_eq!(lines.len(), 4);
}

struct Broken(ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_console_that_nobody_reads_is_closed_and_a_full_disk_is_not_the_end() {
    let deliveries = [Arc::new(delivery(1, 0))];
    let pipe = Console::new(Broken(ErrorKind::BrokenPipe), Style::Json);
    let expected = OutputError::close("nobody reads any more");
    assert_eq!(pipe.deliver(&deliveries).await, Err(expected));
    let disk = Console::new(Broken(ErrorKind::StorageFull), Style::Json);
    let expected = OutputError::discard("cannot write: no storage space");
    assert_eq!(disk.deliver(&deliveries).await, Err(expected));
}

/// An output that holds what it takes, of which an earlier process left two events behind: it passes on one event a second,
/// and at the end keeps one on a disk.
struct Holder(Mutex<Held>);

impl Output for Holder {
    fn name(&self) -> &'static str {
        "holder"
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        let mut held = self.0.lock().unwrap();
        for delivery in deliveries {
            held.queued += delivery.amount();
        }
        Box::pin(async { Ok(()) })
    }

    fn held(&self) -> Held {
        self.0.lock().unwrap().clone()
    }

    fn finish(&self) -> Delivering<'_> {
        Box::pin(async {
            sleep(Duration::from_secs(1)).await;
            let mut held = self.0.lock().unwrap();
            held.queued -= amount(1, 0);
            held.stored = amount(1, 0);
            Err(OutputError::retry("no answer"))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn outputs_of_one_name_are_told_apart() {
    let hub = hub(vec![Arc::new(Memory::new()), Arc::new(Memory::new())]);
    let names: Vec<_> = hub.statistics().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["memory", "memory-2"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_output_holds_is_not_delivered_and_what_it_stores_is_not_lost() {
    let held = Held { restored: amount(2, 0), queued: amount(2, 0), ..Held::default() };
    let holder = Arc::new(Holder(Mutex::new(held)));
    let hub = hub(vec![holder.clone()]);
    hub.push(delivery(3, 1));
    pass(1.5).await;
    holder.0.lock().unwrap().queued -= amount(1, 0);
    let now = only(&hub);
    assert_eq!(
        (now.delivered, now.queued, now.restored),
        (amount(1, 0), amount(4, 1), amount(2, 0))
    );
    holder.0.lock().unwrap().retrying = true;
    assert_eq!(only(&hub).state, OutputState::Retrying);
    let closed = hub.close(Duration::from_secs(5)).await;
    assert_eq!(
        closed.undelivered,
        amount(2, 1),
        "three events and a line wait, one event is stored"
    );
    let now = only(&hub);
    assert_eq!((now.delivered, now.queued, now.stored), (amount(2, 0), amount(3, 1), amount(1, 0)));
    assert_eq!(now.last_error.map(|(_, message)| message).as_deref(), Some("no answer"));
}
