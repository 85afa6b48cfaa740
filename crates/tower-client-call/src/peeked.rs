//! The body of a response that a layer has looked into, or not.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Partial;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of a response that a layer let through: as it came, also where its beginning had to
    /// be read to decide.
    ///
    /// Made from the body itself, which costs nothing, or from the [`Partial`] that was read.
    pub struct PeekedBody<B: Body> {
        #[pin]
        inner: Inner<B>,
    }
}

pin_project! {
    #[project = InnerProj]
    enum Inner<B: Body> {
        Untouched { #[pin] body: B },
        // Boxed: it is rare, and would make every response large to move.
        Partial { #[pin] body: Box<Partial<B>> },
    }
}

impl<B: Body> PeekedBody<B> {
    /// Creates the body of a response that nobody has looked into.
    #[must_use]
    pub fn untouched(body: B) -> Self {
        let inner = Inner::Untouched { body };
        Self { inner }
    }

    /// Returns the body, or what was read of it.
    ///
    /// # Errors
    ///
    /// The [`Partial`], if somebody has looked into it.
    pub fn into_untouched(self) -> Result<B, Box<Partial<B>>> {
        match self.inner {
            Inner::Untouched { body } => Ok(body),
            Inner::Partial { body } => Err(body),
        }
    }
}

impl<B: Body> From<Partial<B>> for PeekedBody<B> {
    fn from(partial: Partial<B>) -> Self {
        let body = Box::new(partial);
        let inner = Inner::Partial { body };
        Self { inner }
    }
}

impl<B: Body> fmt::Debug for PeekedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeekedBody").finish_non_exhaustive()
    }
}

impl<B: Body<Data = Bytes>> Body for PeekedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    #[inline] // 57 instructions a frame
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().inner.project() {
            InnerProj::Untouched { body } => body.poll_frame(cx),
            InnerProj::Partial { body } => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Untouched { body } => body.is_end_stream(),
            Inner::Partial { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Untouched { body } => body.size_hint(),
            Inner::Partial { body } => body.size_hint(),
        }
    }
}
