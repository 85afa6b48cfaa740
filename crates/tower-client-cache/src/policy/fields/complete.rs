//! Whether a response arrived as a whole.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Method, StatusCode};

use crate::policy::ContentRange;

/// Whether a response is complete (RFC 9112 section 8): it came to its end, and with as many bytes
/// as it announced. A 206 announces them by its `Content-Range` too.
#[must_use]
pub fn is_complete(
    headers: &HeaderMap,
    bytes_received: u64,
    ended: bool,
    method: &Method,
    status: StatusCode,
) -> bool {
    ended && Announced::of(headers, method, status).is_met_by(bytes_received)
}

/// How many bytes a response announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// As many as come.
    Any,
    /// These.
    Exactly(u64),
    /// It contradicts itself: no number would do.
    Nothing,
}

impl Announced {
    /// Reads what the head of a response announces.
    #[must_use]
    pub fn of(headers: &HeaderMap, method: &Method, status: StatusCode) -> Self {
        if has_no_content(method, status) {
            return Self::Exactly(0);
        }
        let of_part = match ContentRange::of(headers) {
            Some(ContentRange::Part { range, .. }) if status == StatusCode::PARTIAL_CONTENT => {
                Some(range.len())
            }
            _ => None,
        };
        if headers.contains_key(TRANSFER_ENCODING) {
            if !is_only_chunked(headers) {
                // Whoever read it undid one coding; without the field nobody knows of the others.
                return Self::Nothing;
            }
            // The coding tells the end, and a length beside it counts for nothing (RFC 9112
            // section 6.3).
            return of_part.map_or(Self::Any, Self::Exactly);
        }
        match (length(headers), of_part) {
            (Length::Unknown, None) => Self::Any,
            (Length::Unknown, Some(length)) => Self::Exactly(length),
            (Length::Known(length), part) if part.is_none_or(|part| part == length) => {
                Self::Exactly(length)
            }
            (Length::Known(_) | Length::Invalid, _) => Self::Nothing,
        }
    }

    /// Whether so many bytes are all of it.
    #[must_use]
    pub fn is_met_by(self, bytes: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(announced) => announced == bytes,
            Self::Nothing => false,
        }
    }
}

/// Whether nothing was coded but the framing.
fn is_only_chunked(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(TRANSFER_ENCODING).into_iter();
    let mut codings = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.all(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"chunked"))
}

/// What `Content-Length` says (RFC 9110 section 8.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Length {
    /// It is not there.
    Unknown,
    /// It says this, perhaps several times.
    Known(u64),
    /// It is no number, too great a one, or several.
    Invalid,
}

/// Reads the length that a message announces.
pub(in crate::policy) fn length(headers: &HeaderMap) -> Length {
    let mut known = Length::Unknown;
    for value in headers.get_all(CONTENT_LENGTH) {
        for number in value.as_bytes().split(|byte| *byte == b',') {
            match (number_of(number.trim_ascii()), known) {
                (Some(number), Length::Unknown) => known = Length::Known(number),
                (Some(number), Length::Known(same)) if number == same => {}
                _ => return Length::Invalid,
            }
        }
    }
    known
}

/// Where `Content-Length` tells of another response: what GET would bring, or what is stored.
fn has_no_content(method: &Method, status: StatusCode) -> bool {
    *method == Method::HEAD
        || status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}

fn number_of(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fields::{Lines, headers};

    // RFC 9112 section 8, RFC 9110 section 8.6.
    #[test]
    fn a_response_is_complete_if_it_ended_with_the_length_it_announced() {
        let cases: &[(&[&str], u64, bool, bool)] = &[
            (&[], 7, true, true),
            (&[], 7, false, false),
            (&["7"], 7, true, true),
            (&["007"], 7, true, true),
            (&["7"], 7, false, false),
            (&["7"], 6, true, false),
            (&["7"], 8, true, false),
            (&["0"], 0, true, true),
            (&["7, 7"], 7, true, true),
            (&["7", " 7\t"], 7, true, true),
            (&["7", "8"], 7, true, false),
            (&["8, 7"], 7, true, false),
            (&["7,"], 7, true, false),
            (&[""], 0, true, false),
            (&["+7"], 7, true, false),
            (&["-7"], 7, true, false),
            (&["7.0"], 7, true, false),
            (&["seven"], 7, true, false),
            (&["18446744073709551615"], u64::MAX, true, true),
            (&["18446744073709551616"], 0, true, false),
            (&["92233720368547758087"], 7, true, false),
        ];
        for &(lengths, received, ended, expected) in cases {
            let headers = of_lengths(lengths);

            let complete = is_complete(&headers, received, ended, &Method::GET, StatusCode::OK);

            assert_eq!(complete, expected, "{lengths:?} {received} {ended}");
        }
    }

    // RFC 9110 section 8.6: the length is that of the response to GET.
    #[test]
    fn the_length_does_not_count_where_there_is_no_content() {
        let headers = of_lengths(&["7"]);
        let cases = [
            (Method::HEAD, StatusCode::OK),
            (Method::GET, StatusCode::NO_CONTENT),
            (Method::GET, StatusCode::NOT_MODIFIED),
        ];
        for (method, status) in cases {
            assert!(is_complete(&headers, 0, true, &method, status));
            assert!(!is_complete(&headers, 0, false, &method, status));
            assert!(!is_complete(&headers, 7, true, &method, status));
        }
    }

    // RFC 9112 section 6.3.
    #[test]
    fn a_transfer_coding_overrides_the_length() {
        let headers = headers(&[("content-length", "7"), ("transfer-encoding", "chunked")]);
        let is_complete = |received, ended| {
            super::is_complete(&headers, received, ended, &Method::GET, StatusCode::OK)
        };

        assert!(is_complete(9, true));
        assert!(!is_complete(7, false));
    }

    // RFC 9110 section 14.4.
    #[test]
    fn a_part_is_complete_if_it_has_the_bytes_of_its_range() {
        let range = ("content-range", "bytes 4-9/10");
        let cases: &[(Lines, StatusCode, u64, bool)] = &[
            (&[range], StatusCode::PARTIAL_CONTENT, 6, true),
            (&[range], StatusCode::PARTIAL_CONTENT, 5, false),
            (&[range], StatusCode::PARTIAL_CONTENT, 7, false),
            (
                &[range, ("content-length", "5")],
                StatusCode::PARTIAL_CONTENT,
                5,
                false,
            ),
            (
                &[range, ("content-length", "5")],
                StatusCode::PARTIAL_CONTENT,
                6,
                false,
            ),
            (
                &[range, ("transfer-encoding", "chunked")],
                StatusCode::PARTIAL_CONTENT,
                5,
                false,
            ),
            // Section 15.3.7.2: several parts have their ranges inside.
            (&[], StatusCode::PARTIAL_CONTENT, 5, true),
            // Section 14.4: with other statuses the field means nothing.
            (&[range], StatusCode::OK, 5, true),
        ];
        for &(fields, status, received, expected) in cases {
            let complete = is_complete(&headers(fields), received, true, &Method::GET, status);

            assert_eq!(complete, expected, "{status} {fields:?} {received}");
        }
    }

    fn of_lengths(lengths: &[&str]) -> HeaderMap {
        let lines: Vec<_> = lengths
            .iter()
            .map(|length| ("content-length", *length))
            .collect();
        headers(&lines)
    }
}
