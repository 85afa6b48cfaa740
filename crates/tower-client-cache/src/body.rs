//! The body of an answer that came through a cache.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tower::BoxError;

use crate::recording::Reader;
use crate::settings::Abandoned;
use crate::{CacheError, Content};

pin_project! {
    /// The body of an answer that came through a cache: passed on, passed on while it is recorded,
    /// or stored.
    pub struct CacheBody<R> {
        #[pin]
        source: Source<R>,
    }
}

pin_project! {
    #[project = SourceProjection]
    enum Source<R> {
        Passing { #[pin] body: R },
        Recorded { reader: Recorded },
        Stored { content: Content, next: usize, rest: u64 },
    }
}

impl<R> CacheBody<R> {
    pub(crate) fn passing(body: R) -> Self {
        let source = Source::Passing { body };
        Self { source }
    }

    /// `abandoned` is what becomes of it when it is dropped before its end.
    pub(crate) fn recorded(reader: Reader, abandoned: Abandoned) -> Self {
        let reader = Some(reader);
        let source = Source::Recorded {
            reader: Recorded { reader, abandoned },
        };
        Self { source }
    }

    pub(crate) fn stored(content: Content) -> Self {
        let rest = content.len();
        let source = Source::Stored {
            content,
            next: 0,
            rest,
        };
        Self { source }
    }

    pub(crate) fn empty() -> Self {
        Self::stored(Content::default())
    }
}

impl<R: Body<Data = Bytes, Error: Into<BoxError>>> Body for CacheBody<R> {
    type Data = Bytes;
    type Error = CacheError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CacheError>>> {
        match self.project().source.project() {
            SourceProjection::Passing { body } => {
                let frame = ready!(body.poll_frame(cx));
                Poll::Ready(
                    frame.map(|frame| frame.map_err(|error| CacheError::body(error.into()))),
                )
            }
            SourceProjection::Recorded { reader } => reader.poll_frame(cx),
            SourceProjection::Stored {
                content,
                next,
                rest,
            } => {
                let piece = content.pieces().get(*next).cloned();
                *next += 1;
                Poll::Ready(piece.map(|piece| {
                    let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                    *rest = rest.saturating_sub(length);
                    Ok(Frame::data(piece))
                }))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Passing { body } => body.is_end_stream(),
            Source::Recorded { reader } => reader.is_end_stream(),
            Source::Stored { rest, .. } => *rest == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Passing { body } => body.size_hint(),
            Source::Recorded { reader } => reader.size_hint(),
            Source::Stored { rest, .. } => SizeHint::with_exact(*rest),
        }
    }
}

impl<R> fmt::Debug for CacheBody<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.source {
            Source::Passing { .. } => "Passing",
            Source::Recorded { .. } => "Recorded",
            Source::Stored { .. } => "Stored",
        };
        f.debug_tuple("CacheBody").field(&kind).finish()
    }
}

/// A recorded body and what becomes of it when nobody reads it any more.
struct Recorded {
    /// Gone once it was read to its end.
    reader: Option<Reader>,
    abandoned: Abandoned,
}

impl Recorded {
    fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CacheError>>> {
        let Some(reader) = &mut self.reader else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(reader).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.reader = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.reader.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let nothing = || SizeHint::with_exact(0);
        self.reader.as_ref().map_or_else(nothing, Body::size_hint)
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        let Some(reader) = self.reader.take() else {
            return;
        };
        if let Abandoned::Finished { time, bytes } = self.abandoned
            && !reader.is_end_stream()
            && reader.size_hint().lower() <= bytes
            && let Ok(runtime) = Handle::try_current()
        {
            let rest = read_on(reader, bytes);
            drop(runtime.spawn(timeout(time, rest)));
        }
    }
}

/// Reads to the end, but no more than so many bytes.
pub(crate) async fn read_on<B>(body: B, most: u64) -> Result<(), B::Error>
where
    B: Body<Data = Bytes>,
{
    let mut body = pin!(body);
    let mut rest = most;
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let length = frame?.data_ref().map_or(0, Bytes::len);
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        match rest.checked_sub(length) {
            Some(left) => rest = left,
            None => break,
        }
    }
    Ok(())
}
