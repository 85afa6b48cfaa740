//! Responses' directives, one by one and against each other.

mod properties;

use http::HeaderValue;
use http::header::{AUTHORIZATION, SET_COOKIE};

use super::*;
use crate::policy::FOREVER;

#[test]
fn every_directive_is_understood() {
    // RFC 9111 section 5.2.2, RFC 5861, RFC 8246 section 2.
    let cases: [(&str, Set); 25] = [
        ("", |_| {}),
        ("no-store", |it| it.no_store = true),
        ("NO-CACHE", |it| it.no_cache = true),
        ("private", |it| it.private = true),
        ("public", |it| it.public = true),
        ("Must-Revalidate", |it| it.must_revalidate = true),
        ("proxy-revalidate", |it| it.proxy_revalidate = true),
        ("must-understand", |it| it.must_understand = true),
        ("immutable", |it| it.immutable = true),
        ("max-age=60", |it| it.max_age = Some(60)),
        ("s-maxage=60", |it| it.s_maxage = Some(60)),
        ("stale-while-revalidate=60", |it| {
            it.stale_while_revalidate = Some(60);
        }),
        ("stale-if-error=60", |it| it.stale_if_error = Some(60)),
        ("max-age=99999999999", |it| it.max_age = Some(FOREVER)),
        // Both forms of arguments; arguments where there should be none.
        ("max-age=\"60\"", |it| it.max_age = Some(60)),
        ("max-age=\"6\\0\"", |it| it.max_age = Some(60)),
        ("immutable=1, public=\"a, b\"", |it| {
            (it.immutable, it.public) = (true, true);
        }),
        ("no-store=\"x, y\"", |it| it.no_store = true),
        // What was allowed stays so.
        ("public, public x", |it| it.public = true),
        ("immutable, immutable x", |it| it.immutable = true),
        ("must-understand, must-understand x", |it| {
            it.must_understand = true;
        }),
        // Unknown, and for requests (sections 5.2.3 and 5.2.1).
        ("community=\"UCI, no-store\", private", |it| {
            it.private = true;
        }),
        ("x=\"\\\", no-store\", max-age=5", |it| it.max_age = Some(5)),
        ("only-if-cached, max-stale, min-fresh=5", |_| {}),
        ("xmax-age=5, max-agex=5, no_store", |_| {}),
    ];
    for (value, set) in cases {
        let mut expected = ResponseDirectives::default();
        set(&mut expected);

        assert_eq!(of(&[value.as_bytes()]), expected, "{value}");
    }
}

#[test]
fn what_is_no_number_of_seconds_is_stale() {
    // RFC 9111 section 4.2.1.
    for value in [
        "", "=", "=x", "=1.5", "=-1", "=+1", "= 1", " =1", " = 1", "=0x1", "=1 1", "=1s", "=\"\"",
        "=\" 1\"", "=\"1\"1", "=\"1,2\"", "='1'", " 1", ":1",
    ] {
        let line = format!(
            "max-age{value}, s-maxage{value}, stale-while-revalidate{value}, stale-if-error{value}"
        );
        let expected = ResponseDirectives {
            max_age: Some(0),
            s_maxage: Some(0),
            stale_while_revalidate: Some(0),
            stale_if_error: Some(0),
            ..ResponseDirectives::default()
        };

        assert_eq!(of(&[line.as_bytes()]), expected, "{line}");
    }
}

#[test]
fn of_several_values_the_smallest_counts() {
    // RFC 9111 section 4.2.1.
    for (lines, seconds) in [
        (["x=5, x=3", "x=4"], 3),
        (["x=3", "x=\"5\""], 3),
        (["x=5", "x=soon"], 0),
        (["x", "x=5"], 0),
        (["x=99999999999", "x=2147483647"], FOREVER - 1),
    ] {
        let lines = |name| lines.map(|line| line.replace('x', name));
        let found = |name| of(&lines(name).each_ref().map(String::as_bytes));

        assert_eq!(found("max-age").max_age, Some(seconds));
        assert_eq!(found("s-maxage").s_maxage, Some(seconds));
        let stale = found("stale-while-revalidate").stale_while_revalidate;
        assert_eq!(stale, Some(seconds));
        assert_eq!(found("stale-if-error").stale_if_error, Some(seconds));
    }
}

