//! The grammars of RFC 9110 sections 14.1.1, 14.2 and 14.4, taken literally.

use tower_client_cache::policy::{ByteRange, ContentRange, RangeRequest};

/// Reads a `Range`; of several ranges none.
#[must_use]
pub fn range(value: &[u8]) -> Option<RangeRequest> {
    let value = str::from_utf8(value).ok()?;
    let (unit, set) = value.split_once('=')?;
    let members: Vec<_> = set
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']))
        .filter(|member| !member.is_empty())
        .collect();
    let ([member], "bytes") = (members.as_slice(), unit.to_lowercase().as_str()) else {
        return None;
    };
    let (first, last) = member.split_once('-')?;
    // What no number holds is past the end of everything.
    let number = |digits| number(digits).map(|number| number.unwrap_or(u64::MAX));
    match (first, last) {
        ("", count) => number(count).map(RangeRequest::Suffix),
        (first, "") => number(first).map(RangeRequest::From),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(RangeRequest::Between { first, last })
        }
    }
}

/// Reads a `Content-Range`.
#[must_use]
pub fn content_range(value: &[u8]) -> Option<ContentRange> {
    let value = str::from_utf8(value).ok()?;
    let (unit, rest) = value.split_once(' ')?;
    let (part, complete) = rest.split_once('/')?;
    if unit.to_lowercase() != "bytes" {
        return None;
    }
    if part == "*" {
        let complete = number(complete)??;
        return Some(ContentRange::Unsatisfied { complete });
    }
    let (first, last) = part.split_once('-')?;
    let (first, last) = (number(first)??, number(last)??);
    let complete = if complete == "*" {
        None
    } else {
        Some(number(complete)??)
    };
    if complete.is_some_and(|complete| complete <= last) {
        return None;
    }
    let range = ByteRange::new(first, last)?;
    Some(ContentRange::Part { range, complete })
}

/// Reads digits; the inner `None` is a number that is too great.
fn number(digits: &str) -> Option<Option<u64>> {
    if digits.is_empty() || digits.contains(|char: char| !char.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let wide = match significant.len() {
        0 => Some(0),
        1..=38 => significant.parse::<u128>().ok(),
        _ => None,
    };
    Some(wide.and_then(|wide| u64::try_from(wide).ok()))
}
