//! Sources and wakers that use the recording while it uses them.

use std::pin::Pin;
use std::sync::{Mutex, OnceLock};
use std::task::{Context, Wake, Waker};

use http_body::Frame;

use super::*;
use crate::recording::Reader;

#[test]
fn a_waker_that_is_dropped_may_drop_another_reader() {
    let (recording, wire, outcome) = record(&[Step::Wait, data("all")], NO_LIMIT);
    let mut reader = recording.reader().unwrap();
    let holds_another = Holder(Mutex::new(recording.reader()));
    let waker = Waker::from(Arc::new(holds_another));
    let mut cx = Context::from_waker(&waker);
    assert!(Pin::new(&mut reader).poll_frame(&mut cx).is_pending());
    drop(waker);

    assert!(poll_idly(&mut reader).is_pending());
    wire.wake();

    assert_eq!(read(&mut reader), (b"all".to_vec(), true));
    assert_eq!(outcome.word(), "complete");
}

#[test]
fn who_joins_while_the_end_is_told_gets_everything() {
    let (script, _) = Script::new([data("one"), data("two")]);
    let recording = Arc::new(OnceLock::<Recording>::new());
    let joined = Arc::new(Mutex::new(None));
    let (own, other) = (Arc::clone(&recording), Arc::clone(&joined));
    let finish = move |_| {
        let mut reader = own.get().unwrap().reader().unwrap();
        // The end is told before it is shown, even to this one.
        assert_eq!(read(&mut reader), (b"one".to_vec(), false));
        *other.lock().unwrap() = Some(reader);
    };
    let started = Recording::start(script, NO_LIMIT, None, Box::new(finish));
    recording.set(started).unwrap();

    drop(read(&mut recording.get().unwrap().reader().unwrap()));

    let mut reader = joined.lock().unwrap().take().unwrap();
    assert_eq!(read(&mut reader), (b"two".to_vec(), true));
}

#[test]
fn who_begins_to_wait_while_the_source_wakes_is_woken_again() {
    let other = Arc::new(Mutex::new(None));
    let bell = Arc::new(Bell::default());
    let polled = {
        let (other, bell) = (Arc::clone(&other), Arc::clone(&bell));
        move |waker: &Waker| {
            if let Some(reader) = &mut *other.lock().unwrap() {
                waker.wake_by_ref();
                assert!(poll(reader, &bell).is_pending());
            }
            None
        }
    };
    let recording = Recording::start(Calls(polled), NO_LIMIT, None, Box::new(drop));
    let mut first = recording.reader().unwrap();
    *other.lock().unwrap() = recording.reader();

    assert!(poll_idly(&mut first).is_pending());
    drop(first);

    assert!(bell.take());
    assert_eq!(Arc::strong_count(&other), 2);
}

#[test]
fn who_begins_to_wait_while_the_source_is_polled_is_woken_by_what_it_brings() {
    let other = Arc::new(Mutex::new(None));
    let bell = Arc::new(Bell::default());
    let polled = {
        let (other, bell) = (Arc::clone(&other), Arc::clone(&bell));
        move |_: &Waker| {
            let mut other = other.lock().unwrap();
            let polled = other.as_mut().map(|reader| poll(reader, &bell));
            assert!(polled.is_some_and(|polled| polled.is_pending()));
            Some(Bytes::from_static(b"one"))
        }
    };
    let recording = Recording::start(Calls(polled), NO_LIMIT, None, Box::new(drop));
    let mut first = recording.reader().unwrap();
    *other.lock().unwrap() = recording.reader();

    assert!(poll_idly(&mut first).is_ready());

    assert!(bell.take());
    assert_eq!(Arc::strong_count(&other), 2);
}

#[test]
fn a_source_may_drop_other_readers() {
    let others = Arc::new(Mutex::new(Vec::new()));
    let polled = {
        let others = Arc::clone(&others);
        move |_: &Waker| {
            others.lock().unwrap().clear();
            None
        }
    };
    let outcome = Outcome::default();
    let recording = Recording::start(Calls(polled), NO_LIMIT, None, outcome.finish());
    let mut reader = recording.reader().unwrap();
    *others.lock().unwrap() = vec![recording.reader().unwrap(), recording.reader().unwrap()];

    assert!(poll_idly(&mut reader).is_pending());
    assert_eq!(outcome.word(), "none");
    drop(reader);

    assert_eq!(outcome.word(), "abandoned");
}

struct Holder(#[expect(dead_code, reason = "it is only dropped")] Mutex<Option<Reader>>);

impl Wake for Holder {
    fn wake(self: Arc<Self>) {}
}

/// A body that has what this returns, if anything.
struct Calls<F>(F);

impl<F: FnMut(&Waker) -> Option<Bytes> + Unpin> Body for Calls<F> {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match (self.0)(cx.waker()) {
            Some(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
            None => Poll::Pending,
        }
    }
}
