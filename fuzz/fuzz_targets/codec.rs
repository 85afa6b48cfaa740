//! Entries as they are written for stores, and whatever else is found in one.

#![no_main]

use std::alloc::System;
use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_client_cache::ContentId;
use tower_client_cache::store::codec::{Codec, EncryptionKey, Name};
use tower_client_fuzz::checks::codec;
use tower_client_fuzz::entries::{AnyEntry, AnyKey};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What may be allocated for a blob besides a few times its length.
const ALLOWED: usize = 256 * 1024;

static CODECS: LazyLock<[Codec; 2]> = LazyLock::new(|| {
    let key = EncryptionKey::new([7; 32]);
    [Codec::new(), Codec::encrypted(key)]
});

fuzz_target!(|input: Input<'_>| {
    for codec in &*CODECS {
        anything(codec, input.bytes);
    }
    let [plain, _] = &*CODECS;
    let message = codec::forged(2, ContentId(0), &[0; 16], input.bytes);
    bounded(&message, || plain.decode_forgotten(&message).is_ok());
    codec::message(plain, &message);

    let (Some(key), Some(entry)) = (input.key.get(), input.entry.get()) else {
        return;
    };
    for codec in &*CODECS {
        codec::comes_back(codec, &key, &entry);
        if let Some(other) = input.other.get() {
            codec::is_found_by_its_name_alone(codec, &key, &other, &entry);
        }
    }
    codec::content(plain, &key, &entry, input.bytes);
    if !input.edits.is_empty()
        && let Ok(head) = plain.encode_head(&key, &entry)
    {
        let name = plain.name(&key);
        let written = edited(codec::written(&head), &input.edits);
        let head = codec::forged(0, ContentId(0), name.as_bytes(), &written);
        bounded(&head, || plain.decode_head(&name, &head).is_ok());
        codec::head(plain, &name, &head);
    }
});

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    key: AnyKey<'a>,
    other: AnyKey<'a>,
    entry: AnyEntry<'a>,
    edits: Vec<Edit<'a>>,
    bytes: &'a [u8],
}

/// What is put in the place of something, counted from the end: the key is at the beginning.
#[derive(Arbitrary, Debug)]
struct Edit<'a> {
    from_end: u8,
    removed: u8,
    added: &'a [u8],
}

fn edited(written: &[u8], edits: &[Edit<'_>]) -> Vec<u8> {
    let mut written = written.to_vec();
    for edit in edits {
        let start = written.len().saturating_sub(edit.from_end.into());
        let end = written.len().min(start + usize::from(edit.removed));
        written.splice(start..end, edit.added.iter().copied());
    }
    written
}

/// Bytes as they are, of which hardly any have the right checksum.
fn anything(codec: &Codec, bytes: &[u8]) {
    let name = Name::new([7; 16]);
    bounded(bytes, || codec.decode_head(&name, bytes).is_ok());
    codec::head(codec, &name, bytes);
    codec::message(codec, bytes);
    let written = codec::forged(0, ContentId(0), name.as_bytes(), bytes);
    bounded(&written, || codec.decode_head(&name, &written).is_ok());
}

fn bounded(blob: &[u8], decode: impl FnOnce() -> bool) {
    let region = Region::new(ALLOCATOR);
    let _ = decode();
    let allocated = region.change().bytes_allocated;
    assert!(allocated <= 8 * blob.len() + ALLOWED, "{allocated} bytes");
}
