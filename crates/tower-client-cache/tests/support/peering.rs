//! Processes that share a store, all of them in this one.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;
use tower_client_cache::store::{Forgotten, Lease, Leased, Peers, PeersFuture};
use tower_client_cache::{
    Entry, Key, Listed, Owner, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};

type Watcher = Arc<dyn Fn(Forgotten) + Send + Sync>;

/// How long a lease is good.
pub(crate) const LEASE: Duration = Duration::from_secs(10);

/// What processes share: entries, leases, and who is told what is forgotten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peering(Arc<Mutex<Shared>>);

/// The store as one process has it.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    peering: Peering,
    number: usize,
}

#[derive(Default)]
struct Shared {
    entries: HashMap<Key, Variants>,
    leases: Vec<Granted>,
    granted: u64,
    /// By the number of the process.
    watchers: Vec<Vec<Watcher>>,
}

struct Granted {
    key: Key,
    lease: Lease,
    flight: Option<u64>,
    until: Instant,
}

impl Peering {
    /// Adds a process.
    pub(crate) fn process(&self) -> Process {
        let mut shared = self.shared();
        shared.watchers.push(Vec::new());
        Process {
            number: shared.watchers.len() - 1,
            peering: self.clone(),
        }
    }

    /// Returns how many leases are granted that have not ended.
    pub(crate) fn leases(&self) -> usize {
        let mut shared = self.shared();
        shared.end_expired();
        shared.leases.len()
    }

    /// Lets processes miss what others forgot: each is told that it may be anything.
    pub(crate) fn lose_subscriptions(&self) {
        let all = self.shared().watchers.concat();
        tell(&all, &Forgotten::Missed);
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap()
    }
}

impl Shared {
    fn find(&self, key: &Key) -> Variants {
        self.entries.get(key).cloned().unwrap_or_default()
    }

    fn put(&mut self, key: &Key, entry: Arc<Entry>) {
        let variants = self.find(key).with(entry);
        self.entries.insert(key.clone(), variants);
    }

    /// Removes what is chosen, and returns how many these were.
    fn remove(&mut self, chosen: impl Fn(&Key, &Entry) -> bool) -> u64 {
        let mut removed = 0;
        self.entries.retain(|key, variants| {
            let all = variants.as_slice().iter();
            let left: Variants = all.filter(|entry| !chosen(key, entry)).cloned().collect();
            removed += variants.as_slice().len() - left.as_slice().len();
            *variants = left;
            !variants.is_empty()
        });
        u64::try_from(removed).unwrap()
    }

    fn entries(&self) -> impl Iterator<Item = (&Key, &Arc<Entry>)> {
        self.entries.iter().flat_map(|(key, variants)| {
            let entries = variants.as_slice().iter();
            entries.map(move |entry| (key, entry))
        })
    }

    fn end_expired(&mut self) {
        let now = Instant::now();
        self.leases.retain(|granted| now < granted.until);
    }

    /// Ends a lease, and tells whether it was good.
    fn end(&mut self, key: &Key, lease: Lease) -> bool {
        self.end_expired();
        let before = self.leases.len();
        self.leases
            .retain(|granted| granted.lease != lease || granted.key != *key);
        self.leases.len() < before
    }

    /// Returns who is told of what a process forgets.
    fn others(&self, number: usize) -> Vec<Watcher> {
        let others = self.watchers.iter().enumerate();
        let others = others.filter(|(other, _)| *other != number);
        others
            .flat_map(|(_, watchers)| watchers.iter().cloned())
            .collect()
    }
}

impl Process {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.peering.shared()
    }
}

impl Store for Process {
    fn peers(&self) -> Option<&dyn Peers> {
        Some(self)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        Ok(self.shared().find(key))
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.shared().put(key, entry);
        Ok(())
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let mut shared = self.shared();
        let variants = shared.find(key);
        if let Some(old) = variants.find(entry.variant())
            && old.content_id() == entry.content_id()
        {
            shared.put(key, old.with_head(entry.head().clone()).into());
        }
        Ok(())
    }

    /// Ends the leases of a key that is forgotten, and tells the others; of one variant it does
    /// neither.
    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let mut shared = self.shared();
        let is_it = |entry: &Entry| variant.is_none_or(|variant| entry.variant() == variant);
        let removed = shared.remove(|other, entry| other == key && is_it(entry));
        if variant.is_none() {
            shared.leases.retain(|granted| granted.key != *key);
            let others = shared.others(self.number);
            drop(shared);
            tell(&others, &Forgotten::Key(key.clone()));
        }
        Ok(removed)
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let mut shared = self.shared();
        let removed = shared.remove(|key, entry| selection.has(key, entry));
        shared
            .leases
            .retain(|granted| !may_be_of(selection, &granted.key));
        let others = shared.others(self.number);
        drop(shared);
        tell(&others, &Forgotten::Matching(selection.clone()));
        Ok(removed)
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let shared = self.shared();
        let selected = shared
            .entries()
            .filter(|(key, entry)| selection.has(key, entry));
        let listed = selected.map(|(key, entry)| Listed::new(key.clone(), entry));
        Ok(listed.take(limit).collect())
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        let shared = self.shared();
        let bytes: usize = shared.entries().map(|(_, entry)| entry.weight()).sum();
        let sizes = [shared.entries().count(), bytes];
        let [entries, bytes] = sizes.map(|number| u64::try_from(number).unwrap());
        Ok(StoreSize::new(entries, bytes))
    }
}

impl Peers for Process {
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased> {
        Box::pin(async move {
            let mut shared = self.shared();
            shared.end_expired();
            let is_held = |granted: &Granted| granted.key == *key && granted.flight == flight;
            if flight.is_some() && shared.leases.iter().any(is_held) {
                return Ok(Leased::Held(shared.find(key)));
            }
            shared.granted += 1;
            let lease = Lease::new([shared.granted, 0, 0, 0]);
            shared.leases.push(Granted {
                key: key.clone(),
                lease,
                flight,
                until: Instant::now() + LEASE,
            });
            Ok(Leased::Granted(lease, shared.find(key)))
        })
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool> {
        Box::pin(async move {
            let mut shared = self.shared();
            let is_good = lease.is_some_and(|lease| shared.end(key, lease));
            let held = shared.find(key);
            let held = held.find(entry.variant());
            let is_newer = held.is_some_and(|held| entry.stored().is_older_than(held.stored()));
            let is_kept = is_good && !is_newer;
            if is_kept {
                shared.put(key, entry);
            }
            Ok(is_kept)
        })
    }

    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()> {
        Box::pin(async move {
            self.shared().end(key, lease);
            Ok(())
        })
    }

    fn watch(&self, watcher: Watcher) {
        self.shared().watchers[self.number].push(watcher);
    }
}

/// Without the lock: who is told may ask at once.
fn tell(watchers: &[Watcher], forgotten: &Forgotten) {
    for watcher in watchers {
        watcher(forgotten.clone());
    }
}

/// Tells whether entries of a key may be meant; of tags nobody knows which keys will have them.
fn may_be_of(selection: &Selection, key: &Key) -> bool {
    match selection {
        Selection::Principal(id) => {
            matches!(key.owner(), Owner::Principal(owner) if owner.id() == &**id)
        }
        Selection::Matching(glob) => glob.matches(&key.to_text()),
        _ => true,
    }
}

/// Shows numbers alone.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("keys", &self.entries.len())
            .field("leases", &self.leases.len())
            .finish_non_exhaustive()
    }
}
