//! What entries can be found by in an index that shows neither principals nor tags.

use sha2::{Digest, Sha256};

use crate::store::codec::CodecError;
use crate::{Entry, Key, Owner, Selection};

/// How many bytes a mark has.
const LENGTH: usize = 16;
/// How many tags an entry may have here.
const MOST_TAGS: usize = 256;

/// The first 128 bits of a hash of a principal or a tag.
pub(super) type Mark = [u8; LENGTH];

/// Returns what an entry can be found by: its principal's mark, zeros for nobody in particular, then
/// its tags'.
///
/// # Errors
///
/// [`CodecError::TooLong`] if it has more tags than could be found.
pub(super) fn of(key: &Key, entry: &Entry) -> Result<Vec<u8>, CodecError> {
    if entry.tags().len() > MOST_TAGS {
        return Err(CodecError::TooLong);
    }
    let owner = match key.owner() {
        Owner::Principal(owner) => principal(owner.id()),
        Owner::Layer(_) | Owner::Everyone => [0; LENGTH],
    };
    let mut marks = owner.to_vec();
    for its in entry.tags() {
        marks.extend_from_slice(&tag(its));
    }
    Ok(marks)
}

/// Returns the mark that a selection looks for; `None` if it cannot be told by one.
pub(super) fn selecting(selection: &Selection) -> Option<Mark> {
    match selection {
        Selection::All | Selection::Matching(_) => None,
        Selection::Principal(id) => Some(principal(id)),
        Selection::Tag(its) => Some(tag(its)),
    }
}

fn principal(id: &str) -> Mark {
    mark(b'p', id)
}

fn tag(text: &str) -> Mark {
    mark(b't', text)
}

/// Hashes with a byte for the kind: no tag has the mark of a principal.
fn mark(kind: u8, text: &str) -> Mark {
    let mut digest = Sha256::new();
    digest.update([kind]);
    digest.update(text.as_bytes());
    let mut mark = [0; LENGTH];
    for (to, from) in mark.iter_mut().zip(digest.finalize()) {
        *to = from;
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_never_taken_for_a_principal() {
        let anna = Selection::Principal("anna".into());
        let tag = Selection::Tag("anna".into());

        assert_ne!(selecting(&anna), selecting(&tag));
        assert_eq!(selecting(&anna), selecting(&anna.clone()));
        assert_eq!(selecting(&Selection::All), None);
    }
}
