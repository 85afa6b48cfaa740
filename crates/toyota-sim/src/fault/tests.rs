//! How a fault changes an answer.

use std::time::UNIX_EPOCH;

use super::*;

#[test]
fn a_date_is_counted_from_the_moment_of_the_answer() {
    let fault = Fault::pass().retry_after_date(Duration::from_secs(60));

    let reply = fault.overlay(reply::empty(StatusCode::OK), UNIX_EPOCH);

    assert_eq!(
        reply.headers()[RETRY_AFTER],
        "Thu, 01 Jan 1970 00:01:00 GMT"
    );
}

#[test]
fn framing_headers_are_left_out() {
    let fault = Fault::pass()
        .header(CONTENT_LENGTH, HeaderValue::from_static("7"))
        .header(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));

    let reply = fault.overlay(reply::empty(StatusCode::OK), UNIX_EPOCH);

    assert!(reply.headers().is_empty());
}

#[test]
fn a_header_takes_the_place_of_the_answer_s_own() {
    let fault = Fault::pass().header(CONTENT_TYPE, HeaderValue::from_static("text/plain"));

    let reply = fault.overlay(reply::html(StatusCode::OK, "<p>"), UNIX_EPOCH);

    assert_eq!(reply.headers()[CONTENT_TYPE], "text/plain");
}
