//! Bodies that break off, and readers that leave.

use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::recording::Reader;

#[test]
fn an_error_comes_to_everybody_after_what_came_before_it() {
    let body = chunks([5, 20 * KIB, 100]);
    for at in 0..=body.len() {
        let mut steps = body.clone();
        steps.insert(at, Step::Fail);
        let before = bytes_of(&body[..at]);
        let (recording, wire, outcome) = record(&steps, NO_LIMIT);
        let mut readers: Vec<_> = (0..3).map(|_| recording.reader().unwrap()).collect();

        for reader in &mut readers {
            assert_eq!(
                read_to_error(reader),
                (before.clone(), "it broke".into()),
                "{at}"
            );
            assert!(matches!(poll_idly(reader), Poll::Ready(None)));
            assert!(recording.reader().is_none());
        }

        assert_eq!(outcome.word(), "failed");
        assert!(wire.is_dropped());
    }
}

#[test]
fn the_last_reader_has_the_error_for_itself() {
    let (recording, ..) = record(&[Step::Fail], NO_LIMIT);
    let mut readers = [recording.reader().unwrap(), recording.reader().unwrap()];

    let errors = readers.each_mut().map(|reader| match poll_idly(reader) {
        Poll::Ready(Some(Err(error))) => error,
        other => panic!("{other:?}"),
    });

    let [first, last] = errors;
    assert!(first.is_body());
    drop(first);
    assert!(last.try_into_source().is_ok());
}

#[test]
fn after_a_panic_nobody_waits() {
    let (recording, wire, outcome) = record(&[data("one"), Step::Panic], NO_LIMIT);
    let mut readers = [recording.reader().unwrap(), recording.reader().unwrap()];
    drop(poll_idly(&mut readers[0]));

    let panicked = catch_unwind(AssertUnwindSafe(|| poll_idly(&mut readers[0])));

    assert!(panicked.is_err());
    assert_eq!(outcome.word(), "failed");
    assert!(wire.is_dropped());
    let [first, second] = &mut readers;
    let told = "the body panicked".to_owned();
    assert_eq!(read_to_error(second), (b"one".to_vec(), told.clone()));
    assert_eq!(read_to_error(first), (Vec::new(), told));
}

#[test]
fn a_reader_that_leaves_takes_nothing_along() {
    let steps = [
        data("one"),
        Step::Wait,
        data("two"),
        Step::Yield,
        data("three"),
    ];
    for polls in 0..6 {
        for leaves in [0, 1] {
            let (recording, wire, outcome) = record(&steps, NO_LIMIT);
            let mut readers = vec![recording.reader().unwrap(), recording.reader().unwrap()];
            let bell = Arc::new(Bell::default());
            for turn in 0..polls {
                drop(poll(&mut readers[turn % 2], &bell));
                if turn == 3 {
                    wire.wake();
                }
            }

            readers.remove(leaves);

            let (mut rest, mut ended) = read(&mut readers[0]);
            for _ in 0..2 {
                wire.wake();
                let (more, ends) = read(&mut readers[0]);
                rest.extend(more);
                ended |= ends;
            }
            assert!(ended, "{polls} {leaves}");
            assert!(b"onetwothree".ends_with(&rest), "{polls} {leaves}");
            assert_eq!(outcome.content().unwrap().to_bytes(), "onetwothree");
        }
    }
}

#[test]
fn who_waits_is_woken_if_the_one_that_polled_the_source_is_gone() {
    let (recording, wire, _) = record(&[Step::Wait, data("all")], NO_LIMIT);
    let mut gone = recording.reader().unwrap();
    let mut waiting = recording.reader().unwrap();
    let bell = Arc::new(Bell::default());
    assert!(poll_idly(&mut gone).is_pending());
    assert!(poll(&mut waiting, &bell).is_pending());

    drop(gone);
    wire.wake();

    assert!(bell.take());
    assert_eq!(read(&mut waiting), (b"all".to_vec(), true));
}

#[test]
fn without_readers_it_is_abandoned() {
    for polls in 0..3 {
        let (recording, wire, outcome) = record(&chunks([5, 5, 5]), NO_LIMIT);
        let mut readers = [recording.reader().unwrap(), recording.reader().unwrap()];
        for _ in 0..polls {
            drop(poll_idly(&mut readers[0]));
        }
        assert_eq!(outcome.word(), "none");

        drop(readers);

        assert_eq!(outcome.word(), "abandoned", "{polls}");
        assert!(wire.is_dropped());
        assert!(recording.reader().is_none());
    }
}

#[test]
fn before_the_first_reader_it_waits_for_one_as_long_as_there_is_a_handle() {
    let (recording, wire, outcome) = record(&[data("all")], NO_LIMIT);
    let other = recording.clone();
    drop(recording);
    assert_eq!(outcome.word(), "none");

    drop(other);

    assert_eq!(outcome.word(), "abandoned");
    assert!(wire.is_dropped());
}

#[test]
fn a_body_that_has_ended_is_complete_at_once() {
    let (script, wire) = Script::new([]);
    let outcome = Outcome::default();

    let recording = Recording::start(script, 10, Some(1_000), outcome.finish());

    assert!(outcome.content().unwrap().is_empty());
    assert!(wire.is_dropped());
    let mut reader = recording.reader().unwrap();
    assert!(reader.is_end_stream());
    assert_eq!(read(&mut reader), (Vec::new(), true));
}

#[test]
fn nothing_is_kept_once_nobody_can_read_it() {
    let owner = Arc::new(vec![b'x'; 20 * KIB]);
    let chunk = Bytes::from_owner(Shared(Arc::clone(&owner)));
    let (recording, wire, outcome) = record(&[Step::Data(chunk), Step::Wait], NO_LIMIT);
    let mut reader = recording.reader().unwrap();
    drop(poll_idly(&mut reader));
    assert_eq!(Arc::strong_count(&owner), 2);

    drop(reader);

    assert_eq!(outcome.word(), "abandoned");
    assert_eq!(Arc::strong_count(&owner), 1);
    assert!(wire.is_dropped());
}

struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Reads up to an error; returns what came before it, and the cause.
fn read_to_error(reader: &mut Reader) -> (Vec<u8>, String) {
    let mut bytes = Vec::new();
    loop {
        match poll_idly(reader) {
            Poll::Ready(Some(Ok(frame))) => {
                bytes.extend_from_slice(&frame.into_data().unwrap());
            }
            Poll::Ready(Some(Err(error))) => {
                return (bytes, error.source().unwrap().to_string());
            }
            other => panic!("{other:?}"),
        }
    }
}
