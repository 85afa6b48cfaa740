//! Version 1 of the schema, as it was written once and for all: whoever changes a blob changes the
//! [version](Codec::VERSION), and writes these anew.

use super::given::{Written, small_entry, small_key};
use crate::store::codec::Codec;
use crate::store::{Forgotten, Selection};
use crate::{Entry, Glob, Key, Owner};

const HEAD: &str = "01002f410adf0004616e6e61030001056874747073010b6170692e6578616d706c6501122f76312f74726970732f373f706167653d3280c49fd50cfec39fd50c013c0203c8010a020661636365707401032a2f2a03646e74001e01000a00037365742d636f6f6b6965613d310000040003657461672237220105747269707380c0f0f50bef9bafcdf8acd1910106";
const CONTENT: &str = "01003df61f98612074726970";

#[test]
fn an_entry_is_written_as_version_1_says() {
    let written = Written::of(&Codec::new(), &small_key(), &small_entry());

    assert_eq!(Codec::VERSION, 1);
    assert_eq!(hex(&written.head), HEAD);
    assert_eq!(hex(&written.content), CONTENT);
}

#[test]
fn an_entry_of_version_1_is_read() {
    let (key, entry) = (small_key(), small_entry());
    let codec = Codec::new();
    let written = Written {
        name: codec.name(&key),
        head: unhex(HEAD),
        content: unhex(CONTENT).into(),
    };

    let (record, content) = written.read(&codec).unwrap();

    is_the_small_one(&record.into_entry(content), &entry);
}

#[test]
fn messages_are_written_as_version_1_says() {
    let table = [
        (
            Forgotten::Key(Key::value(Owner::Layer(300), "a").unwrap()),
            "0100abd853080001ac02010161",
        ),
        (Forgotten::Matching(Selection::All), "0100e388f10d01"),
        (
            Forgotten::Matching(Selection::Principal("a".into())),
            "01001f259366020161",
        ),
        (
            Forgotten::Matching(Selection::Tag("a".into())),
            "01001ee7f951030161",
        ),
        (
            Forgotten::Matching(Selection::Matching(Glob::new("a*"))),
            "01008a5a26200402612a",
        ),
    ];
    for (forgotten, expected) in table {
        let message = Codec::new().encode_forgotten(&forgotten).unwrap();

        assert_eq!(hex(&message), expected, "{forgotten:?}");
    }
}

#[cfg(feature = "encryption")]
#[test]
fn an_encrypted_entry_of_version_1_is_read() {
    use crate::store::codec::{EncryptionKey, Mark, Name};

    const NAME: &str = "3de5aaf63e3ab770f8e7724c030aeaaa";
    const TAG: &str = "f092ec4c47a29c162f643826cc2453e9";
    const HEAD: &str = "0101d522cde84faa2ec629931ba105c212a05fa5db88909b69db67d9c1ff959f77d49b2b6c745892646028720e2af12143c2bbac62cc5185bc285a21f5d18d8d728dde595c2ed2653ce4f6aa8e927c4eb47c39f6ac4b250d8c6cabd3d8096614f8e9b399f8e48abe512f490b97f0f33ed909238f0ac1c2283b5e28b0f22f83351dc05f4fa132e8ac67e97e75e9e20a80deae4d2dcba8a5dd1fa74bc21d5df04e8c467f5e204928351a27d908a1db1fb26d86";
    const CONTENT: &str = "01011a577fab2be90ba943f7d2027a8fe5e299d9b9433a779b617e9fdcf4f51266c5f351d401665a993925569d2934c4";
    let codec = Codec::encrypted(EncryptionKey::new([7; 32]));
    let written = Written {
        name: codec.name(&small_key()),
        head: unhex(HEAD),
        content: unhex(CONTENT).into(),
    };

    let (record, content) = written.read(&codec).unwrap();

    assert_eq!(written.name.to_string(), NAME);
    let tag = codec.mark(Mark::Tag, "trips");
    assert_eq!(Name::new(tag).to_string(), TAG);
    is_the_small_one(&record.into_entry(content), &small_entry());
}

fn is_the_small_one(read: &Entry, entry: &Entry) {
    assert_eq!(read.stored(), entry.stored());
    assert_eq!(read.head().fields, entry.head().fields);
    assert!(read.head().vary == entry.head().vary);
    assert_eq!(read.content().to_bytes(), entry.content().to_bytes());
    assert_eq!(read.content_id(), entry.content_id());
    assert_eq!(read.tags(), entry.tags());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}
