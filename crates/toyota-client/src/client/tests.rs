//! Answers that do not come.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use tower::service_fn;

use super::*;
use crate::{Body, Kind};

/// A body that never comes.
struct Silence;

impl http_body::Body for Silence {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_body_that_never_comes_does_not_cost_the_status() {
    for seconds in [2, 60] {
        let service = service_fn(|_: Request<Body>| async {
            let answer = Response::builder().status(502).body(Silence).unwrap();
            Ok::<_, Infallible>(answer)
        });
        let config = Config::new()
            .with_timeout(Duration::from_secs(seconds))
            .unwrap();

        let error = ToyotaClient::new(service, &config)
            .vehicles()
            .await
            .unwrap_err();

        assert_eq!((error.kind(), error.code()), (Kind::Server, "SERVER_ERROR"));
        assert_eq!(error.status().unwrap().as_u16(), 502);
    }
}
