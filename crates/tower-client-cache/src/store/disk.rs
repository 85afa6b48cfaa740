//! Entries in a folder, which outlive the process and which several processes share.

mod builder;
mod evict;
mod failure;
mod file;
mod folder;
mod forget;
mod gate;
mod ledger;
mod lock;
mod private;
mod read;
mod tell;
mod temporary;
#[cfg(test)]
mod tests;
mod walk;
mod work;
mod write;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::SystemTime;

pub use self::builder::DiskStoreBuilder;
use self::builder::Settings;
use self::folder::Folder;
use self::gate::Gate;
use self::work::Work;
use super::{Listed, Selection, Store, StoreError, StoreSize, Variants};
use crate::policy::Timestamp;
use crate::{Entry, Key, VariantId};

/// Keeps entries in a folder: they outlive the process, and several processes share them.
///
/// Each entry is a file, which appears as a whole or not at all, whenever a process is killed.
/// Nothing is forced to the disk: what was not written when the machine was switched off is found by
/// its checksum, and is a miss. Reading takes no lock; what changes takes a short one, for which a
/// process waits about 100 ms at most before it is an error. Files and folders are their owner's
/// alone, and are called by hashes.
///
/// All files together, also those that are being written, never take more than `max_bytes`, however
/// many processes there are and whenever they end. An entry is counted as a disk keeps it, in blocks
/// of 4 KiB and one for its folder. When there is no room, who writes looks through the folder: what
/// expired goes, then what was used least recently, until a tenth is free. That takes a while where
/// there are very many entries, and what others write meanwhile may not be kept: it is made for some
/// thousands, and a folder that one machine has to itself.
///
/// The folder is created when it is first written to. A clone is the same store. Work is done in
/// threads that may block, 32 at once: beyond that reads and deletions wait, and what is to be
/// written is not. Must be used within a tokio runtime.
///
/// ```
/// use tower_client_cache::{CacheLayer, DiskStore};
///
/// let store = DiskStore::builder("/var/cache/example").max_bytes(64 << 20).build()?;
/// let layer = CacheLayer::new(store);
/// # let _ = layer;
/// # Ok::<_, tower_client_cache::InvalidSetting>(())
/// ```
#[derive(Clone)]
pub struct DiskStore {
    disk: Arc<Disk>,
    work: Work,
}

/// What the threads that do the work share.
#[derive(Debug)]
struct Disk {
    folder: Folder,
    settings: Settings,
    gate: Gate,
    /// Who is in makes room.
    evicting: Gate,
    evictions: AtomicU64,
}

impl DiskStore {
    /// Returns a builder of a store in this folder, for 256 MiB.
    pub fn builder(dir: impl Into<PathBuf>) -> DiskStoreBuilder {
        DiskStoreBuilder::new(dir.into())
    }

    fn with(settings: Settings) -> Self {
        let disk = Disk {
            folder: Folder::new(&settings.dir),
            settings,
            gate: Gate::default(),
            evicting: Gate::default(),
            evictions: AtomicU64::new(0),
        };
        Self {
            disk: Arc::new(disk),
            work: Work::default(),
        }
    }
}

impl Store for DiskStore {
    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        let (disk, key) = (Arc::clone(&self.disk), key.clone());
        let found = self.work.wait(move || disk.get(&key)).await;
        Ok(found?)
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let (disk, key) = (Arc::clone(&self.disk), key.clone());
        let kept = self.work.now(move || disk.put(&key, &entry)).await;
        Ok(kept?)
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let (disk, key) = (Arc::clone(&self.disk), key.clone());
        let updated = self.work.now(move || disk.update(&key, &entry)).await;
        Ok(updated?)
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let (disk, key) = (Arc::clone(&self.disk), key.clone());
        let deleted = self.work.wait(move || disk.delete(&key, variant)).await;
        Ok(deleted?)
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let (disk, selection) = (Arc::clone(&self.disk), selection.clone());
        let deleted = self.work.wait(move || disk.delete_matching(&selection));
        Ok(deleted.await?)
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let (disk, selection) = (Arc::clone(&self.disk), selection.clone());
        let listed = self.work.wait(move || disk.list(&selection, limit)).await;
        Ok(listed?)
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        let disk = Arc::clone(&self.disk);
        let size = self.work.wait(move || disk.size()).await;
        Ok(size?)
    }
}

/// Shows the settings alone.
impl fmt::Debug for DiskStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.disk.settings;
        f.debug_struct("DiskStore")
            .field("dir", &settings.dir)
            .field("max_bytes", &settings.max_bytes)
            .field("max_entry", &settings.max_entry)
            .field("evictions", &self.disk.evictions.load(Relaxed))
            .finish_non_exhaustive()
    }
}

/// What time it is, by the clock that other processes have too.
fn now() -> Timestamp {
    Timestamp::of(SystemTime::now())
}
