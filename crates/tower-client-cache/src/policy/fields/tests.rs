//! Tables and properties of what is stored and served of a response's fields.

use http::header::SET_COOKIE;

use super::*;

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

    let stored = storable_fields(&received, &ResponseDirectives::default(), false);

    let expected = [
        ("x-end-to-end", "4"),
        ("cache-status", "Edge; hit"),
        ("www-authenticate", "Basic"),
    ];
    assert_eq!(lines(&stored), expected);
}

#[test]
fn order_obs_text_and_sensitivity_are_preserved() {
    let mut received = headers(&[("set-cookie", "a=1"), ("link", "</1>"), ("x-b", "b")]);
    let mut secret = HeaderValue::from_bytes(b"c=\xff").unwrap();
    secret.set_sensitive(true);
    received.append("set-cookie", secret);
    received.append("link", HeaderValue::from_static("</2>"));
    let directives = ResponseDirectives::default();

    let stored = storable_fields(&received, &directives, true);
    let served = served_fields(&stored, &[TE], 0);

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
    let received = headers(&[("set-cookie", "a=1"), ("x-a", "1")]);
    let directives = ResponseDirectives {
        private_fields: vec![SET_COOKIE],
        ..Default::default()
    };

    let private = storable_fields(&received, &directives, false);
    let shared = storable_fields(&received, &directives, true);

    assert_eq!(private, received);
    assert_eq!(lines(&shared), [("x-a", "1")]);
}

// RFC 9111 section 5.2.2.4.
#[test]
fn a_no_cache_field_is_stored_and_left_out_when_told() {
    let received = headers(&[("set-cookie", "a=1"), ("x-a", "1")]);
    let directives = ResponseDirectives {
        no_cache_fields: vec![SET_COOKIE],
        ..Default::default()
    };

    let stored = storable_fields(&received, &directives, true);
    let reused = served_fields(&stored, &directives.no_cache_fields, 5);
    let validated = served_fields(&stored, &[], 0);

    assert_eq!(lines(&reused), [("x-a", "1"), ("age", "5")]);
    let all = [("set-cookie", "a=1"), ("x-a", "1"), ("age", "0")];
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
        let stored = storable_fields(&headers(received), &ResponseDirectives::default(), false);

        let lengths = stored.get_all(CONTENT_LENGTH).iter();
        assert!(lengths.eq(expected), "{received:?}: {stored:?}");
    }
}

// RFC 9111 section 5.1, RFC 9110 section 6.6.1.
#[test]
fn the_age_is_replaced_and_the_date_is_not() {
    let stored = headers(&[("date", "yesterday"), ("age", "7"), ("age", "8")]);

    let cases = [(0, "0"), (FOREVER, "2147483648"), (u32::MAX, "2147483648")];
    for (age, expected) in cases {
        let served = served_fields(&stored, &[], age);

        assert_eq!(lines(&served), [("date", "yesterday"), ("age", expected)]);
    }
}

#[test]
fn nothing_that_connection_names_is_ever_stored() {
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let received = random_headers(&mut random);

        let stored = storable_fields(&received, &ResponseDirectives::default(), random.bool());

        for name in stored.keys() {
            let mut options = received
                .get_all(CONNECTION)
                .iter()
                .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
            let is_named =
                options.any(|option| option.trim_ascii().eq_ignore_ascii_case(name.as_ref()));
            assert!(!is_named, "seed {seed}: {name} of {received:?}");
            assert!(!is_for_one_hop(name), "seed {seed}: {name}");
            let is_as_received = stored.get_all(name) == received.get_all(name);
            assert!(is_as_received || *name == CONTENT_LENGTH, "seed {seed}");
        }
    }
}

#[test]
fn as_many_names_as_a_map_can_hold_are_no_panic() {
    let received = full("x-");

    let stored = storable_fields(&received, &ResponseDirectives::default(), false);
    let served = served_fields(&stored, &[AGE], 1);

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
