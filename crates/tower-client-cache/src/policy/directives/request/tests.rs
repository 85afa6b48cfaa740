//! Requests' directives, one by one and against each other.

use http::HeaderValue;
use proptest::prelude::*;

use super::super::scramble::{Member, scrambled};
use super::*;

const NONE: RequestDirectives = RequestDirectives {
    no_store: false,
    no_cache: false,
    only_if_cached: false,
    max_age: None,
    min_fresh: None,
    max_stale: None,
    stale_if_error: None,
};
const NO_STORE: RequestDirectives = RequestDirectives {
    no_store: true,
    ..NONE
};
const NO_CACHE: RequestDirectives = RequestDirectives {
    no_cache: true,
    ..NONE
};
const UNTERMINATED: RequestDirectives = RequestDirectives {
    no_store: true,
    no_cache: true,
    ..NONE
};

#[test]
fn every_directive_is_understood() {
    // RFC 9111 section 5.2.1, RFC 5861 section 4.
    for (value, directives) in [
        ("", NONE),
        ("no-store", NO_STORE),
        ("No-Cache", NO_CACHE),
        (
            "only-if-cached",
            RequestDirectives {
                only_if_cached: true,
                ..NONE
            },
        ),
        ("max-age=5", max_age(5)),
        ("min-fresh=20", min_fresh(20)),
        ("max-stale=10", max_stale(Some(10))),
        ("max-stale", max_stale(Some(FOREVER))),
        ("stale-if-error=7", stale_if_error(7)),
        // Both forms of arguments (section 5.2); arguments where there should be none.
        ("max-age=\"5\"", max_age(5)),
        ("max-age=\"\\5\"", max_age(5)),
        ("no-store=\"x\"", NO_STORE),
        ("no-cache=x", NO_CACHE),
        // Unknown, and for responses (sections 5.2.3 and 5.2.2).
        (
            "x=\"no-store, no-cache\", no-transform, public, max-age=5",
            max_age(5),
        ),
        ("immutable, must-revalidate, s-maxage=1", NONE),
    ] {
        assert_eq!(of(&[value]), directives, "{value}");
    }
}

#[test]
fn what_is_no_number_of_seconds_is_read_strictly() {
    // RFC 9111 section 4.2.1.
    for value in [
        "", "=", "=x", "=1.5", "=-1", "=+1", "= 1", " =1", "=0x1", "=\"1 \"", "=1 1",
    ] {
        // Without a value, any staleness will do (section 5.2.1.2).
        let any = value.is_empty().then_some(FOREVER);
        for (name, directives) in [
            ("max-age", max_age(0)),
            ("min-fresh", min_fresh(FOREVER)),
            ("max-stale", max_stale(any)),
            ("stale-if-error", stale_if_error(0)),
        ] {
            let line = format!("{name}{value}");

            assert_eq!(of(&[&line]), directives, "{line}");
        }
    }
}

#[test]
fn of_several_values_the_strictest_counts() {
    // RFC 9111 section 4.2.1.
    for (lines, directives) in [
        (["max-age=5, max-age=3", "max-age=4"], max_age(3)),
        (["max-age=5", "max-age=x"], max_age(0)),
        (["min-fresh=5, min-fresh=3", "min-fresh=4"], min_fresh(5)),
        (["min-fresh=5", "min-fresh"], min_fresh(FOREVER)),
        (["max-stale", "max-stale=7"], max_stale(Some(7))),
        (["max-stale=7", "max-stale"], max_stale(Some(7))),
        (["max-stale=7", "max-stale=x"], max_stale(Some(7))),
        (
            ["max-age=99999999999", "max-age=2147483648"],
            max_age(FOREVER),
        ),
    ] {
        assert_eq!(of(&lines), directives, "{lines:?}");
    }
}

#[test]
fn bytes_that_are_no_text_hide_nothing() {
    for (line, directives) in [
        (&b"x=\"\xff\xfe\", no-store"[..], NO_STORE),
        (b"\x80, no-store", NO_STORE),
        (b"no-store\xff", NO_STORE),
        (b"max-age=5, \xc3\x28=1", max_age(5)),
        (b"x=\"a, no-store", UNTERMINATED),
        (b"x=\"\\\"", UNTERMINATED),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_bytes(line).unwrap());

        assert_eq!(RequestDirectives::of(&headers), directives, "{line:?}");
    }
}

#[test]
fn pragma_counts_only_without_cache_control() {
    // RFC 9111 section 5.4.
    for (pragma, cache_control, directives) in [
        ("no-cache", None, NO_CACHE),
        ("x, NO-CACHE", None, NO_CACHE),
        ("no-store, x=\"no-cache\"", None, NONE),
        // A string without an end may have swallowed it.
        ("x=\"a, no-cache", None, NO_CACHE),
        ("no-cache", Some(""), NONE),
        ("no-cache", Some("max-age=5"), max_age(5)),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(PRAGMA, HeaderValue::from_static(pragma));
        headers.extend(cache_control.map(|value| (CACHE_CONTROL, HeaderValue::from_static(value))));

        assert_eq!(
            RequestDirectives::of(&headers),
            directives,
            "{pragma}, {cache_control:?}"
        );
    }
}

proptest! {
    #[test]
    fn what_was_printed_is_read_back(
        flags in any::<[bool; 3]>(),
        seconds in any::<[Option<u32>; 4]>(),
        seed in any::<u64>(),
    ) {
        let [no_store, no_cache, only_if_cached] = flags;
        let [max_age, min_fresh, max_stale, stale_if_error] =
            seconds.map(|seconds| seconds.map(|seconds| seconds.min(FOREVER)));
        let directives = RequestDirectives {
            no_store, no_cache, only_if_cached, max_age, min_fresh, max_stale, stale_if_error,
        };
        let members = [
            Member::flag("no-store", no_store),
            Member::flag("no-cache", no_cache),
            Member::flag("only-if-cached", only_if_cached),
            Member::seconds("max-age", max_age),
            Member::seconds("min-fresh", min_fresh),
            Member::seconds("max-stale", max_stale),
            Member::seconds("stale-if-error", stale_if_error),
        ];

        let headers = scrambled(members.into_iter().flatten(), seed);

        prop_assert_eq!(RequestDirectives::of(&headers), directives, "{:?}", headers);
    }
}

fn of(lines: &[&str]) -> RequestDirectives {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CACHE_CONTROL, line.parse().unwrap());
    }
    RequestDirectives::of(&headers)
}

fn max_age(seconds: u32) -> RequestDirectives {
    RequestDirectives {
        max_age: Some(seconds),
        ..NONE
    }
}

fn min_fresh(seconds: u32) -> RequestDirectives {
    RequestDirectives {
        min_fresh: Some(seconds),
        ..NONE
    }
}

fn max_stale(seconds: Option<u32>) -> RequestDirectives {
    RequestDirectives {
        max_stale: seconds,
        ..NONE
    }
}

fn stale_if_error(seconds: u32) -> RequestDirectives {
    RequestDirectives {
        stale_if_error: Some(seconds),
        ..NONE
    }
}
