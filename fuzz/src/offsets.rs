//! Byte ranges as sets of offsets: listed where they are small, else by their ends in wider numbers.

use std::collections::BTreeSet;

use tower_client_cache::policy::{ByteRange, RangeRequest};

/// No set with more members is listed.
const FEW: u128 = 1024;

/// Offsets without a gap, at least one, in numbers that do not overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offsets {
    first: u128,
    /// The one after the last.
    end: u128,
}

impl Offsets {
    /// Takes them from a range.
    #[must_use]
    pub fn of(range: ByteRange) -> Self {
        Self {
            first: range.first().into(),
            end: u128::from(range.last()) + 1,
        }
    }

    /// Returns those that a request asks for (RFC 9110 section 14.1.2); of an unknown length only
    /// those that it names by both ends.
    #[must_use]
    pub fn asked(asked: RangeRequest, length: Option<u64>) -> Option<Self> {
        let length = length.map(u128::from);
        let (first, end) = match (asked, length) {
            (RangeRequest::Between { first, last }, _) => (u128::from(first), u128::from(last) + 1),
            (RangeRequest::From(first), Some(length)) => (u128::from(first), length),
            (RangeRequest::Suffix(count), Some(length)) => {
                (length - length.min(count.into()), length)
            }
            (RangeRequest::From(_) | RangeRequest::Suffix(_), None) => return None,
        };
        let ends = Self {
            first,
            end: length.map_or(end, |length| end.min(length)),
        };
        if let Some(length) = length.filter(|length| *length <= FEW) {
            let one_by_one: BTreeSet<_> = (0..length)
                .filter(|offset| is_asked(asked, *offset, length))
                .collect();
            assert_eq!(
                ends.listed_set(),
                one_by_one,
                "the model contradicts itself"
            );
        }
        (ends.first < ends.end).then_some(ends)
    }

    /// Returns how many they are.
    #[must_use]
    pub fn count(self) -> u128 {
        self.end - self.first
    }

    /// Whether each of them is among others.
    #[must_use]
    pub fn is_subset_of(self, others: Self) -> bool {
        if self.count().max(others.count()) <= FEW {
            return self.listed_set().is_subset(&others.listed_set());
        }
        self.first >= others.first && self.end <= others.end
    }

    /// Returns all of both, if there is no gap.
    #[must_use]
    pub fn union(self, other: Self) -> Option<Self> {
        if self.count().max(other.count()) <= FEW {
            let all = &self.listed_set() | &other.listed_set();
            let (first, last) = (*all.first()?, *all.last()?);
            let end = last + 1;
            return (end - first == all.len() as u128).then_some(Self { first, end });
        }
        let gap = self.first.max(other.first) > self.end.min(other.end);
        (!gap).then_some(Self {
            first: self.first.min(other.first),
            end: self.end.max(other.end),
        })
    }

    /// Returns the offset at a place of a body that has these.
    #[must_use]
    pub fn at(self, place: usize) -> Option<u64> {
        let offset = self.first + place as u128;
        u64::try_from(offset).ok().filter(|_| offset < self.end)
    }

    /// Lists them, if they are few.
    #[must_use]
    pub fn listed(self) -> Option<Vec<u128>> {
        (self.count() <= FEW).then(|| (self.first..self.end).collect())
    }

    fn listed_set(self) -> BTreeSet<u128> {
        (self.first..self.end).collect()
    }
}

fn is_asked(asked: RangeRequest, offset: u128, length: u128) -> bool {
    match asked {
        RangeRequest::Between { first, last } => {
            (u128::from(first)..=u128::from(last)).contains(&offset)
        }
        RangeRequest::From(first) => offset >= u128::from(first),
        RangeRequest::Suffix(count) => length - offset <= u128::from(count),
    }
}
