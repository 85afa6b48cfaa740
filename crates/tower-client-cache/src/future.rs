//! The future of a call through a cache.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use pin_project_lite::pin_project;
use tower::BoxError;
use tower_client_call::CacheOutcome;

use crate::report::Report;
use crate::status::{Fwd, Told};
use crate::{CacheBody, CacheError};

type Working<R> = dyn Future<Output = Result<Response<CacheBody<R>>, CacheError>> + Send;

pin_project! {
    /// The future of a call through a cache.
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F, R> {
        #[pin]
        state: State<F, R>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, R> {
        /// As if there were no cache.
        Untouched { #[pin] answer: F },
        /// None of the cache's business.
        Passing { #[pin] answer: F, why: Fwd, outcome: CacheOutcome, report: Report },
        /// Answered already.
        Ready { response: Option<Response<CacheBody<R>>> },
        /// Needs the store, or the origin.
        Working { work: Pin<Box<Working<R>>> },
    }
}

impl<F, R> ResponseFuture<F, R> {
    pub(crate) fn untouched(answer: F) -> Self {
        let state = State::Untouched { answer };
        Self { state }
    }

    pub(crate) fn passing(answer: F, why: Fwd, outcome: CacheOutcome, report: Report) -> Self {
        let state = State::Passing {
            answer,
            why,
            outcome,
            report,
        };
        Self { state }
    }

    pub(crate) fn ready(response: Response<CacheBody<R>>) -> Self {
        let state = State::Ready {
            response: Some(response),
        };
        Self { state }
    }

    pub(crate) fn working(
        work: impl Future<Output = Result<Response<CacheBody<R>>, CacheError>> + Send + 'static,
    ) -> Self {
        let work: Pin<Box<Working<R>>> = Box::pin(work);
        let state = State::Working { work };
        Self { state }
    }
}

impl<F, R, E> Future for ResponseFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Response<CacheBody<R>>, CacheError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Untouched { answer } => {
                let answer = ready!(answer.poll(cx));
                let answer = answer.map(|response| response.map(CacheBody::passing));
                Poll::Ready(answer.map_err(|error| CacheError::failed(error.into())))
            }
            StateProjection::Passing {
                answer,
                why,
                outcome,
                report,
            } => {
                let outcome = *outcome;
                Poll::Ready(match ready!(answer.poll(cx)) {
                    Ok(response) => {
                        let told = Told {
                            fwd: Some(*why),
                            ..Told::default()
                        };
                        let mut response = response.map(CacheBody::passing);
                        report.answered(&mut response, outcome, &told);
                        Ok(response)
                    }
                    Err(error) => {
                        report.noted(outcome);
                        Err(CacheError::failed(error.into()))
                    }
                })
            }
            StateProjection::Ready { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // A future that has ended is not polled again.
                None => Poll::Pending,
            },
            StateProjection::Working { work } => work.as_mut().poll(cx),
        }
    }
}

impl<F, R> fmt::Debug for ResponseFuture<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
