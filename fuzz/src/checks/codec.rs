//! What is written is read as what it was, and what nobody wrote is none of it.

use bytes::Bytes;
use http::HeaderMap;
use tower_client_cache::policy::Timestamp;
use tower_client_cache::store::EntryInfo;
use tower_client_cache::store::codec::{Codec, Name, Record};
use tower_client_cache::{ContentId, Entry, Key};

/// What is between a blob's first byte and what is written in it.
const HEADER: usize = 6;

/// Writes and reads an entry, and compares all that there is to compare.
pub fn comes_back(codec: &Codec, key: &Key, entry: &Entry) {
    let name = codec.name(key);
    // Of what the fuzzer makes nothing is so long, or so much.
    let head = codec.encode_head(key, entry).expect("a short one");
    let content = codec.encode_content(key, entry).expect("a short one");
    let content = Bytes::from(content);

    let record = codec.decode_head(&name, &head).expect("as it was written");
    assert_eq!(record.key, *key);
    assert_eq!(record.key.to_text(), key.to_text());
    assert_eq!(codec.name(&record.key), name);
    assert_eq!(record.info(), EntryInfo::of(entry));
    let read = codec.decode_content(&name, &record, &content);
    is_same(&record.into_entry(read.expect("its own")), entry);
}

/// Another key has another name, and nothing is found by it.
pub fn is_found_by_its_name_alone(codec: &Codec, key: &Key, other: &Key, entry: &Entry) {
    let (name, elsewhere) = (codec.name(key), codec.name(other));
    assert_eq!(name == elsewhere, key == other);
    if name == elsewhere {
        return;
    }
    let head = codec.encode_head(key, entry).expect("a short one");
    assert!(codec.decode_head(&elsewhere, &head).is_err());
    let content = codec.encode_content(key, entry).expect("a short one");
    let record = codec.decode_head(&name, &head).expect("as it was written");
    let mut another = record.clone();
    another.content_id = ContentId(record.content_id.0 ^ 1);
    let content = content.into();
    assert!(codec.decode_content(&elsewhere, &record, &content).is_err());
    assert!(codec.decode_content(&name, &another, &content).is_err());
}

/// Reads something as a head: what it is, if it is anything, is written and read as the same.
pub fn head(codec: &Codec, name: &Name, blob: &[u8]) {
    let Ok(record) = codec.decode_head(name, blob) else {
        return;
    };
    assert_eq!(codec.name(&record.key), *name);
    is_usable(&record);
    // Only the length of the content is written in a head.
    if record.length == 0 {
        let entry = record.clone().into_entry(Bytes::new().into());
        comes_back(codec, &record.key, &entry);
    }
}

/// Reads something as a message, likewise.
pub fn message(codec: &Codec, blob: &[u8]) {
    let Ok(forgotten) = codec.decode_forgotten(blob) else {
        return;
    };
    // Without encryption what is the same is written alike.
    let plain = Codec::new();
    let again = plain.encode_forgotten(&forgotten).expect("no longer");
    let read = plain.decode_forgotten(&again).expect("as it was written");
    assert_eq!(plain.encode_forgotten(&read).expect("no longer"), again);
}

/// Reads something as the content of an entry: it is one if it has as many bytes as the head says.
pub fn content(codec: &Codec, key: &Key, entry: &Entry, bytes: &[u8]) {
    let name = codec.name(key);
    let head = codec.encode_head(key, entry).expect("a short one");
    let record = codec.decode_head(&name, &head).expect("as it was written");
    let blob = forged(1, entry.content_id(), name.as_bytes(), bytes).into();
    let content = codec.decode_content(&name, &record, &blob);
    let is_as_long = u64::try_from(bytes.len()) == Ok(record.length);
    assert_eq!(content.is_ok(), is_as_long);
    assert!(content.is_ok_and(|content| content.to_bytes() == bytes) || !is_as_long);
}

/// Puts what is written into a blob with a checksum that is right, as who writes to a store can.
#[must_use]
pub fn forged(part: u8, id: ContentId, name: &[u8; 16], written: &[u8]) -> Vec<u8> {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&[Codec::VERSION, 0, part]);
    sum.update(&id.0.to_be_bytes());
    sum.update(name);
    sum.update(written);
    let mut blob = vec![Codec::VERSION, 0];
    blob.extend(sum.finalize().to_be_bytes());
    blob.extend(written);
    blob
}

/// Returns what is written in a blob that is not encrypted.
#[must_use]
pub fn written(blob: &[u8]) -> &[u8] {
    blob.get(HEADER..).unwrap_or_default()
}

/// Nothing that a cache does with a head panics.
fn is_usable(record: &Record) {
    let stored = record.head.stored;
    for now in [i64::MIN, 0, 1_700_000_000, i64::MAX].map(Timestamp) {
        assert!(stored.remaining(now) <= i64::from(stored.lifetime()));
    }
    assert!(stored.expires() <= stored.useful_until());
    assert!(record.head.fields.to_map().len() == record.head.fields.iter().count());
    let _ = record.head.vary.matches(&HeaderMap::new());
    let _ = (record.variant(), record.info());
}

fn is_same(read: &Entry, entry: &Entry) {
    assert_eq!(read.stored(), entry.stored());
    assert!(read.head().vary == entry.head().vary);
    assert!(read.head().fields == entry.head().fields);
    assert_eq!(read.content().to_bytes(), entry.content().to_bytes());
    assert_eq!(read.content_id(), entry.content_id());
    assert_eq!(read.created(), entry.created());
    assert_eq!(read.tags(), entry.tags());
    assert_eq!(read.variant(), entry.variant());
}
