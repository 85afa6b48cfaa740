//! Files and folders that are their owner's alone, where the platform has modes.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Creates a folder, and those it is in, unless it is there.
pub(super) fn create_folders(path: &Path) -> io::Result<()> {
    builder().recursive(true).create(path)
}

/// Creates a folder in one that is there. What is there already must be a folder, and no link to
/// one.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    match builder().create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let is_folder = fs::symlink_metadata(path)?.is_dir();
            if is_folder { Ok(()) } else { Err(error) }
        }
        created => created,
    }
}

fn builder() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only the mode is set"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    builder
}

/// Creates a file that was not there; follows no link.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// Opens a file to be read and written; creates it if it is not there.
pub(super) fn open_or_create_file(path: &Path) -> io::Result<File> {
    options().create(true).open(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

/// Opens a file to be read; `None` if there is none, or something else in its place. Follows no
/// link, and waits for no pipe.
pub(super) fn open_file(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    let file = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => File::open(path),
        Ok(_) => return Ok(None),
        Err(error) => Err(error),
    };
    present(file.and_then(|file| {
        let metadata = file.metadata()?;
        Ok((file, metadata))
    }))
}

/// Takes what is not there for none.
pub(super) fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Tells whether it is a folder that no other user can read or write.
pub(super) fn is_private_folder(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    let is_private = metadata.mode() & 0o077 == 0;
    #[cfg(not(unix))]
    let is_private = true;
    metadata.is_dir() && is_private
}

/// Tells whether a file is the one that is found there.
pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = present(fs::symlink_metadata(path))?;
    #[cfg(unix)]
    let is_same = |there: &Metadata| {
        file.metadata()
            .map(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()))
    };
    // A file that is open cannot be replaced elsewhere.
    #[cfg(not(unix))]
    let is_same = |there: &Metadata| Ok(there.is_file() && file.metadata().is_ok());
    there.as_ref().map_or(Ok(false), is_same)
}
