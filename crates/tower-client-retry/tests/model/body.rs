//! Bodies of requests and answers that come in pieces, late, or not to their end.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};
use tower::BoxError;

use crate::log::{InFlight, Place};

/// A request body that is streamed.
pub(crate) struct Chunks {
    chunks: VecDeque<Bytes>,
    fails: bool,
    pause: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Chunks {
    /// Sends this in pieces of `size`, each after a pause, and then perhaps fails.
    pub(crate) fn of(bytes: &Bytes, size: usize, pause: Duration, fails: bool) -> Self {
        let chunks = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
        Self {
            chunks,
            fails,
            pause,
            timer: None,
        }
    }
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let pause = self.pause;
        ready!(poll_pause(&mut self.timer, pause, cx));
        let next = self.chunks.pop_front().map(|chunk| Ok(Frame::data(chunk)));
        if next.is_none() && std::mem::take(&mut self.fails) {
            return Poll::Ready(Some(Err("the file could not be read".into())));
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && !self.fails
    }

    fn size_hint(&self) -> SizeHint {
        let bytes = self.chunks.iter().map(Bytes::len).sum::<usize>();
        SizeHint::with_exact(bytes.try_into().unwrap())
    }
}

/// What the body of an answer does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reply {
    Whole,
    /// Longer in coming than anybody drains.
    Slow,
    /// Longer than anybody drains.
    Long,
    /// Stops half-way.
    Stuck,
    /// Breaks half-way.
    Broken,
}

impl Reply {
    /// How many bytes come, in how many frames.
    pub(crate) fn size(self) -> (usize, usize) {
        match self {
            Self::Whole => (4, 1),
            Self::Slow => (16, 4),
            Self::Long => (3 * 8192, 3),
            Self::Stuck | Self::Broken => (8, 1),
        }
    }
}

/// The body of an answer.
pub(crate) struct ReplyBody {
    reply: Reply,
    frames: usize,
    timer: Option<Pin<Box<Sleep>>>,
    place: Place,
    _in_flight: InFlight,
}

impl ReplyBody {
    pub(crate) fn new(reply: Reply, place: Place, in_flight: InFlight) -> Self {
        Self {
            reply,
            frames: 0,
            timer: None,
            place,
            _in_flight: in_flight,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let (bytes, frames) = self.reply.size();
        if self.frames < frames {
            if self.reply == Reply::Slow {
                ready!(poll_pause(&mut self.timer, Duration::from_millis(20), cx));
            }
            self.frames += 1;
            self.place.change(|sent| sent.reply_read += bytes / frames);
            let data = Bytes::from(vec![b'.'; bytes / frames]);
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.reply {
            Reply::Stuck => Poll::Pending,
            Reply::Broken => {
                let broken = io::Error::from(io::ErrorKind::ConnectionReset);
                Poll::Ready(Some(Err(broken.into())))
            }
            Reply::Whole | Reply::Slow | Reply::Long => {
                self.place.change(|sent| sent.reply_ended = true);
                Poll::Ready(None)
            }
        }
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReplyBody").field(&self.reply).finish()
    }
}

/// A body of which nothing ever comes.
#[derive(Debug)]
pub(crate) struct Stalled;

impl Body for Stalled {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Pending
    }
}

fn poll_pause(
    timer: &mut Option<Pin<Box<Sleep>>>,
    pause: Duration,
    cx: &mut Context<'_>,
) -> Poll<()> {
    if pause.is_zero() {
        return Poll::Ready(());
    }
    let running = timer.get_or_insert_with(|| Box::pin(sleep(pause)));
    ready!(running.as_mut().poll(cx));
    *timer = None;
    Poll::Ready(())
}

/// Keeps a request's body for a while after the answer, as a connection does that still sends it.
pub(crate) fn linger<B: Send + 'static>(body: B, time: Duration) {
    if !time.is_zero() {
        tokio::spawn(async move {
            sleep(time).await;
            drop(body);
        });
    }
}

/// What the caller sends.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) bytes: Arc<Bytes>,
    pub(crate) streamed: Option<Streamed>,
}

/// How it is streamed, if it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streamed {
    pub(crate) chunk: usize,
    pub(crate) pause: Duration,
    pub(crate) fails: bool,
    /// How much of it is kept.
    pub(crate) limit: usize,
}
