//! RFC 9110 sections 13.1.5 and 14.2: parts of what is stored, and of a stored part.

use http::HeaderValue;
use http::header::{CONTENT_RANGE, RANGE};

use super::*;

const PART: Fields = &[(ETAG, "\"a\""), (CONTENT_RANGE, "bytes 100-199/1000")];

#[test]
fn a_range_is_served_if_the_rest_of_the_conditions_lets_it() {
    // RFC 9110 sections 13.1.5, 13.2.2 and 14.2; the body has 1000 bytes.
    let table: [(Fields, Answer); 17] = [
        (&[(RANGE, "bytes=0-9")], partial(0, 9)),
        (&[(RANGE, "bytes=-10")], partial(990, 999)),
        (
            &[(RANGE, "bytes=1000-")],
            Answer::Unsatisfiable { complete: 1000 },
        ),
        (&[(RANGE, "bytes=0-0,2-2")], Answer::Full),
        (&[(RANGE, "bytes=9-0")], Answer::Full),
        (
            &[(RANGE, "bytes=0-9"), (IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (
            &[(RANGE, "bytes=1000-"), (IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (
            &[(RANGE, "bytes=0-9"), (IF_NONE_MATCH, "\"b\"")],
            partial(0, 9),
        ),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, "\"a\"")], partial(0, 9)),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, "\"b\"")], Answer::Full),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, "W/\"a\"")], Answer::Full),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, MODIFIED)], partial(0, 9)),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, AFTER)], Answer::Full),
        (&[(RANGE, "bytes=0-9"), (IF_RANGE, "a")], Answer::Full),
        (
            &[
                (RANGE, "bytes=0-9"),
                (IF_RANGE, "\"a\""),
                (IF_RANGE, "\"a\""),
            ],
            Answer::Full,
        ),
        (&[(RANGE, "bytes=1000-"), (IF_RANGE, "\"a\"")], Answer::Full),
        (&[(IF_RANGE, "\"b\"")], Answer::Full),
    ];

    for (request, expected) in table {
        let answer = answer(StatusCode::OK, TAGGED, &Method::GET, request);
        assert_eq!(answer, expected, "{request:?}");
    }
}

#[test]
fn a_range_needs_a_strong_validator() {
    // RFC 9110 sections 8.8.2.2 and 13.1.5.
    let within_the_second: Fields = &[(LAST_MODIFIED, MODIFIED), (DATE, MODIFIED)];
    let weak: Fields = &[(ETAG, "W/\"a\"")];
    let table: [(Fields, Fields); 4] = [
        (
            within_the_second,
            &[(RANGE, "bytes=0-9"), (IF_RANGE, MODIFIED)],
        ),
        (weak, &[(RANGE, "bytes=0-9"), (IF_RANGE, "W/\"a\"")]),
        (weak, &[(RANGE, "bytes=0-9"), (IF_RANGE, "\"a\"")]),
        (&[], &[(RANGE, "bytes=0-9"), (IF_RANGE, MODIFIED)]),
    ];

    for (stored, request) in table {
        let answer = answer(StatusCode::OK, stored, &Method::GET, request);
        assert_eq!(answer, Answer::Full, "{request:?} of {stored:?}");
    }
}

#[test]
fn ranges_are_for_get_and_for_what_has_bytes() {
    // RFC 9110 section 14.2.
    let range = headers(&[(RANGE, "bytes=0-9")]);
    let stored = headers(TAGGED);
    let chosen = |status, length| Chosen {
        status,
        length,
        ..chosen(&stored)
    };

    let whole = chosen(StatusCode::OK, 1000);
    assert_eq!(whole.answer(&Method::HEAD, &range), Answer::Full);
    let empty = chosen(StatusCode::OK, 0);
    assert_eq!(empty.answer(&Method::GET, &range), Answer::Full);
    let transformed = chosen(StatusCode::NON_AUTHORITATIVE_INFORMATION, 1000);
    assert_eq!(transformed.answer(&Method::GET, &range), Answer::Full);
}

#[test]
fn a_stored_part_answers_nothing_but_parts_of_it() {
    // RFC 9111 section 3.3; PART has bytes 100 to 199 of 1000.
    let table: [(Method, Fields, Answer); 9] = [
        (Method::GET, &[(RANGE, "bytes=110-119")], partial(110, 119)),
        (
            Method::GET,
            &[(RANGE, "bytes=110-119"), (IF_RANGE, "\"a\"")],
            partial(110, 119),
        ),
        (
            Method::GET,
            &[(RANGE, "bytes=110-119"), (IF_RANGE, "\"b\"")],
            Answer::Origin,
        ),
        (
            Method::GET,
            &[(RANGE, "bytes=110-119"), (IF_NONE_MATCH, "\"a\"")],
            Answer::NotModified,
        ),
        (Method::GET, &[(RANGE, "bytes=190-200")], Answer::Origin),
        (Method::GET, &[(RANGE, "bytes=1000-")], Answer::Origin),
        (Method::GET, &[], Answer::Origin),
        (Method::GET, &[(IF_NONE_MATCH, "\"a\"")], Answer::Origin),
        (Method::HEAD, &[(RANGE, "bytes=110-119")], Answer::Origin),
    ];

    let stored = headers(PART);
    for (method, request, expected) in table {
        let answer = part(&stored, 100).answer(&method, &headers(request));
        assert_eq!(answer, expected, "{method} {request:?}");
    }
}

#[test]
fn a_stored_part_that_does_not_fit_its_range_answers_nothing() {
    // RFC 9110 section 14.4; PART has bytes 100 to 199 of 1000.
    let table: [(Fields, u64); 5] = [
        (PART, 99),
        (PART, 101),
        (PART, 0),
        (TAGGED, 100),
        (&[(CONTENT_RANGE, "bytes */1000")], 100),
    ];
    let request = headers(&[(RANGE, "bytes=110-119")]);

    for (stored, length) in table {
        let answer = part(&headers(stored), length).answer(&Method::GET, &request);
        assert_eq!(answer, Answer::Origin, "{stored:?} {length}");
    }
}

#[test]
fn an_answer_names_its_range() {
    let range = |answer: Answer| answer.content_range().map(HeaderValue::from);

    assert_eq!(range(partial(0, 9)).unwrap(), "bytes 0-9/1000");
    let unsatisfiable = Answer::Unsatisfiable { complete: 1000 };
    assert_eq!(range(unsatisfiable).unwrap(), "bytes */1000");
    assert_eq!(range(Answer::Full), None);
}

fn part(headers: &HeaderMap, length: u64) -> Chosen<'_> {
    Chosen {
        status: StatusCode::PARTIAL_CONTENT,
        length,
        ..chosen(headers)
    }
}

fn partial(first: u64, last: u64) -> Answer {
    Answer::Partial {
        range: ByteRange::new(first, last).unwrap(),
        complete: Some(1000),
    }
}
