//! Files that are their owner's alone, where the platform has modes.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::fault::Fault;

/// The most that a file holds, in bytes: a thousand cars, of each all that can be remembered, have ten
/// million.
pub(super) const MOST: usize = 16 * 1024 * 1024;

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    Text(Vec<u8>),
    TooLarge,
}

impl Content {
    /// Tells whether it is this text.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        matches!(self, Self::Text(own) if own == text)
    }
}

/// Returns what is in a file, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<Content>, Fault> {
    let Some(metadata) = present(fs::metadata(path)).map_err(Fault::not("read"))? else {
        return Ok(None);
    };
    // Before it is opened: to open a FIFO waits for somebody who writes.
    if !metadata.is_file() {
        return Err(Fault::NotAFile);
    }
    let mut text = Vec::new();
    let most = u64::try_from(MOST + 1).unwrap_or(u64::MAX);
    let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut text));
    match present(read).map_err(Fault::not("read"))? {
        None => Ok(None),
        Some(length) if length > MOST => Ok(Some(Content::TooLarge)),
        Some(_) => Ok(Some(Content::Text(text))),
    }
}

/// Puts a text in place of what is there, if anything is. To be called under the lock.
pub(super) fn replace(path: &Path, temporary: &Path, text: &[u8]) -> Result<(), Fault> {
    // The lock is held, so this is nobody's: its process has ended in the middle.
    present(fs::remove_file(temporary)).map_err(Fault::not("written"))?;
    let written = write(temporary, text).and_then(|()| fs::rename(temporary, path));
    written.map_err(|error| {
        // What has gone wrong is the news.
        let _ = fs::remove_file(temporary);
        Fault::Io("written", error)
    })
}

/// Moves a file, to where one may be already.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(Fault::not("moved aside"))
}

/// Opens a file to be locked; creates it, and the folders it is in, if it is not there.
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    let open = || options().create(true).truncate(false).open(path);
    match open() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                create_folders(parent)?;
            }
            open()
        }
        opened => opened,
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = options().create_new(true).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

fn create_folders(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(path)
}

/// Takes what is not there for none.
fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
