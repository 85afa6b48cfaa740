//! RFC 9112 sections 6.3 and 8, RFC 9110 sections 8.6 and 14.4: whether all bytes came.

use http::{HeaderMap, Method, StatusCode};
use tower_client_cache::policy::ContentRange;

use super::lines;
use crate::range_syntax;

/// Whether a response of so many bytes, which came to its end, is whole.
#[must_use]
pub fn is_whole(headers: &HeaderMap, method: &Method, status: StatusCode, bytes: u64) -> bool {
    let code = status.as_u16();
    if *method == Method::HEAD || code < 200 || code == 204 || code == 304 {
        return bytes == 0;
    }
    if code == 206
        && let [range] = lines(headers, "content-range")[..]
        && let Some(ContentRange::Part { range, .. }) = range_syntax::content_range(range)
        && u128::from(bytes) != u128::from(range.last()) + 1 - u128::from(range.first())
    {
        return false;
    }
    let codings = lines(headers, "transfer-encoding");
    let lengths = lines(headers, "content-length");
    match (codings.is_empty(), lengths.is_empty()) {
        // RFC 9112 section 6.3: the coding overrides the length. The crate's choice: of others than
        // `chunked` nobody knows whether they were undone.
        (false, _) => members(&codings).all(|coding| coding.eq_ignore_ascii_case("chunked")),
        (true, false) => members(&lengths).all(|length| is_number(&length, bytes)),
        (true, true) => true,
    }
}

/// What is between commas, empty or not.
fn members(lines: &[&[u8]]) -> impl Iterator<Item = String> {
    let all = String::from_utf8_lossy(&lines.join(b",".as_slice())).into_owned();
    let members: Vec<_> = all
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']).to_owned())
        .collect();
    members.into_iter()
}

/// Whether these are the digits of a number, perhaps after zeros.
fn is_number(digits: &str, number: u64) -> bool {
    let significant = digits.trim_start_matches('0');
    match number {
        0 => !digits.is_empty() && significant.is_empty(),
        _ => significant == number.to_string(),
    }
}
