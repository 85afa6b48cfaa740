//! What was changed, or is not where it was put, is an error and never another entry.

use bytes::Bytes;

use super::given::{Written, codecs, small_entry, small_key};
use crate::store::Forgotten;
use crate::store::codec::{Codec, CodecError, Name};
use crate::{ContentId, Key, Owner};

#[test]
fn no_bit_can_be_another() {
    for codec in codecs() {
        let written = Written::of(&codec, &small_key(), &small_entry());
        let message = message(&codec);
        let record = codec.decode_head(&written.name, &written.head).unwrap();

        for damaged in flipped(&written.head) {
            assert!(codec.decode_head(&written.name, &damaged).is_err());
        }
        for damaged in flipped(&written.content) {
            let read = codec.decode_content(&written.name, &record, &damaged.into());
            assert!(read.is_err());
        }
        for damaged in flipped(&message) {
            assert!(codec.decode_forgotten(&damaged).is_err());
        }
    }
}

#[test]
fn nothing_can_be_missing_or_left_over() {
    for codec in codecs() {
        let written = Written::of(&codec, &small_key(), &small_entry());
        let message = message(&codec);
        let record = codec.decode_head(&written.name, &written.head).unwrap();

        for damaged in cut(&written.head) {
            assert!(codec.decode_head(&written.name, &damaged).is_err());
        }
        for damaged in cut(&written.content) {
            let read = codec.decode_content(&written.name, &record, &damaged.into());
            assert!(read.is_err());
        }
        for damaged in cut(&message) {
            assert!(codec.decode_forgotten(&damaged).is_err());
        }
    }
}

#[test]
fn other_versions_are_told_from_damage() {
    for codec in codecs() {
        for version in [0, 2, 255] {
            let mut written = Written::of(&codec, &small_key(), &small_entry());
            let mut message = message(&codec);
            let record = codec.decode_head(&written.name, &written.head).unwrap();
            let mut content = Vec::from(written.content);
            for blob in [&mut written.head, &mut content, &mut message] {
                blob[0] = version;
            }

            let expected = Some(CodecError::Version(version));
            let head = codec.decode_head(&written.name, &written.head);
            assert_eq!(head.err(), expected);
            let content = codec.decode_content(&written.name, &record, &content.into());
            assert_eq!(content.err(), expected);
            assert_eq!(codec.decode_forgotten(&message).err(), expected);
            // Of another version there is no telling how long it has to be.
            assert_eq!(codec.decode_forgotten(&[version]).err(), expected);
        }
    }
}

#[test]
fn a_head_is_found_by_its_own_name_alone() {
    for codec in codecs() {
        let written = Written::of(&codec, &small_key(), &small_entry());
        let other = Key::value(Owner::Everyone, "other").unwrap();

        for name in [codec.name(&other), Name::NONE, Name::new([7; 16])] {
            let read = codec.decode_head(&name, &written.head);

            assert_eq!(read.err(), Some(CodecError::Checksum));
        }
    }
}

#[test]
fn a_content_belongs_to_its_own_head_alone() {
    for codec in codecs() {
        let (key, entry) = (small_key(), small_entry());
        let written = Written::of(&codec, &key, &entry);
        let record = codec.decode_head(&written.name, &written.head).unwrap();
        let read = |record, name| codec.decode_content(name, record, &written.content).err();

        let mut replaced = record.clone();
        replaced.content_id = ContentId(1);
        assert_eq!(read(&replaced, &written.name), Some(CodecError::Checksum));
        let elsewhere = Name::new([7; 16]);
        assert_eq!(read(&record, &elsewhere), Some(CodecError::Checksum));
        let mut longer = record.clone();
        longer.length += 1;
        assert_eq!(read(&longer, &written.name), Some(CodecError::Malformed));
    }
}

#[test]
fn no_part_is_taken_for_another() {
    for codec in codecs() {
        let written = Written::of(&codec, &small_key(), &small_entry());
        let message = message(&codec);
        let record = codec.decode_head(&written.name, &written.head).unwrap();

        let head = codec.decode_head(&written.name, &written.content);
        assert_eq!(head.err(), Some(CodecError::Checksum));
        let message_as_head = codec.decode_head(&Name::NONE, &message);
        assert_eq!(message_as_head.err(), Some(CodecError::Checksum));
        let head_as_content = Bytes::from(written.head.clone());
        let content = codec.decode_content(&written.name, &record, &head_as_content);
        assert_eq!(content.err(), Some(CodecError::Checksum));
        let message = codec.decode_forgotten(&written.head);
        assert_eq!(message.err(), Some(CodecError::Checksum));
    }
}

fn message(codec: &Codec) -> Vec<u8> {
    let forgotten = Forgotten::Key(small_key());
    codec.encode_forgotten(&forgotten).unwrap()
}

fn flipped(blob: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..blob.len() * 8).map(|bit| {
        let mut damaged = blob.to_vec();
        damaged[bit / 8] ^= 1 << (bit % 8);
        damaged
    })
}

fn cut(blob: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let shorter = (0..blob.len()).map(|end| blob[..end].to_vec());
    let longer = [0, 1, 255].map(|byte| [blob, &[byte]].concat());
    shorter.chain(longer)
}
