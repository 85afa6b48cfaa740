//! How many bytes a response announces is told at its head, and counts at its end.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, Method, StatusCode};
use tower_client_cache::policy::{Announced, ContentRange, is_complete};

use crate::model::complete::is_whole;

const STATUSES: [StatusCode; 6] = [
    StatusCode::CONTINUE,
    StatusCode::OK,
    StatusCode::NO_CONTENT,
    StatusCode::PARTIAL_CONTENT,
    StatusCode::NOT_MODIFIED,
    StatusCode::NOT_FOUND,
];

/// Compares it with the literal reading, for every number of bytes that is told of, and others.
pub fn lengths(headers: &HeaderMap) {
    for (method, status) in [Method::GET, Method::HEAD]
        .iter()
        .flat_map(|method| STATUSES.map(|status| (method, status)))
    {
        let announced = Announced::of(headers, method, status);
        let mut met = 0;
        let all = numbers(headers);
        for bytes in &all {
            let expected = is_whole(headers, method, status, *bytes);
            let case = || format!("{announced:?} for {bytes} of {status} to {method}");
            assert_eq!(announced.is_met_by(*bytes), expected, "{}", case());
            let complete = |ended| is_complete(headers, *bytes, ended, method, status);
            assert_eq!(complete(true), expected, "{}", case());
            assert!(!complete(false), "{}", case());
            met += usize::from(expected);
        }
        let expected = match announced {
            Announced::Any => all.len(),
            Announced::Exactly(number) => {
                assert!(all.contains(&number), "{number} comes from nowhere");
                1
            }
            Announced::Nothing => 0,
        };
        assert_eq!(met, expected, "{announced:?} among {all:?}");
    }
}

/// Each once.
fn numbers(headers: &HeaderMap) -> Vec<u64> {
    let lengths = headers.get_all(CONTENT_LENGTH).iter();
    let lengths = lengths
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .filter_map(|number| str::from_utf8(number.trim_ascii()).ok()?.parse().ok());
    let ranges = headers.get_all(CONTENT_RANGE).iter();
    let ranges = ranges.filter_map(|range| match ContentRange::parse(range.as_bytes())? {
        ContentRange::Part { range, .. } => Some(range.len()),
        ContentRange::Unsatisfied { .. } => None,
    });
    let told = lengths.chain(ranges);
    let near =
        told.flat_map(|number: u64| [number.wrapping_sub(1), number, number.wrapping_add(1)]);
    let mut all: Vec<_> = near.chain([0, 1, u64::MAX]).collect();
    all.sort_unstable();
    all.dedup();
    all
}
