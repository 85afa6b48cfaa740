//! Which stored responses an answer is about.

use http::header::{ETAG, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};

use crate::policy::fields::{Length, length};
use crate::policy::{Timestamp, Validators};

/// A stored response that could have been chosen for the request that was validated.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its fields.
    pub headers: &'a HeaderMap,
    /// Its date, or when it was received if it has none.
    pub date: Timestamp,
}

/// Returns the indices of the stored responses that a 304 freshens (RFC 9111 section 4.3.4): all
/// with its strong validator, else the most recent one with its weak validator, else the only one
/// if neither has a validator. Of several as recent it is the first.
///
/// An entity tag goes before `Last-Modified`: that counts as strong only in a 304 without a tag,
/// and never against tags that differ.
pub fn to_update<'a>(
    candidates: &'a [Candidate<'a>],
    not_modified: &'a HeaderMap,
) -> impl Iterator<Item = usize> + 'a {
    let new = Validators::of(not_modified);
    let all = is_strong(&new);
    let one = if all { None } else { only(candidates, &new) };
    let chosen = move |(index, candidate): &(usize, &Candidate<'_>)| {
        one == Some(*index) || (all && is_same(&Validators::of(candidate.headers), &new))
    };
    let numbered = candidates.iter().enumerate();
    numbered.filter(chosen).map(|(index, _)| index)
}

/// What a response to HEAD makes of a stored response to GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeadOutcome {
    /// It is still the same: its fields are to be updated.
    Update,
    /// It has changed, and is stale from now on.
    Stale,
    /// Nothing was learnt about it.
    Nothing,
}

/// Compares a response to HEAD with a stored response that could have been chosen for it (RFC 9111
/// section 4.3.5).
///
/// `stored_length` is that of the whole representation in store, which may have no
/// `Content-Length`; `None` if only a part of it is there.
#[must_use]
pub fn on_head(
    stored: &HeaderMap,
    stored_length: Option<u64>,
    status: StatusCode,
    head: &HeaderMap,
) -> HeadOutcome {
    if status != StatusCode::OK {
        return HeadOutcome::Nothing;
    }
    let same_validators = [ETAG, LAST_MODIFIED]
        .iter()
        .all(|name| !head.contains_key(name) || head.get_all(name) == stored.get_all(name));
    let same_length = match length(head) {
        Length::Unknown => true,
        Length::Known(length) => stored_length == Some(length),
        Length::Invalid => false,
    };
    if same_validators && same_length {
        HeadOutcome::Update
    } else {
        HeadOutcome::Stale
    }
}

fn only(candidates: &[Candidate<'_>], new: &Validators<'_>) -> Option<usize> {
    if new.is_empty() {
        let [candidate] = candidates else { return None };
        return Validators::of(candidate.headers).is_empty().then_some(0);
    }
    let numbered = candidates.iter().enumerate();
    numbered
        .filter(|(_, candidate)| is_alike(&Validators::of(candidate.headers), new))
        // The greatest is the last of equals.
        .rev()
        .max_by_key(|(_, candidate)| candidate.date)
        .map(|(index, _)| index)
}

fn is_strong(new: &Validators<'_>) -> bool {
    match new.etag {
        Some(tag) => !tag.is_weak(),
        None => new.last_modified_is_strong,
    }
}

/// Whether both have the same strong validator, and no tags that differ.
fn is_same(stored: &Validators<'_>, new: &Validators<'_>) -> bool {
    let same_date = stored.last_modified_is_strong
        && new.last_modified_is_strong
        && stored.last_modified == new.last_modified;
    match (stored.etag, new.etag) {
        (Some(stored), Some(new)) => stored.strong_eq(new) || (same_date && stored.weak_eq(new)),
        _ => same_date,
    }
}

/// Whether both have the same validator: the tag where both have one.
fn is_alike(stored: &Validators<'_>, new: &Validators<'_>) -> bool {
    match (stored.etag, new.etag) {
        (Some(stored), Some(new)) => stored.weak_eq(new),
        _ => stored.last_modified.is_some() && stored.last_modified == new.last_modified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fields::{Lines, headers};

    const MON: &str = "Mon, 05 Jan 2026 00:00:00 GMT";
    const TUE: &str = "Tue, 06 Jan 2026 00:00:00 GMT";
    const WED: &str = "Wed, 07 Jan 2026 00:00:00 GMT";

    /// Stored responses with their dates, the 304, and the indices it freshens.
    type Freshened<'a> = (&'a [(Lines<'a>, i64)], Lines<'a>, &'a [usize]);

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
            let updated: Vec<_> = to_update(&candidates, &not_modified).collect();

            assert_eq!(updated, *expected, "case {number}");
        }
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

            let outcome = on_head(&stored, length, status, &headers(head));

            assert_eq!(outcome, expected, "{status} {head:?} {length:?}");
        }
    }

    // RFC 9111 section 4.3.5: any validator received has to match.
    #[test]
    fn an_answer_to_head_with_a_new_validator_makes_stale() {
        let head = headers(&[("etag", "\"1\"")]);

        let outcome = on_head(&HeaderMap::new(), Some(7), StatusCode::OK, &head);

        assert_eq!(outcome, HeadOutcome::Stale);
    }
}
