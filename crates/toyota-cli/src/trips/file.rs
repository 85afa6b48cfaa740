//! A file that was not there before, for its owner alone, which stays only if it became whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Is removed when it is dropped, unless it is kept.
#[derive(Debug)]
pub(super) struct NewFile {
    file: File,
    path: Option<PathBuf>,
}

impl NewFile {
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let created = options().open(path).map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::AlreadyExists => "it is there already".to_owned(),
                _ => error.to_string(),
            };
            Failure::usage(format!("{} cannot be created: {why}", path.display()))
        });
        Ok(Self {
            file: created?,
            path: Some(path.to_owned()),
        })
    }

    pub(super) fn writer(&self) -> Result<File, Failure> {
        self.file.try_clone().map_err(Failure::internal)
    }

    /// Leaves it where it is.
    pub(super) fn keep(mut self) {
        self.path = None;
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // What cannot be removed is the lesser evil.
            let _: io::Result<()> = fs::remove_file(path);
        }
    }
}

/// Positions are for nobody else to read.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stays_only_if_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trips.csv");

        drop(NewFile::create(&path).unwrap());
        assert!(!path.exists());

        NewFile::create(&path).unwrap().keep();
        assert!(path.exists());
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "mine").unwrap();

        let failure = NewFile::create(file.path()).unwrap_err().to_string();

        assert!(failure.contains("it is there already"), "{failure}");
        assert_eq!(fs::read_to_string(file.path()).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trips.csv");

        NewFile::create(&path).unwrap().keep();

        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
