//! Bodies of requests and answers.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use tower::BoxError;

use crate::log::{Model, What};

pub(crate) const TEXT: &[u8] = b"an order of some length";

/// What a caller sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Payload {
    Empty,
    /// Kept while it is sent.
    Streamed,
    /// More than is kept.
    TooLong,
    /// The API answers, and goes on reading it.
    Lent,
}

impl Payload {
    pub(crate) fn repeatable(self) -> bool {
        matches!(self, Self::Empty | Self::Streamed)
    }

    pub(crate) fn limit(self) -> usize {
        match self {
            Self::TooLong => 4,
            Self::Empty | Self::Streamed | Self::Lent => 4096,
        }
    }

    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Empty => b"",
            Self::Streamed | Self::TooLong | Self::Lent => TEXT,
        }
    }

    pub(crate) fn body(self) -> Chunks {
        Chunks(self.bytes())
    }
}

/// A body that comes in pieces.
pub(crate) struct Chunks(&'static [u8]);

impl Body for Chunks {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let (now, later) = self.0.split_at(self.0.len().min(10));
        self.0 = later;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(now)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }
}

/// The body of an answer.
pub(crate) struct Reply {
    text: Option<Bytes>,
    /// It never ends.
    stuck: bool,
    /// Whose end is to be noted.
    place: (Arc<Model>, usize, usize),
}

impl Reply {
    pub(crate) fn new(text: String, stuck: bool, place: (Arc<Model>, usize, usize)) -> Self {
        let text = Some(text.into());
        Self { text, stuck, place }
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(text) = self.text.take() {
            return Poll::Ready(Some(Ok(Frame::data(text))));
        }
        if self.stuck {
            return Poll::Pending;
        }
        let (model, call, nth) = &self.place;
        model.note(What::Read {
            call: *call,
            nth: *nth,
        });
        Poll::Ready(None)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}
