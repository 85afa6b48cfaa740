//! The body of an answer: whole, cut short, in pieces, or without end.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use super::line::Line;

/// In how many pieces a slow answer comes.
const PIECES: usize = 10;
const BLANKS: &[u8] = &[b' '; 1024];

pub(super) enum ReplyBody {
    Whole(Bytes),
    /// Announces `length` bytes, sends `half` and asks the line to be hung up.
    Half {
        half: Bytes,
        length: u64,
        line: Arc<Line>,
    },
    Slow {
        rest: Bytes,
        piece: usize,
        every: Duration,
        pause: Pin<Box<Sleep>>,
    },
    Endless {
        start: Bytes,
        every: Duration,
        pause: Pin<Box<Sleep>>,
    },
}

impl ReplyBody {
    pub(super) fn half_of(whole: &Bytes, line: Arc<Line>) -> Self {
        let half = whole.slice(..whole.len() / 2);
        let length = whole.len() as u64;
        Self::Half { half, length, line }
    }

    pub(super) fn slow(whole: Bytes, every: Duration) -> Self {
        Self::Slow {
            piece: whole.len().div_ceil(PIECES),
            rest: whole,
            every,
            pause: Box::pin(tokio::time::sleep(every)),
        }
    }

    pub(super) fn endless(start: Bytes, every: Duration) -> Self {
        let pause = Box::pin(tokio::time::sleep(every));
        Self::Endless {
            start,
            every,
            pause,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = match self.get_mut() {
            Self::Whole(bytes) if bytes.is_empty() => return Poll::Ready(None),
            Self::Whole(bytes) => std::mem::take(bytes),
            Self::Half { half, line, .. } if half.is_empty() => {
                line.hang_up();
                // The connection ends, and this body with it.
                return Poll::Pending;
            }
            Self::Half { half, .. } => std::mem::take(half),
            Self::Slow { rest, .. } if rest.is_empty() => return Poll::Ready(None),
            Self::Slow {
                rest,
                piece,
                every,
                pause,
            } => {
                ready!(pause.as_mut().poll(cx));
                pause.set(tokio::time::sleep(*every));
                rest.split_to(rest.len().min(*piece))
            }
            Self::Endless { start, .. } if !start.is_empty() => std::mem::take(start),
            Self::Endless { every, pause, .. } => {
                ready!(pause.as_mut().poll(cx));
                pause.set(tokio::time::sleep(*every));
                Bytes::from_static(BLANKS)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(rest) | Self::Slow { rest, .. } if rest.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(rest) | Self::Slow { rest, .. } => SizeHint::with_exact(rest.len() as u64),
            Self::Half { length, .. } => SizeHint::with_exact(*length),
            Self::Endless { .. } => SizeHint::default(),
        }
    }
}
