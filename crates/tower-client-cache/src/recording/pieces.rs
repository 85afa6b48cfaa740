//! What is kept of an answer: pieces of memory, in their order.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::mem;

use bytes::Bytes;

use crate::Content;

/// What comes in chunks of this size is kept as it comes; smaller ones are copied together, so that
/// neither a server that sends single bytes costs much memory, nor a few bytes keep a long buffer.
const PIECE: usize = 16 * 1024;
/// Up to this length, memory for all of it is reserved at once, if the length is known.
const ONE_BUFFER: u64 = 64 * 1024;
/// Up to this length it is joined at the end, into memory of its own: a chunk is a part of a buffer
/// that may be far longer, and would be kept with it for as long as it is stored.
const JOINED: usize = 1024 * 1024;

/// The bytes of an answer from some point on.
#[derive(Default)]
pub(super) struct Pieces {
    /// Each with where it starts.
    whole: VecDeque<(u64, Bytes)>,
    /// What comes after these, and will be the next.
    tail: Vec<u8>,
    /// The length of the answer, for the first tail, if it is to hold everything.
    expected: Option<usize>,
    end: u64,
    /// Whether some of it is memory of others, who may have far more of it than these bytes.
    is_lent: bool,
}

impl Pieces {
    pub(super) fn new(expected: Option<u64>) -> Self {
        let expected = expected.filter(|length| (1..=ONE_BUFFER).contains(length));
        Self {
            expected: expected.and_then(|length| length.try_into().ok()),
            ..Self::default()
        }
    }

    /// Returns where the next chunk goes: how many bytes there were in all.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Adds a chunk.
    pub(super) fn append(&mut self, chunk: &Bytes) {
        let mut rest: &[u8] = chunk;
        while !rest.is_empty() {
            if self.takes_whole(rest) {
                self.freeze_tail();
                self.is_lent = true;
                self.push(chunk.slice_ref(rest));
                return;
            }
            rest = self.fill_tail(rest);
        }
    }

    /// Goes past a chunk without keeping it, nor what was before it.
    pub(super) fn pass(&mut self, chunk: &Bytes) {
        self.whole.clear();
        self.tail = Vec::new();
        self.expected = None;
        self.end += length(chunk);
    }

    /// Returns what is kept from a position to a limit, or the beginning of that.
    pub(super) fn read(&self, position: u64, limit: u64) -> Option<Bytes> {
        let range = |start: u64, length: usize| {
            let from = usize::try_from(position.checked_sub(start)?).ok()?;
            let to = usize::try_from(limit.checked_sub(start)?).unwrap_or(usize::MAX);
            let to = to.min(length);
            (from < to).then_some(from..to)
        };
        let following = self.whole.partition_point(|(start, _)| *start <= position);
        let piece = following
            .checked_sub(1)
            .and_then(|index| self.whole.get(index));
        if let Some((start, piece)) = piece
            && let Some(range) = range(*start, piece.len())
        {
            return Some(piece.slice(range));
        }
        let range = range(self.tail_start(), self.tail.len())?;
        self.tail.get(range).map(Bytes::copy_from_slice)
    }

    /// Forgets pieces that lie before a position as a whole.
    pub(super) fn forget_before(&mut self, position: u64) {
        while let Some((start, piece)) = self.whole.front()
            && start + length(piece) <= position
        {
            self.whole.pop_front();
        }
        if position >= self.end {
            self.tail.clear();
        }
    }

    /// Joins what is not long, and returns everything. Nothing may come after it.
    pub(super) fn seal(&mut self) -> Content {
        self.freeze_tail();
        let length = self.whole.iter().map(|(_, piece)| piece.len()).sum();
        if (self.whole.len() > 1 || self.is_lent) && length <= JOINED {
            let mut joined = Vec::with_capacity(length);
            for (_, piece) in mem::take(&mut self.whole) {
                joined.extend_from_slice(&piece);
            }
            self.whole.push_back((0, joined.into()));
        }
        self.whole.iter().map(|(_, piece)| piece.clone()).collect()
    }

    /// Tells whether a chunk, or what is left of it, is kept as it came.
    fn takes_whole(&self, rest: &[u8]) -> bool {
        let breaks_off_tail = self.expected.is_some() && !self.tail.is_empty();
        rest.len() >= self.room().max(PIECE) && !breaks_off_tail
    }

    /// Copies what there is room for; returns what is left.
    fn fill_tail<'a>(&mut self, chunk: &'a [u8]) -> &'a [u8] {
        let free = self.room().saturating_sub(self.tail.len());
        let (part, rest) = chunk.split_at(free.min(chunk.len()));
        let needed = self.tail.len() + part.len();
        if needed > self.tail.capacity() {
            let doubled = needed.max(2 * self.tail.capacity());
            let capacity = self.expected.unwrap_or(doubled.min(PIECE));
            self.tail.reserve_exact(capacity - self.tail.len());
        }
        self.tail.extend_from_slice(part);
        self.end += length(part);
        if self.tail.len() == self.room() {
            self.freeze_tail();
        }
        rest
    }

    fn freeze_tail(&mut self) {
        self.expected = None;
        if !self.tail.is_empty() {
            let start = self.tail_start();
            // A box has no spare capacity.
            let tail = mem::take(&mut self.tail).into_boxed_slice();
            self.whole.push_back((start, tail.into()));
        }
    }

    fn push(&mut self, piece: Bytes) {
        let start = self.end;
        self.end += length(&piece);
        self.whole.push_back((start, piece));
    }

    /// How long the tail gets.
    fn room(&self) -> usize {
        self.expected.unwrap_or(PIECE)
    }

    fn tail_start(&self) -> u64 {
        self.end - length(&self.tail)
    }
}

fn length(bytes: &[u8]) -> u64 {
    // No platform's memory is larger.
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
