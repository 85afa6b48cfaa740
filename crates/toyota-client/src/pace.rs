//! Pacing: how many requests of an account are under way at once, how far apart they start, and which
//! go first.
//!
//! Ten requests that start together reliably bring a 429 from Toyota's gateway; the same requests one
//! after the other do not. So a client sends one at a time, [a little apart](Pacing::min_gap), and
//! what changes something ([`Urgency::Command`]) before what only reads. A request is under way until
//! its answer's body has been read or dropped, so a layer above that asks again drops the first answer
//! before, or waits for itself; and a pace is for one place of a stack. Who waits for the next attempt,
//! or for an answer from the cache, holds nobody up. A redirect's next hop and a replay with another
//! credential belong to the request that they are for: they have its turn, and no gap. A 429 or 503 with
//! `Retry-After` has everybody wait, a minute at most, also those who were in the line before.
//!
//! The pace is that of a client and its clones: clients of the same account share it only if they are
//! given the same [`PaceLayer`]. Sign-ins go to another host and keep none. The time in the line is part
//! of an attempt, and so of the retry layer's `attempt_timeout` if one is set.
//!
//! tower's `ConcurrencyLimit` and `RateLimit` serve whoever comes first; here one may overtake,
//! also while another waits out the gap.
//!
//! ```
//! use std::time::Duration;
//!
//! use toyota_client::pace::{PaceLayer, Pacing};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), tower::BoxError> {
//! let pacing = Pacing { min_gap: Duration::from_secs(1), ..Pacing::default() };
//! let layer = PaceLayer::new(pacing)?;
//! let paced = layer.layer(service_fn(|_: http::Request<()>| async {
//!     Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
//! }));
//!
//! let start = tokio::time::Instant::now();
//! for _ in 0..3 {
//!     paced.clone().oneshot(http::Request::new(())).await?;
//! }
//! assert_eq!(start.elapsed(), Duration::from_secs(2));
//! # Ok(())
//! # }
//! ```

mod body;
mod future;
mod lane;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Extensions, Request, Response};
use tower::{BoxError, Layer, Service};
use tower_client::call::{Deadline, InvalidSetting};

pub use self::body::PacedBody;
pub use self::future::ResponseFuture;
use self::lane::Lane;
pub use self::lane::PaceError;

/// More is no pace.
pub(crate) const MOST_IN_FLIGHT: usize = 16;
/// More is a standstill.
pub(crate) const LONGEST_GAP_SECS: u32 = 60;

/// How requests are paced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// How many requests are under way at once, 1 to 16. 1.
    pub max_in_flight: usize,
    /// The least time between the starts of two, at most a minute. 0.1 s.
    pub min_gap: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            max_in_flight: 1,
            min_gap: Duration::from_millis(100),
        }
    }
}

/// What of an account's requests goes first: a fact in a request's extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Urgency {
    /// After commands. What a request has that does not say.
    #[default]
    Poll,
    /// Before polls, among commands in their order.
    Command,
}

impl Urgency {
    fn find(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or_default()
    }
}

/// Paces the requests of one account. Clones, and what they are put over, share the pace: give one to
/// several clients of an account.
#[derive(Clone, Debug)]
pub struct PaceLayer {
    lane: Arc<Lane>,
}

impl PaceLayer {
    /// Creates a layer with a pace of its own.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first setting that cannot be used.
    pub fn new(pacing: Pacing) -> Result<Self, InvalidSetting> {
        let good = (1..=MOST_IN_FLIGHT).contains(&pacing.max_in_flight);
        InvalidSetting::unless(good, "max_in_flight", pacing.max_in_flight, "from 1 to 16")?;
        let good = pacing.min_gap <= Duration::from_secs(LONGEST_GAP_SECS.into());
        InvalidSetting::unless(good, "min_gap", pacing.min_gap, "at most a minute")?;
        let lane = Arc::new(Lane::new(pacing));
        Ok(Self { lane })
    }
}

impl<S> Layer<S> for PaceLayer {
    type Service = Paced<S>;

    fn layer(&self, inner: S) -> Paced<S> {
        Paced {
            inner,
            lane: Arc::clone(&self.lane),
        }
    }
}

/// A service whose requests take turns, made by [`PaceLayer`].
///
/// A request fails unsent, with a [`PaceError`] on its source chain, when its
/// [`Deadline`] passes while it waits, or a thousand wait already.
#[derive(Clone)]
pub struct Paced<S> {
    inner: S,
    lane: Arc<Lane>,
}

impl<S> Paced<S> {
    /// Returns the service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the service below.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B, R> Service<Request<B>> for Paced<S>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone,
    R: http_body::Body,
{
    type Response = Response<PacedBody<R>>;
    type Error = BoxError;
    type Future = ResponseFuture<S, B>;

    /// Ready: the service below is asked when it is the request's turn. What it has to give, a permit
    /// or a place, is not held while others need it to end theirs.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture<S, B> {
        let urgency = Urgency::find(request.extensions());
        let deadline = Deadline::of(&request);
        let turn = self.lane.turn(urgency, deadline);
        ResponseFuture::new(turn, self.inner.clone(), request)
    }
}

impl<S: fmt::Debug> fmt::Debug for Paced<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paced")
            .field("inner", &self.inner)
            .field("lane", &self.lane)
            .finish()
    }
}

#[cfg(test)]
mod tests;
