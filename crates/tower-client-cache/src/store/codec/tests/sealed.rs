//! What encryption hides, and what it does not let happen.

use proptest::prelude::*;
use tower_client_call::Principal;

use super::given::{Written, entry, key, small_entry, small_key};
use crate::store::codec::{Codec, CodecError, EncryptionKey, Mark};
use crate::store::{Forgotten, Selection};
use crate::{Key, Owner};

#[test]
fn what_is_encrypted_is_a_miss_without_encryption() {
    assert_eq!(read(&encrypted(7), &Codec::new()), CodecError::Encrypted);
    let message = all_forgotten(&encrypted(7));
    let read = Codec::new().decode_forgotten(&message);
    assert_eq!(read.err(), Some(CodecError::Encrypted));
}

#[test]
fn what_is_not_encrypted_is_a_miss_with_encryption() {
    assert_eq!(read(&Codec::new(), &encrypted(7)), CodecError::NotEncrypted);
    let message = all_forgotten(&Codec::new());
    let read = encrypted(7).decode_forgotten(&message);
    assert_eq!(read.err(), Some(CodecError::NotEncrypted));
}

#[test]
fn another_key_reads_nothing_and_finds_nothing() {
    let (one, other) = (encrypted(7), encrypted(8));

    assert_eq!(read(&one, &other), CodecError::Checksum);
    let message = other.decode_forgotten(&all_forgotten(&one));
    assert_eq!(message.err(), Some(CodecError::Checksum));
    for other in [&other, &Codec::new()] {
        assert_ne!(one.name(&small_key()), other.name(&small_key()));
        for kind in [Mark::Principal, Mark::Tag] {
            assert_ne!(one.mark(kind, "anna"), other.mark(kind, "anna"));
        }
    }
}

#[test]
fn the_same_key_reads_what_another_process_wrote() {
    let key = EncryptionKey::from_bytes(&[7; 32]).unwrap();
    let written = Written::of(&Codec::encrypted(key), &small_key(), &small_entry());

    assert!(written.read(&encrypted(7)).is_ok());
}

#[test]
fn no_entry_is_moved_to_another_principal() {
    let codec = encrypted(7);
    let written = Written::of(&codec, &small_key(), &small_entry());
    let uri = small_key().uri().cloned().unwrap();
    let bert = Owner::Principal(Principal::new("bert"));
    let name = codec.name(&Key::new(bert, &uri).unwrap());

    let read = codec.decode_head(&name, &written.head);

    assert_eq!(read.err(), Some(CodecError::Checksum));
}

#[test]
fn nothing_is_written_twice_alike() {
    let codec = encrypted(7);
    let one = Written::of(&codec, &small_key(), &small_entry());
    let other = Written::of(&codec, &small_key(), &small_entry());

    assert_ne!(one.head[2..26], other.head[2..26], "the nonces");
    assert_ne!(one.content[2..26], one.head[2..26], "the nonces");
    assert_ne!(one.content[42..], other.content[42..]);
}

#[test]
fn nothing_of_a_key_is_shown() {
    let key = EncryptionKey::new([7; 32]);

    assert_eq!(format!("{key:?}"), "EncryptionKey { .. }");
    let codec = Codec::encrypted(key);
    assert_eq!(format!("{codec:?}"), "Codec { seal: Some(Seal { .. }) }");
}

#[test]
fn a_key_has_256_bits() {
    for length in [0, 16, 31, 33, 64] {
        let refused = EncryptionKey::from_bytes(&vec![7; length]).unwrap_err();

        let expected = format!("encryption_key is {length} bytes long; allowed is 32 bytes");
        assert_eq!(refused.to_string(), expected);
    }
}

proptest! {
    #[test]
    fn nothing_of_an_entry_can_be_read(key in key(), entry in entry()) {
        let written = Written::of(&encrypted(7), &key, &entry);
        let plain = Written::of(&Codec::new(), &key, &entry);

        // By chance alone: 12 bytes are the same once in 2^96.
        for piece in plain.head[6..].windows(12) {
            prop_assert!(!written.head.windows(12).any(|window| window == piece));
        }
        let content = entry.content().to_bytes();
        for piece in content.windows(12) {
            prop_assert!(!written.content.windows(12).any(|window| window == piece));
        }
    }
}

fn encrypted(secret: u8) -> Codec {
    Codec::encrypted(EncryptionKey::new([secret; 32]))
}

fn all_forgotten(codec: &Codec) -> Vec<u8> {
    let all = Forgotten::Matching(Selection::All);
    codec.encode_forgotten(&all).unwrap()
}

/// Reads with one codec what another wrote, wherever that may have put it.
fn read(writer: &Codec, reader: &Codec) -> CodecError {
    let written = Written::of(writer, &small_key(), &small_entry());
    let record = writer.decode_head(&written.name, &written.head).unwrap();
    let errors = [written.name, reader.name(&small_key())].map(|name| {
        let head = reader.decode_head(&name, &written.head).unwrap_err();
        let content = reader.decode_content(&name, &record, &written.content);
        assert_eq!(content.unwrap_err(), head);
        head
    });
    assert_eq!(errors[0], errors[1]);
    errors[0]
}
