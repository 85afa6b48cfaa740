//! What is in the folder: names of keys, and files.

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{name_of, variant_of};
use super::{Disk, private};
use crate::VariantId;
use crate::store::codec::Name;

/// A file, as far as it tells without being opened.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) metadata: Metadata,
}

impl Disk {
    /// Returns the names of all keys, a shard after the other.
    pub(super) fn names(&self) -> impl Iterator<Item = io::Result<Name>> {
        (0..=u8::MAX).flat_map(|shard| {
            let names = entries_of(&self.folder.shard(shard)).map(|entries| {
                let folders = entries.into_iter().filter(is_folder);
                folders
                    .filter_map(|entry| name_of(shard, &entry.file_name()))
                    .map(Ok)
                    .collect()
            });
            names.unwrap_or_else(|error| vec![Err(error)])
        })
    }

    /// Tells whether a key has a folder, which no link leads to.
    pub(super) fn has_folder(&self, name: &Name) -> io::Result<bool> {
        Ok(is_folder_at(&self.folder.shard_of(name))? && is_folder_at(&self.folder.key(name))?)
    }

    /// Returns the variants that a key has files of. A name stands here once, although a folder that
    /// changes may tell it twice.
    pub(super) fn variants(&self, name: &Name) -> io::Result<Vec<VariantId>> {
        // The last of these is looked at as it is read.
        if !is_folder_at(&self.folder.shard_of(name))? {
            return Ok(Vec::new());
        }
        let entries = entries_of(&self.folder.key(name))?;
        let mut variants: Vec<_> = entries
            .iter()
            .filter(|entry| is_file(entry))
            .filter_map(|entry| variant_of(&entry.file_name()))
            .collect();
        variants.sort_unstable();
        variants.dedup();
        Ok(variants)
    }

    /// Returns the variants that a key has, and their files.
    pub(super) fn files(&self, name: &Name) -> io::Result<Vec<(VariantId, Found)>> {
        let mut files = Vec::new();
        for variant in self.variants(name)? {
            let found = found(self.folder.entry(name, variant))?;
            files.extend(found.map(|found| (variant, found)));
        }
        Ok(files)
    }

    /// Returns what is being written, or was left behind.
    pub(super) fn temporary(&self) -> io::Result<Vec<Found>> {
        let entries = entries_of(&self.folder.temporary())?;
        let files = entries.iter().filter(|entry| is_file(entry));
        let paths = files.map(DirEntry::path);
        paths.filter_map(|path| found(path).transpose()).collect()
    }
}

/// Returns what is in a folder; nothing if it is not there, or no folder. Follows no link.
fn entries_of(folder: &Path) -> io::Result<Vec<DirEntry>> {
    if !is_folder_at(folder)? {
        return Ok(Vec::new());
    }
    let entries = private::present(fs::read_dir(folder))?;
    entries.into_iter().flatten().collect()
}

/// Tells whether there is a folder, and no link to one.
fn is_folder_at(path: &Path) -> io::Result<bool> {
    let there = private::present(fs::symlink_metadata(path))?;
    Ok(there.is_some_and(|there| there.is_dir()))
}

fn found(path: PathBuf) -> io::Result<Option<Found>> {
    let metadata = private::present(fs::symlink_metadata(&path))?;
    let file = metadata.filter(Metadata::is_file);
    Ok(file.map(|metadata| Found { path, metadata }))
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir())
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
}
