//! The future: waits for the head of the response.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use tracing::Span;

use crate::hearing::Hearing;
use crate::{AsError, Meter, MeteredBody};

pin_project! {
    /// Response future of [`Metrics`](crate::Metrics).
    pub struct ResponseFuture<F, M: Meter, V> {
        #[pin]
        inner: Option<F>,
        meter: Hearing<M>,
        view: PhantomData<fn() -> V>,
    }

    impl<F, M: Meter, V> PinnedDrop for ResponseFuture<F, M, V> {
        // Before the meter hears of it: so it can read what the layers below write down when they
        // are cancelled.
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.meter.span().map(Span::enter);
            this.inner.set(None);
        }
    }
}

impl<F, M: Meter, V> ResponseFuture<F, M, V> {
    pub(crate) fn new(inner: F, meter: Hearing<M>) -> Self {
        Self {
            inner: Some(inner),
            meter,
            view: PhantomData,
        }
    }
}

impl<F, M: Meter, V> fmt::Debug for ResponseFuture<F, M, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<F, D, E, M, V> Future for ResponseFuture<F, M, V>
where
    F: Future<Output = Result<Response<D>, E>>,
    E: AsError<V>,
    D: Body,
    M: Meter,
{
    type Output = Result<Response<MeteredBody<D, M::Body>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Pending; // being dropped
        };
        let result = {
            let _entered = this.meter.span().map(Span::enter);
            ready!(inner.poll(cx))
        };
        Poll::Ready(match result {
            Ok(response) => {
                let meter = this.meter.response(&response);
                Ok(response.map(|body| MeteredBody::new(body, meter)))
            }
            Err(error) => {
                this.meter.error(error.as_error());
                Err(error)
            }
        })
    }
}
