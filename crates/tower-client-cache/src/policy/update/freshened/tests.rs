//! Tables of what a 304 freshens, and of what an answer to HEAD tells.

use super::*;
use crate::policy::fields::{Lines, headers};
use crate::policy::{ResponseDirectives, storable_fields};

const MON: &str = "Mon, 05 Jan 2026 00:00:00 GMT";
const TUE: &str = "Tue, 06 Jan 2026 00:00:00 GMT";
const WED: &str = "Wed, 07 Jan 2026 00:00:00 GMT";

/// Stored responses with their dates, the 304, and the indices it freshens.
type Freshened<'a> = (&'a [(Lines<'a>, i64)], Lines<'a>, &'a [usize]);
/// Stored responses, that which was asked about, the 304, and the indices it freshens.
type Asked<'a> = (&'a [Lines<'a>], Option<usize>, Lines<'a>, &'a [usize]);

// RFC 9111 section 4.3.4.
#[test]
fn a_304_freshens_what_its_validator_names() {
    let strong: Lines = &[("etag", "\"1\"")];
    let weak: Lines = &[("etag", "W/\"1\"")];
    let other: Lines = &[("etag", "\"2\"")];
    let dated: Lines = &[("last-modified", MON), ("date", TUE)];
    let dated_at_once: Lines = &[("last-modified", MON), ("date", MON)];
    let tagged: Lines = &[("etag", "\"1\""), ("last-modified", MON), ("date", TUE)];
    let retagged: Lines = &[("etag", "\"2\""), ("last-modified", MON), ("date", TUE)];
    let weakly_tagged: Lines = &[("etag", "W/\"1\""), ("last-modified", MON), ("date", WED)];
    let bare: Lines = &[];
    let cases: &[Freshened] = &[
        // Strong: all with the same one.
        (&[(strong, 1), (other, 2), (strong, 3)], strong, &[0, 2]),
        (&[(weak, 1), (other, 2)], strong, &[]),
        (&[(bare, 1)], strong, &[]),
        (&[], strong, &[]),
        (
            &[(dated, 1), (dated_at_once, 2), (tagged, 3)],
            dated,
            &[0, 2],
        ),
        (&[(dated, 1), (retagged, 2)], tagged, &[0]),
        (&[(weakly_tagged, 1)], tagged, &[0]),
        // Weak: the most recent, the first of equals.
        (&[(weak, 1), (strong, 3), (weak, 3), (other, 4)], weak, &[1]),
        (&[(other, 1), (bare, 2)], weak, &[]),
        (&[(dated, 5), (dated_at_once, 2)], dated_at_once, &[0]),
        (&[(retagged, 1)], weakly_tagged, &[]),
        (&[(dated_at_once, 1)], weakly_tagged, &[0]),
        // None: the only one, if it has none either.
        (&[(bare, 1)], bare, &[0]),
        (&[(strong, 1)], bare, &[]),
        (&[(dated, 1)], bare, &[]),
        (&[(bare, 1), (bare, 2)], bare, &[]),
        (&[(bare, 1), (strong, 2)], bare, &[]),
    ];
    for (number, (stored, not_modified, expected)) in cases.iter().enumerate() {
        let fields: Vec<_> = stored.iter().map(|(lines, _)| headers(lines)).collect();
        let dates = stored.iter().map(|(_, date)| Timestamp(*date));
        let candidate = |(headers, date)| Candidate { headers, date };
        let candidates: Vec<_> = fields.iter().zip(dates).map(candidate).collect();

        let not_modified = headers(not_modified);
        let updated: Vec<_> = to_update(&candidates, None, &not_modified).collect();

        assert_eq!(updated, *expected, "case {number}");
    }
}

// RFC 9111 section 4.3.4.
#[test]
fn a_304_without_validators_is_about_the_one_that_was_asked_about() {
    let (one, other): (Lines, Lines) = (&[("etag", "\"1\"")], &[("etag", "\"2\"")]);
    let dated: Lines = &[("last-modified", MON), ("date", TUE)];
    let bare: Lines = &[("date", WED)];
    let cases: &[Asked] = &[
        (&[one], Some(0), bare, &[0]),
        (&[dated], Some(0), bare, &[0]),
        (&[one, other], Some(1), bare, &[1]),
        (&[one, dated], Some(0), bare, &[0]),
        // Those that know nothing of each other's validators.
        (&[one, other], None, bare, &[]),
        (&[one], Some(7), bare, &[]),
        // What names another is not about it.
        (&[one, other], Some(0), other, &[1]),
        (&[one], Some(0), other, &[]),
        (&[one], Some(0), &[("etag", "W/\"2\"")], &[]),
        (&[one], Some(0), &[("etag", "unquoted")], &[]),
        (&[dated], Some(0), &[("last-modified", TUE)], &[]),
    ];
    for (number, (stored, asked, not_modified, expected)) in cases.iter().enumerate() {
        let fields: Vec<_> = stored.iter().map(|lines| headers(lines)).collect();
        let date = Timestamp(0);
        let candidate = |headers| Candidate { headers, date };
        let candidates: Vec<_> = fields.iter().map(candidate).collect();

        let not_modified = headers(not_modified);
        let updated: Vec<_> = to_update(&candidates, *asked, &not_modified).collect();

        assert_eq!(updated, *expected, "case {number}");
    }
}

// RFC 9110 sections 6.6.1 and 8.8.2.2.
#[test]
fn a_304_freshens_what_was_stored_without_a_date() {
    let received = headers(&[("last-modified", MON)]);
    let date = Timestamp::parse(TUE.as_bytes()).unwrap();
    let stored = storable_fields(&received, &ResponseDirectives::default(), false, date);
    let not_modified = headers(&[("last-modified", MON), ("date", WED)]);

    let candidates = [Candidate {
        headers: &stored,
        date,
    }];

    assert!(to_update(&candidates, None, &not_modified).eq([0]));
}

#[test]
fn what_is_debugged_shows_no_header_fields() {
    let stored = headers(&[("set-cookie", "session=secret")]);

    let candidate = Candidate {
        headers: &stored,
        date: Timestamp(0),
    };

    assert!(!format!("{candidate:?}").contains("secret"));
}

// RFC 9111 section 4.3.5.
#[test]
fn an_answer_to_head_updates_what_is_the_same_and_makes_the_rest_stale() {
    use HeadOutcome::{Nothing, Stale, Update};
    let stored = headers(&[("etag", "\"1\""), ("last-modified", MON)]);
    let cases: &[(u16, Lines, Option<u64>, HeadOutcome)] = &[
        (200, &[], Some(7), Update),
        (200, &[("etag", "\"1\"")], Some(7), Update),
        (
            200,
            &[("etag", "\"1\""), ("content-length", "7")],
            Some(7),
            Update,
        ),
        (
            200,
            &[("etag", "\"1\""), ("content-length", "8")],
            Some(7),
            Stale,
        ),
        (
            200,
            &[("etag", "\"1\""), ("content-length", "7")],
            None,
            Stale,
        ),
        (200, &[("content-length", "?")], Some(7), Stale),
        (200, &[("etag", "\"2\"")], Some(7), Stale),
        (200, &[("etag", "W/\"1\"")], Some(7), Stale),
        (200, &[("etag", "\"1\""), ("etag", "\"1\"")], Some(7), Stale),
        (200, &[("last-modified", MON)], Some(7), Update),
        (
            200,
            &[("etag", "\"1\""), ("last-modified", TUE)],
            Some(7),
            Stale,
        ),
        (304, &[("etag", "\"1\"")], Some(7), Nothing),
        (404, &[("etag", "\"2\"")], Some(7), Nothing),
        (503, &[], Some(7), Nothing),
    ];
    for &(status, head, length, expected) in cases {
        let status = StatusCode::from_u16(status).unwrap();

        let outcome = on_head(StatusCode::OK, &stored, length, status, &headers(head));

        assert_eq!(outcome, expected, "{status} {head:?} {length:?}");
    }
}

// RFC 9111 section 4.3.5: any validator received has to match.
#[test]
fn an_answer_to_head_with_a_new_validator_makes_stale() {
    let head = headers(&[("etag", "\"1\"")]);

    let stored = HeaderMap::new();
    let outcome = on_head(StatusCode::OK, &stored, Some(7), StatusCode::OK, &head);

    assert_eq!(outcome, HeadOutcome::Stale);
}

// RFC 9111 section 4.3.5: a 200 would not have selected it.
#[test]
fn an_answer_to_head_makes_another_status_stale() {
    use HeadOutcome::{Nothing, Stale, Update};
    let none = HeaderMap::new();
    for (stored, status, expected) in [
        (200, 200, Update),
        (206, 200, Update),
        (204, 200, Stale),
        (301, 200, Stale),
        (404, 200, Stale),
        (404, 404, Nothing),
    ] {
        let [stored, status] = [stored, status].map(|code| StatusCode::from_u16(code).unwrap());

        let outcome = on_head(stored, &none, None, status, &none);

        assert_eq!(outcome, expected, "{status} of {stored}");
    }
}
