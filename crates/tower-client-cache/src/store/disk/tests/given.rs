//! Entries, keys and stores for tests.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tempfile::TempDir;

use super::super::{Disk, DiskStore};
use crate::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use crate::{Entry, Fields, Head, Key, Owner};

/// A store, and the folder that it is in.
pub(super) struct Scene {
    pub(super) disk: Arc<Disk>,
    dir: TempDir,
}

impl Scene {
    pub(super) fn new(max_bytes: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let disk = disk(dir.path(), max_bytes);
        Self { disk, dir }
    }

    /// Another store in the same folder.
    pub(super) fn another(&self) -> Arc<Disk> {
        disk(self.dir.path(), self.disk.settings.max_bytes)
    }

    pub(super) fn put(&self, number: u64, length: usize) {
        let entry = entry(number, length);
        self.disk.put(&key(number), &entry).unwrap();
    }

    /// Returns which of these keys have an entry, which is then used.
    pub(super) fn there(&self, numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let is_there = |number: &u64| !self.disk.get(&key(*number)).unwrap().is_empty();
        numbers.into_iter().filter(is_there).collect()
    }

    /// Returns the file of the only entry of a key.
    pub(super) fn path(&self, number: u64) -> PathBuf {
        let name = self.disk.settings.codec.name(&key(number));
        let variants = self.disk.variants(&name).unwrap();
        let [variant] = variants[..] else {
            panic!("{} entries", variants.len());
        };
        self.disk.folder.entry(&name, variant)
    }

    /// Lets an entry be used for the last time so long ago.
    pub(super) fn unused_for(&self, number: u64, time: Duration) {
        set_used(&self.path(number), SystemTime::now() - time);
    }

    /// Lets the entry of a key expire at a time.
    pub(super) fn expire(&self, number: u64, expires: Timestamp) {
        let path = self.path(number);
        let mut file = fs::read(&path).unwrap();
        file[..8].copy_from_slice(&expires.0.to_le_bytes());
        fs::write(&path, file).unwrap();
    }

    /// Returns how much is written down to be taken, and how much is.
    pub(super) fn taken(&self) -> (u64, u64) {
        let locked = self.disk.lock().unwrap();
        (locked.taken(), self.disk.count().unwrap())
    }

    /// Returns how long all files together are while nobody changes anything.
    pub(super) fn bytes(&self) -> u64 {
        let _locked = self.disk.lock().unwrap();
        length_of_all(self.disk.folder.root())
    }
}

pub(super) fn set_used(path: &Path, time: SystemTime) {
    File::open(path).unwrap().set_modified(time).unwrap();
}

fn disk(dir: &Path, max_bytes: u64) -> Arc<Disk> {
    let store = DiskStore::builder(dir).max_bytes(max_bytes).build();
    store.unwrap().disk
}

fn length_of_all(folder: &Path) -> u64 {
    let lengths = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            return length_of_all(&entry.path());
        }
        entry.metadata().unwrap().len()
    });
    lengths.sum()
}

/// An entry of a thousand seconds, of this number and with so many bytes.
pub(in crate::store::disk) fn entry(number: u64, length: usize) -> Entry {
    variant(number, length, "")
}

/// One that is selected by a language.
pub(in crate::store::disk) fn variant(number: u64, length: usize, language: &'static str) -> Entry {
    let headers = [
        ("cache-control", "max-age=1000"),
        ("vary", "accept-language"),
    ];
    let headers = map(&headers);
    let request = map(&[("accept-language", language)]);
    let received = Timestamp(1_700_000_000);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &request,
        status: StatusCode::OK,
        headers: &headers,
        requested: received,
        received,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &request).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    };
    let mut random = fastrand::Rng::with_seed(number);
    let content: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
        .take(length)
        .collect();
    let created = Timestamp(0_i64.saturating_add_unsigned(number));
    Entry::new(head, bytes::Bytes::from(content).into(), created, None)
}

/// Everybody's key of this number.
pub(in crate::store::disk) fn key(number: u64) -> Key {
    Key::value(Owner::Everyone, &number.to_string()).unwrap()
}

fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for &(name, value) in lines {
        map.insert(name, HeaderValue::from_static(value));
    }
    map
}
