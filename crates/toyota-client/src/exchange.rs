//! One bounded exchange: a request, and the whole answer within a time and a size.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::{BoxError, ServiceExt};

use crate::stack::below_cache;
use crate::{Body, HttpService};

/// What one exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    pub(crate) body_bytes: usize,
}

/// Why an exchange brought no whole answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExchangeError {
    #[error("no whole answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the answer broke off")]
    Body(#[source] BoxError),
    #[error("the request failed")]
    Service(#[source] BoxError),
}

/// Sends the request once the service is ready, and collects the answer.
///
/// The future is boxed so that its type does not name the service's. A future that does can often
/// not be spawned: where a service's type holds a `dyn Error`, as those behind tower's `Buffer`
/// and `Timeout` do, rustc cannot show that it is `Send` (rust-lang/rust#102211).
pub(crate) fn exchange<S: HttpService>(
    service: S,
    request: Request<Body>,
    limits: Limits,
) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, ExchangeError>> + Send>> {
    let whole = async move {
        let answer = service.oneshot(request).await;
        let (parts, body) = answer
            .map_err(|error| ExchangeError::Service(error.into()))?
            .into_parts();
        let body = Limited::new(body, limits.body_bytes).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                ExchangeError::TooLarge(limits.body_bytes)
            } else {
                ExchangeError::Body(below_cache(error))
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    };
    Box::pin(async move {
        match tokio::time::timeout(limits.time, whole).await {
            Ok(answer) => answer,
            Err(_) => Err(ExchangeError::Timeout(limits.time)),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::Full;
    use tower::service_fn;

    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(5),
        body_bytes: 8,
    };

    async fn with_body(body: &'static str) -> Result<Response<Bytes>, ExchangeError> {
        let service = service_fn(move |_| async move {
            let body = Full::new(Bytes::from_static(body.as_bytes()));
            Ok::<_, Infallible>(Response::new(body))
        });
        exchange(service, Request::new(Body::empty()), LIMITS).await
    }

    #[tokio::test(start_paused = true)]
    async fn brings_the_whole_answer() {
        let answer = with_body("12345678").await.unwrap();

        assert_eq!(answer.into_body(), "12345678");
    }

    #[tokio::test(start_paused = true)]
    async fn stops_at_the_limit() {
        let error = with_body("123456789").await.unwrap_err();

        assert!(matches!(error, ExchangeError::TooLarge(8)), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_never_answers_ends_in_a_timeout() {
        let silent = service_fn(|_| std::future::pending::<Result<Response<Body>, Infallible>>());

        let answer = exchange(silent, Request::new(Body::empty()), LIMITS).await;

        assert!(matches!(answer, Err(ExchangeError::Timeout(_))));
    }
}
