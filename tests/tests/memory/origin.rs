//! An origin whose bodies are made while they are read.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH};
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Empty;
use tower::Service;

pub(crate) type Asked = Request<Empty<Bytes>>;

/// Answers all requests like this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) cache_control: &'static str,
    pub(crate) length: usize,
    /// What comes at once.
    pub(crate) chunk: usize,
    /// Whether the length is announced.
    pub(crate) announced: bool,
}

/// A body that nobody has before it is read.
#[derive(Debug)]
pub(crate) struct Made {
    left: usize,
    chunk: usize,
    announced: bool,
}

impl Service<Asked> for Origin {
    type Response = Response<Made>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Asked) -> Self::Future {
        let mut response = Response::builder().header(CACHE_CONTROL, self.cache_control);
        if self.announced {
            response = response.header(CONTENT_LENGTH, self.length);
        }
        let body = Made {
            left: self.length,
            chunk: self.chunk,
            announced: self.announced,
        };
        ready(Ok(response.body(body).unwrap()))
    }
}

impl Body for Made {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.left.min(self.chunk);
        if length == 0 {
            return Poll::Ready(None);
        }
        self.left -= length;
        let chunk = Bytes::from(vec![b'a'; length]);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.announced && self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        if self.announced {
            SizeHint::with_exact(u64::try_from(self.left).unwrap())
        } else {
            SizeHint::default()
        }
    }
}

/// A request for this path.
pub(crate) fn request(path: &str) -> Asked {
    let uri = format!("https://api.example{path}");
    Request::get(uri).body(Empty::new()).unwrap()
}
