//! A stored response.

mod content;
mod fields;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use http::{HeaderMap, StatusCode};

pub use self::content::Content;
pub use self::fields::{Fields, FieldsTooLong};
use crate::policy::{ContentRange, Fnv, Stored, Timestamp, Vary};

/// A stored response: what decisions need of it, its fields, its content.
///
/// It never changes, but for how often it was used; what a validation changes of it makes
/// [another](Self::with_head) of the same content.
pub struct Entry {
    head: Head,
    content: Content,
    content_id: ContentId,
    created: Timestamp,
    tags: Tags,
    used: Used,
}

/// What is stored of a response besides its content.
#[derive(Clone, Debug)]
pub struct Head {
    /// What decisions need of it.
    pub stored: Stored,
    /// The request fields that it was selected by.
    pub vary: Vary,
    /// Its fields.
    pub fields: Fields,
}

/// What entries can be found by besides their keys.
pub type Tags = Option<Arc<[Arc<str>]>>;

/// Tells the entries of one key apart: a number for what selects each.
///
/// Made in the same way in every process and version: a store that outlives the process, or that
/// several share, can keep entries by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariantId(pub u64);

/// Tells contents apart that were stored under the same key and [`VariantId`]: a random number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentId(pub u64);

#[derive(Debug, Default)]
struct Used {
    times: AtomicU64,
    last: AtomicI64,
}

impl Entry {
    /// Creates an entry.
    #[must_use]
    pub fn new(head: Head, content: Content, created: Timestamp, tags: Tags) -> Self {
        Self {
            head,
            content,
            content_id: ContentId(fastrand::u64(..)),
            created,
            tags,
            used: Used::default(),
        }
    }

    /// Returns it with the content id that it was stored with: for a store that reads it back.
    #[must_use]
    pub fn with_content_id(self, content_id: ContentId) -> Self {
        Self { content_id, ..self }
    }

    /// Returns an entry of the same content with another head, which was used as often.
    #[must_use]
    pub fn with_head(&self, head: Head) -> Self {
        let used = Used {
            times: self.used.times.load(Relaxed).into(),
            last: self.used.last.load(Relaxed).into(),
        };
        Self {
            head,
            content: self.content.clone(),
            content_id: self.content_id,
            created: self.created,
            tags: self.tags.clone(),
            used,
        }
    }

    /// Returns all but the content.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Returns what decisions need of it.
    #[must_use]
    pub fn stored(&self) -> &Stored {
        &self.head.stored
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.stored.status()
    }

    /// Returns the content.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Returns what tells its content from others of the same key and variant. It stays when the
    /// head is updated.
    #[must_use]
    pub fn content_id(&self) -> ContentId {
        self.content_id
    }

    /// Returns when its content was stored.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// Returns the tags that it can be found by.
    #[must_use]
    pub fn tags(&self) -> &[Arc<str>] {
        self.tags.as_deref().unwrap_or_default()
    }

    /// Returns what tells it from other entries of its key. One that is stored replaces the one of
    /// the same id.
    #[must_use]
    pub fn variant(&self) -> VariantId {
        self.head.variant()
    }

    /// Tells whether it is a part of a representation.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.head.is_part()
    }

    /// Tells whether a request selects it (RFC 9111 section 4.1).
    #[must_use]
    pub fn is_for(&self, request: &HeaderMap) -> bool {
        self.head.vary.matches(request)
    }

    /// Notes that it was served.
    pub fn note_use(&self, now: Timestamp) {
        self.used.times.fetch_add(1, Relaxed);
        self.used.last.store(now.0, Relaxed);
    }

    /// Returns how often it was served.
    #[must_use]
    pub fn uses(&self) -> u64 {
        self.used.times.load(Relaxed)
    }

    /// Returns when it was served last; `None` if it never was.
    #[must_use]
    pub fn last_use(&self) -> Option<Timestamp> {
        (self.uses() > 0).then(|| Timestamp(self.used.last.load(Relaxed)))
    }

    /// Returns how many bytes of memory it takes, about, with everything that belongs to it.
    #[must_use]
    pub fn weight(&self) -> usize {
        let tags = self.tags().iter().map(|tag| tag.len() + 40);
        size_of::<Self>()
            + self.head.fields.len()
            + self.head.vary.weight()
            + usize::try_from(self.content.len()).unwrap_or(usize::MAX)
            + tags.sum::<usize>()
    }
}

impl Head {
    /// Returns what tells an entry with this head from others of its key.
    #[must_use]
    pub fn variant(&self) -> VariantId {
        let mut digest = Fnv(self.vary.digest());
        // A part stands beside the whole, and beside other parts.
        if self.is_part()
            && let Some(part) = ContentRange::of(&self.fields.to_map())
        {
            digest.add(part.to_string().as_bytes());
        }
        VariantId(digest.0)
    }

    fn is_part(&self) -> bool {
        self.stored.status() == StatusCode::PARTIAL_CONTENT
    }
}

impl fmt::Debug for Entry {
    /// Leaves out what was answered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("stored", &self.head.stored)
            .field("length", &self.content.len())
            .field("uses", &self.uses())
            .finish_non_exhaustive()
    }
}
