//! Tables and properties of what is stored and served of a response's fields.

use http::header::SET_COOKIE;

use super::*;

/// Of 2026-01-05, which was a Monday.
const NOON: Timestamp = Timestamp(1_767_614_400);
const NOON_DATE: (&str, &str) = ("date", "Mon, 05 Jan 2026 12:00:00 GMT");

// RFC 9110 section 7.6.1, RFC 9111 section 3.1.
#[test]
fn what_concerns_one_connection_or_one_proxy_is_not_stored() {
    let received = headers(&[
        ("connection", "close, X-Hop"),
        ("connection", "\"quoted\",, x-other ,not there"),
        ("x-hop", "1"),
        ("x-other", "2"),
        ("x-other", "3"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("te", "trailers"),
        ("trailer", "x-sum"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("proxy-authenticate", "Basic"),
        ("proxy-authentication-info", "nextnonce=\"1\""),
        ("proxy-authorization", "Basic x"),
        ("age", "100"),
        ("x-end-to-end", "4"),
        ("cache-status", "Edge; hit"),
        ("www-authenticate", "Basic"),
    ]);

    let stored = storable_fields(&received, &ResponseDirectives::default(), false, NOON);

    let expected = [
        ("x-end-to-end", "4"),
        ("cache-status", "Edge; hit"),
        ("www-authenticate", "Basic"),
        NOON_DATE,
    ];
    assert_eq!(lines(&stored), expected);
}

#[test]
fn order_obs_text_and_sensitivity_are_preserved() {
    let mut received = headers(&[("set-cookie", "a=1"), NOON_DATE, ("link", "</1>")]);
    let mut secret = HeaderValue::from_bytes(b"c=\xff").unwrap();
    secret.set_sensitive(true);
    received.append("set-cookie", secret);
    received.append("link", HeaderValue::from_static("</2>"));
    let directives = ResponseDirectives::default();

    let stored = storable_fields(&received, &directives, true, NOON);
    let served = served_fields(stored.clone(), &[TE], 0);

    for kept in [&stored, &served] {
        let cookies: Vec<_> = kept.get_all(SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1".as_bytes(), b"c=\xff"]);
        assert!(!cookies[0].is_sensitive() && cookies[1].is_sensitive());
        assert!(kept.get_all("link").iter().eq(["</1>", "</2>"]));
    }
    assert!(stored.keys().eq(received.keys()));
}

// RFC 9111 section 5.2.2.7.
#[test]
fn a_private_field_is_stored_by_a_private_cache_only() {
    let received = headers(&[("set-cookie", "a=1"), NOON_DATE]);
    let directives = ResponseDirectives {
        private_fields: vec![SET_COOKIE],
        ..Default::default()
    };

    let private = storable_fields(&received, &directives, false, NOON);
    let shared = storable_fields(&received, &directives, true, NOON);

    assert_eq!(private, received);
    assert_eq!(lines(&shared), [NOON_DATE]);
}

// RFC 9111 section 5.2.2.4.
#[test]
fn a_no_cache_field_is_stored_and_left_out_when_told() {
    let received = headers(&[("set-cookie", "a=1"), NOON_DATE]);
    let directives = ResponseDirectives {
        no_cache_fields: vec![SET_COOKIE],
        ..Default::default()
    };

    let stored = storable_fields(&received, &directives, true, NOON);
    let reused = served_fields(stored.clone(), &directives.no_cache_fields, 5);
    let validated = served_fields(stored, &[], 0);

    assert_eq!(lines(&reused), [NOON_DATE, ("age", "5")]);
    let all = [("set-cookie", "a=1"), NOON_DATE, ("age", "0")];
    assert_eq!(lines(&validated), all);
}

// RFC 9110 section 8.6, RFC 9112 section 6.3.
#[test]
fn a_wrong_or_repeated_length_is_not_stored_as_it_is() {
    let cases: &[(Lines, Option<&str>)] = &[
        (&[("content-length", "42")], Some("42")),
        (&[("content-length", "42, 42")], Some("42")),
        (
            &[("content-length", "42"), ("content-length", "42")],
            Some("42"),
        ),
        (&[("content-length", "42, 43")], None),
        (&[("content-length", "many")], None),
        (
            &[("content-length", "42"), ("transfer-encoding", "chunked")],
            None,
        ),
    ];
    for &(received, expected) in cases {
        let stored = storable_fields(
            &headers(received),
            &ResponseDirectives::default(),
            false,
            NOON,
        );

        let lengths = stored.get_all(CONTENT_LENGTH).iter();
        assert!(lengths.eq(expected), "{received:?}: {stored:?}");
    }
}

// RFC 9110 section 7.6.1.
#[test]
fn connection_takes_nothing_away_that_is_for_all() {
    let options = "Cache-Control, vary, expires, date, etag, last-modified, content-type, \
                   content-encoding, content-range, content-length";
    let kept = [
        ("cache-control", "no-cache"),
        ("vary", "cookie"),
        ("expires", "0"),
        NOON_DATE,
        ("etag", "\"1\""),
        ("last-modified", "yesterday"),
        ("content-type", "text/plain"),
        ("content-encoding", "gzip"),
        ("content-range", "bytes 0-6/7"),
        ("content-length", "7"),
    ];
    let mut received = headers(&kept);
    received.append(CONNECTION, HeaderValue::from_static(options));

    let stored = storable_fields(&received, &ResponseDirectives::default(), false, NOON);

    assert_eq!(lines(&stored), kept);
}

// RFC 9110 section 6.6.1.
#[test]
fn the_receipt_is_the_date_if_there_is_none() {
    let cases: &[(Lines, &[&str])] = &[
        (&[], &[NOON_DATE.1]),
        (&[("date", "yesterday")], &["yesterday"]),
        (&[("date", "1"), ("date", "2")], &["1", "2"]),
    ];
    for &(received, expected) in cases {
        let received = headers(received);

        let stored = storable_fields(&received, &ResponseDirectives::default(), true, NOON);

        assert!(stored.get_all(DATE).iter().eq(expected), "{received:?}");
    }
}

// RFC 9111 section 5.1, RFC 9110 section 6.6.1.
#[test]
fn the_age_is_replaced_and_the_date_is_not() {
    let stored = headers(&[("date", "yesterday"), ("age", "7"), ("age", "8")]);

    let cases = [(0, "0"), (FOREVER, "2147483648"), (u32::MAX, "2147483648")];
    for (age, expected) in cases {
        let served = served_fields(stored.clone(), &[], age);

        assert_eq!(lines(&served), [("date", "yesterday"), ("age", expected)]);
    }
}

#[test]
fn what_connection_names_is_not_stored_unless_it_is_for_all() {
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let received = random_headers(&mut random);

        let (directives, shared) = (ResponseDirectives::default(), random.bool());
        let stored = storable_fields(&received, &directives, shared, NOON);

        let are_for_some = |name: &&HeaderName| **name != DATE && !is_for_all(name);
        for name in stored.keys().filter(are_for_some) {
            let mut options = received
                .get_all(CONNECTION)
                .iter()
                .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
            let is_named =
                options.any(|option| option.trim_ascii().eq_ignore_ascii_case(name.as_ref()));
            assert!(!is_named, "seed {seed}: {name} of {received:?}");
            assert!(!is_for_one_hop(name), "seed {seed}: {name}");
            assert_eq!(stored.get_all(name), received.get_all(name), "seed {seed}");
        }
    }
}

#[test]
fn as_many_names_as_a_map_can_hold_are_no_panic() {
    let received = full("x-");

    let stored = storable_fields(&received, &ResponseDirectives::default(), false, NOON);
    let served = served_fields(stored.clone(), &[AGE], 1);

    assert_eq!(stored, received);
    assert_eq!(served, received);
}

/// As many names that begin like this as a map can hold, the first with two lines.
pub(in crate::policy) fn full(prefix: &str) -> HeaderMap {
    let name = |number| HeaderName::try_from(format!("{prefix}{number}")).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(name(0), 0.into());
    for number in 0_u32.. {
        if headers.try_append(name(number), number.into()).is_err() {
            break;
        }
    }
    headers
}

/// Lines of few names, so that they meet, and of values of any bytes that a field can have.
pub(in crate::policy) fn random_headers(random: &mut fastrand::Rng) -> HeaderMap {
    const NAMES: [&str; 12] = [
        "connection",
        "connection",
        "x-a",
        "x-b",
        "keep-alive",
        "age",
        "content-length",
        "content-encoding",
        "etag",
        "last-modified",
        "location",
        "content-location",
    ];
    let mut headers = HeaderMap::new();
    for _ in 0..random.usize(0..10) {
        let value: Vec<u8> = match random.u8(0..4) {
            0 => {
                let names = (0..random.usize(0..4)).map(|_| NAMES[random.usize(0..NAMES.len())]);
                let names: Vec<_> = names.map(str::to_ascii_uppercase).collect();
                names.join(" ,\t").into_bytes()
            }
            1 => b"//evil.example:80/@\"W/,:?#*.%2e 7\xe4".repeat(2),
            2 => (0..random.usize(0..9))
                .map(|_| b"/:?#@.%2ea\\"[random.usize(0..11)])
                .collect(),
            _ => (0..random.usize(0..12)).map(|_| random.u8(..)).collect(),
        };
        let kept: Vec<u8> = match random.bool() {
            true => value,
            false => value.into_iter().filter(|_| random.u8(0..4) > 0).collect(),
        };
        if let Ok(value) = HeaderValue::from_bytes(&kept) {
            headers.append(NAMES[random.usize(0..NAMES.len())], value);
        }
    }
    headers
}

/// The lines of a table's case.
pub(in crate::policy) type Lines<'a> = &'a [(&'static str, &'a str)];

/// Fields of these lines.
pub(in crate::policy) fn headers(lines: Lines) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for &(name, value) in lines {
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

/// The lines of these fields.
pub(in crate::policy) fn lines(headers: &HeaderMap) -> Vec<(&str, &str)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect()
}
