//! The service below: answers as it was told to, and watches how it is called.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::Full;
use tower::{BoxError, Service};

use crate::layers::{self, Stack};

/// A service that panics when it is called without being ready.
///
/// A clone shares what was seen and is not ready, as with tower's own limits.
#[derive(Debug)]
pub(crate) struct Probe {
    status: StatusCode,
    /// How often each step (to get ready, to answer, to give a frame) is not done yet.
    pauses: usize,
    seen: Arc<Seen>,
    ready: bool,
    paused: usize,
}

#[derive(Debug, Default)]
struct Seen {
    readied: AtomicUsize,
    called: AtomicUsize,
    frames: AtomicUsize,
    request: Mutex<Option<Parts>>,
    bodies: Arc<()>,
}

/// What the probe puts on its answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark(pub(crate) u32);

/// The data frames of every answer; trailers follow.
pub(crate) const FRAMES: [&str; 2] = ["what ", "happened"];

impl Probe {
    /// Creates a probe that answers at once with this status.
    pub(crate) fn answering(status: StatusCode) -> Self {
        Self {
            status,
            pauses: 0,
            seen: Arc::default(),
            ready: false,
            paused: 0,
        }
    }

    /// Takes this many polls more for each step.
    pub(crate) fn pausing(mut self, pauses: usize) -> Self {
        self.pauses = pauses;
        self
    }

    pub(crate) fn stack(&self) -> Stack {
        layers::boxed(self.clone())
    }

    /// How often an instance became ready.
    pub(crate) fn readied(&self) -> usize {
        self.seen.readied.load(SeqCst)
    }

    pub(crate) fn called(&self) -> usize {
        self.seen.called.load(SeqCst)
    }

    /// How many frames of all bodies were read.
    pub(crate) fn frames(&self) -> usize {
        self.seen.frames.load(SeqCst)
    }

    /// How many bodies somebody still holds.
    pub(crate) fn bodies(&self) -> usize {
        Arc::strong_count(&self.seen.bodies) - 1
    }

    /// The last request as it arrived.
    pub(crate) fn request(&self) -> Parts {
        self.seen.request.lock().unwrap().clone().unwrap()
    }

    fn answer(&self) -> Response<Frames> {
        let data = FRAMES.map(|text| Frame::data(Bytes::from(text)));
        let body = Frames {
            left: data
                .into_iter()
                .chain([Frame::trailers(trailers())])
                .collect(),
            pauses: self.pauses,
            paused: 0,
            seen: Arc::clone(&self.seen),
            _alive: Arc::clone(&self.seen.bodies),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.version_mut() = http::Version::HTTP_2;
        response.extensions_mut().insert(Mark(2));
        for value in ["one", "two"] {
            let value = HeaderValue::from_static(value);
            response.headers_mut().append("x-nobody-knows", value);
        }
        response
    }
}

impl Clone for Probe {
    fn clone(&self) -> Self {
        Self {
            status: self.status,
            pauses: self.pauses,
            seen: Arc::clone(&self.seen),
            ready: false,
            paused: 0,
        }
    }
}

impl Service<Request<Full<Bytes>>> for Probe {
    type Response = Response<Frames>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Frames>, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if !self.ready {
            std::task::ready!(pause(&mut self.paused, self.pauses, cx));
            self.ready = true;
            self.seen.readied.fetch_add(1, SeqCst);
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        assert!(self.ready, "called before it was ready");
        self.ready = false;
        self.paused = 0;
        self.seen.called.fetch_add(1, SeqCst);
        *self.seen.request.lock().unwrap() = Some(request.into_parts().0);
        let (answer, pauses, mut paused) = (self.answer(), self.pauses, 0);
        Box::pin(async move {
            poll_fn(|cx| pause(&mut paused, pauses, cx)).await;
            Ok(answer)
        })
    }
}

/// A body that gives its frames one by one.
#[derive(Debug)]
pub(crate) struct Frames {
    left: VecDeque<Frame<Bytes>>,
    pauses: usize,
    paused: usize,
    seen: Arc<Seen>,
    _alive: Arc<()>,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        std::task::ready!(pause(&mut this.paused, this.pauses, cx));
        this.paused = 0;
        let frame = this.left.pop_front();
        if frame.as_ref().is_some_and(Frame::is_data) {
            this.seen.frames.fetch_add(1, SeqCst);
        }
        Poll::Ready(frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }
}

/// Is pending until it was polled so often.
fn pause(paused: &mut usize, pauses: usize, cx: &Context<'_>) -> Poll<()> {
    if *paused == pauses {
        return Poll::Ready(());
    }
    *paused += 1;
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// The trailers of every answer.
pub(crate) fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", HeaderValue::from_static("7"));
    trailers
}
