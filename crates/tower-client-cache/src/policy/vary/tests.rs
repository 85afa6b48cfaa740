//! RFC 9111 section 4.1, RFC 9110 section 12.5.5.

use http::header::{AUTHORIZATION, COOKIE};

use super::*;

type Lines = &'static [(&'static str, &'static str)];

#[test]
fn what_is_nominated_is_known_over_all_lines() {
    // RFC 9110 section 12.5.5.
    let table: [(Lines, Option<&[&str]>); 11] = [
        (&[], Some(&[])),
        (&[("vary", "")], Some(&[])),
        (
            &[("vary", "Accept, accept-encoding")],
            Some(&["accept", "accept-encoding"]),
        ),
        (
            &[("vary", "X-B,,\tx-a "), ("vary", "X-A")],
            Some(&["x-a", "x-b"]),
        ),
        (&[("vary", "*")], None),
        (&[("vary", "accept, *")], None),
        (&[("vary", "*, accept")], None),
        (&[("vary", "accept"), ("vary", " * ")], None),
        (&[("vary", "accept; accept-encoding")], None),
        (&[("vary", "\"accept\"")], None),
        (&[("vary", "accept cookie")], None),
    ];

    for (response, expected) in table {
        let vary = Vary::of(&headers(response), &HeaderMap::new());
        let names = vary
            .as_ref()
            .map(|vary| vary.names().map(HeaderName::as_str));
        let names = names.map(Iterator::collect::<Vec<_>>);
        assert_eq!(names.as_deref(), expected, "{response:?}");
    }
}

#[test]
fn requests_match_if_their_nominated_fields_do() {
    // RFC 9111 section 4.1.
    let table: [(&str, Lines, Lines, bool); 19] = [
        ("x-a", &[], &[], true),
        ("x-a", &[], &[("x-b", "1")], true),
        ("x-a", &[("x-b", "1")], &[("x-b", "2")], true),
        ("x-a", &[("x-a", "1")], &[("x-a", "1")], true),
        ("x-a", &[("x-a", "1")], &[("x-a", "2")], false),
        // Absent is not empty.
        ("x-a", &[], &[("x-a", "")], false),
        ("accept-encoding", &[], &[("accept-encoding", "")], false),
        (
            "accept-encoding",
            &[("accept-encoding", "")],
            &[("accept-encoding", " ,")],
            true,
        ),
        // Lines are one list, and nothing else is known of these fields.
        (
            "x-a",
            &[("x-a", "1"), ("x-a", "2")],
            &[("x-a", "1, 2")],
            true,
        ),
        (
            "x-a",
            &[("x-a", " 1 "), ("x-a", "2")],
            &[("x-a", "1"), ("x-a", "\t2")],
            true,
        ),
        (
            "x-a",
            &[("x-a", "1"), ("x-a", "2")],
            &[("x-a", "1,2")],
            false,
        ),
        ("x-a", &[("x-a", "1"), ("x-a", "2")], &[("x-a", "1")], false),
        ("x-a", &[("x-a", "1")], &[("x-a", "1"), ("x-a", "")], false),
        ("x-a", &[("x-a", "1, 2")], &[("x-a", "2, 1")], false),
        ("x-a", &[("x-a", "gzip")], &[("x-a", "GZIP")], false),
        (
            "x-a",
            &[("x-a", "12")],
            &[("x-a", "1"), ("x-a", "2")],
            false,
        ),
        // All have to match.
        (
            "x-a, x-b",
            &[("x-a", "1"), ("x-b", "1")],
            &[("x-a", "1"), ("x-b", "2")],
            false,
        ),
        // Preferences have a syntax that is known.
        (
            "accept-encoding",
            &[("accept-encoding", "gzip, br")],
            &[("accept-encoding", "GZIP"), ("accept-encoding", "br;q=1.0")],
            true,
        ),
        (
            "accept-encoding",
            &[("accept-encoding", "gzip")],
            &[("accept-encoding", "br")],
            false,
        ),
    ];

    for (nominated, one, other, expected) in table {
        let response = HeaderMap::from_iter([(VARY, nominated.parse().unwrap())]);
        let (one, other) = (headers(one), headers(other));
        let matches = |one, other| Vary::of(&response, one).unwrap().matches(other);
        assert_eq!(
            matches(&one, &other),
            expected,
            "{nominated}: {one:?} {other:?}"
        );
        assert_eq!(
            matches(&other, &one),
            expected,
            "{nominated}: {other:?} {one:?}"
        );
    }
}

#[test]
fn without_a_field_its_value_makes_no_difference() {
    // RFC 9110 section 12.5.5, on Authorization.
    let response = headers(&[("vary", "authorization, accept")]);
    let vary = Vary::of(&response, &headers(&[("authorization", "Bearer one")])).unwrap();
    let other = headers(&[("authorization", "Bearer two")]);
    assert!(!vary.matches(&other));

    let vary = vary.without(&AUTHORIZATION);

    assert!(vary.matches(&other));
    assert!(!vary.matches(&headers(&[("accept", "*/*")])));
}

#[test]
fn values_are_not_shown() {
    let request = headers(&[("cookie", "session=secret")]);

    let vary = Vary::of(&headers(&[("vary", "cookie")]), &request).unwrap();

    assert!(format!("{vary:?}").contains(COOKIE.as_str()));
    assert!(!format!("{vary:?}").contains("secret"));
}

#[test]
fn matching_is_reflexive_and_symmetric_for_any_bytes() {
    let mut rng = fastrand::Rng::with_seed(41);
    let response = headers(&[("vary", "accept, accept-encoding, x-a")]);
    let (mut same, mut different) = (0, 0);
    for _ in 0..50_000 {
        let (one, other) = (noise(&mut rng), noise(&mut rng));
        let (of_one, of_other) = (vary(&response, &one), vary(&response, &other));

        assert!(of_one.matches(&one), "{one:?}");
        assert!(of_other.matches(&other), "{other:?}");
        assert_eq!(
            of_one.matches(&other),
            of_other.matches(&one),
            "{one:?} {other:?}"
        );
        if of_one.matches(&other) {
            same += 1;
        } else {
            different += 1;
        }
    }

    assert!(same > 500 && different > 500, "{same} {different}");
}

#[test]
fn any_nomination_is_read_without_a_panic() {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut usable = 0;
    for _ in 0..20_000 {
        let line: Vec<u8> = (0..rng.usize(..6))
            .map(|_| *rng.choice(b"aB-,, \t*\"\xff").unwrap())
            .collect();
        let response = HeaderMap::from_iter([(VARY, HeaderValue::try_from(line).unwrap())]);

        usable += usize::from(Vary::of(&response, &HeaderMap::new()).is_some());
    }

    assert!((1_000..19_000).contains(&usable), "{usable}");
}

fn vary(response: &HeaderMap, request: &HeaderMap) -> Vary {
    Vary::of(response, request).unwrap()
}

/// One field with few bytes, so that some requests are alike.
fn noise(rng: &mut fastrand::Rng) -> HeaderMap {
    let mut request = HeaderMap::new();
    let name = *rng
        .choice(["accept", "accept-encoding", "x-a"])
        .as_ref()
        .unwrap();
    for _ in 0..rng.usize(..3) {
        let line: Vec<u8> = (0..rng.usize(..5))
            .map(|_| *rng.choice(b"aA,; \"=\xff").unwrap())
            .collect();
        request.append(name, HeaderValue::try_from(line).unwrap());
    }
    request
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}
