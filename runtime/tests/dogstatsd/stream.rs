//! A stream of packets after their lengths.

use std::io::Read;
use std::os::unix::net::UnixListener;
use std::sync::mpsc;
use std::time::Duration;

use allwell::output::dogstatsd::{DogStatsd, DogStatsdOptions};
use allwell::output::{Held, Output, Remedy};
use tokio::time::timeout;

use crate::agent::{Place, deliver, frames, reading_stream, shared};
use crate::samples::numbered;
use crate::unix::values;

fn output(place: &Place) -> DogStatsd {
    let url = format!("unixstream://{}", place.path.display());
    DogStatsd::new(DogStatsdOptions::new(url.parse().unwrap()))
}

fn all(points: u32) -> Vec<f64> {
    (0..points).map(f64::from).collect()
}

#[tokio::test]
async fn packets_come_after_their_lengths() {
    let place = Place::new();
    // A path alone is of either sort.
    for output in [output(&place), place.output()] {
        let reader = reading_stream(&place.path);
        deliver(&output, &shared([numbered(10_000)])).await.unwrap();
        assert_eq!(output.held(), Held::default());
        drop(output);
        let (packets, rest) = reader.join().unwrap();
        assert!(rest.is_empty() && packets.iter().all(|packet| packet.len() <= 8192));
        assert!(values(&packets) == all(10_000));
        std::fs::remove_file(&place.path).unwrap();
    }
}

#[tokio::test]
async fn who_does_not_read_keeps_the_sender_waiting() {
    let place = Place::new();
    let listener = UnixListener::bind(&place.path).unwrap();
    let (go, may_read) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        may_read.recv().unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        frames(&bytes)
    });
    let output = output(&place);
    let batch = shared([numbered(20_000)]);
    let mut delivering = Box::pin(deliver(&output, &batch));
    assert!(timeout(Duration::from_millis(200), &mut delivering).await.is_err());
    go.send(()).unwrap();
    (&mut delivering).await.unwrap();
    drop(delivering);
    drop(output);
    let (packets, rest) = reader.join().unwrap();
    assert!(rest.is_empty());
    assert!(values(&packets) == all(20_000));
}

#[tokio::test]
async fn a_frame_that_was_cut_off_is_sent_anew_and_whole() {
    let place = Place::new();
    let listener = UnixListener::bind(&place.path).unwrap();
    // So large that a socket takes some of it.
    let mut options = DogStatsdOptions::new(place.address());
    options.packet_size = Some(60_000);
    let (output, batch) = (DogStatsd::new(options), shared([numbered(20_000)]));
    // What has been sent to its end when it is given up stands in the stream; the frame after it is cut off.
    let given_up = timeout(Duration::from_millis(200), deliver(&output, &batch)).await;
    assert!(given_up.is_err());
    let mut bytes = Vec::new();
    listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
    let (mut packets, cut_off) = frames(&bytes);
    assert!(!packets.is_empty() && !cut_off.is_empty());
    drop(listener);
    std::fs::remove_file(&place.path).unwrap();
    let reader = reading_stream(&place.path);
    deliver(&output, &batch).await.unwrap();
    drop(output);
    let (more, rest) = reader.join().unwrap();
    assert!(rest.is_empty());
    packets.extend(more);
    assert!(values(&packets) == all(20_000));
}

#[tokio::test]
async fn an_agent_that_goes_away_is_waited_for() {
    let place = Place::new();
    let listener = UnixListener::bind(&place.path).unwrap();
    let (output, batch) = (output(&place), shared([numbered(20_000)]));
    let reader = std::thread::spawn(move || {
        let mut bytes = vec![0; 50_000];
        listener.accept().unwrap().0.read_exact(&mut bytes).unwrap();
        frames(&bytes).0
    });
    let error = deliver(&output, &batch).await.unwrap_err();
    assert_eq!(error.remedy, Remedy::Retry);
    let mut got = values(&reader.join().unwrap());
    std::fs::remove_file(&place.path).unwrap();
    let reader = reading_stream(&place.path);
    deliver(&output, &batch).await.unwrap();
    drop(output);
    let (packets, rest) = reader.join().unwrap();
    assert!(rest.is_empty());
    let after = values(&packets);
    assert!(after == all(20_000)[20_000 - after.len()..]);
    got.extend(after);
    assert!(got.len() <= 20_000, "nothing comes twice");
}
