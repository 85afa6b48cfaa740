//! Spans of calls and of the requests in them: when there are any, and what they tell.

use std::future::pending;
use std::io;

use http::{Method, Response};
use http_body_util::BodyExt;
use tower::{Service, ServiceExt, service_fn};
use tracing::Level;

use crate::book::Book;
use crate::capture::{Capture, Heard};
use crate::frames::Frames;
use crate::frames::Step::Data;
use crate::kit::{Always, Call, answer, get, giving, measured, poll, trip};

#[tokio::test(start_paused = true)]
async fn nothing_is_told_at_info_whatever_happens() {
    let capture = Capture::of(|it| *it.level() <= Level::INFO);
    let book = Book::default();

    for status in [200, 404, 503] {
        drop(
            measured(&book, Always(status))
                .oneshot(trip())
                .await
                .unwrap(),
        );
    }
    drop(
        measured(&book, service_fn(refused))
            .oneshot(trip())
            .await
            .unwrap_err(),
    );
    drop(measured(&book, Always(200)).call(trip()));

    assert!(capture.heard().is_empty(), "{:#?}", capture.heard());
}

#[tokio::test(start_paused = true)]
async fn a_call_and_its_request_are_spans_with_the_documented_fields() {
    let capture = Capture::of_all();

    drop(
        measured(&Book::default(), Always(200))
            .oneshot(trip())
            .await
            .unwrap(),
    );

    assert_eq!(capture.heard().len(), 2);
    assert_fields(
        &capture.spans("call")[0],
        &[
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("otel.kind", "internal"),
            ("otel.name", "trip"),
            ("url.template", "/v1/trips/{id}"),
        ],
    );
    assert_fields(
        &capture.spans("request")[0],
        &[
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("otel.kind", "client"),
            ("otel.name", "GET /v1/trips/{id}"),
            ("server.address", "api.example"),
            ("server.port", "443"),
            ("url.template", "/v1/trips/{id}"),
        ],
    );
    for span in capture.heard() {
        assert_eq!(span.level, Level::DEBUG);
        assert!(span.closed, "{span:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_no_name_is_called_by_its_method() {
    for (method, label, name) in [("GET", "GET", "GET"), ("PROPFIND", "_OTHER", "HTTP")] {
        let capture = Capture::of_all();
        let mut request = get("/v1/trips/7");
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();

        drop(
            measured(&Book::default(), Always(200))
                .oneshot(request)
                .await
                .unwrap(),
        );

        let call = &capture.spans("call")[0].fields;
        assert!(!call.contains_key("otel.name") && !call.contains_key("url.template"));
        let request = &capture.spans("request")[0].fields;
        assert_eq!(request["otel.name"], name);
        assert_eq!(request["http.request.method"], label);
        assert_eq!(request["server.address"], "_OTHER");
        assert!(!request.contains_key("server.port"));
    }
}

#[tokio::test(start_paused = true)]
async fn errors_have_their_type() {
    for (status, code, error) in [
        (Some(302), Some("302"), None),
        (Some(404), Some("404"), Some("404")),
        (Some(503), Some("503"), Some("503")),
        (None, None, Some("connect")),
    ] {
        let capture = Capture::of_all();
        let service = service_fn(move |request: Call| async move {
            match status {
                Some(status) => Ok(answer(status)),
                None => refused(request).await,
            }
        });

        drop(measured(&Book::default(), service).oneshot(trip()).await);

        for name in ["call", "request"] {
            let fields = &capture.spans(name)[0].fields;
            let field = |name| fields.get(name).map(String::as_str);
            assert_eq!(field("http.response.status_code"), code, "{name}");
            assert_eq!(field("error.type"), error, "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_closes_both_spans() {
    for polls in [0, 1] {
        let capture = Capture::of_all();
        let service = service_fn(|_: Call| pending::<io::Result<Response<Frames>>>());
        let mut future = Box::pin(measured(&Book::default(), service).call(trip()));

        for _ in 0..polls {
            assert!(poll(future.as_mut()).is_pending());
        }
        let open = capture.heard().iter().all(|span| !span.closed);
        drop(future);

        assert!(open);
        for name in ["call", "request"] {
            let span = &capture.spans(name)[0];
            assert_eq!(span.fields["error.type"], "cancelled", "{name}");
            assert!(span.closed, "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn spans_close_with_the_head_and_not_with_the_body() {
    let capture = Capture::of_all();
    let service = measured(&Book::default(), giving(Frames::of([Data("trips")])));

    let response = service.oneshot(trip()).await.unwrap();
    let at_the_head = capture.heard();
    response.into_body().collect().await.unwrap();

    assert_eq!(at_the_head.len(), 2);
    assert!(
        at_the_head.iter().all(|span| span.closed),
        "{at_the_head:#?}"
    );
    assert_eq!(capture.heard().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_field_is_a_path_a_query_a_header_or_a_user() {
    let capture = Capture::of_all();
    for uri in [
        "https://s3cret:s3cret@api.example/s3cret?token=s3cret",
        "/s3cret?s3cret",
    ] {
        let mut request = get(uri);
        let secret = http::HeaderValue::from_static("s3cret");
        request.headers_mut().insert("authorization", secret);

        let service = measured(&Book::default(), Always(404));
        drop(service.oneshot(request.clone()).await.unwrap());
        let service = measured(&Book::default(), service_fn(refused));
        drop(service.oneshot(request).await.unwrap_err());
    }

    let heard = format!("{:?}", capture.heard());
    assert_eq!(capture.spans("request").len(), 4);
    assert!(!heard.contains("s3cret"), "{heard}");
}

async fn refused(_: Call) -> io::Result<Response<Frames>> {
    Err(io::Error::new(io::ErrorKind::ConnectionRefused, "s3cret"))
}

#[track_caller]
fn assert_fields(span: &Heard, expected: &[(&'static str, &str)]) {
    let fields = span
        .fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    assert_eq!(fields.collect::<Vec<_>>(), expected, "{span:?}");
}
