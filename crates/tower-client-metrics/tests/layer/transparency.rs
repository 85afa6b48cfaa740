//! What passes through: nothing is added, changed or left out.

use std::convert::Infallible;
use std::io;
use std::pin::pin;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt, service_fn};
use tower_client_call::{CallRecord, Operation};
use tower_client_metrics::MetricsLayer;

use crate::book::Book;
use crate::frames::Step::{Data, Fails, Trailers, Waits};
use crate::frames::{Frames, Step, trailers};
use crate::kit::{Call, TRIP, URI, answer_with, giving, measured, poll, trip};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Fact(u8);

#[tokio::test(start_paused = true)]
async fn a_request_passes_as_it_is() {
    let service = service_fn(|request: Call| async move {
        let (head, body) = request.into_parts();
        assert_eq!(
            (head.method, head.uri.to_string()),
            (Method::PUT, URI.to_owned())
        );
        assert_eq!(head.version, Version::HTTP_2);
        assert_eq!(head.headers.len(), 2);
        assert_eq!(head.headers["authorization"], "s3cret");
        assert!(head.headers["authorization"].is_sensitive());
        assert_eq!(head.extensions.get(), Some(&Fact(1)));
        assert_eq!(Operation::find(&head.extensions), Some(TRIP));
        assert!(CallRecord::find(&head.extensions).is_some());
        assert_eq!(body.collect().await.unwrap().to_bytes(), "a trip");
        Ok::<_, Infallible>(answer_with(200, Frames::default()))
    });
    let mut secret = HeaderValue::from_static("s3cret");
    secret.set_sensitive(true);
    let request = Request::put(URI)
        .version(Version::HTTP_2)
        .header("authorization", secret)
        .header("x-more", "1")
        .extension(Fact(1))
        .extension(TRIP)
        .body("a trip".into())
        .unwrap();

    let response = measured(&Book::default(), service).oneshot(request).await;

    assert_eq!(response.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn an_answers_head_passes_as_it_is() {
    let service = service_fn(|_: Call| async move {
        let response = Response::builder()
            .status(418)
            .version(Version::HTTP_2)
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .extension(Fact(2));
        Ok::<_, Infallible>(response.body(Frames::default()).unwrap())
    });

    let response = measured(&Book::default(), service).oneshot(trip()).await;

    let (head, _) = response.unwrap().into_parts();
    assert_eq!(head.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(head.version, Version::HTTP_2);
    assert_eq!(head.headers.len(), 2);
    assert!(head.headers.get_all("set-cookie").iter().eq(["a=1", "b=2"]));
    assert_eq!(head.extensions.get(), Some(&Fact(2)));
    assert_eq!(head.extensions.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_passes_as_it_is() {
    let steps = [Data("trips"), Waits, Data(""), Data("more"), Trailers];
    let failing = [Data("trips"), Fails, Data("more")];
    for make in [
        (|steps| Frames::of(steps)) as fn(Vec<Step>) -> Frames,
        |steps| Frames::of(steps).telling_end(),
        |steps| Frames::of(steps).telling_size(),
    ] {
        for steps in [steps.to_vec(), failing.to_vec(), vec![]] {
            let service = measured(&Book::default(), giving(make(steps.clone())));
            let measured = service.oneshot(trip()).await.unwrap().into_body();

            assert_eq!(told(measured), told(make(steps)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn trailers_come_through() {
    let layer = MetricsLayer::attempt(Book::default());
    let service = layer.layer(giving(Frames::of([Data("trips"), Trailers])));

    let body = service.oneshot(trip()).await.unwrap().into_body();
    let collected = body.collect().await.unwrap();

    assert_eq!(collected.trailers(), Some(&trailers()));
    assert_eq!(collected.to_bytes(), "trips");
}

/// All that a body tells, step by step.
fn told(mut body: impl Body<Data = Bytes, Error = io::Error> + Unpin) -> Vec<String> {
    let mut told = Vec::new();
    for _ in 0..7 {
        let hint = body.size_hint();
        let (lower, upper, end) = (hint.lower(), hint.upper(), body.is_end_stream());
        let frame = poll(pin!(body.frame()));
        told.push(format!("{lower} {upper:?} {end} {frame:?}"));
    }
    told
}
