//! What processes agree on that share a store.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{Selection, StoreError, Variants};
use crate::{Entry, Key};

/// The part of a [`Store`](super::Store) that other processes have too: leases, so that one of
/// them fetches for all, and what they tell each other.
///
/// A lease is what Nishtala and others describe (Scaling Memcache at Facebook, NSDI 2013): who is
/// about to fetch takes one, and what comes is kept under it. One that forgets a key ends its leases,
/// so that what was asked for before is not kept after.
pub trait Peers: Send + Sync {
    /// Asks for a lease of a key. With one that is granted comes what the key has, read no earlier
    /// than the lease was decided on.
    ///
    /// `flight` is for whom the fetch is: all who ask with the same number can use what comes, and
    /// one at a time has the lease, until it is put under, released, or expired. Without, there is
    /// one for each that asks.
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased>;

    /// Keeps an entry that was fetched under a lease, which ends; says whether it is kept. It must
    /// not be where what it may be was forgotten since the lease was granted, or where what is there
    /// is [newer](crate::policy::Stored::is_older_than). Under a lease that has expired it may be.
    ///
    /// One that writes behind says that it is kept before it is known. Without a lease it is for this
    /// process alone: nothing that others see keeps it.
    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool>;

    /// Gives back a lease under which nothing was put.
    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()>;

    /// Tells from now on what others forget, and when something may have been missed.
    fn watch(&self, watcher: Arc<dyn Fn(Forgotten) + Send + Sync>);
}

/// What [`Peers`] answer.
pub type PeersFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What comes of asking for a lease.
#[derive(Clone, Debug)]
pub enum Leased {
    /// It is granted, with what the key has.
    Granted(Lease, Variants),
    /// Somebody has it, who may put soon what is wanted. What is at hand of the key comes with it,
    /// which may be nothing.
    Held(Variants),
}

/// The right to put what is fetched from now on; what is in it is the store's to know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Lease([u64; 4]);

impl Lease {
    /// Creates a lease by what tells it from others.
    #[must_use]
    pub const fn new(words: [u64; 4]) -> Self {
        Self(words)
    }

    /// Returns what it was made of.
    #[must_use]
    pub const fn words(self) -> [u64; 4] {
        self.0
    }
}

/// A store made of others, or around one, was asked for what it has of other processes, and is this
/// one's alone.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a store without peers")]
pub(super) struct NoPeers;

/// Leaves out what others could put with.
impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}

/// What another process forgot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Forgotten {
    /// All entries of a key.
    Key(Key),
    /// All entries of a selection.
    Matching(Selection),
    /// Nobody knows what: it was not listened to until now. What is kept elsewhere may be out of
    /// date.
    Missed,
}
