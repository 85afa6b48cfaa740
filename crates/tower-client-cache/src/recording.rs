//! The recording of an answer, which several calls read while it arrives.
//!
//! Whoever of its readers needs more polls the source: there is no leader, and no task. All of it is
//! kept until it is too long; from then on only what the slowest reader has not read yet.

mod after;
mod patience;
mod pieces;
mod places;
mod reader;
mod source;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;

use bytes::Bytes;
use http_body::Body;
use tower::BoxError;

pub(crate) use self::reader::Reader;
use self::state::State;
use crate::Content;

/// An answer that is recorded while it is read.
///
/// It does not keep the source going: its readers do. While it exists, others may join.
pub(crate) struct Recording(Arc<Shared>);

/// What became of a recording.
#[derive(Debug)]
pub(crate) enum Finished {
    /// The body ended without an error; whether its length is the announced one is not looked at.
    Complete(Content),
    /// There is more than is recorded at most. Its readers go on.
    TooLong,
    /// The body broke off.
    Failed,
    /// Nobody was left to read it.
    Abandoned,
}

impl Recording {
    /// Begins to record a body, at most `limit` bytes of it.
    ///
    /// `expected` is its length, where one was announced. `finish` is called exactly once: by
    /// whoever reads the end, before it returns that; or at once, if the end, or that it is too
    /// long, is known already.
    fn start<R>(
        body: R,
        limit: u64,
        expected: Option<u64>,
        finish: Box<dyn FnOnce(Finished) + Send>,
    ) -> Self
    where
        R: Body<Data = Bytes> + Send + 'static,
        R::Error: Into<BoxError>,
    {
        // A body that has ended need not be polled at all.
        let has_ended = body.is_end_stream();
        let source = source::erase(body);
        let too_long = expected.is_some_and(|length| length > limit);
        let state = State::new(source, limit, expected, finish);
        let recording = Self(Arc::new(Shared(Mutex::new(state))));
        if has_ended {
            recording.0.with(State::begin_ended);
        } else if too_long {
            recording.0.with(State::stop_recording);
        }
        recording
    }

    /// Begins to record a body as [`start`](Self::start) does, with a first reader: whoever it came
    /// for.
    pub(crate) fn open<R>(
        body: R,
        limit: u64,
        expected: Option<u64>,
        finish: Box<dyn FnOnce(Finished) + Send>,
    ) -> (Self, Reader)
    where
        R: Body<Data = Bytes> + Send + 'static,
        R::Error: Into<BoxError>,
    {
        let recording = Self::start(body, limit, expected, finish);
        let id = recording.0.with(State::join_first);
        let reader = Reader::new(Arc::clone(&recording.0), id);
        (recording, reader)
    }

    /// Returns a reader from the first byte on; `None` if that is gone, since the answer is too
    /// long, broke off or was abandoned.
    pub(crate) fn reader(&self) -> Option<Reader> {
        let id = self.0.with(State::join)?;
        Some(Reader::new(Arc::clone(&self.0), id))
    }
}

impl Clone for Recording {
    fn clone(&self) -> Self {
        self.0.with(State::add_handle);
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.0.with(State::drop_handle);
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}

/// What readers and handles share; also what the source wakes.
struct Shared(Mutex<State>);

impl Shared {
    /// Changes the state, and does what follows from that once it is unlocked: others' code may
    /// come back here.
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut state);
        let after = state.take_after();
        drop(state);
        if let Some(after) = after {
            after.run();
        }
        result
    }

    /// Looks at the state.
    fn view<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Wakes all who wait, whoever of them polled the source: that one may be gone.
impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.with(State::source_woke);
    }
}
