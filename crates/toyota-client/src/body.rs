//! The request body that travels below [`ToyotaService`](crate::ToyotaService).

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tower::BoxError;
use tower_client::call::{DEFAULT_REPLAY_LIMIT, NotRepeatable, RepeatBody, Replay, ReplayBody};
use zeroize::Zeroizing;

/// A request body of any origin.
///
/// A pooled client is typed by its request body, so a service that takes any body has to fold
/// them into one type. Bytes that are already whole (every request of Toyota's API) stay as they
/// are and cost no allocation; anything else is boxed, and kept while it is sent, up to
/// [`DEFAULT_REPLAY_LIMIT`], so that a request can be repeated.
///
/// ```
/// use toyota_client::Body;
///
/// let whole = Body::from(r#"{"command":"door-lock"}"#);
/// assert!(whole.try_clone().is_some());
///
/// let streamed = Body::new(http_body_util::Limited::new(whole, 1024));
/// assert!(streamed.try_clone().is_none());
/// ```
pub struct Body(Kind);

enum Kind {
    Whole(Full<Bytes>),
    Streamed(ReplayBody<UnsyncBoxBody<Bytes, BoxError>>),
}

/// What is kept of a [`Body`] while it is sent.
#[derive(Debug)]
pub struct KeptBody(Kept);

#[derive(Debug)]
enum Kept {
    Whole(Full<Bytes>),
    Streamed(Replay<UnsyncBoxBody<Bytes, BoxError>>),
}

impl Body {
    /// Creates a body from any `http_body::Body`.
    ///
    /// A `Body` or a `Full<Bytes>` is taken as it is, not boxed again.
    #[must_use]
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut body = Some(body);
        if let Some(same) = take_as::<_, Self>(&mut body) {
            return same;
        }
        if let Some(whole) = take_as::<_, Full<Bytes>>(&mut body) {
            return Self(Kind::Whole(whole));
        }
        match body {
            Some(body) => {
                let body = UnsyncBoxBody::new(body.map_err(Into::into));
                Self(Kind::Streamed(ReplayBody::new(body, DEFAULT_REPLAY_LIMIT)))
            }
            None => Self::empty(),
        }
    }

    /// Creates a body without content.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Creates a body from a text that is wiped from memory when it has been sent.
    pub(crate) fn secret(text: String) -> Self {
        let wiped = Zeroizing::new(text.into_bytes());
        Self::from(Bytes::from_owner(wiped))
    }

    /// Returns a copy if the whole body is at hand, `None` if it is streamed.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        match &self.0 {
            Kind::Whole(whole) => Some(Self(Kind::Whole(whole.clone()))),
            Kind::Streamed(_) => None,
        }
    }
}

/// Takes the value out if its type is `T`: a downcast by value, without a box.
pub(crate) fn take_as<B: 'static, T: 'static>(body: &mut Option<B>) -> Option<T> {
    (body as &mut dyn Any)
        .downcast_mut::<Option<T>>()
        .and_then(Option::take)
}

impl Default for Body {
    fn default() -> Self {
        Self(Kind::Whole(Full::default()))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Kind::Whole(Full::new(bytes.into())))
    }
}

/// Shows which kind of body it is and how long, never its content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.0 {
            Kind::Whole(_) => "Whole",
            Kind::Streamed(_) => "Streamed",
        };
        f.debug_struct("Body")
            .field("kind", &kind)
            .field("exact_len", &http_body::Body::size_hint(self).exact())
            .finish()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Kind::Whole(whole) => {
                let frame = ready!(Pin::new(whole).poll_frame(cx));
                Poll::Ready(frame.map(|frame| frame.map_err(|never| match never {})))
            }
            Kind::Streamed(streamed) => Pin::new(streamed).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(whole) => whole.is_end_stream(),
            Kind::Streamed(streamed) => streamed.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(whole) => whole.size_hint(),
            Kind::Streamed(streamed) => streamed.size_hint(),
        }
    }
}

impl RepeatBody for Body {
    type Kept = KeptBody;

    fn keep(&self) -> KeptBody {
        KeptBody(match &self.0 {
            Kind::Whole(whole) => Kept::Whole(whole.keep()),
            Kind::Streamed(streamed) => Kept::Streamed(streamed.keep()),
        })
    }

    fn again(kept: &KeptBody) -> Result<Self, NotRepeatable> {
        Ok(Self(match &kept.0 {
            Kept::Whole(whole) => Kind::Whole(Full::again(whole)?),
            Kept::Streamed(streamed) => Kind::Streamed(streamed.again()?),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_not_boxed_twice() {
        let whole = Body::new(Body::new(Full::new(Bytes::from_static(b"abc"))));

        assert!(matches!(whole.0, Kind::Whole(_)));
        assert_eq!(http_body::Body::size_hint(&whole).exact(), Some(3));
    }

    #[tokio::test]
    async fn whole_or_streamed_it_can_be_had_again() {
        let streamed = http_body_util::Limited::new(Body::from("abc"), 1024);
        for body in [Body::from("abc"), Body::new(streamed)] {
            let kept = body.keep();
            let sent = body.collect().await.unwrap().to_bytes();

            let again = Body::again(&kept).unwrap().collect().await.unwrap();

            assert_eq!((sent, again.to_bytes()), ("abc".into(), "abc".into()));
        }
    }

    #[test]
    fn debug_shows_the_length_and_not_the_content() {
        let body = Body::from("s3cret");

        assert_eq!(
            format!("{body:?}"),
            r#"Body { kind: "Whole", exact_len: Some(6) }"#
        );
    }
}
