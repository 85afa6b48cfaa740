//! RFC 9110 sections 14.1.2, 14.2 and 14.4.

mod properties;

use super::*;

use RangeRequest::{Between, From as Onward, Suffix};

#[test]
fn one_range_of_bytes_is_understood() {
    // RFC 9110 sections 14.1.1 and 14.1.2.
    let between = |first, last| Some(Between { first, last });
    let table: [(&[u8], _); 28] = [
        (b"bytes=0-499", between(0, 499)),
        (b"bytes=0-0", between(0, 0)),
        (b"bytes=9500-", Some(Onward(9500))),
        (b"bytes=-500", Some(Suffix(500))),
        (b"bytes=-0", Some(Suffix(0))),
        (b"BYTES=0-1", between(0, 1)),
        (b"bytes= 0-1", between(0, 1)),
        (b"bytes=,0-1,", between(0, 1)),
        (b"bytes=007-0010", between(7, 10)),
        (b"bytes=0-99999999999999999999999", between(0, u64::MAX)),
        (b"bytes=-18446744073709551616", Some(Suffix(u64::MAX))),
        (b"bytes=18446744073709551616-", Some(Onward(u64::MAX))),
        // Several are not supported, other units not understood.
        (b"bytes=0-0,-1", None),
        (b"bytes=0-0, 1-1", None),
        (b"lines=0-1", None),
        // Invalid.
        (b"bytes=1-0", None),
        (b"bytes=-", None),
        (b"bytes=", None),
        (b"bytes", None),
        (b"", None),
        (b"bytes 0-1", None),
        (b"bytes =0-1", None),
        (b"bytes=0 - 1", None),
        (b"bytes=+0-1", None),
        (b"bytes=--1", None),
        (b"bytes=0-1-2", None),
        (b"bytes=0x0-1", None),
        (b"bytes=0-\xff", None),
    ];

    for (text, expected) in table {
        assert_eq!(
            RangeRequest::parse(text),
            expected,
            "{}",
            text.escape_ascii()
        );
    }
}

#[test]
fn two_lines_of_ranges_are_ignored() {
    let line = HeaderValue::from_static("bytes=0-1");
    let one = HeaderMap::from_iter([(RANGE, line.clone())]);
    let mut two = one.clone();
    two.append(RANGE, line);

    assert!(RangeRequest::of(&one).is_some());
    assert!(RangeRequest::of(&two).is_none());
}

#[test]
fn a_range_is_cut_at_the_end() {
    // RFC 9110 section 14.1.2: a representation of length 10000, and the edges.
    let table = [
        (
            Between {
                first: 0,
                last: 499,
            },
            10_000,
            Some((0, 499)),
        ),
        (
            Between {
                first: 9_999,
                last: 20_000,
            },
            10_000,
            Some((9_999, 9_999)),
        ),
        (
            Between {
                first: 10_000,
                last: 20_000,
            },
            10_000,
            None,
        ),
        (Suffix(500), 10_000, Some((9_500, 9_999))),
        (Suffix(20_000), 10_000, Some((0, 9_999))),
        (Suffix(0), 10_000, None),
        (Onward(9_500), 10_000, Some((9_500, 9_999))),
        (Onward(10_000), 10_000, None),
        (Onward(0), 0, None),
        (Suffix(1), 0, None),
        (Between { first: 0, last: 0 }, 0, None),
        (Onward(u64::MAX), u64::MAX, None),
        (
            Onward(u64::MAX - 1),
            u64::MAX,
            Some((u64::MAX - 1, u64::MAX - 1)),
        ),
        (Suffix(u64::MAX), u64::MAX, Some((0, u64::MAX - 1))),
    ];

    for (asked, length, expected) in table {
        let resolved = asked
            .resolve(length)
            .map(|range| (range.first(), range.last()));
        assert_eq!(resolved, expected, "{asked} of {length}");
    }
}

