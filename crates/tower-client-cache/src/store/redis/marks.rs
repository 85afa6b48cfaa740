//! What entries can be found by in an index that shows neither principals nor tags.

use crate::store::codec::{Codec, Mark};
use crate::{Entry, Key, Owner, Selection};

/// How many bytes a mark has.
const LENGTH: usize = 16;

/// Returns what an entry can be found by: its principal's mark, zeros for nobody in particular, then
/// its tags'. There are no more of these than the codec writes.
pub(super) fn of(codec: &Codec, key: &Key, entry: &Entry) -> Vec<u8> {
    let owner = match key.owner() {
        Owner::Principal(owner) => codec.mark(Mark::Principal, owner.id()),
        Owner::Layer(_) | Owner::Everyone => [0; LENGTH],
    };
    let mut marks = owner.to_vec();
    for tag in entry.tags() {
        marks.extend_from_slice(&codec.mark(Mark::Tag, tag));
    }
    marks
}

/// Returns the mark that a selection looks for; `None` if it cannot be told by one.
pub(super) fn selecting(codec: &Codec, selection: &Selection) -> Option<[u8; LENGTH]> {
    match selection {
        Selection::All | Selection::Matching(_) => None,
        Selection::Principal(id) => Some(codec.mark(Mark::Principal, id)),
        Selection::Tag(tag) => Some(codec.mark(Mark::Tag, tag)),
    }
}
