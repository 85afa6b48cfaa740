//! Tables and properties of updates, and of what the answers to validations mean.

use super::*;
use crate::policy::fields::{Lines, full, headers, lines, random_headers};

// RFC 9111 section 3.2.
#[test]
fn a_field_replaces_all_lines_of_its_name() {
    let mut stored = headers(&[
        ("set-cookie", "a=1"),
        ("x-stays", "1"),
        ("set-cookie", "b=1"),
        ("date", "yesterday"),
        ("content-type", "text/plain"),
    ]);
    let from = headers(&[
        ("date", "today"),
        ("set-cookie", "c=2"),
        ("content-location", "/de"),
        ("set-cookie", "a=2"),
        ("set-cookie", "b=2"),
        ("content-type", "text/html"),
    ]);

    update_fields(&mut stored, &from, false);

    let expected = [
        ("set-cookie", "c=2"),
        ("set-cookie", "a=2"),
        ("set-cookie", "b=2"),
        ("x-stays", "1"),
        ("date", "today"),
        ("content-type", "text/html"),
        ("content-location", "/de"),
    ];
    assert_eq!(lines(&stored), expected);
}

// RFC 9111 sections 3.1 and 3.2.
#[test]
fn what_is_not_stored_or_describes_the_stored_bytes_is_not_updated() {
    let before = [
        ("content-length", "7"),
        ("content-encoding", "gzip"),
        ("content-range", "bytes 0-6/7"),
        ("etag", "\"1\""),
        ("x-hop", "end to end"),
    ];
    let mut stored = headers(&before);
    let from = headers(&[
        ("content-length", "0"),
        ("content-encoding", "br"),
        ("content-range", "bytes 0-0/1"),
        ("etag", "W/\"1\""),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("transfer-encoding", "chunked"),
        ("keep-alive", "timeout=5"),
        ("proxy-authenticate", "Basic"),
        ("age", "100"),
    ]);

    update_fields(&mut stored, &from, false);

    assert_eq!(lines(&stored), before);
}

#[test]
fn a_first_tag_is_added() {
    let mut stored = HeaderMap::new();

    let from = headers(&[("etag", "W/\"1\""), ("content-encoding", "gzip")]);
    update_fields(&mut stored, &from, false);

    assert_eq!(lines(&stored), [("etag", "W/\"1\"")]);
}

// RFC 9111 section 5.2.2.7.
#[test]
fn what_the_directives_that_count_make_private_leaves_a_shared_cache() {
    const PRIVATE: (&str, &str) = ("cache-control", "private=\"set-cookie, link\"");
    let cookies = [("set-cookie", "a=1"), ("set-cookie", "a=2")];
    let link = ("link", "</1>");
    // The stored fields, those of the later response, and what a shared cache keeps.
    let cases: &[(Lines, Lines, Lines)] = &[
        (&[cookies[0], link], &[cookies[1], PRIVATE], &[PRIVATE]),
        (&[PRIVATE], &[cookies[1], link], &[PRIVATE]),
        (
            &[PRIVATE],
            &[cookies[1], ("cache-control", "public")],
            &[("cache-control", "public"), cookies[1]],
        ),
        (&[cookies[0]], &[link], &[cookies[0], link]),
    ];
    for &(before, from, expected) in cases {
        let (mut private, mut shared) = (headers(before), headers(before));

        update_fields(&mut private, &headers(from), false);
        update_fields(&mut shared, &headers(from), true);

        assert_eq!(lines(&shared), expected, "{before:?} {from:?}");
        let all = [before, from].concat();
        assert!(all.iter().all(|(name, _)| private.contains_key(*name)));
    }
}

// RFC 9110 section 7.6.1.
#[test]
fn connection_keeps_no_directive_from_its_recipients() {
    let mut stored = headers(&[("cache-control", "max-age=60")]);
    let from = headers(&[
        ("connection", "cache-control"),
        ("cache-control", "no-store"),
    ]);

    update_fields(&mut stored, &from, false);

    assert_eq!(lines(&stored), [("cache-control", "no-store")]);
}

#[test]
fn the_date_stays_if_the_later_response_has_none() {
    let mut stored = headers(&[("date", "yesterday"), ("x-a", "1")]);

    update_fields(&mut stored, &headers(&[("x-a", "2")]), false);

    assert_eq!(lines(&stored), [("date", "yesterday"), ("x-a", "2")]);
}

#[test]
fn a_map_that_is_full_is_no_panic() {
    let (mut stored, from) = (full("x-a"), full("x-b"));
    let before = stored.clone();

    update_fields(&mut stored, &from, false);

    assert_eq!(stored, before);
}