#[test]
fn content_range_is_read_and_written() {
    // RFC 9110 section 14.4.
    let part = |first, last, complete| {
        let range = ByteRange { first, last };
        Some(ContentRange::Part { range, complete })
    };
    let table: [(&str, _); 19] = [
        ("bytes 42-1233/1234", part(42, 1233, Some(1234))),
        ("bytes 42-1233/*", part(42, 1233, None)),
        ("bytes 0-0/18446744073709551615", part(0, 0, Some(u64::MAX))),
        (
            "bytes */1234",
            Some(ContentRange::Unsatisfied { complete: 1234 }),
        ),
        ("bytes */0", Some(ContentRange::Unsatisfied { complete: 0 })),
        ("bytes 43-42/1234", None),
        ("bytes 42-1234/1234", None),
        ("bytes 0-0/0", None),
        ("bytes */*", None),
        ("bytes */", None),
        ("bytes 1-2", None),
        ("bytes  1-2/3", None),
        ("bytes=1-2/3", None),
        ("bytes -2/3", None),
        ("bytes 1-/3", None),
        ("bytes 1-+2/3", None),
        ("lines 1-2/3", None),
        ("bytes 0-18446744073709551615/*", None),
        ("bytes 0-0/18446744073709551616", None),
    ];

    for (text, expected) in table {
        let read = ContentRange::parse(text.as_bytes());
        assert_eq!(read, expected, "{text}");
        if let Some(range) = read {
            assert_eq!(HeaderValue::from(range), text);
        }
    }
    assert_eq!(ContentRange::parse(b"Bytes 1-2/3"), part(1, 2, Some(3)));
}

#[test]
fn a_part_answers_what_is_wholly_in_it() {
    // RFC 9111 section 3.3.
    let between = |first, last| Between { first, last };
    let table = [
        ("bytes 100-199/1000", between(100, 199), Some((100, 199))),
        ("bytes 100-199/1000", between(150, 150), Some((150, 150))),
        ("bytes 100-199/1000", between(99, 150), None),
        ("bytes 100-199/1000", between(150, 200), None),
        ("bytes 100-199/1000", Onward(100), None),
        ("bytes 900-999/1000", Onward(950), Some((950, 999))),
        ("bytes 900-999/1000", between(950, 5000), Some((950, 999))),
        ("bytes 900-999/1000", Suffix(100), Some((900, 999))),
        ("bytes 900-999/1000", Suffix(101), None),
        ("bytes 900-999/1000", Onward(1000), None),
        ("bytes 900-999/*", between(900, 999), Some((900, 999))),
        ("bytes 900-999/*", between(900, 1000), None),
        ("bytes 900-999/*", Onward(900), None),
        ("bytes 900-999/*", Suffix(1), None),
        ("bytes */1000", between(0, 1), None),
    ];

    for (held, asked, expected) in table {
        let held = ContentRange::parse(held.as_bytes()).unwrap();
        let covered = held
            .covers(asked)
            .map(|range| (range.first(), range.last()));
        assert_eq!(covered, expected, "{asked} of {held}");
    }
}

#[test]
fn parts_are_one_if_nothing_is_between_them() {
    // RFC 9111 section 3.4.
    let range = |first, last| ByteRange::new(first, last).unwrap();
    let end = u64::MAX - 1;
    let table = [
        (range(0, 4), range(5, 9), Some(range(0, 9))),
        (range(0, 4), range(6, 9), None),
        (range(0, 9), range(3, 4), Some(range(0, 9))),
        (range(0, 4), range(2, 9), Some(range(0, 9))),
        (range(0, 0), range(end, end), None),
        (range(0, end), range(end, end), Some(range(0, end))),
    ];

    for (one, other, expected) in table {
        assert_eq!(one.union(other), expected, "{one:?} {other:?}");
        assert_eq!(other.union(one), expected, "{other:?} {one:?}");
    }
}

#[test]
fn a_part_is_found_in_the_body_that_is_held() {
    let held = ByteRange::new(100, 199).unwrap();

    let slice = |first, last| ByteRange::new(first, last).unwrap().slice_of(held);

    assert_eq!(slice(100, 199), Some(0..100));
    assert_eq!(slice(150, 150), Some(50..51));
    assert_eq!(slice(99, 150), None);
    assert_eq!(slice(150, 200), None);
}
