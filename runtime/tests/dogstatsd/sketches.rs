//! What a server makes of the values of a distribution: the same sketch.

use allwell::aggregate::{Sketch, SketchSeries};
use allwell::output::{Delivery, Held, Output};
use allwell::prelude::*;
use proptest::prelude::*;

use crate::agent::{lines, sent, texts};
use crate::parser::{Line, Metric};
use crate::samples::{delivery, empty};

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Time {
    /// How long a request takes.
    time: Distribution<Second>,
}

/// A server: a value counts as often as the whole part of the reciprocal of its rate, as in the Agent.
fn received(packets: &[Vec<u8>]) -> Sketch {
    let mut sketch = Sketch::new();
    for line in lines(packets) {
        let Line::Metric(Metric { values, kind, rate, .. }) = line else { panic!("{line:?}") };
        assert_eq!(kind, "d");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as the Agent")]
        let weight = rate.map_or(1, |rate| (1.0 / rate) as u64);
        for value in values {
            (0..weight).for_each(|_| sketch.insert(value));
        }
    }
    sketch
}

/// A delivery of a sketch of these values.
fn of(values: &[f64]) -> (Delivery, Sketch) {
    let run = delivery(values.iter().map(|value| Time { time: (*value).into() }));
    let sketch = run.sketches[0].sketch.clone();
    (run, sketch)
}

fn assert_same(sent: &Sketch, received: &Sketch) {
    assert_eq!(received.bins(), sent.bins());
    assert_eq!(received.count(), sent.count());
    assert_eq!((received.min(), received.max()), (sent.min(), sent.max()));
    let sizes = sent.bins().iter().map(|(key, n)| match key {
        0 => 0.0,
        key => Sketch::log2_of_bin(*key).exp2() * f64::from(*n),
    });
    let size = sizes.sum::<f64>() + f64::MIN_POSITIVE;
    assert!((received.sum() - sent.sum()).abs() <= size * 1e-7, "{received:?} is not {sent:?}");
}

#[tokio::test]
async fn a_weight_is_the_sum_of_powers_of_two() {
    // The least one, the greatest one, and 32 + 8 + 4 + 2 + 1 in between.
    let (run, sketch) = of(&[0.5; 49]);
    let (packets, _) = sent(|_| (), [run]).await;
    assert_eq!(
        texts(&packets),
        [
            "web.time:0.5:0.5:0.5|d|#env:test",
            "web.time:0.5|d|@0.5|#env:test",
            "web.time:0.5|d|@0.25|#env:test",
            "web.time:0.5|d|@0.125|#env:test",
            "web.time:0.5|d|@0.03125|#env:test",
        ]
    );
    assert_same(&sketch, &received(&packets));
}

#[tokio::test]
async fn a_large_sketch_is_split_over_packets() {
    let values: Vec<f64> = (1..=2000).map(|number| f64::from(number) * 0.37).collect();
    let (run, sketch) = of(&values);
    let (packets, output) = sent(|options| options.packet_size = Some(500), [run]).await;
    assert!(packets.len() > 10 && packets.iter().all(|packet| packet.len() <= 500));
    assert_same(&sketch, &received(&packets));
    assert_eq!(output.held(), Held::default());
}

#[tokio::test]
async fn no_value_is_no_line() {
    let (mut run, _) = of(&[1.0]);
    let one = run.sketches.remove(0);
    run.sketches.push(SketchSeries { sketch: Sketch::new(), ..one });
    assert_eq!(sent(|_| (), [Delivery { sketches: run.sketches, ..empty() }]).await.0.len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_server_makes_the_same_sketch(
        values in prop::collection::vec(
            prop_oneof![
                -1e3..1e3,
                (0u8..10).prop_map(f64::from),
                prop::num::f64::NORMAL.prop_filter("a sum", |value| value.abs() < 1e200),
                Just(0.0),
            ],
            1..300,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (run, sketch) = of(&values);
            let (packets, _) = sent(|_| (), [run]).await;
            assert_same(&sketch, &received(&packets));
        });
    }
}