#[test]
fn an_update_twice_is_the_update_once() {
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (before, from) = (random_headers(&mut random), random_headers(&mut random));
        let shared = random.bool();

        let mut once = before.clone();
        update_fields(&mut once, &from, shared);
        let mut twice = once.clone();
        update_fields(&mut twice, &from, shared);

        assert_eq!(twice, once, "seed {seed}");
        assert!(before.keys().all(|name| once.contains_key(name)));
        for name in before.keys().filter(|name| !from.contains_key(*name)) {
            assert_eq!(once.get_all(name), before.get_all(name), "seed {seed}");
        }
    }
}

#[test]
fn any_bytes_are_compared_without_panic() {
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (first, second) = (random_headers(&mut random), random_headers(&mut random));
        let candidate = |headers| Candidate {
            headers,
            date: crate::policy::Timestamp(0),
        };
        let candidates = [candidate(&first), candidate(&second)];

        let asked = random.bool().then(|| random.usize(..3));
        let updated: Vec<_> = to_update(&candidates, asked, &second).collect();
        let _ = is_for_client(&first, &second, random.bool());

        assert!(updated.iter().all(|index| *index < 2), "seed {seed}");
        let head = on_head(StatusCode::OK, &first, Some(7), StatusCode::OK, &second);
        assert_ne!(head, HeadOutcome::Nothing, "seed {seed}");
    }
}

// RFC 9111 section 4.3.3, RFC 9110 section 15.
#[test]
fn a_status_tells_what_the_validation_brought() {
    use Validation::{Full, NotModified, Other, ServerError};
    let cases = [
        (304, NotModified),
        (200, Full),
        (204, Full),
        (301, Full),
        (404, Full),
        (410, Full),
        (429, Full),
        (499, Full),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
        (600, ServerError),
        (999, ServerError),
        (103, Other),
        (206, Other),
        (412, Other),
        (416, Other),
    ];
    for (status, expected) in cases {
        let validation = after_validation(StatusCode::from_u16(status).unwrap());

        assert_eq!(validation, expected, "{status}");
    }
}

// RFC 9111 section 4.3.2.
#[test]
fn a_304_is_for_the_client_that_holds_what_it_names() {
    const MON: &str = "Mon, 05 Jan 2026 00:00:00 GMT";
    const TUE: &str = "Tue, 06 Jan 2026 00:00:00 GMT";
    // The client's request, the 304, and whether it is the client's if the cache asked, or did not.
    let cases: &[(Lines, Lines, bool, bool)] = &[
        (&[], &[("etag", "\"1\"")], false, false),
        (&[("if-match", "\"1\"")], &[("etag", "\"1\"")], false, false),
        (
            &[("if-none-match", "\"1\"")],
            &[("etag", "\"1\"")],
            true,
            true,
        ),
        (
            &[("if-none-match", "W/\"1\"")],
            &[("etag", "\"1\"")],
            true,
            true,
        ),
        (
            &[
                ("if-none-match", "\"0\""),
                ("if-none-match", "\",\", \"1\""),
            ],
            &[("etag", "W/\"1\"")],
            true,
            true,
        ),
        (
            &[("if-none-match", "\"1\"")],
            &[("etag", "\"2\"")],
            false,
            true,
        ),
        (&[("if-none-match", "\"1\"")], &[], false, true),
        (&[("if-none-match", "*")], &[("etag", "\"2\"")], true, true),
        (
            &[("if-none-match", "\"1\""), ("if-modified-since", TUE)],
            &[("etag", "\"2\""), ("last-modified", MON)],
            false,
            true,
        ),
        (
            &[("if-modified-since", TUE)],
            &[("last-modified", MON)],
            true,
            true,
        ),
        (
            &[("if-modified-since", MON)],
            &[("last-modified", MON)],
            true,
            true,
        ),
        (
            &[("if-modified-since", MON)],
            &[("last-modified", TUE)],
            false,
            true,
        ),
        (&[("if-modified-since", MON)], &[], false, true),
        (
            &[("if-modified-since", "?")],
            &[("last-modified", MON)],
            false,
            true,
        ),
    ];
    for &(client, not_modified, cache_asked, client_asked) in cases {
        let (client, not_modified) = (headers(client), headers(not_modified));

        let with = is_for_client(&client, &not_modified, true);
        let without = is_for_client(&client, &not_modified, false);

        assert_eq!((with, without), (cache_asked, client_asked), "{client:?}");
    }
}
