//! A log file that only its owner reads, and that begins anew by the hour or day.

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use toyota_client::config::LogRotation;

use crate::show;

/// Where lines are written, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rotating {
    /// The file; with a rotation, the hour or day follows its name after a dot.
    pub(crate) path: PathBuf,
    /// When a new file begins, in UTC.
    pub(crate) rotation: LogRotation,
    /// How many files there are at most, the newest among them.
    pub(crate) keep: NonZeroUsize,
}

/// An open log file.
#[derive(Debug)]
pub(super) struct LogFile<C> {
    settings: Rotating,
    clock: C,
    file: File,
    period: i64,
    has_complained: bool,
}

/// The hour or day, counted.
fn period(rotation: LogRotation, now: Timestamp) -> i64 {
    match rotation {
        LogRotation::Never => 0,
        LogRotation::Hourly => now.as_second().div_euclid(60 * 60),
        LogRotation::Daily => now.as_second().div_euclid(24 * 60 * 60),
    }
}

/// The hour or day, as it is written; texts in the order of time.
fn stamp_of(rotation: LogRotation, now: Timestamp) -> Option<String> {
    match rotation {
        LogRotation::Never => None,
        LogRotation::Hourly => Some(now.strftime("%Y-%m-%d-%H").to_string()),
        LogRotation::Daily => Some(now.strftime("%Y-%m-%d").to_string()),
    }
}

fn is_stamp(rotation: LogRotation, text: &str) -> bool {
    let pattern = match rotation {
        LogRotation::Never => return false,
        LogRotation::Hourly => "dddd-dd-dd-dd",
        LogRotation::Daily => "dddd-dd-dd",
    };
    let fits = |(byte, pattern): (u8, u8)| match pattern {
        b'd' => byte.is_ascii_digit(),
        _ => byte == pattern,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

impl Rotating {
    fn path_at(&self, now: Timestamp) -> PathBuf {
        match stamp_of(self.rotation, now) {
            None => self.path.clone(),
            Some(stamp) => {
                let mut name = OsString::from(self.path.as_os_str());
                name.push(".");
                name.push(stamp);
                name.into()
            }
        }
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    /// Removes the oldest files, and only what this program can have written.
    fn prune(&self, current: &Path) -> io::Result<()> {
        let Some(name) = self.path.file_name().and_then(OsStr::to_str) else {
            return Ok(());
        };
        let mut old = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            let entry = entry?;
            let found = entry.file_name();
            let stamp = found.to_str().and_then(|found| found.strip_prefix(name));
            let stamp = stamp.and_then(|rest| rest.strip_prefix('.'));
            let is_ours = stamp.is_some_and(|stamp| is_stamp(self.rotation, stamp));
            let is_current = current.file_name() == Some(&found);
            if is_ours && !is_current && entry.file_type()?.is_file() {
                old.push(entry.path());
            }
        }
        old.sort_unstable();
        let surplus = (old.len() + 1).saturating_sub(self.keep.get());
        old.iter().take(surplus).try_for_each(fs::remove_file)
    }
}

impl<C: Fn() -> Timestamp> LogFile<C> {
    /// Opens the file, and the folder that it is in if there is none.
    pub(super) fn open(settings: Rotating, clock: C) -> io::Result<Self> {
        let mut folders = DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        folders.create(settings.folder())?;
        let now = clock();
        let file = open_private(&settings.path_at(now))?;
        let period = period(settings.rotation, now);
        // What cannot be removed does not keep anybody from writing.
        drop(settings.prune(&settings.path_at(now)));
        Ok(Self {
            settings,
            clock,
            file,
            period,
            has_complained: false,
        })
    }

    /// Goes on to the next file when it is time; where there can be none, the last one goes on.
    fn turn(&mut self) {
        let now = (self.clock)();
        let period = period(self.settings.rotation, now);
        if period == self.period {
            return;
        }
        self.period = period;
        let path = self.settings.path_at(now);
        match open_private(&path) {
            Ok(file) => {
                self.file = file;
                drop(self.settings.prune(&path));
            }
            Err(error) => self.complain(&error),
        }
    }

    /// Says once what nobody who waits could be told.
    fn complain(&mut self, error: &io::Error) {
        if !self.has_complained {
            self.has_complained = true;
            show::tell(&format!("the log file cannot be written: {error}"));
        }
    }
}

impl<C: Fn() -> Timestamp> Write for LogFile<C> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.turn();
        let written = self.file.write(line);
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.complain(error);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens a file to append to, that nobody but its owner can read. A link is not followed: who can
/// plant one could choose what is written to.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let before = match fs::symlink_metadata(path) {
        Ok(found) => Some(found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Only what is new is made, so a link that comes in between is not followed either.
            options.create_new(true);
            None
        }
        Err(error) => return Err(error),
    };
    // A pipe without a reader would be waited for.
    before.as_ref().map_or(Ok(()), ensure_regular)?;
    let file = options.open(path)?;
    let opened = file.metadata()?;
    ensure_regular(&opened)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if before.is_some_and(|it| (it.dev(), it.ino()) != (opened.dev(), opened.ino())) {
            return Err(io::Error::other("it was replaced while it was opened"));
        }
        let mut permissions = opened.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            file.set_permissions(permissions)?;
        }
    }
    Ok(file)
}

fn ensure_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    Err(io::Error::other("it is no regular file"))
}
