//! Files: which one is read, and how much of it.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::{BaseStrategy, choose_base_strategy};

use super::format::Format;
use super::tree::Node;
use super::{Place, Problem};

/// The variable that names the file.
pub(super) const CONFIG_VARIABLE: &str = "TOYOTA_CONFIG";
/// Settings take a few KiB.
const MAX_BYTES: u64 = 1024 * 1024;
const ALLOWED: &str = "allowed is a TOML, YAML or JSON file of at most 1 MiB";
const NAMES: [&str; 4] = ["config.toml", "config.yaml", "config.yml", "config.json"];

/// What a file says.
pub(super) struct Document {
    pub(super) root: Node,
    /// Whether others than its owner can read it.
    pub(super) is_open_to_others: bool,
}

/// Returns the folder in which the user's file is looked for, where the platform has one.
#[must_use]
pub fn platform_folder() -> Option<PathBuf> {
    let strategy = choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("toyota"))
}

/// Returns the file in a folder, if there is one and no other.
pub(super) fn find_in(folder: &Path) -> Result<Option<PathBuf>, Problem> {
    let mut found: Option<PathBuf> = None;
    for path in NAMES.map(|name| folder.join(name)) {
        // A link to nowhere is there, and says so when it is read.
        match fs::symlink_metadata(&path) {
            Ok(_) => {}
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(unreadable(&path.into(), &error)),
        }
        if let Some(first) = found {
            let other = path.file_name().unwrap_or_default().to_string_lossy();
            let message = format!("{other} is there too; allowed is one of them");
            return Err(whole(&first.into(), message));
        }
        found = Some(path);
    }
    Ok(found)
}

/// Reads a file.
pub(super) fn read(path: &Arc<Path>) -> Result<Document, Problem> {
    let unknown = || {
        let message = "the name has to end in .toml, .yaml, .yml or .json";
        whole(path, message)
    };
    let format = Format::of_path(path).ok_or_else(unknown)?;
    // Opening a FIFO would wait for its writer.
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    ensure_regular(path, &metadata)?;
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    ensure_regular(path, &metadata)?;
    let text = text(path, file)?;
    let root = format.parse(&text).map_err(|error| {
        Problem::whole(
            Place::File {
                path: Arc::clone(path),
                at: error.at.map(|at| (at.line, at.column)),
            },
            error.message,
        )
    })?;
    Ok(Document {
        root,
        is_open_to_others: is_open_to_others(&metadata),
    })
}

fn text(path: &Arc<Path>, file: File) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    let length = read.map_err(|error| unreadable(path, &error))?;
    if u64::try_from(length).is_ok_and(|length| length > MAX_BYTES) {
        return Err(whole(path, format!("longer than 1 MiB; {ALLOWED}")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let (good, _) = error.as_bytes().split_at(good);
            let at = Some(end_of(&String::from_utf8_lossy(good)));
            let path = Arc::clone(path);
            let message = format!("not UTF-8; {ALLOWED}");
            Err(Problem::whole(Place::File { path, at }, message))
        }
    }
}

/// Returns line and column of what follows a text.
fn end_of(text: &str) -> (u32, u32) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let lines = text.matches('\n').count();
    (count(lines + 1), count(last.chars().count() + 1))
}

fn ensure_regular(path: &Arc<Path>, metadata: &Metadata) -> Result<(), Problem> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = if metadata.is_dir() {
        "a folder"
    } else {
        "no regular file"
    };
    Err(whole(path, format!("{what}; {ALLOWED}")))
}

fn unreadable(path: &Arc<Path>, error: &io::Error) -> Problem {
    let why = if is_absent(error) {
        "there is no such file".to_owned()
    } else {
        format!("cannot be read ({})", error.kind())
    };
    whole(path, format!("{why}; {ALLOWED}"))
}

fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

fn whole(path: &Arc<Path>, message: impl Into<String>) -> Problem {
    let path = Arc::clone(path);
    Problem::whole(Place::File { path, at: None }, message)
}

#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}
