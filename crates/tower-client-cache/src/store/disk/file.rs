//! The format of one file: an entry.
//!
//! ```text
//! when it expires     8 bytes, seconds since 1970, little-endian
//! length of the head  4 bytes, little-endian
//! head                as the codec writes it
//! content             likewise
//! ```

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use bytes::Bytes;

use super::private;
use crate::policy::Timestamp;
use crate::store::codec::{Codec, CodecError};

/// How many bytes stand before the head.
const PREFIX: usize = 12;

/// How much longer than its content a file can be.
pub(super) const OVERHEAD: usize = PREFIX + Codec::LONGEST_HEAD + Codec::CONTENT_OVERHEAD;

/// What is written to a file.
pub(super) struct Written {
    /// What stands before the content.
    head: Vec<u8>,
    content: Bytes,
}

/// What is read from a file.
pub(super) struct Parts {
    pub(super) head: Bytes,
    pub(super) content: Bytes,
}

impl Written {
    pub(super) fn new(expires: Timestamp, head: &[u8], content: Bytes) -> Result<Self, CodecError> {
        let length = u32::try_from(head.len()).map_err(|_| CodecError::TooLong)?;
        let prefix = [&expires.0.to_le_bytes()[..], &length.to_le_bytes()];
        let head = [prefix.concat().as_slice(), head].concat();
        Ok(Self { head, content })
    }

    pub(super) fn len(&self) -> u64 {
        // No platform's memory is larger.
        u64::try_from(self.head.len() + self.content.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn write_to(&self, mut to: impl Write) -> io::Result<()> {
        to.write_all(&self.head)?;
        to.write_all(&self.content)
    }
}

impl Parts {
    /// Parts what is in a file; `None` if it is too short. It shares the memory.
    pub(super) fn of(file: &Bytes) -> Option<Self> {
        let (prefix, rest) = file.split_first_chunk::<PREFIX>()?;
        let (_, length) = parse(prefix);
        let (head, content) = rest.split_at_checked(length)?;
        let [head, content] = [head, content].map(|part| file.slice_ref(part));
        Some(Self { head, content })
    }
}

/// Reads a file, and what is known of it; `None` if there is none. What is longer than is allowed
/// seems empty.
pub(super) fn read(path: &Path, longest: u64) -> io::Result<Option<(Bytes, File, Metadata)>> {
    let Some((mut file, metadata)) = private::open_file(path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    if let Ok(length) = usize::try_from(metadata.len())
        && metadata.len() <= longest
    {
        bytes.reserve_exact(length);
        (&mut file).take(metadata.len()).read_to_end(&mut bytes)?;
    }
    Ok(Some((bytes.into(), file, metadata)))
}

/// Reads the head of a file alone; `None` if there is no file, or no head in it.
pub(super) fn read_head(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some((mut file, _)) = private::open_file(path)? else {
        return Ok(None);
    };
    whole((|| {
        let mut prefix = [0; PREFIX];
        file.read_exact(&mut prefix)?;
        let (_, length) = parse(&prefix);
        if length > Codec::LONGEST_HEAD {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let mut head = vec![0; length];
        file.read_exact(&mut head)?;
        Ok(head)
    })())
}

/// Reads when what is in a file expires; `None` if there is no file, or nothing in it.
pub(super) fn read_expiry(path: &Path) -> io::Result<Option<Timestamp>> {
    let Some((mut file, _)) = private::open_file(path)? else {
        return Ok(None);
    };
    let mut prefix = [0; PREFIX];
    let read = file.read_exact(&mut prefix);
    Ok(whole(read)?.map(|()| parse(&prefix).0))
}

/// Takes what ends too soon for nothing.
fn whole<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns when it expires, and the length of the head.
fn parse(prefix: &[u8; PREFIX]) -> (Timestamp, usize) {
    let [a, b, c, d, e, f, g, h, length @ ..] = *prefix;
    let expires = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    (Timestamp(expires), length)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const EXPIRES: Timestamp = Timestamp(-2);

    #[test]
    fn is_written_as_it_is_told() {
        let file = written(b"head", b"content");

        let expected = b"\xfe\xff\xff\xff\xff\xff\xff\xff\x04\0\0\0headcontent";
        assert_eq!(&file[..], expected);
    }

    #[test]
    fn what_was_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        for (head, content) in [(&b"head"[..], &b"content"[..]), (b"head", b""), (b"", b"")] {
            let file = written(head, content);
            fs::write(&path, &file).unwrap();

            let (all, ..) = read(&path, 100).unwrap().unwrap();
            let parts = Parts::of(&all).unwrap();
            assert_eq!(all, file);
            assert_eq!((&parts.head[..], &parts.content[..]), (head, content));
            assert_eq!(read_head(&path).unwrap().as_deref(), Some(head));
            assert_eq!(read_expiry(&path).unwrap(), Some(EXPIRES));
        }
    }

    #[test]
    fn what_is_cut_off_has_no_head() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        let file = written(b"head", b"content");
        for length in 0..PREFIX + 4 {
            fs::write(&path, &file[..length]).unwrap();

            assert!(Parts::of(&file.slice(..length)).is_none(), "{length}");
            assert_eq!(read_head(&path).unwrap(), None, "{length}");
            let expires = (length >= PREFIX).then_some(EXPIRES);
            assert_eq!(read_expiry(&path).unwrap(), expires, "{length}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        fs::write(&path, written(b"head", b"content")).unwrap();

        for (longest, expected) in [(22, 0), (23, 23), (u64::MAX, 23)] {
            let (read, ..) = read(&path, longest).unwrap().unwrap();

            assert_eq!(read.len(), expected);
        }
    }

    #[test]
    fn a_head_that_says_it_is_endless_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        fs::write(&path, [0xff; 1000]).unwrap();

        assert_eq!(read_head(&path).unwrap(), None);
        assert!(Parts::of(&Bytes::from_static(&[0xff; 1000])).is_none());
    }

    #[test]
    fn what_is_no_file_is_not_there() {
        let dir = tempfile::tempdir().unwrap();

        for path in [dir.path().join("none"), dir.path().to_owned()] {
            assert!(read(&path, 100).unwrap().is_none());
            assert!(read_head(&path).unwrap().is_none());
            assert!(read_expiry(&path).unwrap().is_none());
        }
    }

    fn written(head: &[u8], content: &[u8]) -> Bytes {
        let written = Written::new(EXPIRES, head, Bytes::copy_from_slice(content)).unwrap();
        let mut file = Vec::new();
        written.write_to(&mut file).unwrap();
        assert_eq!(u64::try_from(file.len()).unwrap(), written.len());
        file.into()
    }
}
