//! What is made of answers that grant nothing, and of none.

use std::error::Error;
use std::io;
use std::time::Duration;

use tokio::time::Instant;
use tower_client_auth::TokenError;
use tower_client_auth::oauth::OAuthErrorKind::{Protocol, Refused, Transport, Unavailable};

use crate::login::{Login, answer, oauth, refresh, refresh_at, reset, with_header};

const HTML: &str = "<html>";

#[tokio::test(start_paused = true)]
async fn status_and_error_code_decide_whether_it_passes() {
    for (status, body, kind) in [
        // RFC 6749 section 5.2.
        (400, r#"{"error":"invalid_grant"}"#, Refused),
        (401, r#"{"error":"invalid_client"}"#, Refused),
        (400, r#"{"error":"invalid_request"}"#, Refused),
        (400, r#"{"error":"invalid_scope"}"#, Refused),
        (400, r#"{"error":"unauthorized_client"}"#, Refused),
        (400, r#"{"error":"unsupported_grant_type"}"#, Refused),
        (400, r#"{"error":"of_their_own"}"#, Refused),
        (403, r#"{"error":"access_denied"}"#, Refused),
        (404, r#"{"error":"of_their_own"}"#, Refused),
        (400, HTML, Refused),
        (401, "", Refused),
        (400, r#"{"error":{"message":"s"}}"#, Refused),
        (400, r#"["invalid_grant"]"#, Refused),
        (200, r#"{"error":"invalid_grant"}"#, Refused),
        (200, r#"{"error":"of_their_own"}"#, Refused),
        // What passes.
        (400, r#"{"error":"temporarily_unavailable"}"#, Unavailable),
        (403, r#"{"error":"server_error"}"#, Unavailable),
        (400, r#"{"error":"slow_down"}"#, Unavailable),
        (200, r#"{"error":"server_error"}"#, Unavailable),
        (408, r#"{"error":"invalid_grant"}"#, Unavailable),
        (429, r#"{"error":"invalid_grant"}"#, Unavailable),
        (500, r#"{"error":"invalid_grant"}"#, Unavailable),
        (500, r#"{"access_token":"t"}"#, Unavailable),
        (502, HTML, Unavailable),
        (503, "", Unavailable),
        (599, HTML, Unavailable),
        // Somebody in front of the endpoint has answered.
        (403, HTML, Unavailable),
        (404, "", Unavailable),
        (405, r#"{"message":"s"}"#, Unavailable),
        (413, r#"["invalid_grant"]"#, Unavailable),
        (421, r#"{"error":{"message":"s"}}"#, Unavailable),
        (200, HTML, Unavailable),
        (204, "", Unavailable),
        // What is not of OAuth.
        (301, HTML, Protocol),
        (302, r#"{"access_token":"t"}"#, Protocol),
        (304, "", Protocol),
        (307, "", Protocol),
        (600, r#"{"access_token":"t"}"#, Protocol),
    ] {
        let error = refresh(answer(status, body)).await.unwrap_err();

        assert_eq!(oauth(&error).kind(), kind, "{status} {body}");
        assert_eq!(error.is_permanent(), kind != Unavailable, "{status} {body}");
        assert_eq!(oauth(&error).status().unwrap().as_u16(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_code_is_told_and_its_description_is_not() {
    let body = r#"{"error":"invalid_grant","error_description":"s3cret","error_uri":"s3cret"}"#;

    let error = refresh(answer(400, body)).await.unwrap_err();

    assert_eq!(oauth(&error).error_code(), Some("invalid_grant"));
    assert_eq!(
        oauth(&error).to_string(),
        "the token endpoint refused the request (status 400: invalid_grant)"
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test(start_paused = true)]
async fn of_an_error_code_64_printable_characters_are_shown() {
    let long = "x".repeat(65);
    for (code, shown) in [
        (long.as_str(), Some(&long[..64])),
        (r"a\u001b[31m\r\n\u0000b c", Some("a[31mb c")),
        ("é\u{202e}ok", Some("ok")),
        (r"\n", None),
        ("", None),
    ] {
        let body = format!(r#"{{"error":"{code}"}}"#);

        let error = refresh(answer(400, body)).await.unwrap_err();

        assert_eq!(oauth(&error).error_code(), shown, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_heeded_of_whatever_passes() {
    for (status, body, after) in [
        (429, HTML, Some(7)),
        (503, "", Some(7)),
        (500, r#"{"error":"invalid_grant"}"#, Some(7)),
        (408, "", Some(7)),
        (400, r#"{"error":"slow_down"}"#, Some(7)),
        (400, r#"{"error":"invalid_grant"}"#, None),
    ] {
        let answer = with_header(answer(status, body), "retry-after", "7");

        let error = refresh(answer).await.unwrap_err();

        let after = after.map(Duration::from_secs);
        assert_eq!(error.retry_after(), after, "{status} {body}");
    }
    let silent = refresh(answer(503, "")).await.unwrap_err();
    assert_eq!(silent.retry_after(), None);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_busy_endpoint_is_not_waited_for() {
    for answer in [
        answer(503, "").map(|body| body.stalling()),
        answer(503, "x").map(|body| body.breaking_off()),
        answer(503, vec![b'x'; 100_000]),
    ] {
        let begun = Instant::now();

        let answer = with_header(answer, "retry-after", "7");
        let error = refresh(answer).await.unwrap_err();

        assert_eq!(oauth(&error).kind(), Unavailable);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(begun.elapsed() <= Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_broke_on_the_way_passes_and_is_the_cause() {
    let whole = r#"{"access_token":"t"}"#;
    for login in [
        Login::of([Err(reset().into())]),
        Login::of([Ok(answer(200, whole).map(|body| body.breaking_off()))]),
        Login::of([Ok(answer(400, "").map(|body| body.breaking_off()))]),
    ] {
        let error = refresh_at(login.clone()).await.unwrap_err();

        assert!(!error.is_permanent());
        assert_eq!(oauth(&error).kind(), Transport);
        assert_eq!(cause(&error).kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(login.asked(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_too_long_is_no_answer_of_oauth() {
    let too_long = answer(400, vec![b'x'; 64 * 1024 + 1]);

    let error = refresh(too_long).await.unwrap_err();

    assert_eq!(oauth(&error).kind(), Protocol);
    assert_eq!(oauth(&error).status().unwrap(), 400);
    assert!(error.is_permanent());
}

fn cause(error: &TokenError) -> &io::Error {
    let cause = oauth(error).source().expect("no cause");
    cause.downcast_ref().expect("another cause")
}
