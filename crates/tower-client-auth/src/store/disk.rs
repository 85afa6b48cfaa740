//! Reads, writes and removes a credential's file. Blocks.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::entry::{Entry, MOST};
use super::fault::{At, FileError, Wrong};
use super::place::Place;
use super::private;
use crate::{Credential, CredentialKey};

/// Returns the credential that is kept there, if one is.
pub(super) fn load(place: &Place, key: &CredentialKey) -> Result<Option<Credential>, FileError> {
    let Some(entry) = read(place)? else {
        return Ok(None);
    };
    if entry.key() != *key {
        return Err(Wrong::Foreign.at(&place.file()));
    }
    Ok(Some(entry.into_credential()))
}

/// Returns what is kept there, if anything is.
pub(super) fn read(place: &Place) -> Result<Option<Entry>, FileError> {
    if !check_dir(place.dir())? {
        return Ok(None);
    }
    let path = place.file();
    let Some(text) = text(&path)? else {
        return Ok(None);
    };
    let entry = Entry::parse(&text).map_err(|wrong| wrong.at(&path))?;
    Ok(Some(entry))
}

/// Keeps a credential in place of the last; of one that cannot be read it is not known whether it
/// may go.
pub(super) fn save(
    place: &Place,
    key: &CredentialKey,
    credential: &Credential,
) -> Result<(), FileError> {
    private::create_dir(place.dir()).at(place.dir(), "created")?;
    load(place, key)?;
    let path = place.file();
    let text = Entry::render(key, credential).map_err(|wrong| wrong.at(&path))?;
    let temporary = place.temporary();
    // The lock is held, so this is nobody's: its process has ended in the middle.
    remove_file(&temporary)?;
    let written = write(&temporary, &text).and_then(|()| fs::rename(&temporary, &path));
    if let Err(error) = written {
        // It may be in there, and what has gone wrong is the news.
        let _ = fs::remove_file(&temporary);
        return Err(error).at(&path, "written");
    }
    private::sync_dir(place.dir()).at(place.dir(), "synced")
}

/// Removes whatever is there, and what an interrupted save has left.
pub(super) fn remove(place: &Place) -> Result<(), FileError> {
    let mut removed = false;
    for path in [place.file(), place.temporary()] {
        removed |= remove_file(&path)?;
    }
    if removed {
        private::sync_dir(place.dir()).at(place.dir(), "synced")?;
    }
    Ok(())
}

/// Returns all places of the directory in which there may be a credential, up to so many.
pub(super) fn places(dir: &Path, most: usize) -> Result<Vec<Place>, FileError> {
    if !check_dir(dir)? {
        return Ok(Vec::new());
    }
    let mut places = Vec::new();
    for entry in fs::read_dir(dir).at(dir, "read")? {
        let path = entry.at(dir, "read")?.path();
        places.extend(Place::found(dir, &path));
        if places.len() == most {
            break;
        }
    }
    Ok(places)
}

/// Whether the directory is there; if so, nobody else must be able to replace what is in it.
fn check_dir(dir: &Path) -> Result<bool, FileError> {
    let Some(metadata) = found(fs::metadata(dir)).at(dir, "read")? else {
        return Ok(false);
    };
    if !metadata.is_dir() {
        return Err(Wrong::NotADirectory.at(dir));
    }
    match private::writable_by_others(&metadata) {
        Some(mode) => Err(Wrong::OpenDirectory(mode).at(dir)),
        None => Ok(true),
    }
}

/// Returns what is in a file, if it is there.
fn text(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
    let Some(metadata) = found(fs::symlink_metadata(path)).at(path, "read")? else {
        return Ok(None);
    };
    // Before it is opened: to open a FIFO waits for somebody who writes.
    if !metadata.is_file() {
        return Err(Wrong::NotAFile.at(path));
    }
    let Some(mut file) = found(File::open(path)).at(path, "read")? else {
        return Ok(None);
    };
    // Again, and of what is open: it may be another one by now.
    let metadata = file.metadata().at(path, "read")?;
    if !metadata.is_file() {
        return Err(Wrong::NotAFile.at(path));
    }
    if let Some(mode) = private::exposed(&metadata) {
        return Err(Wrong::Exposed(mode).at(path));
    }
    let length = usize::try_from(metadata.len()).ok();
    let length = length.filter(|length| *length <= MOST);
    let length = length.ok_or_else(|| Wrong::TooLarge.at(path))?;
    // Of a buffer that grows, copies would stay behind. A file that was put in place does not
    // change any more.
    let mut text = Zeroizing::new(vec![0; length]);
    file.read_exact(&mut text).at(path, "read")?;
    Ok(Some(text))
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = private::create_file(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Tells whether there was something to remove.
fn remove_file(path: &Path) -> Result<bool, FileError> {
    let Some(metadata) = found(fs::symlink_metadata(path)).at(path, "removed")? else {
        return Ok(false);
    };
    let removed = if metadata.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    let removed = found(removed).at(path, "removed")?;
    Ok(removed.is_some())
}

/// What is not there is none, rather than an error.
pub(super) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
