//! What is made of answers that grant something.

use std::time::Duration;

use tower_client_auth::TokenError;
use tower_client_auth::oauth::OAuthErrorKind;

use crate::login::{answer, oauth, refresh, refresh_token_of, secret_of};

#[tokio::test(start_paused = true)]
async fn an_answer_like_that_of_section_5_1_is_a_credential() {
    let body = r#"{
        "access_token":"2YotnFZFEjr1zCsicMWpAA",
        "token_type":"Bearer",
        "expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
        "example_parameter":"example_value"
    }"#;

    let credential = refresh(answer(200, body)).await.unwrap();

    assert_eq!(secret_of(&credential), "2YotnFZFEjr1zCsicMWpAA");
    assert_eq!(
        refresh_token_of(&credential).as_deref(),
        Some("tGzv3JOkF0XG5Qx2TlKWIA")
    );
    let remaining = credential.remaining().unwrap().as_secs_f64();
    assert!((3590.0..=3600.0).contains(&remaining), "{remaining}");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_taken_with_whatever_else_the_answer_says() {
    for body in [
        r#"{"access_token":"t"}"#,
        r#"{"access_token":"t","token_type":null}"#,
        r#"{"access_token":"t","token_type":"bearer"}"#,
        r#"{"access_token":"t","token_type":"BEARER"}"#,
        r#" {"scope":7,"access_token":"t","id_token":{"a":[1]},"error":null}"#,
        r#"{"access_token":"t","error":"odd"}"#,
    ] {
        let credential = refresh(answer(200, body)).await.unwrap();

        assert_eq!(secret_of(&credential), "t", "{body}");
        assert_eq!(credential.remaining(), None, "{body}");
    }
    let created = refresh(answer(201, r#"{"access_token":"t"}"#)).await;
    assert_eq!(secret_of(&created.unwrap()), "t");
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_is_a_positive_number_of_seconds() {
    let ten_years = f64::from(10 * 365 * 24 * 3600);
    for (expires_in, seconds) in [
        ("3600", Some(3600.0)),
        ("3600.9", Some(3600.9)),
        ("0.5", None),
        ("4e-295", None),
        ("3.6e3", Some(3600.0)),
        (r#""3600""#, Some(3600.0)),
        (r#"" 3600 ""#, Some(3600.0)),
        ("1", Some(1.0)),
        // Longer than anybody means.
        ("18446744073709551615", Some(ten_years)),
        ("1e300", Some(ten_years)),
        (r#""99999999999999999999999""#, Some(ten_years)),
        // What says nothing.
        ("0", None),
        ("-1", None),
        ("-1e300", None),
        (r#""0""#, None),
        (r#""-5""#, None),
        (r#""""#, None),
        (r#""soon""#, None),
        (r#""inf""#, None),
        (r#""NaN""#, None),
        ("null", None),
        ("true", None),
        ("[3600]", None),
        (r#"{"seconds":3600}"#, None),
    ] {
        let body = format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#);

        let credential = refresh(answer(200, body)).await.unwrap();

        // The exchange took a moment, which is taken off.
        let told = credential.lifetime().map(|life| life.as_secs_f64());
        let fits = match (told, seconds) {
            (Some(told), Some(most)) => (most - 0.5..=most).contains(&told),
            (told, most) => told == most,
        };
        assert!(fits, "{expires_in}: {told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_exchange_is_taken_off_the_lifetime() {
    for (expires_in, took, left) in [(3600, 10, 3590), (60, 59, 1), (60, 60, 0), (5, 20, 0)] {
        let body = format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#);
        let answer = answer(200, body).map(|body| body.after(Duration::from_secs(took)));

        let credential = refresh(answer).await.unwrap();

        let lifetime = credential.lifetime().unwrap().as_secs_f64();
        let most = f64::from(left);
        assert!(
            ((most - 0.5).max(0.0)..=most).contains(&lifetime),
            "{lifetime}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_stays_unless_the_answer_has_another() {
    for (member, kept) in [
        (r#","refresh_token":"n3w""#, "n3w"),
        (r#","refresh_token":"""#, "r3fresh"),
        (r#","refresh_token":null"#, "r3fresh"),
        ("", "r3fresh"),
    ] {
        let body = format!(r#"{{"access_token":"t"{member}}}"#);

        let credential = refresh(answer(200, body)).await.unwrap();

        assert_eq!(refresh_token_of(&credential).as_deref(), Some(kept));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_object_or_has_members_of_other_types_passes() {
    for body in [
        "",
        "<html>s3cret</html>",
        "null",
        r#""s3cret""#,
        r#"{"access_token":"s3cret""#,
        r#"{"access_token":"s3cret"} trailing"#,
        // What serde would take for an object.
        r#"["s3cret","Bearer",3600,"s3cret"]"#,
        r#"{"access_token":5}"#,
        r#"{"access_token":["s3cret"]}"#,
        r#"{"access_token":"s3cret","access_token":"s3cret"}"#,
        r#"{"access_token":"s3cret","refresh_token":{"s3cret":1}}"#,
        r#"{"access_token":"s3cret","token_type":7}"#,
    ] {
        let error = refresh(answer(200, body)).await.unwrap_err();

        assert!(!error.is_permanent(), "{body}");
        assert_eq!(oauth(&error).kind(), OAuthErrorKind::Unavailable, "{body}");
        assert_tells_no_secret(&error);
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_without_a_token_that_can_be_used_is_a_permanent_error() {
    let long = format!(r#"{{"access_token":"{}"}}"#, "s3cret".repeat(3000));
    for body in [
        "{}",
        r#"{"access_token":null,"refresh_token":"s3cret"}"#,
        r#"{"access_token":"s3cret","token_type":""}"#,
        r#"{"access_token":"s3cret","token_type":"mac"}"#,
        r#"{"access_token":"s3cret","token_type":"DPoP"}"#,
        r#"{"access_token":""}"#,
        r#"{"access_token":"s3cret s3cret"}"#,
        r#"{"access_token":"s3cret\r\nx: y"}"#,
        r#"{"access_token":"s3cret\u00e9"}"#,
        r#"{"access_token":"s3cret\u007f"}"#,
        &long,
    ] {
        let error = refresh(answer(200, body.to_owned())).await.unwrap_err();

        assert!(error.is_permanent(), "{body}");
        assert_eq!(oauth(&error).kind(), OAuthErrorKind::Protocol, "{body}");
        assert_tells_no_secret(&error);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_16_kib_is_taken_and_one_byte_more_is_not() {
    for (length, good) in [(16 * 1024, true), (16 * 1024 + 1, false)] {
        let body = format!(r#"{{"access_token":"{}"}}"#, "t".repeat(length));

        let answer = answer(200, body).map(|body| body.in_pieces(1000));

        assert_eq!(refresh(answer).await.is_ok(), good);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_not() {
    for (length, good) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let mut body = br#"{"access_token":"t"}"#.to_vec();
        body.resize(length, b' ');

        let answer = answer(200, body).map(|body| body.in_pieces(4096));

        let answered = refresh(answer).await;
        assert_eq!(answered.is_ok(), good);
        let kind = answered.err().map(|error| oauth(&error).kind());
        assert_eq!(kind, (!good).then_some(OAuthErrorKind::Protocol));
    }
}

fn assert_tells_no_secret(error: &TokenError) {
    assert_eq!(oauth(error).status().unwrap(), 200);
    let shown = format!("{error:?} {error} {}", oauth(error));
    assert!(!shown.contains("s3cret"), "{shown}");
}
