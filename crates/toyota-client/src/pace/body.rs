//! An answer's body, during which the request is under way.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::lane::Turn;

pin_project! {
    /// An answer's body: the next request starts when it has ended, or is dropped.
    pub struct PacedBody<B> {
        #[pin]
        inner: B,
        turn: Option<Turn>,
    }
}

impl<B: Body> PacedBody<B> {
    pub(super) fn new(inner: B, turn: Turn) -> Self {
        let turn = (!inner.is_end_stream()).then_some(turn);
        Self { inner, turn }
    }
}

impl<B: Body> Body for PacedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(cx));
        let ended = !matches!(frame, Some(Ok(_))) || this.inner.is_end_stream();
        if ended {
            *this.turn = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> fmt::Debug for PacedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_under_way = self.turn.is_some();
        f.debug_struct("PacedBody")
            .field("is_under_way", &is_under_way)
            .finish_non_exhaustive()
    }
}
