//! A response's body that does as a test tells it to.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

/// The steps of a body; after the last it ends.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    steps: VecDeque<Step>,
    tells_end: Arc<AtomicBool>,
    tells_size: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Data(&'static str),
    Trailers,
    Waits,
    Fails,
    Panics,
}

impl Frames {
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Is known to have ended when the last step was taken, as a body with HTTP/2's `END_STREAM`.
    pub(crate) fn telling_end(self) -> Self {
        self.telling_end_when(&Arc::new(AtomicBool::new(true)))
    }

    /// Is known to have ended when, besides, the end has come, as with HTTP/2's `END_STREAM` in a
    /// frame of its own.
    pub(crate) fn telling_end_when(self, come: &Arc<AtomicBool>) -> Self {
        let tells_end = Arc::clone(come);
        Self { tells_end, ..self }
    }

    /// Is known to be so long, as a body with a `Content-Length`.
    pub(crate) fn telling_size(self) -> Self {
        let tells_size = true;
        Self { tells_size, ..self }
    }
}

/// The trailers of a body that has some.
pub(crate) fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", http::HeaderValue::from_static("17"));
    trailers
}

impl Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Some(step) = self.steps.pop_front() else {
            return Poll::Ready(None);
        };
        match step {
            Step::Data(text) => Poll::Ready(Some(Ok(Frame::data(text.into())))),
            Step::Trailers => Poll::Ready(Some(Ok(Frame::trailers(trailers())))),
            Step::Waits => Poll::Pending,
            Step::Fails => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Step::Panics => panic!("a body that panics"),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.tells_end.load(Relaxed) && self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if !self.tells_size {
            return SizeHint::default();
        }
        let lengths = self.steps.iter().map(|step| match step {
            Step::Data(text) => u64::try_from(text.len()).unwrap(),
            _ => 0,
        });
        SizeHint::with_exact(lengths.sum())
    }
}
