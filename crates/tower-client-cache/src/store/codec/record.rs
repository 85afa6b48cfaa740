//! An entry before its content is read.

use crate::policy::Timestamp;
use crate::store::{EntryInfo, Listed, Selection};
use crate::{Content, ContentId, Entry, Head, Key, Tags, VariantId};

/// What is read from a head: all of an entry but its content.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is found by.
    pub key: Key,
    /// The head.
    pub head: Head,
    /// When its content was stored.
    pub created: Timestamp,
    /// The tags that it can be found by.
    pub tags: Tags,
    /// What tells its content from others.
    pub content_id: ContentId,
    /// How many bytes its content has.
    pub length: u64,
}

impl Record {
    /// Tells whether the entry is of a selection.
    #[must_use]
    pub fn is_of(&self, selection: &Selection) -> bool {
        let tags = self.tags.as_deref().unwrap_or_default();
        selection.has_tagged(&self.key, tags)
    }

    /// Returns what tells the entry from others of its key.
    #[must_use]
    pub fn variant(&self) -> VariantId {
        self.head.variant()
    }

    /// Returns what an owner may want to know of it; nobody has counted how often it was served.
    #[must_use]
    pub fn info(&self) -> EntryInfo {
        EntryInfo {
            created: self.created,
            validated: self.head.stored.received(),
            expires: self.head.stored.expires(),
            last_access: None,
            accesses: 0,
            length: self.length,
        }
    }

    /// Returns the entry with its content.
    #[must_use]
    pub fn into_entry(self, content: Content) -> Entry {
        Entry::new(self.head, content, self.created, self.tags).with_content_id(self.content_id)
    }
}

impl From<Record> for Listed {
    fn from(record: Record) -> Self {
        Self {
            variant: record.variant(),
            info: record.info(),
            key: record.key,
        }
    }
}
