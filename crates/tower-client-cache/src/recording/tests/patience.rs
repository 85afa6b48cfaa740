//! Fast readers wait for slow ones, but not for ever.

use std::time::Duration;

use http_body_util::BodyExt;
use tokio::time::{Instant, advance};

use super::*;
use crate::recording::Reader;

const LIMIT: u64 = 64 * 1024;

#[tokio::test(start_paused = true)]
async fn who_keeps_others_waiting_for_too_long_is_cut_off() {
    let steps = chunks([10 * KIB; 30]);
    let (recording, ..) = record(&steps, LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let start = Instant::now();

    let text = read_all(&mut fast).await;

    assert_eq!(text, bytes_of(&steps));
    assert_eq!(start.elapsed().as_secs(), 10);
    let Poll::Ready(Some(Err(error))) = poll_idly(&mut slow) else {
        panic!("it was too slow");
    };
    assert!(error.is_body());
    assert_eq!(error.to_string(), "the body of the answer was given up");
    assert!(matches!(poll_idly(&mut slow), Poll::Ready(None)));
}

#[tokio::test(start_paused = true)]
async fn who_is_a_little_slower_is_not_cut_off() {
    let (recording, ..) = record(&chunks([10 * KIB; 30]), LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let fast = tokio::spawn(async move { read_all(&mut fast).await.len() });

    let mut read = 0;
    while let Some(frame) = slow.frame().await {
        read += frame.unwrap().into_data().unwrap().len();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    assert_eq!(read, 300 * KIB);
    assert_eq!(fast.await.unwrap(), 300 * KIB);
}

#[tokio::test(start_paused = true)]
async fn reading_a_little_now_and_then_does_not_buy_time() {
    let (recording, ..) = record(&chunks([10 * KIB; 30]), LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let start = Instant::now();
    let fast = tokio::spawn(async move {
        let read = read_all(&mut fast).await.len();
        (read, start.elapsed())
    });

    let mut last = Ok(());
    while let Some(frame) = slow.frame().await {
        last = frame.map(drop);
        tokio::time::sleep(Duration::from_secs(9)).await;
    }

    assert!(last.is_err());
    let (read, elapsed) = fast.await.unwrap();
    assert_eq!(read, 300 * KIB);
    assert!(elapsed <= Duration::from_secs(11), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_cut_off_while_nobody_waits() {
    let (recording, ..) = record(&chunks([10 * KIB; 30]), LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let mut gone = recording.reader().unwrap();
    for _ in 0..7 {
        drop(poll_idly(&mut fast));
    }
    // It waits, but only for a while.
    assert!(!read(&mut gone).1);
    advance(Duration::from_secs(5)).await;
    drop(gone);
    advance(Duration::from_secs(60)).await;

    let waited = tokio::time::timeout(Duration::from_secs(9), fast.frame()).await;

    assert!(waited.is_err());
    assert!(slow.frame().await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn if_all_others_leave_one_that_was_cut_off_is_no_reader() {
    let (recording, wire, _) = record(&chunks([10 * KIB; 30]), LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    for _ in 0..8 {
        fast.frame().await.unwrap().unwrap();
    }

    drop(fast);

    assert!(wire.is_dropped());
    assert!(slow.frame().await.unwrap().is_err());
}

async fn read_all(reader: &mut Reader) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(frame) = reader.frame().await {
        bytes.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    bytes
}
