//! Bodies that end, stall, break off or never end, and tell what became of them.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};
use tokio::time::Instant;

/// A body of these frames, and then what comes after them.
#[derive(Debug)]
pub(crate) struct Frames {
    frames: VecDeque<Bytes>,
    trailers: Option<HeaderMap>,
    then: Then,
    watched: Watched,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    End,
    Stall,
    Break,
    /// The same frame for ever.
    More(&'static [u8]),
}

/// What became of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched(Arc<Mutex<Fate>>);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fate {
    pub(crate) bytes: usize,
    pub(crate) ended: bool,
    pub(crate) dropped: Option<Instant>,
}

impl Watched {
    pub(crate) fn fate(&self) -> Fate {
        *self.0.lock().unwrap()
    }
}

impl Frames {
    pub(crate) fn of<const N: usize>(frames: [&'static str; N]) -> Self {
        Self {
            frames: frames.into_iter().map(Bytes::from).collect(),
            trailers: None,
            then: Then::End,
            watched: Watched::default(),
        }
    }

    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    pub(crate) fn trailers(mut self, trailers: HeaderMap) -> Self {
        self.trailers = Some(trailers);
        self
    }

    pub(crate) fn watched(&self) -> Watched {
        self.watched.clone()
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.watched.0.lock().unwrap().dropped = Some(Instant::now());
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let frame = match (self.frames.pop_front(), self.then) {
            (Some(frame), _) => frame,
            (None, Then::More(frame)) => Bytes::from_static(frame),
            (None, Then::Stall) => return Poll::Pending,
            (None, Then::Break) => {
                let error = io::Error::from(io::ErrorKind::ConnectionReset);
                return Poll::Ready(Some(Err(error)));
            }
            (None, Then::End) => {
                if let Some(trailers) = self.trailers.take() {
                    return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                }
                self.watched.0.lock().unwrap().ended = true;
                return Poll::Ready(None);
            }
        };
        self.watched.0.lock().unwrap().bytes += frame.len();
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }
}
