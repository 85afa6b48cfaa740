//! A call that failed.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use tower::BoxError;
use tower_client_call::{Delivery, ResponseError, StopReason};

/// A call that failed in its last attempt, and why there was no further one.
///
/// Its source is the error of the service below, or one of the layer's own. What layers say of an
/// error is on its chain: of the [`Delivery`] the most that can have happened in any of the
/// attempts, so that a layer further out does not repeat what an earlier attempt may have done.
pub struct RetryError(Box<Inner>);

struct Inner {
    kind: Kind,
    stop: StopReason,
    attempts: u32,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Failed,
    TimedOut,
    CoolingDown,
    NotReady,
}

/// An attempt, or the call, took too long.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no answer in time")]
struct TooLate;

/// The origin wants no calls for a while.
#[derive(Debug, thiserror::Error)]
#[error("the origin asked for no calls for {} s more", .wait.as_secs_f64())]
struct CoolingDown {
    wait: Duration,
    source: ResponseError,
}

impl RetryError {
    fn new(kind: Kind, stop: StopReason, attempts: u32, source: BoxError) -> Self {
        Self(Box::new(Inner {
            kind,
            stop,
            attempts,
            source,
        }))
    }

    /// An attempt failed; `before` is the most that the attempts before it can have done.
    pub(crate) fn failed(
        stop: StopReason,
        attempts: u32,
        failure: Failed,
        before: Delivery,
    ) -> Self {
        let Failed { timed_out, error } = failure;
        let kind = if timed_out {
            Kind::TimedOut
        } else {
            Kind::Failed
        };
        let source = if before > Delivery::of(&*error) {
            before.because(error).into()
        } else {
            error
        };
        Self::new(kind, stop, attempts, source)
    }

    /// The service below was not ready for the first attempt, or not in time.
    pub(crate) fn not_ready(stop: StopReason, error: BoxError) -> Self {
        let source = Delivery::NotSent.because(error);
        Self::new(Kind::NotReady, stop, 0, source.into())
    }

    /// The deadline had passed before anything was sent.
    pub(crate) fn over() -> Self {
        let Failed { error, .. } = Failed::too_late(Delivery::NotSent);
        Self::new(Kind::TimedOut, StopReason::Deadline, 0, error)
    }

    /// The call cannot outlast the origin's cool-down.
    pub(crate) fn cooling_down(status: StatusCode, wait: Duration) -> Self {
        let mut headers = HeaderMap::new();
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        let source = ResponseError::new(status, headers);
        let source = Delivery::NotSent.because(CoolingDown { wait, source });
        let (kind, stop) = (Kind::CoolingDown, StopReason::Deadline);
        Self::new(kind, stop, 0, source.into())
    }

    /// Returns why there was no further attempt.
    #[must_use]
    pub fn stop(&self) -> StopReason {
        self.0.stop
    }

    /// Returns how many attempts there were; 0 if none was made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Tells whether the last attempt, or the call, took longer than was allowed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::TimedOut
    }

    /// Tells whether nothing was sent because the origin had asked for fewer calls and the call's
    /// deadline comes before the end of that. A repeat is safe, later.
    #[must_use]
    pub fn is_cooling_down(&self) -> bool {
        self.0.kind == Kind::CoolingDown
    }

    /// Returns what the last attempt failed with.
    #[must_use]
    pub fn into_source(self) -> BoxError {
        self.0.source
    }
}

/// What an attempt failed with.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) timed_out: bool,
    pub(crate) error: BoxError,
}

impl Failed {
    pub(crate) fn with(error: BoxError) -> Self {
        let timed_out = false;
        Self { timed_out, error }
    }

    /// It took too long, with this already done.
    pub(crate) fn too_late(delivery: Delivery) -> Self {
        let error = io::Error::new(io::ErrorKind::TimedOut, TooLate);
        Self {
            timed_out: true,
            error: delivery.because(error).into(),
        }
    }
}

impl fmt::Display for RetryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            Kind::NotReady => return f.write_str("the service did not become ready"),
            Kind::CoolingDown => {
                return f.write_str("the call was not made, its deadline being too near");
            }
            Kind::TimedOut if self.0.attempts == 0 => {
                return f.write_str("the call was not made, its deadline having passed");
            }
            Kind::Failed | Kind::TimedOut => {}
        }
        let why = match self.0.stop {
            StopReason::NotRetryable => "a repeat is not allowed or would not help",
            StopReason::Attempts => "no more are allowed",
            StopReason::Budget => "the retry budget is empty",
            StopReason::Deadline => "another could not have ended in time",
            StopReason::RetryAfterTooLong => "the server asked to wait too long",
            StopReason::BodyNotRepeatable => "the request body cannot be sent again",
            StopReason::NotReady => "the service did not become ready for another",
            _ => "there was no other",
        };
        write!(f, "attempt {} failed, and {why}", self.0.attempts)
    }
}

impl fmt::Debug for RetryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryError")
            .field("kind", &self.0.kind)
            .field("stop", &self.0.stop)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for RetryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0.source)
    }
}

#[cfg(test)]
mod tests {
    use tower_client_call::{Failure, retry_after};

    use super::*;

    #[test]
    fn the_most_that_any_attempt_can_have_done_is_on_the_chain() {
        use Delivery::{Answered, MaybeSent, NotSent};
        for (before, last, of_all) in [
            (NotSent, NotSent, NotSent),
            (NotSent, MaybeSent, MaybeSent),
            (MaybeSent, NotSent, MaybeSent),
            (Answered, MaybeSent, Answered),
            (MaybeSent, Answered, Answered),
        ] {
            let failure = Failed::with(last.because("refused").into());

            let error = RetryError::failed(StopReason::Attempts, 3, failure, before);

            assert_eq!(Delivery::of(&error), of_all, "{before:?} {last:?}");
        }
    }

    #[test]
    fn a_timeout_is_one_to_everybody() {
        let failure = Failed::too_late(Delivery::MaybeSent);

        let error = RetryError::failed(StopReason::Deadline, 2, failure, Delivery::NotSent);

        assert!(error.is_timeout());
        assert_eq!(Failure::of(&error), Failure::Timeout);
        assert_eq!(Delivery::of(&error), Delivery::MaybeSent);
        let shown = "attempt 2 failed, and another could not have ended in time";
        assert_eq!(error.to_string(), shown);
    }

    #[test]
    fn a_call_that_was_held_back_knows_for_how_long() {
        let wait = Duration::from_millis(1500);

        let error = RetryError::cooling_down(StatusCode::TOO_MANY_REQUESTS, wait);

        assert!(error.is_cooling_down());
        assert_eq!((error.attempts(), error.stop()), (0, StopReason::Deadline));
        assert_eq!(Delivery::of(&error), Delivery::NotSent);
        let answer = ResponseError::find(&error).unwrap();
        let now = std::time::SystemTime::UNIX_EPOCH;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(
            retry_after(answer.headers(), now),
            Some(Duration::from_secs(2))
        );
    }
}
