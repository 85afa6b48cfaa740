//! A body that does as it is told, and what a recording of it came to.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use crate::recording::{Finished, Reader, Recording};
use crate::{CacheError, Content};

#[derive(Clone, Debug)]
pub(super) enum Step {
    Data(Bytes),
    Trailers(HeaderMap),
    /// Has nothing, until [`Wire::wake`] is called.
    Wait,
    /// Has nothing, and wakes at once.
    Yield,
    Fail,
    Panic,
}

/// A body of some steps.
pub(super) struct Script {
    steps: VecDeque<Step>,
    /// Whether it says how long it is, and when it is over.
    knows: bool,
    wire: Wire,
}

/// The other end of a [`Script`].
#[derive(Clone, Default)]
pub(super) struct Wire {
    waker: Arc<Mutex<Option<Waker>>>,
    ready: Arc<AtomicBool>,
    pub(super) polls: Arc<AtomicUsize>,
    pub(super) dropped: Arc<AtomicUsize>,
}

impl Wire {
    /// Ends a [`Step::Wait`]; returns whether there was one.
    pub(super) fn wake(&self) -> bool {
        let waker = self.waker.lock().unwrap().take();
        self.ready.store(waker.is_some(), SeqCst);
        waker.map(Waker::wake).is_some()
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.dropped.load(SeqCst) == 1
    }
}

impl Script {
    pub(super) fn new(steps: impl IntoIterator<Item = Step>) -> (Self, Wire) {
        let wire = Wire::default();
        let script = Self {
            steps: steps.into_iter().collect(),
            knows: true,
            wire: wire.clone(),
        };
        (script, wire)
    }

    /// Says nothing of how long it is, nor that it is over.
    pub(super) fn secretive(mut self) -> Self {
        self.knows = false;
        self
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.wire.dropped.fetch_add(1, SeqCst);
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.wire.polls.fetch_add(1, SeqCst);
        let step = self.steps.pop_front();
        Poll::Ready(match step {
            None => None,
            Some(Step::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Step::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
            Some(Step::Fail) => Some(Err("it broke")),
            Some(Step::Panic) => panic!("as it was told"),
            Some(Step::Yield) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Step::Wait) => {
                if !self.wire.ready.swap(false, SeqCst) {
                    self.steps.push_front(Step::Wait);
                    *self.wire.waker.lock().unwrap() = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                return self.poll_frame(cx);
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.knows && self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.knows {
            SizeHint::with_exact(length(&bytes_of(&self.steps)))
        } else {
            SizeHint::default()
        }
    }
}

/// What a recording came to, each time `finish` was called.
#[derive(Clone, Default)]
pub(super) struct Outcome(Arc<Mutex<Vec<Finished>>>);

impl Outcome {
    pub(super) fn finish(&self) -> Box<dyn FnOnce(Finished) + Send> {
        let outcome = self.clone();
        Box::new(move |finished| outcome.0.lock().unwrap().push(finished))
    }

    pub(super) fn is_known(&self) -> bool {
        let calls = self.0.lock().unwrap().len();
        assert!(calls < 2, "called {calls} times");
        calls == 1
    }

    /// In one word.
    pub(super) fn word(&self) -> &'static str {
        if !self.is_known() {
            return "none";
        }
        match self.0.lock().unwrap().first() {
            Some(Finished::Complete(_)) => "complete",
            Some(Finished::TooLong) => "too long",
            Some(Finished::Failed) => "failed",
            Some(Finished::Abandoned) => "abandoned",
            None => "none",
        }
    }

    /// What is to be stored.
    pub(super) fn content(&self) -> Option<Content> {
        match self.0.lock().unwrap().first() {
            Some(Finished::Complete(content)) => Some(content.clone()),
            _ => None,
        }
    }
}

/// Records steps, at most `limit` bytes of them.
pub(super) fn record(steps: &[Step], limit: u64) -> (Recording, Wire, Outcome) {
    let (script, wire) = Script::new(steps.iter().cloned());
    let outcome = Outcome::default();
    let recording = Recording::start(script, limit, None, outcome.finish());
    (recording, wire, outcome)
}

/// Counts how often it was woken.
#[derive(Default)]
pub(super) struct Bell(AtomicUsize);

impl Bell {
    /// Returns whether it rang since this was asked last.
    pub(super) fn take(&self) -> bool {
        self.0.swap(0, SeqCst) > 0
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

type Polled = Poll<Option<Result<Frame<Bytes>, CacheError>>>;

pub(super) fn poll(reader: &mut Reader, bell: &Arc<Bell>) -> Polled {
    let waker = Waker::from(Arc::clone(bell));
    Pin::new(reader).poll_frame(&mut Context::from_waker(&waker))
}

/// Polls with a waker that does nothing.
pub(super) fn poll_idly(reader: &mut Reader) -> Polled {
    Pin::new(reader).poll_frame(&mut Context::from_waker(Waker::noop()))
}

/// Reads on until nothing comes; returns the bytes, and whether it was the end.
pub(super) fn read(reader: &mut Reader) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    loop {
        match poll_idly(reader) {
            Poll::Pending => return (bytes, false),
            Poll::Ready(None) => return (bytes, true),
            Poll::Ready(Some(frame)) => {
                if let Ok(data) = frame.unwrap().into_data() {
                    bytes.extend_from_slice(&data);
                }
            }
        }
    }
}

pub(super) fn data(text: &'static str) -> Step {
    Step::Data(Bytes::from_static(text.as_bytes()))
}

/// Chunks of these lengths, of bytes that differ.
pub(super) fn chunks(lengths: impl IntoIterator<Item = usize>) -> Vec<Step> {
    let mut at = 0_usize;
    let chunk = |length| {
        let bytes = (at..at + length).map(|at| ((at * 37) >> 4).to_le_bytes()[0]);
        let bytes: Bytes = bytes.collect();
        at += length;
        Step::Data(bytes)
    };
    lengths.into_iter().map(chunk).collect()
}

pub(super) fn bytes_of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for step in steps {
        if let Step::Data(data) = step {
            bytes.extend_from_slice(data);
        }
    }
    bytes
}

pub(super) fn length(bytes: &[u8]) -> u64 {
    bytes.len().try_into().unwrap()
}
