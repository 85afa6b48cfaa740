//! Where requests go, as their labels tell it, and what they must not tell.

use std::future::ready;
use std::io;

use http::header::HOST;
use http::{HeaderValue, Method, Request, Response};
use http_body_util::Full;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::Operation;
use tower_client_metrics::{AttemptRecorder, CallRecorder, MetricsLayer, Recorder, Typed};

use crate::book::{ACTIVE, Book, DURATION};
use crate::frames::Frames;
use crate::kit::{Always, Call, URI, get, measured, send};

#[tokio::test(start_paused = true)]
async fn the_server_is_the_targets_or_the_host_headers() {
    for (uri, host, address, port) in [
        ("https://api.example/v1", None, "api.example", "443"),
        ("http://api.example/v1", None, "api.example", "80"),
        ("http://api.example:443/v1", None, "api.example", "443"),
        ("https://api.example:8443/v1", None, "api.example", "8443"),
        ("https://10.0.0.1/v1", None, "10.0.0.1", "443"),
        ("https://[::1]/v1", None, "::1", "443"),
        ("https://[2001:db8::1]:8443/", None, "2001:db8::1", "8443"),
        ("ws://api.example/v1", None, "api.example", "_OTHER"),
        (
            "https://one.example/",
            Some("two.example:81"),
            "one.example",
            "443",
        ),
        ("/v1/trips", Some("api.example"), "api.example", "_OTHER"),
        ("/v1/trips", Some("api.example:81"), "api.example", "81"),
        ("/v1/trips", Some("[::1]:81"), "::1", "81"),
        ("*", Some("api.example:81"), "api.example", "81"),
        ("api.example:443", None, "api.example", "443"),
        ("/v1/trips", None, "_OTHER", "_OTHER"),
    ] {
        let book = Book::default();
        let mut request = get(uri);
        if let Some(host) = host {
            request.headers_mut().insert(HOST, host.parse().unwrap());
        }

        send(&book, Always(200), request).await;

        for metric in [ACTIVE, DURATION] {
            let [at, on] = ["server.address", "server.port"].map(|it| book.label(metric, it));
            let server = (at.unwrap(), on.unwrap());
            assert_eq!(
                server,
                (address.to_owned(), port.to_owned()),
                "{uri} {host:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_header_that_is_no_text_is_nowhere() {
    let book = Book::default();
    let mut request = get("/v1");
    let host = HeaderValue::from_bytes(b"\xff.example").unwrap();
    request.headers_mut().insert(HOST, host);

    send(&book, Always(200), request).await;

    assert_eq!(book.label(DURATION, "server.address").unwrap(), "_OTHER");
}

#[tokio::test(start_paused = true)]
async fn requests_are_told_apart_by_every_part_of_their_target() {
    let book = Book::default();
    let with = |uri, method, template| {
        let mut request = get(uri);
        *request.method_mut() = method;
        let operation = Operation::new("the same", template);
        request.extensions_mut().insert(operation);
        request
    };
    let requests = [
        with("https://one.example/", Method::GET, "/a"),
        with("http://one.example/", Method::GET, "/a"),
        with("https://two.example/", Method::GET, "/a"),
        with("https://one.example:1/", Method::GET, "/a"),
        with("https://one.example/", Method::PUT, "/a"),
        with("https://one.example/", Method::GET, "/b"),
        get("https://one.example/"),
    ];
    let expected = requests.len();

    let mut service = MetricsLayer::attempt(book.clone()).layer(Always(200));
    for request in requests {
        drop(service.call(request.clone()).await.unwrap());
        drop(service.call(request).await.unwrap());
    }

    for (metric, times) in [(ACTIVE, 4), (DURATION, 2)] {
        assert_eq!(book.series(metric).len(), expected, "{metric}");
        for labels in book.series(metric) {
            assert_eq!(book.values(metric, &labels).len(), times, "{labels}");
        }
    }
    assert!(book.makings().into_values().all(|times| times == 1));
}

#[tokio::test(start_paused = true)]
async fn users_are_not_told_apart() {
    let book = Book::default();
    let mut service = MetricsLayer::attempt(book.clone()).layer(Always(200));

    for user in 0..300 {
        let uri = format!("https://{user}:s3cret@api.example/");
        drop(service.call(get(&uri)).await.unwrap());
    }

    assert_eq!(book.series(DURATION).len(), 1);
    assert_eq!(
        book.label(DURATION, "server.address").unwrap(),
        "api.example"
    );
    assert!(book.makings().into_values().all(|times| times == 1));
}

#[tokio::test(start_paused = true)]
async fn no_label_is_a_path_a_query_a_header_or_a_user() {
    let book = Book::default();
    for request in [
        secretive("https://s3cret:s3cret@api.example/s3cret?token=s3cret"),
        secretive("https://s3cret@[::1]:8443/s3cret"),
        with_host(
            secretive("/s3cret?token=s3cret"),
            "s3cret:s3cret@api.example",
        ),
        with_host(secretive("/s3cret"), "s3cret@api.example:8443"),
    ] {
        for status in [200, 302, 404, 503] {
            let service = measured(&book, Always(status));
            drop(service.oneshot(request.clone()).await.unwrap());
        }
        drop(measured(&book, Always(200)).oneshot(request.clone()));
        let failing =
            service_fn(|_: Call| ready(Err::<Response<Frames>, _>(io::Error::other("s3cret"))));
        drop(measured(&book, failing).oneshot(request).await.unwrap_err());
    }

    let made = book.makings();
    assert!(made.len() > 20, "{made:#?}");
    for (metric, labels) in made.keys() {
        assert!(!labels.contains("s3cret"), "{metric}: {labels}");
        assert!(!labels.contains('/'), "{metric}: {labels}");
    }
}

#[tokio::test(start_paused = true)]
async fn debug_shows_no_header_and_no_path() {
    let book = Book::default();
    let mut service = MetricsLayer::call(book.clone()).layer(Always(200));
    let layer = MetricsLayer::<_, Typed>::attempt(book.clone());

    let mut request = secretive(URI);
    let attempt = AttemptRecorder::new(book.clone()).start(&mut request);
    let call = CallRecorder::new(book).start(&mut request);
    let future = service.call(request);
    let mut shown = format!("{layer:?} {service:?} {attempt:?} {call:?} {future:?}");
    shown += &format!("{:?}", future.await.unwrap().body());

    for secret in ["s3cret", "trips", "yesterday", "authorization"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    for part in [
        "MetricsLayer",
        "AttemptRecorder",
        "CallRecorder",
        "AttemptMeter",
        "CallMeter",
        "ResponseFuture",
        "MeteredBody",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

fn secretive(uri: &str) -> Call {
    Request::put(uri)
        .header("authorization", "s3cret")
        .header("x-token", "s3cret")
        .body(Full::from("s3cret"))
        .unwrap()
}

fn with_host(mut request: Call, host: &'static str) -> Call {
    let host = HeaderValue::from_static(host);
    request.headers_mut().insert(HOST, host);
    request
}
