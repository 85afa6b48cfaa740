//! What reading an entry takes of memory, whatever it says: this program has an allocator that
//! counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(feature = "codec")]

use std::alloc::System;
use std::sync::Arc;

use bytes::Bytes;
use http::header::VARY;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::store::codec::{Codec, CodecError};
use tower_client_cache::{Content, Entry, Fields, Head, Key, Owner};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is between a blob's first byte and what is written in it.
const HEADER: usize = 6;
const TAG: &[u8] = b"\x01\x0amarked-tag";
const SELECTING: &[u8] = b"\x01\x0cmarked-field\x00";
const CONTENT: usize = 1024 * 1024;

/// All in one: what another test allocates meanwhile would be counted too.
#[test]
fn a_blob_never_takes_more_than_a_few_times_its_length() {
    lists_are_bounded_whatever_their_lengths_say();
    changed_heads_are_bounded();
    contents_are_written_once_and_read_in_place();
    #[cfg(feature = "encryption")]
    encrypted_contents_are_written_once_and_read_once();
}

fn lists_are_bounded_whatever_their_lengths_say() {
    let head = head();
    for (list, item) in [(TAG, &b"\0"[..]), (SELECTING, b"\x01x\0")] {
        for announced in [1025, 100_000, u32::MAX.into(), u64::MAX] {
            for items in [0, 2, 1024, 100_000] {
                let mut lying = length(announced);
                lying.extend(item.repeat(items));
                let written = replaced(&head, list, &lying);

                let read = bounded(&forged(&written));

                assert_eq!(read, Err(CodecError::Malformed), "{announced} {items}");
            }
        }
    }
}

fn changed_heads_are_bounded() {
    let head = head();
    let mut random = fastrand::Rng::with_seed(9111);
    for _ in 0..20_000 {
        let mut written = head.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..written.len());
            written[at] = [0, 1, 0x7f, 0x80, 0xff, random.u8(..)][random.usize(..6)];
        }
        written.truncate(random.usize(..2 * written.len()));

        // Some are another entry's, which is good.
        let _ = bounded(&forged(&written));
    }
}

fn contents_are_written_once_and_read_in_place() {
    let (written, read) = content_of(&Codec::new());

    assert!(written < CONTENT + 1024, "{written}");
    assert!(read < 1024, "{read}");
}

#[cfg(feature = "encryption")]
fn encrypted_contents_are_written_once_and_read_once() {
    use tower_client_cache::store::codec::EncryptionKey;

    let (written, read) = content_of(&Codec::encrypted(EncryptionKey::new([7; 32])));

    assert!(written < CONTENT + 1024, "{written}");
    assert!(read < CONTENT + 1024, "{read}");
}

/// Writes and reads a long content, and returns how many bytes were allocated for each.
fn content_of(codec: &Codec) -> (usize, usize) {
    let (key, entry) = (key(), entry());
    let head = codec.encode_head(&key, &entry).unwrap();
    let record = codec.decode_head(&codec.name(&key), &head).unwrap();

    let writing = Region::new(ALLOCATOR);
    let blob = codec.encode_content(&key, &entry).unwrap();
    let written = writing.change();
    let blob = Bytes::from(blob);
    let reading = Region::new(ALLOCATOR);
    let content = codec.decode_content(&codec.name(&key), &record, &blob);
    let read = reading.change();

    assert_eq!(content.unwrap().len(), entry.content().len());
    assert_eq!(written.reallocations, 0, "a content is not moved");
    (written.bytes_allocated, read.bytes_allocated)
}

/// Reads a head, of which anything may come but too much memory.
fn bounded(blob: &[u8]) -> Result<(), CodecError> {
    let codec = Codec::new();
    let name = codec.name(&key());
    let region = Region::new(ALLOCATOR);

    let read = codec.decode_head(&name, blob).map(drop);

    let allocated = region.change().bytes_allocated;
    let allowed = 4 * blob.len() + 128 * 1024;
    assert!(allocated <= allowed, "{allocated} for {}", blob.len());
    read
}

/// What is written of an entry with a tag and a field that it is selected by.
fn head() -> Vec<u8> {
    let head = Codec::new().encode_head(&key(), &entry()).unwrap();
    assert_eq!(forged(&head[HEADER..]), head, "a checksum as the codec's");
    head[HEADER..].to_vec()
}

fn replaced(written: &[u8], list: &[u8], with: &[u8]) -> Vec<u8> {
    let mut windows = written.windows(list.len());
    let at = windows.position(|window| window == list).unwrap();
    let (before, rest) = written.split_at(at);
    [before, with, &rest[list.len()..]].concat()
}

/// A length as it is written: seven bits in each byte, the last ones first.
fn length(mut length: u64) -> Vec<u8> {
    let mut written = Vec::new();
    while length >= 0x80 {
        written.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    written.push(u8::try_from(length).unwrap());
    written
}

/// Puts what is written into a blob with a checksum that is right, as who writes to a store can.
fn forged(written: &[u8]) -> Vec<u8> {
    let name = Codec::new().name(&key());
    let mut sum = crc32fast::Hasher::new();
    for part in [
        &[Codec::VERSION, 0, 0][..],
        &[0; 8],
        name.as_bytes(),
        written,
    ] {
        sum.update(part);
    }
    let sum = sum.finalize().to_be_bytes();
    [&[Codec::VERSION, 0][..], &sum, written].concat()
}

fn key() -> Key {
    Key::value(Owner::Everyone, "a").unwrap()
}

fn entry() -> Entry {
    let mut headers = HeaderMap::new();
    headers.insert(VARY, HeaderValue::from_static("marked-field"));
    let now = Timestamp(1_700_000_000);
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: StatusCode::OK,
        headers: &headers,
        requested: now,
        received: now,
        authenticated: false,
    };
    let head = Head {
        stored: Stored::of(&exchange, &Rules::new()).unwrap(),
        vary: Vary::of(&headers, &HeaderMap::new()).unwrap(),
        fields: Fields::of(&headers).unwrap(),
    };
    let piece = Bytes::from(vec![b'a'; CONTENT / 2]);
    let content = Content::from_iter([piece.clone(), piece]);
    let tags = Some(Arc::from([Arc::from("marked-tag")]));
    Entry::new(head, content, now, tags)
}
