//! Files that are being written, and that nobody reads yet.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Disk;
use super::failure::Failure;
use super::file::Written;
use super::lock::{Locked, TRIES};
use super::{ledger, private};

/// A file that is being written. Its writer holds a lock on it, so that others can tell those that
/// the dead left behind.
///
/// Dropped, it is removed; what it took is given back by [`Disk::abandon`], or counted out when room
/// is made.
#[derive(Debug)]
pub(super) struct Temporary {
    file: File,
    path: PathBuf,
    charge: u64,
    is_moved: bool,
}

impl Disk {
    /// Writes a file that nobody reads yet.
    pub(super) fn write(&self, written: &Written) -> Result<Temporary, Failure> {
        let length = written.len();
        let temporary = self.reserve(length)?;
        if let Err(error) = written.write_to(&temporary.file) {
            self.abandon(temporary);
            return Err(Failure::Io("write an entry", error));
        }
        Ok(temporary)
    }

    /// Makes room for a file of this length, and creates it with all of its length.
    fn reserve(&self, length: u64) -> Result<Temporary, Failure> {
        let charge = ledger::charge(length);
        let mut locked = self.lock_with_room(charge)?;
        locked.take(charge)?;
        let created = self.create_temporary(charge);
        let created = created.and_then(|temporary| {
            // From now on it is seen how much it takes.
            temporary.file.set_len(length)?;
            Ok(temporary)
        });
        created.map_err(|error| {
            // If not, it is counted out when room is made.
            drop(locked.give_back(charge));
            Failure::Io("create a file", error)
        })
    }

    /// Takes the lock when there is room for what takes so much.
    fn lock_with_room(&self, charge: u64) -> Result<Locked<'_>, Failure> {
        let mut locked = self.lock()?;
        if self.has_room(&locked, charge) {
            return Ok(locked);
        }
        self.remove_left_over(&mut locked)?;
        if self.has_room(&locked, charge) {
            return Ok(locked);
        }
        drop(locked);
        self.make_room(charge)?;
        let locked = self.lock()?;
        if self.has_room(&locked, charge) {
            return Ok(locked);
        }
        Err(Failure::Full)
    }

    fn create_temporary(&self, charge: u64) -> io::Result<Temporary> {
        let folder = self.folder.temporary();
        private::create_folder(&folder)?;
        let path = folder.join(format!("{:016x}", fastrand::u64(..)));
        let file = private::create_file(&path)?;
        let temporary = Temporary {
            file,
            path,
            charge,
            is_moved: false,
        };
        temporary.file.try_lock()?;
        Ok(temporary)
    }

    /// Removes what was written, and gives back what it took.
    pub(super) fn abandon(&self, temporary: Temporary) {
        let charge = temporary.charge;
        drop(temporary);
        if let Ok(mut locked) = self.lock() {
            // If not, it is counted out when room is made.
            drop(locked.give_back(charge));
        }
    }

    /// Puts what was written in its place, and what was there out of it.
    pub(super) fn move_to(
        &self,
        locked: &mut Locked<'_>,
        temporary: Temporary,
        path: &Path,
    ) -> Result<(), Failure> {
        let charge = temporary.charge;
        let replaced = length_at(path).map(|length| length.map_or(0, ledger::charge));
        let moved = replaced.and_then(|replaced| {
            temporary.move_to(path)?;
            Ok(replaced)
        });
        match moved {
            Ok(replaced) => locked.give_back(replaced),
            Err(error) => {
                drop(locked.give_back(charge));
                Err(Failure::Io("put an entry in its place", error))
            }
        }
    }
}

impl Temporary {
    /// Returns how much room it takes.
    pub(super) fn charge(&self) -> u64 {
        self.charge
    }

    /// Moves it into the folder of a key, which others may remove at any time.
    fn move_to(mut self, path: &Path) -> io::Result<()> {
        let mut tries = 1..=TRIES;
        loop {
            match create_parents(path).and_then(|()| fs::rename(&self.path, path)) {
                Err(error) if error.kind() == ErrorKind::NotFound && tries.next().is_some() => {}
                moved => {
                    self.is_moved = moved.is_ok();
                    return moved;
                }
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_moved {
            // If it stays, it is removed when room is made.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Creates the folder of a key, and the one that this is in; what is there must be no link.
fn create_parents(path: &Path) -> io::Result<()> {
    let key = path.parent().unwrap_or(path);
    private::create_folder(key.parent().unwrap_or(key))?;
    private::create_folder(key)
}

/// Returns the length of a file; `None` if there is none.
pub(super) fn length_at(path: &Path) -> io::Result<Option<u64>> {
    let there = private::present(fs::symlink_metadata(path))?;
    Ok(there.filter(fs::Metadata::is_file).map(|file| file.len()))
}

/// Tells whether nobody writes to a file any more.
pub(super) fn is_left_over(path: &Path) -> io::Result<bool> {
    let Some((file, _)) = private::open_file(path)? else {
        return Ok(false);
    };
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
