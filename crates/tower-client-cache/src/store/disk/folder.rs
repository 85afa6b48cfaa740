//! Where in the folder each file is: paths alone, nothing is touched.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::VariantId;
use crate::store::codec::Name;

/// The version of the layout; what another one has written is left alone.
const VERSION: &str = "v1";

/// The paths below a store's folder:
///
/// ```text
/// v1/lock                        the lock, and the ledger in it
/// v1/tmp/<random>                what is being written
/// v1/ab/<rest of name>/<variant> an entry
/// ```
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(dir: &Path) -> Self {
        let root = dir.join(VERSION);
        Self { root }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    pub(super) fn shard(&self, shard: u8) -> PathBuf {
        self.root.join(format!("{shard:02x}"))
    }

    pub(super) fn shard_of(&self, name: &Name) -> PathBuf {
        let [shard, ..] = *name.as_bytes();
        self.shard(shard)
    }

    pub(super) fn key(&self, name: &Name) -> PathBuf {
        let [_, rest @ ..] = name.as_bytes();
        let rest = rest.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _: std::fmt::Result = write!(text, "{byte:02x}");
            text
        });
        self.shard_of(name).join(rest)
    }

    pub(super) fn entry(&self, name: &Name, variant: VariantId) -> PathBuf {
        self.key(name).join(format!("{:016x}", variant.0))
    }
}

/// Returns the name whose folder in this shard is called so; `None` if it is none's.
pub(super) fn name_of(shard: u8, rest: &OsStr) -> Option<Name> {
    let rest = hex::<30>(rest)?;
    let [_, rest @ ..] = rest.to_be_bytes();
    let mut bytes = [shard; 16];
    for (to, from) in bytes.iter_mut().skip(1).zip(rest) {
        *to = from;
    }
    Some(Name::new(bytes))
}

/// Returns the variant whose file is called so; `None` if it is none's.
pub(super) fn variant_of(file: &OsStr) -> Option<VariantId> {
    let id = u64::try_from(hex::<16>(file)?).ok()?;
    Some(VariantId(id))
}

/// Reads so many hexadecimal digits, as they are written here and not otherwise.
fn hex<const DIGITS: usize>(text: &OsStr) -> Option<u128> {
    let text = text.to_str().filter(|text| text.len() == DIGITS)?;
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !text.bytes().all(is_digit) {
        return None;
    }
    u128::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_place() {
        let folder = Folder::new(Path::new("/cache"));
        let name = Name::new([0xab, 0x01, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff]);

        for (path, expected) in [
            (folder.root().to_owned(), "/cache/v1"),
            (folder.lock(), "/cache/v1/lock"),
            (folder.temporary(), "/cache/v1/tmp"),
            (folder.shard_of(&name), "/cache/v1/ab"),
            (
                folder.key(&name),
                "/cache/v1/ab/0102030405060708090a0b0c0d0eff",
            ),
            (
                folder.entry(&name, VariantId(0x1f)),
                "/cache/v1/ab/0102030405060708090a0b0c0d0eff/000000000000001f",
            ),
        ] {
            assert_eq!(path, Path::new(expected));
        }
    }

    #[test]
    fn what_a_file_is_called_tells_what_it_is_of() {
        let folder = Folder::new(Path::new("/cache"));
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..100 {
            let name = Name::new(random.u128(..).to_be_bytes());
            let variant = VariantId(random.u64(..));
            let path = folder.entry(&name, variant);
            let key = path.parent().unwrap();

            let shard = *name.as_bytes().first().unwrap();
            assert_eq!(name_of(shard, key.file_name().unwrap()), Some(name));
            assert_eq!(variant_of(path.file_name().unwrap()), Some(variant));
        }
    }

    #[test]
    fn what_is_called_otherwise_is_nothing() {
        let rest = "0102030405060708090a0b0c0d0e0f";
        assert!(name_of(1, rest.as_ref()).is_some());
        for wrong in [
            "",
            "tmp",
            "0102030405060708090a0b0c0d0e0",
            "0102030405060708090a0b0c0d0e0f0",
            "0102030405060708090A0B0C0D0E0F",
            "+102030405060708090a0b0c0d0e0f",
            "010203040506070809_a0b0c0d0e0f",
            "0102030405060708090a0b0c0d0eé",
        ] {
            assert_eq!(name_of(1, wrong.as_ref()), None, "{wrong}");
        }
        for wrong in ["", "lock", "1f", "00000000000000001f", "+00000000000001f"] {
            assert_eq!(variant_of(wrong.as_ref()), None, "{wrong}");
        }
    }
}
