//! What is recorded, and when: the strategy of the layer.

use std::error::Error;

use http::{Request, Response};
use http_body::Body;
use tracing::Span;

/// Decides what is recorded of a request, and starts to.
///
/// [`CallRecorder`](crate::CallRecorder) and [`AttemptRecorder`](crate::AttemptRecorder) are the
/// ones of this crate. Implement it to record something else; to send the same numbers elsewhere,
/// implement [`Instruments`](crate::Instruments) instead.
pub trait Recorder: Send + Sync {
    /// Hears what becomes of one request.
    type Meter: Meter;

    /// Starts to record a request that is about to be sent, and may leave facts for the layers
    /// below in its extensions.
    fn start<B: Body>(&self, request: &mut Request<B>) -> Self::Meter;
}

/// Hears what becomes of one request, until there is a response.
///
/// One of [`response`](Self::response), [`error`](Self::error) and [`cancelled`](Self::cancelled)
/// is called. Nothing that a caller does, not even a panic, prevents that; only of what is leaked
/// is nothing heard.
pub trait Meter {
    /// Hears what becomes of the response's body.
    type Body: BodyMeter;

    /// The head of the response has come.
    fn response<B>(self, response: &Response<B>) -> Self::Body;

    /// The request failed without a response.
    fn error(self, error: &(dyn Error + 'static));

    /// The caller left before there was a response or an error.
    fn cancelled(self);

    /// Returns the span in which the request is sent. Default: none.
    fn span(&self) -> Option<&Span> {
        None
    }
}

/// Hears what becomes of a response's body.
pub trait BodyMeter {
    /// The body came to an end, after so many bytes. Called for each, as [`Meter`] says.
    fn ended(self, ending: BodyEnding, bytes: u64);
}

/// How a response's body came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyEnding {
    /// It was read to its end, or had nothing to read.
    Complete,
    /// It broke off.
    Error,
    /// It was dropped before its end.
    Aborted,
}

impl BodyEnding {
    /// Returns the word for it in labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Error => "error",
            Self::Aborted => "aborted",
        }
    }
}
