//! What the names of a call's metrics begin with.

use std::error::Error;
use std::panic::catch_unwind;

use tower::{Layer, ServiceExt};
use tower_client_metrics::{CallRecorder, MetricsLayer, Prefix};

use crate::book::Book;
use crate::kit::{Always, trip};

#[tokio::test(start_paused = true)]
async fn all_names_begin_with_the_prefix() {
    for prefix in ["toyota", "a", "Api_2", "z9_", &"x".repeat(64)] {
        let book = Book::default();
        let recorder = CallRecorder::builder(book.clone()).prefix(Prefix::new(prefix).unwrap());

        let layer = MetricsLayer::new(recorder.build());
        drop(layer.layer(Always(503)).oneshot(trip()).await.unwrap());

        assert_named(&book, prefix);
    }
}

#[tokio::test(start_paused = true)]
async fn a_prefix_in_the_program_needs_no_result() {
    const TOYOTA: Prefix = Prefix::from_static("toyota");
    let book = Book::default();
    let recorder = CallRecorder::builder(book.clone()).prefix(TOYOTA);

    let layer = MetricsLayer::new(recorder.build());
    drop(layer.layer(Always(200)).oneshot(trip()).await.unwrap());

    assert_named(&book, "toyota");
}

#[tokio::test(start_paused = true)]
async fn the_default_says_that_it_is_about_calls() {
    let book = Book::default();

    let layer = MetricsLayer::new(CallRecorder::builder(book.clone()).build());
    drop(layer.layer(Always(200)).oneshot(trip()).await.unwrap());

    assert_named(&book, "http_call");
    assert_eq!(Prefix::default(), Prefix::new("http_call").unwrap());
}

#[test]
fn a_prefix_that_no_exporter_could_write_is_refused() {
    for (prefix, shown) in [
        ("", "\"\""),
        ("_calls", "\"_calls\""),
        ("2calls", "\"2calls\""),
        ("my-calls", "\"my-calls\""),
        ("my.calls", "\"my.calls\""),
        ("my calls", "\"my calls\""),
        ("my:calls", "\"my:calls\""),
        ("änderung", "\"änderung\""),
        ("calls\n", "\"calls\\n\""),
        ("caläls", "\"caläls\""),
        (&"x".repeat(65), &format!("{:?}", "x".repeat(64))),
        (&"ä".repeat(10_000), &format!("{:?}", "ä".repeat(64))),
    ] {
        let error = Prefix::new(prefix).unwrap_err();

        let text = "is not 1 to 64 letters, digits and underscores, the first a letter";
        assert_eq!(error.to_string(), format!("the prefix {shown} {text}"));
        assert!(error.source().is_none());
        let text: &'static str = prefix.to_owned().leak();
        assert!(catch_unwind(|| Prefix::from_static(text)).is_err());
    }
}

/// All metrics of a call at which nothing happened have names with this prefix.
fn assert_named(book: &Book, prefix: &str) {
    let names: Vec<_> = book.metrics().into_keys().collect();
    let expected = [
        "active",
        "attempts_total",
        "bodies_total",
        "duration",
        "total",
    ];
    assert_eq!(names, expected.map(|name| format!("{prefix}_{name}")));
}