#[test]
fn fields_are_named_or_else_all_are_meant() {
    // RFC 9111 sections 5.2.2.4 and 5.2.2.7: `None` is the whole response.
    let cases: [(&[&str], Option<&[HeaderName]>); 21] = [
        (&["x=\"Set-Cookie\""], Some(&[SET_COOKIE])),
        (
            &["x=\"set-cookie, AUTHORIZATION\""],
            Some(&[AUTHORIZATION, SET_COOKIE]),
        ),
        (&["x=\" ,set-cookie,,\t\""], Some(&[SET_COOKIE])),
        (
            &["x=\"set\\-cookie\\,authorization\""],
            Some(&[AUTHORIZATION, SET_COOKIE]),
        ),
        (&["x=set-cookie"], Some(&[SET_COOKIE])),
        // United, each once.
        (
            &["x=set-cookie", "x=\"authorization, Set-Cookie\""],
            Some(&[AUTHORIZATION, SET_COOKIE]),
        ),
        // The unqualified form is stricter, wherever it stands.
        (&["x", "x=set-cookie"], None),
        (&["x=set-cookie, x"], None),
        // What is not understood is about everything.
        (&["x=\"\""], None),
        (&["x="], None),
        (&["x=\" , \""], None),
        (&["x=\"set-cookie, a b\""], None),
        (&["x=\"set-cookie, \\\"\""], None),
        (&["x=\"set-cookie; authorization\""], None),
        (&["x=\"set-cookie\"authorization"], None),
        (&["x=\"set-cookie\" authorization"], None),
        (&["x= set-cookie"], None),
        (&["x = \"set-cookie\""], None),
        (&["x =set-cookie"], None),
        (&["x=s\u{e4}t"], None),
        (&["x=set-cookie", "x=\"(\""], None),
    ];
    for (lines, fields) in cases {
        let named = |name| {
            let lines: Vec<_> = lines
                .iter()
                .map(|line| line.replacen('x', name, 2))
                .collect();
            of(&lines.iter().map(String::as_bytes).collect::<Vec<_>>())
        };
        let (no_cache, private) = (named("no-cache"), named("private"));

        assert_eq!(no_cache.no_cache, fields.is_none(), "{lines:?}");
        assert_eq!(
            no_cache.no_cache_fields,
            fields.unwrap_or_default(),
            "{lines:?}"
        );
        assert_eq!(private.private, fields.is_none(), "{lines:?}");
        assert_eq!(
            private.private_fields,
            fields.unwrap_or_default(),
            "{lines:?}"
        );
    }
}

#[test]
fn what_is_malformed_forbids_and_never_allows() {
    let forbidding = ResponseDirectives {
        no_store: true,
        no_cache: true,
        private: true,
        must_revalidate: true,
        proxy_revalidate: true,
        ..ResponseDirectives::default()
    };
    for junk in [
        &b" x"[..],
        b"\xff",
        b" =1",
        b"= 1",
        b"=\"1\"1",
        b"\"",
        b";x",
    ] {
        let line: Vec<u8> = [
            "no-store",
            "no-cache",
            "private",
            "must-revalidate",
            "proxy-revalidate",
            "public",
            "immutable",
            "must-understand",
        ]
        .iter()
        .flat_map(|name| [name.as_bytes(), junk, b", "].concat())
        .collect();

        assert_eq!(of(&[&line]), forbidding, "{junk:?}");
    }
}

#[test]
fn a_string_without_an_end_may_have_said_anything() {
    let strict = ResponseDirectives {
        no_store: true,
        no_cache: true,
        max_age: Some(60),
        ..ResponseDirectives::default()
    };
    let cases: [&[&[u8]]; 7] = [
        &[b"max-age=60, x=\"a, b"],
        // Two lines with such a string, after somebody joined them.
        &[b"max-age=60, x=\"a, no-store, y=\"b\""],
        &[b"max-age=60, x=\"a, no-store, y=\"b, c\""],
        &[b"max-age=60, x=\"a\\\""],
        &[b"must-understand, max-age=60, no-cache=\"set-cookie"],
        // Another line is not part of it.
        &[b"x=\"a, immutable", b"max-age=60"],
        &[
            b"no-cache=set-cookie, x=\"\xff",
            b"max-age=60, must-understand",
        ],
    ];
    for lines in cases {
        assert_eq!(of(lines), strict, "{lines:?}");
    }
}

// RFC 9111 section 5.2.2.7.
#[test]
fn whoever_calls_the_directives_private_means_the_whole_response() {
    let private = ResponseDirectives {
        private: true,
        max_age: Some(60),
        ..ResponseDirectives::default()
    };
    for line in [
        "max-age=60, private=cache-control",
        "max-age=60, private=\"set-cookie, Cache-Control\"",
    ] {
        assert_eq!(of(&[line.as_bytes()]), private, "{line}");
    }
}

/// Sets what is expected.
type Set = fn(&mut ResponseDirectives);

fn of(lines: &[&[u8]]) -> ResponseDirectives {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CACHE_CONTROL, HeaderValue::from_bytes(line).unwrap());
    }
    ResponseDirectives::of(&headers)
}
