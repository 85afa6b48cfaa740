//! Which stored responses an answer is about.

use std::fmt;

use http::header::{ETAG, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};

use crate::policy::fields::{Length, length};
use crate::policy::{Timestamp, Validators};

/// A stored response that could have been chosen for the request that was validated.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// Its fields.
    pub headers: &'a HeaderMap,
    /// Its date, or when it was received if it has none.
    pub date: Timestamp,
}

impl fmt::Debug for Candidate<'_> {
    /// Leaves the header fields out: who set a cookie did not expect to find it in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate")
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

/// Returns the indices of the stored responses that a 304 freshens (RFC 9111 section 4.3.4).
///
/// It freshens all with its strong validator, else the most recent one with its weak validator,
/// else the only one if neither has a validator. Of several as recent it is the first.
///
/// `candidates` are those whose `Vary` matches the request, and no others. `asked` is the one whose
/// validators were sent, if they were those of one and of nobody else: a 304 without `ETag` and
/// `Last-Modified` can be about nothing but it.
///
/// An entity tag goes before `Last-Modified`: that counts as strong only in a 304 without a tag,
/// and never against tags that differ. A strong tag freshens nothing that is stored with a weak
/// one, even of the same characters: they do not promise the same bytes. If nothing is freshened,
/// and the 304 [is not for the client](super::is_for_client), the request is sent again without
/// conditions.
pub fn to_update<'a>(
    candidates: &'a [Candidate<'a>],
    asked: Option<usize>,
    not_modified: &'a HeaderMap,
) -> impl Iterator<Item = usize> + 'a {
    let new = Validators::of(not_modified);
    let all = is_strong(&new);
    let one = if all {
        None
    } else {
        let asked = asked.filter(|_| is_bare(not_modified));
        asked.or_else(|| only(candidates, &new))
    };
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
/// `Content-Length`; `None` if only a part of it is there. A `stored_status` that is not that of a
/// representation, nor of a part of one, is another answer than this 200.
#[must_use]
pub fn on_head(
    stored_status: StatusCode,
    stored: &HeaderMap,
    stored_length: Option<u64>,
    status: StatusCode,
    head: &HeaderMap,
) -> HeadOutcome {
    if status != StatusCode::OK {
        return HeadOutcome::Nothing;
    }
    let is_representation = [StatusCode::OK, StatusCode::PARTIAL_CONTENT].contains(&stored_status);
    let same_validators = [ETAG, LAST_MODIFIED]
        .iter()
        .all(|name| !head.contains_key(name) || head.get_all(name) == stored.get_all(name));
    let same_length = match length(head) {
        Length::Unknown => true,
        Length::Known(length) => stored_length == Some(length),
        Length::Invalid => false,
    };
    if is_representation && same_validators && same_length {
        HeadOutcome::Update
    } else {
        HeadOutcome::Stale
    }
}

fn is_bare(not_modified: &HeaderMap) -> bool {
    !not_modified.contains_key(ETAG) && !not_modified.contains_key(LAST_MODIFIED)
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
mod tests;
