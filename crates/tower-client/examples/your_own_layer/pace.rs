//! The layer and its service: a pace for the requests of each operation.

mod error;
mod future;
mod seen;
mod turns;

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use tokio::time::Instant;
use tower::{BoxError, Layer, Service};

use self::error::TooLate;
pub(crate) use self::future::ResponseFuture;
pub(crate) use self::seen::{Facts, Seen};
use self::turns::{Key, Turn, Turns};

/// Keeps a pace: the requests of one operation and one principal begin so far apart at least. One
/// that comes too early waits for its turn, and fails at once if that comes after its deadline.
///
/// Its clones, and all services made by them, keep one pace.
#[derive(Clone)]
#[must_use]
pub(crate) struct PaceLayer {
    shared: Arc<Shared>,
}

/// What all services of a layer share.
struct Shared {
    turns: Mutex<Turns>,
    report: Box<dyn Fn(&Seen<'_>) + Send + Sync>,
}

impl PaceLayer {
    /// Creates a layer that lets one request begin in each interval, and reports how each ended.
    pub(crate) fn new(
        interval: Duration,
        report: impl Fn(&Seen<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                turns: Mutex::new(Turns::new(interval)),
                report: Box::new(report),
            }),
        }
    }
}

impl<S> Layer<S> for PaceLayer {
    type Service = Pace<S>;

    fn layer(&self, inner: S) -> Pace<S> {
        let shared = Arc::clone(&self.shared);
        Pace { inner, shared }
    }
}

impl fmt::Debug for PaceLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PaceLayer").field(&self.shared).finish()
    }
}

impl Shared {
    /// Takes the next turn of the requests with these facts.
    fn turn(&self, facts: &Facts) -> Turn {
        let key = Key::of(facts);
        let deadline = facts.deadline.map(|deadline| deadline.instant());
        // Nothing in there can be left half-done.
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.take(key, Instant::now(), deadline)
    }

    fn report(&self, seen: &Seen<'_>) {
        (self.report)(seen);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("turns", &self.turns)
            .finish_non_exhaustive()
    }
}

/// The service of [`PaceLayer`].
#[derive(Clone, Debug)]
pub(crate) struct Pace<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S, B, R> Service<Request<B>> for Pace<S>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone,
{
    type Response = Response<R>;
    /// The service's own, as it came, or one that says that nothing was sent.
    type Error = BoxError;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let facts = Facts::of(&request);
        let shared = Arc::clone(&self.shared);
        match self.shared.turn(&facts) {
            Turn::Now => ResponseFuture::sent(shared, facts, self.inner.call(request)),
            Turn::At(turn) => {
                ResponseFuture::waiting(shared, facts, turn, self.take_ready(), request)
            }
            Turn::TooLate(wait) => {
                // It may be a permit that others wait for.
                drop(self.take_ready());
                ResponseFuture::refused(shared, facts, TooLate::by(wait))
            }
        }
    }
}

impl<S: Clone> Pace<S> {
    /// Returns the instance that was polled ready, and keeps a clone.
    ///
    /// Not the other way round: the clone is not ready, and may not be called before it is.
    fn take_ready(&mut self) -> S {
        let next = self.inner.clone();
        mem::replace(&mut self.inner, next)
    }
}

#[cfg(test)]
mod tests;
