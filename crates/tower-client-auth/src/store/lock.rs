//! The lock of a credential, among processes and among the stores of one.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::disk::found;
use super::fault::{At, FileError, Wrong};
use super::place::Place;
use super::private;

/// The right to fetch a credential that a [`FileStore`](crate::FileStore) keeps: given back when
/// dropped, and by the system when the process ends, however it does.
#[derive(Debug)]
pub struct FileLock {
    _held: Arc<Held>,
}

/// The locks that a store holds, by their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks(Arc<Mutex<HashMap<String, Weak<Held>>>>);

/// A lock that is held by whoever may write, and by whoever writes.
///
/// A write goes on when nobody waits for it any more. It keeps the lock meanwhile, or it would
/// replace what the next one has kept.
#[derive(Debug)]
pub(super) struct Held {
    /// Locked as long as it is open.
    _file: File,
    writing: Mutex<()>,
}

impl Held {
    /// Waits until a write is over for which nobody waits.
    pub(super) fn write(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Locks {
    /// Returns the lock, unless somebody has it.
    pub(super) fn try_lock(&self, place: &Place) -> Result<Option<FileLock>, FileError> {
        let path = place.lock();
        let file = open(place)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error).at(&path, "locked"),
        }
        let held = Arc::new(Held {
            _file: file,
            writing: Mutex::default(),
        });
        let mut all = self.all();
        all.retain(|_, held| held.strong_count() > 0);
        all.insert(place.name().to_owned(), Arc::downgrade(&held));
        Ok(Some(FileLock { _held: held }))
    }

    /// Returns the lock if it is held by this store.
    pub(super) fn held(&self, place: &Place) -> Option<Arc<Held>> {
        self.all().get(place.name())?.upgrade()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Weak<Held>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the lock's file. It is never removed: who waits for the old one and who creates a new one
/// would both have the lock.
fn open(place: &Place) -> Result<File, FileError> {
    let path = place.lock();
    private::create_dir(place.dir()).at(place.dir(), "created")?;
    let there = found(fs::symlink_metadata(&path)).at(&path, "locked")?;
    if there.is_some_and(|it| !it.is_file()) {
        return Err(Wrong::NotALock.at(&path));
    }
    let file = match private::create_file(&path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => open_present(&path),
        created => created,
    };
    file.at(&path, "locked")
}

fn open_present(path: &std::path::Path) -> io::Result<File> {
    // Some systems lock only what may be written to.
    OpenOptions::new().read(true).write(true).open(path)
}
