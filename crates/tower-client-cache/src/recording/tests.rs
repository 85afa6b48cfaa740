//! Several readers of one body: what they get, and what is kept of it.

mod ending;
mod patience;
mod reentrant;
mod schedules;
mod script;
mod threads;
mod window;

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Poll;

use bytes::Bytes;
use http::HeaderMap;
use http_body::Body;

use self::script::*;
use super::Recording;

const KIB: usize = 1024;
const NO_LIMIT: u64 = u64::MAX;

#[test]
fn every_reader_gets_every_byte_whatever_the_chunks() {
    let shapes: &[&[usize]] = &[
        &[],
        &[0],
        &[1],
        &[2 * KIB],
        &[1; 500],
        &[100 * KIB],
        &[0, 16 * KIB, 0, 16 * KIB - 1, 1, 0],
        &[20 * KIB, 1, 1, 20 * KIB, 5 * KIB],
        &[300 * KIB; 5],
    ];
    for shape in shapes {
        let steps = chunks(shape.iter().copied());
        let text = bytes_of(&steps);
        for (readers, secretive, expected) in [
            (1, false, None),
            (1, true, Some(length(&text))),
            (3, false, Some(length(&text))),
            (3, true, None),
            (3, true, Some(7)),
        ] {
            let (mut script, _) = Script::new(steps.clone());
            if secretive {
                script = script.secretive();
            }
            let outcome = Outcome::default();
            let recording = Recording::start(script, NO_LIMIT, expected, outcome.finish());
            let mut readers: Vec<_> = (0..readers).map(|_| recording.reader().unwrap()).collect();

            let read: Vec<_> = readers.iter_mut().map(read).collect();

            assert!(
                read.iter().all(|read| *read == (text.clone(), true)),
                "{shape:?}"
            );
            assert_eq!(outcome.content().unwrap().to_bytes(), text, "{shape:?}");
            assert!(readers.iter().all(Body::is_end_stream));
        }
    }
}

#[test]
fn who_reads_first_gets_the_chunk_itself() {
    let chunk = Bytes::from(vec![b'x'; 100]);
    let (recording, ..) = record(&[Step::Data(chunk.clone())], NO_LIMIT);
    let mut reader = recording.reader().unwrap();

    let Poll::Ready(Some(Ok(frame))) = poll_idly(&mut reader) else {
        panic!("there is a chunk");
    };

    assert_eq!(frame.into_data().unwrap().as_ptr(), chunk.as_ptr());
}

#[test]
fn readers_take_turns() {
    let (recording, ..) = record(&chunks([10; 6]), NO_LIMIT);
    let mut readers = [recording.reader().unwrap(), recording.reader().unwrap()];

    for turn in 0..6 {
        // The one ahead polls the source.
        for reader in [turn % 2, 1 - turn % 2] {
            let polled = poll_idly(&mut readers[reader]);
            assert!(
                matches!(polled, Poll::Ready(Some(Ok(it))) if it.data_ref().unwrap().len() == 10)
            );
        }
    }

    assert!(readers.iter().all(Body::is_end_stream));
}

#[test]
fn a_late_reader_gets_everything_from_the_start() {
    let steps = [data("one"), data("two"), Step::Wait, data("three")];
    let (recording, wire, _) = record(&steps, NO_LIMIT);
    let mut first = recording.reader().unwrap();
    assert_eq!(read(&mut first).0, b"onetwo");

    let mut second = recording.reader().unwrap();
    assert_eq!(read(&mut second).0, b"onetwo");
    wire.wake();
    assert_eq!(read(&mut first), (b"three".to_vec(), true));
    let mut third = recording.reader().unwrap();

    assert_eq!(read(&mut third).0, b"onetwothree");
    assert_eq!(read(&mut second).0, b"three");
}

#[test]
fn after_the_end_there_are_readers_as_long_as_there_is_a_handle() {
    let (recording, wire, outcome) = record(&[data("all")], NO_LIMIT);
    drop(read(&mut recording.reader().unwrap()));
    assert_eq!(outcome.word(), "complete");
    assert!(wire.is_dropped());

    let other = recording.clone();
    drop(recording);
    let mut late = other.reader().unwrap();
    drop(other);

    assert_eq!(late.size_hint().exact(), Some(3));
    assert_eq!(read(&mut late), (b"all".to_vec(), true));
}

