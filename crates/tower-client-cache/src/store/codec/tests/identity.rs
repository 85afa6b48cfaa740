//! What is written is what is read.

use proptest::prelude::*;

use super::given::{Written, codecs, entry, key, small_entry, small_key, uri};
use crate::policy::{RequestDirectives, Timestamp};
use crate::store::codec::{Codec, CodecError};
use crate::store::{EntryInfo, Forgotten, Selection};
use crate::{Entry, Glob, Key, Owner};

proptest! {
    #[test]
    fn an_entry_comes_back_as_it_was(key in key(), entry in entry()) {
        for codec in codecs() {
            let written = Written::of(&codec, &key, &entry);

            let (record, content) = written.read(&codec).unwrap();

            prop_assert_eq!(&record.key, &key);
            prop_assert_eq!(record.key.to_text(), key.to_text());
            prop_assert_eq!(record.variant(), entry.variant());
            prop_assert_eq!(record.info(), EntryInfo::of(&entry));
            is_same(&record.into_entry(content), &entry)?;
        }
    }

    #[test]
    fn a_key_comes_back_whatever_its_form(uri in uri()) {
        let key = Key::new(Owner::Everyone, &uri).unwrap();
        for codec in codecs() {
            let message = codec.encode_forgotten(&Forgotten::Key(key.clone())).unwrap();

            let read = codec.decode_forgotten(&message).unwrap();

            let Forgotten::Key(read) = read else {
                panic!("{read:?}");
            };
            prop_assert_eq!(&read, &key, "{:?}", uri);
            prop_assert_eq!(read.hash_value(), key.hash_value());
            prop_assert_eq!(read.to_text(), key.to_text());
            prop_assert_eq!(codec.name(&read), codec.name(&key));
        }
    }

    #[test]
    fn what_was_forgotten_comes_back(text in any::<String>()) {
        let selections = [
            Selection::All,
            Selection::Principal(text.as_str().into()),
            Selection::Tag(text.as_str().into()),
            Selection::Matching(Glob::new(text)),
        ];
        for codec in codecs() {
            for selection in &selections {
                let forgotten = Forgotten::Matching(selection.clone());
                let message = codec.encode_forgotten(&forgotten).unwrap();

                let read = codec.decode_forgotten(&message).unwrap();

                prop_assert!(matches!(read, Forgotten::Matching(read) if read == *selection));
            }
        }
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for codec in codecs() {
            let name = codec.name(&small_key());

            prop_assert!(codec.decode_head(&name, &bytes).is_err());
            prop_assert!(codec.decode_forgotten(&bytes).is_err());
        }
    }

    // Whoever reads an entry back goes on with it.
    #[test]
    fn no_times_are_a_panic(entry in entry(), now in any::<i64>()) {
        let stored = entry.stored();
        for now in [now, i64::MIN, 0, i64::MAX].map(Timestamp) {
            let (age, remaining) = (stored.age(now), stored.remaining(now));
            prop_assert_eq!(remaining, i64::from(stored.lifetime()) - i64::from(age));
            let request = RequestDirectives::default();
            let _ = (stored.decide(&request, now, true), stored.may_serve_on_error(&request, now));
        }
        prop_assert!(stored.expires() <= stored.useful_until());
        prop_assert_eq!(stored.expires(), EntryInfo::of(&entry).expires);
    }
}

#[test]
fn a_content_that_is_not_encrypted_shares_the_memory() {
    let codec = Codec::new();
    let written = Written::of(&codec, &small_key(), &small_entry());

    let (_, content) = written.read(&codec).unwrap();

    let blob = written.content.as_ptr_range();
    assert!(blob.contains(&content.to_bytes().as_ptr()));
}

#[test]
fn nothing_is_reserved_for_a_content_twice() {
    for codec in codecs() {
        let content = codec.encode_content(&small_key(), &small_entry()).unwrap();

        assert_eq!(content.capacity(), content.len());
    }
}

#[test]
fn an_error_says_what_it_is_and_nothing_else() {
    let table = [
        (
            CodecError::Version(7),
            "written in version 7 of the schema; read is 1",
        ),
        (CodecError::Encrypted, "encrypted, and there is no key"),
        (
            CodecError::NotEncrypted,
            "not encrypted, where all has to be",
        ),
    ];
    for (error, shown) in table {
        assert_eq!(error.to_string(), shown);
    }
}

fn is_same(one: &Entry, other: &Entry) -> Result<(), TestCaseError> {
    let (head, expected) = (one.head(), other.head());
    prop_assert_eq!(head.stored, expected.stored);
    prop_assert!(head.vary == expected.vary);
    // Their packed form: bytes, order, and which are sensitive.
    prop_assert!(head.fields == expected.fields);
    prop_assert_eq!(one.content().to_bytes(), other.content().to_bytes());
    prop_assert_eq!(one.content_id(), other.content_id());
    prop_assert_eq!(one.created(), other.created());
    prop_assert_eq!(one.tags(), other.tags());
    prop_assert_eq!(one.variant(), other.variant());
    prop_assert_eq!((one.uses(), one.last_use()), (0, None));
    Ok(())
}
