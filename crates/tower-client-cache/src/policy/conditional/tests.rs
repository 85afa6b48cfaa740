//! RFC 9110 section 13.2.2, step by step, as a cache goes through it.

mod ranges;

use http::header::{AGE, CONTENT_LENGTH, RANGE, SET_COOKIE};

use super::*;

const BEFORE: &str = "Sun, 31 Dec 2023 23:59:59 GMT";
const MODIFIED: &str = "Mon, 01 Jan 2024 00:00:00 GMT";
const AFTER: &str = "Mon, 01 Jan 2024 00:00:01 GMT";
const TAGGED: Fields = &[(ETAG, "\"a\""), (LAST_MODIFIED, MODIFIED), (DATE, AFTER)];

type Fields = &'static [(HeaderName, &'static str)];

#[test]
fn a_client_that_has_this_version_is_told_so() {
    // RFC 9110 sections 13.1.2 and 13.1.3, RFC 9111 section 4.3.2.
    let table: [(Fields, Fields, Answer); 21] = [
        (TAGGED, &[], Answer::Full),
        (TAGGED, &[(IF_NONE_MATCH, "\"a\"")], Answer::NotModified),
        (TAGGED, &[(IF_NONE_MATCH, "W/\"a\"")], Answer::NotModified),
        (
            TAGGED,
            &[(IF_NONE_MATCH, "\"b\", \"a\"")],
            Answer::NotModified,
        ),
        (
            TAGGED,
            &[(IF_NONE_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (TAGGED, &[(IF_NONE_MATCH, "*")], Answer::NotModified),
        (TAGGED, &[(IF_NONE_MATCH, "\"b\"")], Answer::Full),
        (TAGGED, &[(IF_NONE_MATCH, "a")], Answer::Full),
        (TAGGED, &[(IF_NONE_MATCH, "")], Answer::Full),
        (
            &[(ETAG, "W/\"a\"")],
            &[(IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (&[], &[(IF_NONE_MATCH, "\"a\"")], Answer::Full),
        (&[], &[(IF_NONE_MATCH, "*")], Answer::NotModified),
        // The date counts only without tags.
        (
            TAGGED,
            &[(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, AFTER)],
            Answer::Full,
        ),
        (
            TAGGED,
            &[(IF_NONE_MATCH, "\"a\""), (IF_MODIFIED_SINCE, BEFORE)],
            Answer::NotModified,
        ),
        (TAGGED, &[(IF_MODIFIED_SINCE, BEFORE)], Answer::Full),
        (
            TAGGED,
            &[(IF_MODIFIED_SINCE, MODIFIED)],
            Answer::NotModified,
        ),
        (TAGGED, &[(IF_MODIFIED_SINCE, AFTER)], Answer::NotModified),
        (TAGGED, &[(IF_MODIFIED_SINCE, "tomorrow")], Answer::Full),
        (
            TAGGED,
            &[(IF_MODIFIED_SINCE, AFTER), (IF_MODIFIED_SINCE, AFTER)],
            Answer::Full,
        ),
        (
            &[(DATE, AFTER)],
            &[(IF_MODIFIED_SINCE, MODIFIED)],
            Answer::Full,
        ),
        (
            &[(DATE, AFTER)],
            &[(IF_MODIFIED_SINCE, AFTER)],
            Answer::NotModified,
        ),
    ];

    for (stored, request, expected) in table {
        for method in [Method::GET, Method::HEAD] {
            let answer = answer(StatusCode::OK, stored, &method, request);
            assert_eq!(answer, expected, "{method} {request:?} of {stored:?}");
        }
    }
}

#[test]
fn a_response_without_any_date_is_as_old_as_its_receipt() {
    // RFC 9111 section 4.3.2. It was received at MODIFIED.
    let since = |date| answer(StatusCode::OK, &[], &Method::GET, date);

    assert_eq!(since(&[(IF_MODIFIED_SINCE, BEFORE)]), Answer::Full);
    assert_eq!(since(&[(IF_MODIFIED_SINCE, MODIFIED)]), Answer::NotModified);
}

#[test]
fn what_only_the_origin_may_refuse_it_is_asked() {
    // RFC 9110 sections 13.1.1 and 13.1.4, RFC 9111 section 4.3.2.
    let weak: Fields = &[(ETAG, "W/\"a\"")];
    let table: [(Fields, Fields, Answer); 15] = [
        (TAGGED, &[(IF_MATCH, "\"a\"")], Answer::Full),
        (TAGGED, &[(IF_MATCH, "\"b\", \"a\"")], Answer::Full),
        (TAGGED, &[(IF_MATCH, "*")], Answer::Full),
        (TAGGED, &[(IF_MATCH, "\"b\"")], Answer::Origin),
        (TAGGED, &[(IF_MATCH, "W/\"a\"")], Answer::Origin),
        (weak, &[(IF_MATCH, "W/\"a\"")], Answer::Origin),
        (&[], &[(IF_MATCH, "\"a\"")], Answer::Origin),
        (TAGGED, &[(IF_UNMODIFIED_SINCE, MODIFIED)], Answer::Full),
        (TAGGED, &[(IF_UNMODIFIED_SINCE, AFTER)], Answer::Full),
        (TAGGED, &[(IF_UNMODIFIED_SINCE, BEFORE)], Answer::Origin),
        (TAGGED, &[(IF_UNMODIFIED_SINCE, "never")], Answer::Full),
        (&[], &[(IF_UNMODIFIED_SINCE, BEFORE)], Answer::Full),
        // The date counts only without tags.
        (
            TAGGED,
            &[(IF_MATCH, "\"a\""), (IF_UNMODIFIED_SINCE, BEFORE)],
            Answer::Full,
        ),
        // What comes later is looked at when these hold, and only then.
        (
            TAGGED,
            &[(IF_MATCH, "\"a\""), (IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (
            TAGGED,
            &[(IF_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")],
            Answer::Origin,
        ),
    ];

    for (stored, request, expected) in table {
        let answer = answer(StatusCode::OK, stored, &Method::GET, request);
        assert_eq!(answer, expected, "{request:?} of {stored:?}");
    }
}

#[test]
fn redirects_and_failures_are_served_whatever_the_conditions() {
    // RFC 9110 section 13.2.1.
    for status in [301, 308, 404, 410] {
        let status = StatusCode::from_u16(status).unwrap();
        for request in [
            &[(IF_NONE_MATCH, "*")] as Fields,
            &[(IF_MATCH, "\"b\"")],
            &[(RANGE, "bytes=0-9")],
        ] {
            let answer = answer(status, TAGGED, &Method::GET, request);
            assert_eq!(answer, Answer::Full, "{status} {request:?}");
        }
    }
}

#[test]
fn other_methods_are_the_origins() {
    // RFC 9111 section 4.
    for method in [Method::PUT, Method::POST, Method::DELETE, Method::OPTIONS] {
        let answer = answer(StatusCode::OK, TAGGED, &method, &[(IF_NONE_MATCH, "*")]);
        assert_eq!(answer, Answer::Origin, "{method}");
    }
}

#[test]
fn a_304_has_what_identifies_and_updates_a_version() {
    // RFC 9110 section 15.4.5.
    let stored = headers(&[
        (ETAG, "\"a\""),
        (LAST_MODIFIED, MODIFIED),
        (DATE, AFTER),
        (CACHE_CONTROL, "max-age=1"),
        (CACHE_CONTROL, "public"),
        (EXPIRES, AFTER),
        (CONTENT_LOCATION, "/a"),
        (VARY, "accept"),
        (CONTENT_LENGTH, "1000"),
        (SET_COOKIE, "a=b"),
        (AGE, "1"),
    ]);
    let mut untagged = stored.clone();
    untagged.remove(ETAG);

    let fields = not_modified_fields(&stored, &[]);

    let lines: Vec<_> = fields.get_all(CACHE_CONTROL).iter().collect();
    assert_eq!(lines, ["max-age=1", "public"]);
    let names = [ETAG, DATE, CACHE_CONTROL, EXPIRES, CONTENT_LOCATION, VARY];
    assert_eq!(fields.keys_len(), names.len());
    assert!(
        names
            .iter()
            .all(|name| fields.get(name) == stored.get(name))
    );
    let fields = not_modified_fields(&untagged, &[]);
    assert_eq!(fields.get(LAST_MODIFIED).unwrap(), MODIFIED);
}

#[test]
fn a_304_is_without_the_fields_that_were_not_validated() {
    // RFC 9111 section 5.2.2.4.
    let stored = headers(&[(ETAG, "\"a\""), (LAST_MODIFIED, MODIFIED), (VARY, "accept")]);
    let names = |without: &[HeaderName]| -> Vec<_> {
        let fields = not_modified_fields(&stored, without);
        fields.keys().cloned().collect()
    };

    assert_eq!(names(&[VARY, SET_COOKIE]), [ETAG]);
    assert_eq!(names(&[ETAG]), [VARY, LAST_MODIFIED]);
    assert_eq!(names(&[ETAG, LAST_MODIFIED]), [VARY]);
}

#[test]
fn what_is_debugged_shows_no_header_fields() {
    let stored = headers(&[(SET_COOKIE, "session=secret")]);

    assert!(!format!("{:?}", chosen(&stored)).contains("secret"));
}

fn answer(status: StatusCode, stored: Fields, method: &Method, request: Fields) -> Answer {
    let stored = headers(stored);
    let chosen = Chosen {
        status,
        ..chosen(&stored)
    };
    chosen.answer(method, &headers(request))
}

/// Received at [`MODIFIED`].
fn chosen(headers: &HeaderMap) -> Chosen<'_> {
    Chosen {
        status: StatusCode::OK,
        headers,
        received: Timestamp(1_704_067_200),
        length: 1000,
    }
}

fn headers(fields: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, value.parse().unwrap());
    }
    headers
}
