//! Anything that can happen, in any order: every point is accepted exactly once or counted, and each route keeps its order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use allwell::output::Amount;
use allwell::output::forward::{ForwardOptions, Forwarder, Refusal, Remedy, SpoolOptions};
use proptest::prelude::*;

use crate::support::{Scripted, conserved, directory, large, pause, points};

const ROUTES: [&str; 3] = ["/a", "/b", "/c"];

#[derive(Debug, Clone)]
enum Step {
    /// So many payloads of such a size are pushed to a route.
    Push(usize, u8, usize),
    /// The endpoint answers a route so from now on.
    Answer(usize, u8),
    /// A time passes.
    Wait(f64),
    /// The process ends and begins again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, 1..20_u8, 10..20_000_usize).prop_map(|(r, n, s)| Step::Push(r, n, s)),
        3 => (0..3_usize, 0..5_u8).prop_map(|(route, answer)| Step::Answer(route, answer)),
        4 => (0.0..20.0).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

/// An endpoint of which the answers can be changed, route by route.
fn endpoint() -> (Arc<Scripted>, Arc<[AtomicU8; 3]>) {
    let (endpoint, answers) = (Scripted::slow(Duration::from_millis(30)), Arc::default());
    let shared: Arc<[AtomicU8; 3]> = Arc::clone(&answers);
    endpoint.judge(move |route, _| {
        let index = ROUTES.iter().position(|known| *known == route).unwrap();
        match shared[index].load(Ordering::Relaxed) {
            0 => None,
            1 => Some(Refusal::retry("no")),
            2 => Some(Refusal::hold("wrong key")),
            3 => Some(Refusal::drop("never")),
            _ => {
                let after = Some(Duration::from_secs(30));
                Some(Refusal::new("later", Remedy::Retry { after }))
            }
        }
    });
    (endpoint, answers)
}

/// What became of everything, added up over all processes.
#[derive(Debug, Default)]
struct Sum {
    pushed: Amount,
    delivered: Amount,
    lost: Amount,
}

impl Sum {
    fn add(&mut self, forwarder: &Forwarder) {
        let counts = conserved(forwarder);
        assert_eq!((counts.queued, counts.damaged), (counts.stored, points(0)));
        self.pushed += counts.pushed;
        self.delivered += counts.delivered;
        self.lost += counts.dropped() + counts.refused;
    }
}

async fn run(steps: Vec<Step>, concurrency: usize, most_bytes: u64) {
    let dir = directory();
    let spool = Some(SpoolOptions { most_bytes, ..SpoolOptions::new(dir.path()) });
    let options = ForwardOptions {
        most_bytes: 200_000,
        concurrency,
        spool,
        seed: Some(1),
        ..ForwardOptions::default()
    };
    let (endpoint, answers) = endpoint();
    let start = || Forwarder::new(endpoint.clone(), options.clone());
    let (mut forwarder, mut sum, mut next) = (start(), Sum::default(), 0);
    for step in steps {
        match step {
            Step::Push(route, count, size) => {
                for _ in 0..count {
                    forwarder.push(large(ROUTES[route], next, size));
                    next += 1;
                }
            }
            Step::Answer(route, answer) => answers[route].store(answer, Ordering::Relaxed),
            Step::Wait(seconds) => pause(seconds).await,
            Step::Restart => {
                forwarder.finish(Duration::from_secs(4)).await;
                sum.add(&forwarder);
                forwarder = start();
            }
        }
        let counts = conserved(&forwarder);
        assert!(counts.memory_bytes <= 200_000, "{counts:?}");
    }
    answers.iter().for_each(|answer| answer.store(0, Ordering::Relaxed));
    pause(2000.0).await;
    forwarder.finish(Duration::from_secs(4)).await;
    sum.add(&forwarder);
    assert_eq!(conserved(&forwarder).queued, points(0));
    check(&endpoint, &sum, next);
}

fn check(endpoint: &Scripted, sum: &Sum, pushed: u64) {
    let mut times = BTreeMap::<u64, u32>::new();
    endpoint.numbers().into_iter().for_each(|number| *times.entry(number).or_default() += 1);
    times.retain(|_, times| *times > 1);
    assert_eq!(times, BTreeMap::new(), "each at most once");
    assert_eq!(sum.pushed, points(pushed));
    let accepted = endpoint.numbers().len() as u64;
    assert_eq!(sum.delivered, points(accepted), "what it accepted is what is counted");
    assert_eq!(sum.delivered + sum.lost, points(pushed), "{sum:?}");
    for route in ROUTES {
        assert!(
            endpoint.numbers_of(route).is_sorted(),
            "{route}: {:?}",
            endpoint.numbers_of(route)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_point_is_accepted_once_or_counted(
        steps in prop::collection::vec(step(), 1..40),
        concurrency in 1..4_usize,
        most_bytes in prop::sample::select(vec![1 << 20, 64 << 20_u64]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.unwrap().block_on(run(steps, concurrency, most_bytes));
    }
}
