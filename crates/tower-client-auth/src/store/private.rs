//! Files and directories that are their owner's alone, where the platform has modes.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Creates a directory, and those it is in, if it is not there.
pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    if fs::metadata(dir).is_ok() {
        return Ok(());
    }
    match create_one_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let Some(parent) = dir.parent() else {
                return Err(error);
            };
            create_dir(parent)?;
            create_one_dir(dir)
        }
        created => created,
    }
}

fn create_one_dir(dir: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only the mode is set"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    match builder.create(dir) {
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        created => created?,
    }
    // The umask takes away from what is asked for, possibly from the owner too.
    #[cfg(unix)]
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    match dir.parent() {
        Some(parent) => sync_dir(parent),
        None => Ok(()),
    }
}

/// Creates a file that was not there. Follows no link.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Makes the names in a directory survive the machine, where that can be asked for.
#[cfg(unix)]
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    match File::open(dir).and_then(|dir| dir.sync_all()) {
        // Some file systems do not know how; and who may write to a directory may not be allowed to
        // open it.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Makes the names in a directory survive the machine, where that can be asked for.
#[cfg(not(unix))]
pub(super) fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns the mode of what others than the owner may read or write.
#[cfg(unix)]
pub(super) fn exposed(metadata: &Metadata) -> Option<u32> {
    mode_with(metadata, 0o077)
}

/// Returns the mode of what others than the owner may write to.
#[cfg(unix)]
pub(super) fn writable_by_others(metadata: &Metadata) -> Option<u32> {
    mode_with(metadata, 0o022)
}

#[cfg(unix)]
fn mode_with(metadata: &Metadata, bits: u32) -> Option<u32> {
    let mode = metadata.permissions().mode() & 0o777;
    (mode & bits != 0).then_some(mode)
}

/// Returns the mode of what others than the owner may read or write: there are none.
#[cfg(not(unix))]
pub(super) fn exposed(_: &Metadata) -> Option<u32> {
    None
}

/// Returns the mode of what others than the owner may write to: there are none.
#[cfg(not(unix))]
pub(super) fn writable_by_others(_: &Metadata) -> Option<u32> {
    None
}
