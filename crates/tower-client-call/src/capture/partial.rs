//! A body of which a part is known.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use super::{Capture, ahead};

/// The beginning of a body.
///
/// `Debug` shows its length and not its content.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Captured {
    /// What arrived, at most as much as was asked for.
    pub bytes: Bytes,
    /// Whether there was more, or might have been: the body was longer, stalled, or failed.
    pub truncated: bool,
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured")
            .field("len", &self.bytes.len())
            .field("truncated", &self.truncated)
            .finish()
    }
}

/// How the reading of a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The body ended: all of it is there.
    Complete,
    /// As much as was asked for arrived, and there is more.
    LimitReached,
    /// The rest did not arrive in time.
    TimedOut,
    /// The body failed.
    Failed,
}

/// A body of which a part is known: what was [captured](crate::capture), and then the rest.
///
/// As a body it is all that the original was: the same bytes, trailers and error.
pub struct Partial<B: Body> {
    pub(super) captured: Captured,
    pub(super) ending: Ending,
    pub(super) sent: bool,
    pub(super) after: After<B>,
}

/// What follows the captured part.
pub(super) enum After<B: Body> {
    End,
    Trailers(HeaderMap),
    Error(B::Error),
    Rest(Pin<Box<B>>),
    /// The part of the last frame that was over the limit, and the rest.
    Over(Bytes, Pin<Box<B>>),
}

impl<B: Body> Partial<B> {
    /// Returns the captured part.
    #[must_use]
    pub fn captured(&self) -> &Captured {
        &self.captured
    }

    /// Returns how the reading ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// Reads on: what is captured counts towards the limit, and a body that has ended is ready at
    /// once.
    pub fn read_on(self, limit: usize, time_limit: Duration) -> Capture<B> {
        let ended = match self.after {
            After::Rest(_) | After::Over(..) => None,
            After::End | After::Trailers(_) | After::Error(_) => Some(self.ending),
        };
        let mut capture = Capture::of(self.after, limit, time_limit);
        capture.ended = ended;
        if !self.sent {
            capture.bytes.push(self.captured.bytes);
        }
        capture
    }

    /// Returns the captured part and drops the rest.
    #[must_use]
    pub fn into_captured(self) -> Captured {
        self.captured
    }

    /// Returns the error that the body failed with, if it did and nobody has read on.
    #[must_use]
    pub fn into_error(self) -> Option<B::Error> {
        match self.after {
            After::Error(error) => Some(error),
            After::End | After::Trailers(_) | After::Rest(_) | After::Over(..) => None,
        }
    }
}

impl<B: Body> fmt::Debug for Partial<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial")
            .field("captured", &self.captured)
            .finish_non_exhaustive()
    }
}

// The rest is pinned in its box; nothing else of it is.
impl<B: Body> Unpin for Partial<B> {}

impl<B: Body> Body for Partial<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = &mut *self;
        if !this.sent {
            this.sent = true;
            if !this.captured.bytes.is_empty() {
                let bytes = this.captured.bytes.clone();
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
        let frame = match mem::replace(&mut this.after, After::End) {
            After::End => None,
            After::Trailers(trailers) => Some(Ok(Frame::trailers(trailers))),
            After::Error(error) => Some(Err(error)),
            After::Over(over, rest) => {
                this.after = After::Rest(rest);
                Some(Ok(Frame::data(over)))
            }
            After::Rest(mut rest) => {
                let polled = rest.as_mut().poll_frame(cx);
                this.after = After::Rest(rest);
                let frame = ready!(polled);
                frame.map(|frame| {
                    frame.map(|frame| {
                        frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))
                    })
                })
            }
        };
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        let sent = self.sent || self.captured.bytes.is_empty();
        sent && match &self.after {
            After::End => true,
            After::Rest(rest) => rest.is_end_stream(),
            After::Trailers(_) | After::Error(_) | After::Over(..) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let captured = if self.sent {
            0
        } else {
            self.captured.bytes.len()
        };
        let (over, rest) = match &self.after {
            After::End | After::Trailers(_) | After::Error(_) => (0, SizeHint::with_exact(0)),
            After::Rest(rest) => (0, rest.size_hint()),
            After::Over(over, rest) => (over.len(), rest.size_hint()),
        };
        ahead(captured + over, &rest)
    }
}
