//! What is in a folder, as anybody sees it who looks.

use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};

/// Returns all that is below a folder.
pub(crate) fn below(folder: &Path) -> Vec<(PathBuf, Metadata)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            all.extend(below(&path));
        }
        all.push((path, metadata));
    }
    all
}

/// Returns the only entry's file.
pub(crate) fn only_entry(dir: &Path) -> PathBuf {
    let files = below(dir).into_iter().filter(|(_, it)| it.is_file());
    let entries = files.filter(|(path, _)| !path.ends_with("lock"));
    let [entry] = entries
        .map(|(path, _)| path)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    entry
}

/// Returns how many bytes all files below a folder have, and how many of them a writer left behind;
/// nobody may create or remove any meanwhile.
pub(crate) fn bytes_and_left_over_files(dir: &Path) -> (u64, usize) {
    let lock = File::open(dir.join("v1/lock")).unwrap();
    lock.lock().unwrap();
    let files = below(dir).into_iter().filter(|(_, it)| it.is_file());
    let files: Vec<_> = files.collect();
    let left_over = files.iter().filter(|(path, _)| is_left_over(path));
    (
        files.iter().map(|(_, it)| it.len()).sum(),
        left_over.count(),
    )
}

/// Tells whether a file was being written by somebody who has ended.
fn is_left_over(path: &Path) -> bool {
    let is_temporary = path.parent().is_some_and(|it| it.ends_with("tmp"));
    is_temporary && File::open(path).unwrap().try_lock().is_ok()
}
