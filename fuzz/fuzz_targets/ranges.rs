//! Arithmetic of byte ranges against sets of offsets.

#![no_main]

use std::fmt::{self, Debug, Display};

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use tower_client_cache::policy::{ByteRange, ContentRange, RangeRequest};
use tower_client_fuzz::offsets::Offsets;
use tower_client_fuzz::range_syntax;

fuzz_target!(|input: Input<'_>| {
    let Input {
        one: (one_first, one_last),
        other: (other_first, other_last),
        asked,
        length,
        complete,
        text,
    } = input;

    let one = made(one_first.0, one_last.0);
    let other = made(other_first.0, other_last.0);
    if let (Some(one), Some(other)) = (one, other) {
        pairs(one, other);
    }
    let asked = asked.of();
    resolution(asked, length.0);
    if let Some(held) = one {
        coverage(held, complete.map(|complete| complete.0), asked);
    }
    prints_as_it_reads(asked, is_range(asked), RangeRequest::parse);
    syntax(text);
});

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    one: (Number, Number),
    other: (Number, Number),
    asked: Asked,
    length: Number,
    complete: Option<Number>,
    text: &'a [u8],
}

/// Small ones, which meet, and those where arithmetic overflows.
struct Number(u64);

impl Arbitrary<'_> for Number {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Self> {
        Ok(Self(match u8::arbitrary(bytes)? {
            small @ 0..200 => small.into(),
            near_the_end @ 200..250 => u64::MAX - u64::from(near_the_end - 200),
            _ => u64::arbitrary(bytes)?,
        }))
    }
}

impl Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

#[derive(Arbitrary, Debug)]
enum Asked {
    Between(Number, Number),
    From(Number),
    Suffix(Number),
}

impl Asked {
    fn of(self) -> RangeRequest {
        match self {
            Self::Between(first, last) => RangeRequest::Between {
                first: first.0,
                last: last.0,
            },
            Self::From(first) => RangeRequest::From(first.0),
            Self::Suffix(count) => RangeRequest::Suffix(count.0),
        }
    }
}

fn made(first: u64, last: u64) -> Option<ByteRange> {
    let range = ByteRange::new(first, last);
    assert_eq!(range.is_some(), first <= last && last != u64::MAX);
    if let Some(range) = range {
        assert_eq!((range.first(), range.last()), (first, last));
        assert_eq!(u128::from(range.len()), Offsets::of(range).count());
    }
    range
}

fn pairs(one: ByteRange, other: ByteRange) {
    let (ones, others) = (Offsets::of(one), Offsets::of(other));
    assert_eq!(one.contains(other), others.is_subset_of(ones));
    assert_eq!(one.union(other).map(Offsets::of), ones.union(others));
    assert_eq!(one.union(other), other.union(one));

    let slice = other.slice_of(one);
    assert_eq!(slice.is_some(), others.is_subset_of(ones));
    if let Some(slice) = slice {
        // The body has the bytes of `one`; at each place of it is the offset.
        assert_eq!(slice.len() as u128, others.count());
        assert_eq!(ones.at(slice.start), Some(other.first()));
        assert_eq!(ones.at(slice.end - 1), Some(other.last()));
        if let Some(body) = ones.listed() {
            assert_eq!(Some(body[slice].to_vec()), others.listed());
        }
    }
}

/// RFC 9110 section 14.1.2.
fn resolution(asked: RangeRequest, length: u64) {
    let expected = Offsets::asked(asked, Some(length));
    assert_eq!(asked.resolve(length).map(Offsets::of), expected);
}

/// RFC 9111 section 3.3.
fn coverage(held: ByteRange, complete: Option<u64>, asked: RangeRequest) {
    let part = ContentRange::Part {
        range: held,
        complete,
    };
    let is_valid = complete.is_none_or(|complete| held.last() < complete);
    prints_as_it_reads(part, is_valid, ContentRange::parse);
    if is_valid {
        let expected =
            Offsets::asked(asked, complete).filter(|wanted| wanted.is_subset_of(Offsets::of(held)));
        assert_eq!(part.covers(asked).map(Offsets::of), expected);
    }
    if let Some(complete) = complete {
        let none = ContentRange::Unsatisfied { complete };
        prints_as_it_reads(none, true, ContentRange::parse);
        assert_eq!(none.covers(asked), None);
    }
}

/// Fields as they come from the network.
fn syntax(text: &[u8]) {
    let Ok(value) = http::HeaderValue::from_bytes(text) else {
        return;
    };
    let text = value.as_bytes();
    let range = RangeRequest::parse(text);
    assert_eq!(range, range_syntax::range(text));
    if let Some(range) = range {
        prints_as_it_reads(range, true, RangeRequest::parse);
    }
    let content_range = ContentRange::parse(text);
    assert_eq!(content_range, range_syntax::content_range(text));
    if let Some(range) = content_range {
        prints_as_it_reads(range, true, ContentRange::parse);
    }
}

fn is_range(asked: RangeRequest) -> bool {
    !matches!(asked, RangeRequest::Between { first, last } if first > last)
}

fn prints_as_it_reads<T: Display + Debug + Copy + PartialEq>(
    printed: T,
    is_valid: bool,
    parse: fn(&[u8]) -> Option<T>,
) {
    let expected = is_valid.then_some(printed);
    assert_eq!(parse(printed.to_string().as_bytes()), expected);
}
