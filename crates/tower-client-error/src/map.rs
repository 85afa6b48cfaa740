//! The strategy: what is an error, and which.

use std::time::Duration;

use http::response::Parts;
use tower_client_call::Captured;

use crate::Call;

/// What to do with a response before it is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inspect {
    /// It is no error: its body goes to the caller untouched.
    Pass,
    /// Its body is needed to decide, up to a size and a time.
    Capture {
        /// At most this many bytes are read.
        limit: usize,
        /// Reading takes at most this long, and not longer than the call has by its
        /// [`Deadline`](tower_client_call::Deadline).
        time_limit: Duration,
    },
}

impl Inspect {
    /// Captures 64 KiB within five seconds: explanations are shorter than that.
    pub const CAPTURE: Self = Self::capture_within(Duration::from_secs(5));

    /// Captures 64 KiB within another time: less than the caller waits for the call, or a body
    /// that never ends costs the status that came before it.
    #[must_use]
    pub const fn capture_within(time_limit: Duration) -> Self {
        Self::Capture {
            limit: 64 * 1024,
            time_limit,
        }
    }
}

/// Says which responses are errors and what they mean, and what a failure without one means.
pub trait MapError<E> {
    /// The typed error.
    type Error;

    /// Decides by the head alone whether a response needs a closer look.
    ///
    /// By default 4xx and 5xx do. What is passed here is not seen again: 1xx to 3xx have to pass
    /// for conditional requests to work above and below.
    fn inspect(&self, call: &Call, head: &Parts) -> Inspect {
        let _ = call;
        if head.status.is_client_error() || head.status.is_server_error() {
            Inspect::CAPTURE
        } else {
            Inspect::Pass
        }
    }

    /// Decides on a response by its head and the captured part of its body.
    ///
    /// `Ok` hands the whole response on, its body from the beginning.
    ///
    /// # Errors
    ///
    /// The typed error, if it is one.
    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), Self::Error>;

    /// Says what a failure of the service below means.
    fn failure(&self, call: &Call, error: E) -> Self::Error;

    /// Says what it means that the service below did not become ready: nothing was sent, and
    /// nothing is known of a call.
    ///
    /// By default what any failure does. A mapping that keeps the error as a source says
    /// `Delivery::NotSent.because(error)` here.
    fn not_ready(&self, call: &Call, error: E) -> Self::Error {
        self.failure(call, error)
    }
}
