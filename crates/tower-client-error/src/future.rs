//! The future: call, look, decide.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use http::response::Parts;
use http_body::Body;
use pin_project_lite::pin_project;
use tower_client_call::{Capture, Partial, PeekedBody, capture};

use crate::{Call, Inspect, MapError};

pin_project! {
    /// Response future of [`MapErrors`](crate::MapErrors).
    pub struct ResponseFuture<F, R: Body, M> {
        #[pin]
        state: State<F, R>,
        call: Call,
        map: M,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, R: Body> {
        Calling { #[pin] future: F },
        Inspecting { capturing: Box<Inspecting<R>> },
    }
}

/// A response whose body is being read. Boxed: it is rare, and large.
struct Inspecting<R: Body> {
    head: Option<Parts>,
    body: Capture<R>,
}

impl<F, R: Body, M> ResponseFuture<F, R, M> {
    pub(crate) fn new(future: F, call: Call, map: M) -> Self {
        let state = State::Calling { future };
        Self { state, call, map }
    }
}

impl<F, R: Body, M> fmt::Debug for ResponseFuture<F, R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl<F, R, M, E> Future for ResponseFuture<F, R, M>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body<Data = Bytes>,
    M: MapError<E>,
{
    type Output = Result<Response<PeekedBody<R>>, M::Error>;

    #[inline] // 57 instructions of a call's 300
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let capturing = match this.state.as_mut().project() {
                StateProj::Calling { future } => {
                    let response = match ready!(future.poll(cx)) {
                        Ok(response) => response,
                        Err(error) => return Poll::Ready(Err(this.map.failure(this.call, error))),
                    };
                    let (head, body) = response.into_parts();
                    match this.map.inspect(this.call, &head) {
                        Inspect::Pass => {
                            let body = PeekedBody::untouched(body);
                            return Poll::Ready(Ok(Response::from_parts(head, body)));
                        }
                        Inspect::Capture { limit, time_limit } => {
                            let time_limit = this.call.time_to_read(time_limit);
                            Box::new(Inspecting {
                                head: Some(head),
                                body: capture(body, limit, time_limit),
                            })
                        }
                    }
                }
                StateProj::Inspecting { capturing } => {
                    let partial: Partial<R> = ready!(Pin::new(&mut capturing.body).poll(cx));
                    let Some(head) = capturing.head.take() else {
                        return Poll::Pending;
                    };
                    let verdict = this.map.response(this.call, &head, partial.captured());
                    return Poll::Ready(
                        verdict.map(|()| Response::from_parts(head, PeekedBody::from(partial))),
                    );
                }
            };
            this.state.set(State::Inspecting { capturing });
        }
    }
}
