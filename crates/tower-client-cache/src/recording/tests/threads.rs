//! Readers on several threads.

use std::time::Duration;

use http_body_util::BodyExt;
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

use super::*;
use crate::recording::Reader;

const ENOUGH: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_on_several_threads_get_the_same() {
    let mut rng = fastrand::Rng::with_seed(7);
    for round in 0..300 {
        let steps = stuttering(&mut rng);
        let text = bytes_of(&steps);
        let limit = if round % 3 == 0 { 10 * 1024 } else { NO_LIMIT };
        let (recording, wire, outcome) = record(&steps, limit);
        let readers: Vec<_> = (0..8).map(|_| recording.reader().unwrap()).collect();
        let mut tasks = JoinSet::new();
        for (number, reader) in readers.into_iter().enumerate() {
            // Some leave early.
            let most = if number % 3 == 2 {
                rng.usize(0..20)
            } else {
                usize::MAX
            };
            tasks.spawn(read_some(reader, most));
        }
        let waking = tokio::spawn(keep_waking(wire.clone()));

        let read = timeout(ENOUGH, tasks.join_all()).await.unwrap();

        waking.abort();
        assert!(read.iter().all(|read| text.starts_with(read)), "{round}");
        assert!(
            read.iter().filter(|read| **read == text).count() >= 6,
            "{round}"
        );
        let kept = length(&text) <= limit;
        let word = if kept { "complete" } else { "too long" };
        assert_eq!(outcome.word(), word, "{round}");
        assert!(wire.is_dropped());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_readers_get_the_same() {
    let steps = chunks([100; 100]);
    let text = bytes_of(&steps);
    for limit in [NO_LIMIT, 1_000] {
        let (recording, ..) = record(&steps, limit);
        let readers: Vec<_> = (0..1_000).map(|_| recording.reader().unwrap()).collect();
        let mut tasks = JoinSet::new();
        for reader in readers {
            tasks.spawn(read_some(reader, usize::MAX));
        }

        let read = timeout(ENOUGH, tasks.join_all()).await.unwrap();

        assert!(read.iter().all(|read| *read == text));
    }
}

/// Chunks, and pauses between them.
fn stuttering(rng: &mut fastrand::Rng) -> Vec<Step> {
    let lengths: Vec<_> = (0..30).map(|_| rng.usize(1..2_000)).collect();
    let mut steps = Vec::new();
    for chunk in chunks(lengths) {
        match rng.u8(..3) {
            0 => steps.push(Step::Wait),
            1 => steps.push(Step::Yield),
            _ => {}
        }
        steps.push(chunk);
    }
    steps
}

/// Reads a number of frames, and leaves.
async fn read_some(mut reader: Reader, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..most {
        let Some(frame) = reader.frame().await else {
            break;
        };
        bytes.extend_from_slice(&frame.unwrap().into_data().unwrap());
        if bytes.len() % 3 == 0 {
            yield_now().await;
        }
    }
    bytes
}

async fn keep_waking(wire: Wire) {
    while !wire.is_dropped() {
        wire.wake();
        yield_now().await;
    }
}
