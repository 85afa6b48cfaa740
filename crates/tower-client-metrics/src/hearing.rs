//! Sees to it that meters hear of every end, and of one only.

use std::error::Error;

use http::Response;
use tracing::Span;

use crate::{BodyEnding, BodyMeter, Meter};

/// A meter that waits for the head of a response; dropped, its request is cancelled.
pub(crate) struct Hearing<M: Meter>(Option<M>);

impl<M: Meter> Hearing<M> {
    pub(crate) fn new(meter: M) -> Self {
        Self(Some(meter))
    }

    pub(crate) fn span(&self) -> Option<&Span> {
        self.0.as_ref()?.span()
    }

    /// The head has come: what is left to be heard of is the body.
    pub(crate) fn response<B>(&mut self, response: &Response<B>) -> Listening<M::Body> {
        Listening {
            meter: self.0.take().map(|meter| meter.response(response)),
            bytes: 0,
        }
    }

    pub(crate) fn error(&mut self, error: &(dyn Error + 'static)) {
        if let Some(meter) = self.0.take() {
            meter.error(error);
        }
    }
}

impl<M: Meter> Drop for Hearing<M> {
    fn drop(&mut self) {
        if let Some(meter) = self.0.take() {
            meter.cancelled();
        }
    }
}

/// A meter that waits for the end of a body; dropped, the body is aborted.
pub(crate) struct Listening<M: BodyMeter> {
    meter: Option<M>,
    bytes: u64,
}

impl<M: BodyMeter> Listening<M> {
    pub(crate) fn read(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The body has ended; only the first end counts.
    pub(crate) fn end(&mut self, ending: BodyEnding) {
        if let Some(meter) = self.meter.take() {
            meter.ended(ending, self.bytes);
        }
    }
}

impl<M: BodyMeter> Drop for Listening<M> {
    fn drop(&mut self) {
        self.end(BodyEnding::Aborted);
    }
}
