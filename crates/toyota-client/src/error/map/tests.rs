//! What answers and failures become.

use http::{Request, Response};
use proptest::prelude::*;

use super::*;
use crate::Vin;

fn call() -> Call {
    Call::of(&Request::new(()))
}

fn head(status: u16) -> Parts {
    Response::builder()
        .status(status)
        .body(())
        .unwrap()
        .into_parts()
        .0
}

fn mapped(status: u16, body: &str) -> Error {
    let bytes = bytes::Bytes::copy_from_slice(body.as_bytes());
    let body = Captured {
        bytes,
        truncated: false,
    };
    let map: &dyn MapError<BoxError, Error = Error> = &ToyotaErrors::default();
    map.response(&call(), &head(status), &body).unwrap_err()
}

fn gateway(code: &str, detail: &str) -> String {
    let message = serde_json::json!({"responseCode": code, "detailedDescription": detail});
    serde_json::json!({"status": {"messages": [message]}}).to_string()
}

#[tokio::test]
async fn kind_and_code_follow_from_status_code_and_description() {
    for (status, body, kind, code) in [
        (401, String::new(), Kind::Token, "AUTH_FAILED"),
        (
            403,
            gateway("APIGW-403", "invalid token could not authorize"),
            Kind::Token,
            "AUTH_FAILED",
        ),
        (
            403,
            gateway("APIGW-403", "invalid guid and vin mapping"),
            Kind::Vehicle,
            "ACCESS_DENIED",
        ),
        (
            403,
            gateway("APIGW-403", "Unauthorized"),
            Kind::Api,
            "ACCESS_DENIED",
        ),
        (
            403,
            gateway("APIGW-403", "\"Forbidden\""),
            Kind::Validation,
            "ACCESS_DENIED",
        ),
        (
            429,
            gateway("APIGW-403", "Unauthorized"),
            Kind::RateLimit,
            "RATE_LIMIT",
        ),
        (
            400,
            gateway("CTP-REMOTE-40041", ""),
            Kind::ActionNotSupported,
            "INVALID_REQUEST",
        ),
        (
            400,
            gateway("CTP-GENERIC-40017", "x-channel"),
            Kind::Validation,
            "INVALID_REQUEST",
        ),
        (
            500,
            gateway("ONE-GLOBAL-RS-40000", ""),
            Kind::Server,
            "SERVER_ERROR",
        ),
        (502, "<html>".to_owned(), Kind::Server, "SERVER_ERROR"),
        (404, "\u{0}\u{1}".to_owned(), Kind::Api, "NOT_FOUND"),
        (409, "{".to_owned(), Kind::Api, "CONFLICT"),
        (302, String::new(), Kind::Api, "API_ERROR"),
    ] {
        let error = mapped(status, &body);

        assert_eq!(
            (error.kind(), error.code()),
            (kind, code),
            "{status} {body}"
        );
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.delivery(), Delivery::Answered);
    }
}

#[test]
fn success_and_conditional_answers_pass() {
    let map: &dyn MapError<BoxError, Error = Error> = &ToyotaErrors::default();
    let call = call();
    for status in [100, 200, 202, 304] {
        assert_eq!(map.inspect(&call, &head(status)), Inspect::Pass, "{status}");
    }
    for status in [201, 204, 301, 400, 500] {
        assert_eq!(
            map.inspect(&call, &head(status)),
            Inspect::CAPTURE,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_failed_sign_in_is_a_kind_of_authentication() {
    let error = failed(&call(), LoginError::code_required().into());

    assert_eq!((error.kind(), error.code()), (Kind::Login, "AUTH_FAILED"));
    assert!(error.is(Kind::Authentication) && error.is(Kind::Api));
    assert!(error.login_error().is_some());
}

proptest! {
    /// Whatever the service puts where, it is not shown.
    #[test]
    fn display_and_debug_hold_no_words_of_the_service(
        status in 300_u16..600,
        secret in "[a-z]{10,30}",
        vin in "[A-Z]{13}0001",
    ) {
        let body = serde_json::json!({
            "status": {"messages": [{
                "responseCode": "APIGW-403",
                "description": secret,
                "detailedDescription": format!("x-{secret} of {vin}"),
            }]},
            "payload": {"vin": vin, "note": secret},
        });

        let error = mapped(status, &body.to_string()).about(Vin::new(&vin).ok().as_ref());

        let source = std::error::Error::source(&error).map(|error| format!("{error} {error:?}"));
        let shown = format!("{error} {error:?} {error:#?} {} {source:?}", error.next_step());
        prop_assert!(!shown.contains(&secret) && !shown.contains(&vin), "{}", shown);
        prop_assert!(shown.contains("car …0001"), "{}", shown);
    }
}