#[test]
fn the_end_is_told_before_it_is_seen() {
    for secretive in [false, true] {
        let (script, _) = Script::new([data("one"), data("two")]);
        let script = if secretive {
            script.secretive()
        } else {
            script
        };
        let outcome = Outcome::default();
        let recording = Recording::start(script, NO_LIMIT, None, outcome.finish());
        let mut reader = recording.reader().unwrap();

        drop(poll_idly(&mut reader));
        assert_eq!(outcome.word(), "none");
        drop(poll_idly(&mut reader));
        assert_eq!(outcome.is_known(), !secretive);
        assert_eq!(reader.is_end_stream(), !secretive);
        drop(poll_idly(&mut reader));

        assert_eq!(outcome.word(), "complete");
        assert!(reader.is_end_stream());
    }
}

#[test]
fn trailers_come_to_everybody_after_the_data() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", "1".parse().unwrap());
    let (recording, _, outcome) = record(&[data("all"), Step::Trailers(trailers)], NO_LIMIT);
    let mut readers: Vec<_> = (0..3).map(|_| recording.reader().unwrap()).collect();

    for reader in &mut readers {
        for (is_trailers, at_end) in [(false, false), (true, true)] {
            let Poll::Ready(Some(Ok(frame))) = poll_idly(reader) else {
                panic!("there is a frame");
            };
            assert_eq!(frame.is_trailers(), is_trailers);
            assert_eq!(reader.is_end_stream(), at_end);
            assert!(frame.trailers_ref().is_none_or(|it| it["x-sum"] == "1"));
        }
        assert!(matches!(poll_idly(reader), Poll::Ready(None)));
    }

    assert_eq!(outcome.content().unwrap().to_bytes(), "all");
}

#[test]
fn who_polls_the_source_is_not_woken_by_what_it_gets() {
    for last in [data("two"), Step::Fail] {
        let (recording, ..) = record(&[data("one"), last], NO_LIMIT);
        let mut reader = recording.reader().unwrap();
        let bell = Arc::new(Bell::default());

        for _ in 0..3 {
            assert!(poll(&mut reader, &bell).is_ready());
        }

        assert!(!bell.take());
    }
}

#[test]
fn what_is_still_to_come_is_known_if_the_source_knows() {
    let (recording, ..) = record(&chunks([10, 20, 30]), NO_LIMIT);
    let mut ahead = recording.reader().unwrap();
    let mut behind = recording.reader().unwrap();
    assert_eq!(behind.size_hint().exact(), Some(60));

    for rest in [50, 30, 0] {
        drop(poll_idly(&mut ahead));

        assert_eq!(ahead.size_hint().exact(), Some(rest));
        assert_eq!(behind.size_hint().exact(), Some(60));
        assert!(!behind.is_end_stream());
    }

    drop(poll_idly(&mut behind));
    assert!(behind.is_end_stream());
    assert_eq!(behind.size_hint().exact(), Some(0));
}

#[test]
fn what_is_still_to_come_is_at_least_what_is_kept() {
    let (script, _) = Script::new(chunks([10, 20]));
    let recording = Recording::start(script.secretive(), NO_LIMIT, None, Box::new(drop));
    let mut ahead = recording.reader().unwrap();
    let behind = recording.reader().unwrap();

    drop(poll_idly(&mut ahead));

    assert_eq!(behind.size_hint().lower(), 10);
    assert_eq!(behind.size_hint().upper(), None);
}

#[test]
fn the_source_is_polled_only_when_it_woke() {
    let (recording, wire, _) = record(&[Step::Wait, data("all")], NO_LIMIT);
    let mut readers: Vec<_> = (0..1_000).map(|_| recording.reader().unwrap()).collect();

    for reader in &mut readers {
        assert!(poll_idly(reader).is_pending());
    }
    assert_eq!(wire.polls.load(SeqCst), 1);
    wire.wake();

    for reader in &mut readers {
        assert_eq!(read(reader), (b"all".to_vec(), true));
    }
    assert_eq!(wire.polls.load(SeqCst), 3);
}
