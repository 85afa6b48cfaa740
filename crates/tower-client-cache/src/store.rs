//! Where responses are kept.

mod arc;
mod boxed;
#[cfg(feature = "codec")]
pub mod codec;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "disk")]
mod disk;
mod guarded;
#[cfg(feature = "memory")]
mod memory;
mod peers;
#[cfg(feature = "redis")]
pub mod redis;
mod tiered;
mod url;
#[cfg(any(feature = "disk", feature = "redis"))]
mod useful;
mod variants;

use std::fmt;
use std::sync::Arc;

use tower::BoxError;

pub use self::boxed::BoxStore;
#[cfg(feature = "disk")]
pub use self::disk::{DiskStore, DiskStoreBuilder};
pub use self::guarded::{Guarded, GuardedBuilder};
#[cfg(feature = "memory")]
pub use self::memory::{MemoryStore, MemoryStoreBuilder};
pub use self::peers::{Forgotten, Lease, Leased, Peers, PeersFuture};
#[cfg(feature = "redis")]
pub use self::redis::{RedisStore, RedisStoreBuilder};
pub use self::tiered::{Tiered, TieredBuilder};
pub use self::url::{InvalidStoreUrl, StoreUrl};
pub use self::variants::Variants;
use crate::policy::Timestamp;
use crate::{Entry, Glob, Key, Owner, VariantId};

/// Keeps entries by their [keys](Key): several for one key, of different [ids](VariantId).
///
/// A store need not know HTTP: what may be served is the cache's to decide. It may lose any entry
/// at any time, and must never return one under another key. The layer takes an error for a miss;
/// it waits as long as a store takes, so that one that can be slow has to limit its own time.
///
/// All methods may be called at once. Feature `conformance` has the tests that every store has to
/// pass.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Returns what [`get`](Self::get) would, if that is known without waiting; `None` if not.
    ///
    /// A store in memory answers here, at once, and calls are served without a task or a timer.
    fn peek(&self, key: &Key) -> Option<Variants> {
        let _ = key;
        None
    }

    /// Tells whether a [`peek`](Self::peek) that answers returns all that there is, and not what is
    /// at hand alone: then what is missing, or stale, is asked for with [`get`](Self::get).
    fn peeks_all(&self) -> bool {
        true
    }

    /// Returns what other processes have of it as well; `None` if it is this one's alone, or each
    /// goes its own way.
    fn peers(&self) -> Option<&dyn Peers> {
        None
    }

    /// Returns all entries of a key, none if there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not known whether there are any.
    fn get(&self, key: &Key) -> impl Future<Output = Result<Variants, StoreError>> + Send;

    /// Keeps an entry, in place of the one of the same id.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not kept. Then the one that it was to replace must not be found
    /// any more either, if that can be had.
    fn put(
        &self,
        key: &Key,
        entry: Arc<Entry>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Replaces the head of the entry of the same id, whose content stays; does nothing if there
    /// is none (any more), or if it is of another [`ContentId`](crate::ContentId): it was replaced
    /// meanwhile, and this is the head of what it was before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it was not replaced.
    fn update_headers(
        &self,
        key: &Key,
        entry: Arc<Entry>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Forgets the entry of this id, or all of the key, and returns how many these were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not known that they are gone.
    fn delete(
        &self,
        key: &Key,
        variant: Option<VariantId>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Forgets all entries of a selection, and returns how many these were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not known that they are gone.
    fn delete_matching(
        &self,
        selection: &Selection,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Returns entries of a selection, at most this many, in any order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be had.
    fn list(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// Returns how much it holds.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when that cannot be had.
    fn size(&self) -> impl Future<Output = Result<StoreSize, StoreError>> + Send;

    /// Waits until what it was given is written, where it says so before it is.
    fn flush(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// Which entries are meant.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection {
    /// All.
    All,
    /// Those of a principal, by its id, of all epochs.
    Principal(Arc<str>),
    /// Those with a tag.
    Tag(Arc<str>),
    /// Those whose URI, or name, matches a pattern.
    Matching(Glob),
}

/// Shows the kind alone: an id or a pattern may tell of people.
impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "All",
            Self::Principal(_) => "Principal",
            Self::Tag(_) => "Tag",
            Self::Matching(_) => "Matching",
        })
    }
}

impl Selection {
    /// Tells whether an entry is meant.
    #[must_use]
    pub fn has(&self, key: &Key, entry: &Entry) -> bool {
        self.has_tagged(key, entry.tags())
    }

    /// Tells whether an entry with these tags is meant.
    pub(crate) fn has_tagged(&self, key: &Key, tags: &[Arc<str>]) -> bool {
        match self {
            Self::Tag(tag) => tags.contains(tag),
            Self::All | Self::Principal(_) | Self::Matching(_) => self.may_have(key),
        }
    }

    /// Tells whether entries of a key may be meant: by its tags any may be.
    pub(crate) fn may_have(&self, key: &Key) -> bool {
        match self {
            Self::All | Self::Tag(_) => true,
            Self::Principal(id) => {
                matches!(key.owner(), Owner::Principal(owner) if owner.id() == &**id)
            }
            Self::Matching(glob) => glob.matches(&key.to_text()),
        }
    }
}

/// An entry in a listing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listed {
    /// What it is found by.
    pub key: Key,
    /// What tells it from others of the same key.
    pub variant: VariantId,
    /// What is known of it.
    pub info: EntryInfo,
}

impl Listed {
    /// Creates an item of a listing.
    #[must_use]
    pub fn new(key: Key, entry: &Entry) -> Self {
        Self {
            key,
            variant: entry.variant(),
            info: EntryInfo::of(entry),
        }
    }
}

/// What an owner may want to know of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryInfo {
    /// When its content was stored.
    pub created: Timestamp,
    /// When it was last validated, or stored.
    pub validated: Timestamp,
    /// When it stops, or stopped, being fresh.
    pub expires: Timestamp,
    /// When it was served last, if that is known.
    pub last_access: Option<Timestamp>,
    /// How often it was served.
    pub accesses: u64,
    /// How many bytes its content has.
    pub length: u64,
}

impl EntryInfo {
    /// Reads it from an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let stored = entry.stored();
        Self {
            created: entry.created(),
            validated: stored.received(),
            expires: stored.expires(),
            last_access: entry.last_use(),
            accesses: entry.uses(),
            length: entry.content().len(),
        }
    }
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreSize {
    /// How many entries.
    pub entries: u64,
    /// How many bytes these take, about.
    pub bytes: u64,
    /// How many were dropped to make room since the store was made.
    pub evictions: u64,
}

impl StoreSize {
    /// Creates a size, with nothing dropped.
    #[must_use]
    pub fn new(entries: u64, bytes: u64) -> Self {
        Self {
            entries,
            bytes,
            evictions: 0,
        }
    }

    /// Returns it with this many dropped.
    #[must_use]
    pub fn with_evictions(self, evictions: u64) -> Self {
        Self { evictions, ..self }
    }
}

/// A store did not do what it was asked to.
///
/// A cache goes on without it: what cannot be read is fetched. What a change makes invalid and cannot
/// be forgotten may still be served.
#[derive(Debug, thiserror::Error)]
#[error("the cache's store failed")]
pub struct StoreError(#[source] BoxError);

impl StoreError {
    /// Creates an error from its cause.
    #[must_use]
    pub fn new(cause: impl Into<BoxError>) -> Self {
        Self(cause.into())
    }
}
