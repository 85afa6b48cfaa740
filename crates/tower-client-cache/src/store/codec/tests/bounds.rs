//! How long what is written may be.

use std::sync::Arc;

use http::HeaderMap;
use http::header::VARY;

use super::given::{codecs, small_entry, small_key};
use crate::policy::Vary;
use crate::store::codec::{Codec, CodecError};
use crate::store::{Forgotten, Selection};
use crate::{Content, Entry, Glob, Head, Key};

#[test]
fn a_head_is_written_and_read_up_to_its_bound() {
    let key = small_key();
    for codec in codecs() {
        let name = codec.name(&key);
        let length = |tag: usize| {
            let head = codec.encode_head(&key, &tagged(&[&"a".repeat(tag)]));
            head.map(|head| head.len())
        };
        // A long tag has a long length.
        let longest = Codec::LONGEST_HEAD - (length(300_000).unwrap() - 300_000);

        let head = codec.encode_head(&key, &tagged(&[&"a".repeat(longest)]));

        let head = head.unwrap();
        assert_eq!(head.len(), Codec::LONGEST_HEAD);
        let record = codec.decode_head(&name, &head).unwrap();
        assert_eq!(record.tags.unwrap()[0].len(), longest);
        assert_eq!(length(longest + 1), Err(CodecError::TooLong));
        let longer = vec![Codec::VERSION; Codec::LONGEST_HEAD + 1];
        let read = codec.decode_head(&name, &longer);
        assert_eq!(read.err(), Some(CodecError::Malformed));
    }
}

#[test]
fn a_message_is_no_longer_than_a_head() {
    for codec in codecs() {
        let forgotten = |length| {
            let id = "a".repeat(length).into();
            codec.encode_forgotten(&Forgotten::Matching(Selection::Principal(id)))
        };
        let longest = Codec::LONGEST_HEAD - (forgotten(300_000).unwrap().len() - 300_000);

        let message = forgotten(longest).unwrap();

        assert_eq!(message.len(), Codec::LONGEST_HEAD);
        assert!(codec.decode_forgotten(&message).is_ok());
        assert_eq!(forgotten(longest + 1), Err(CodecError::TooLong));
        let longer = vec![Codec::VERSION; Codec::LONGEST_HEAD + 1];
        let read = codec.decode_forgotten(&longer);
        assert_eq!(read.err(), Some(CodecError::Malformed));
    }
}

#[test]
fn patterns_that_would_take_for_ever_are_told_as_everything() {
    let codec = Codec::new();
    for (length, is_told) in [(Key::LONGEST, true), (Key::LONGEST + 1, false)] {
        let glob = Glob::new("*".repeat(length));

        let message = codec.encode_forgotten(&Forgotten::Matching(Selection::Matching(glob)));

        let told = codec.decode_forgotten(&message.unwrap()).unwrap();
        let is_matching = matches!(told, Forgotten::Matching(Selection::Matching(_)));
        assert_eq!(is_matching, is_told, "{length}");
    }
}

#[test]
fn tags_are_bounded_in_number() {
    let key = small_key();
    for codec in codecs() {
        let most = codec.encode_head(&key, &tagged(&["a"; Codec::MOST_TAGS]));
        let more = codec.encode_head(&key, &tagged(&["a"; Codec::MOST_TAGS + 1]));

        let record = codec.decode_head(&codec.name(&key), &most.unwrap());
        assert_eq!(record.unwrap().tags.unwrap().len(), Codec::MOST_TAGS);
        assert_eq!(more.err(), Some(CodecError::TooLong));
    }
}

#[test]
fn what_selects_is_bounded_in_number() {
    let key = small_key();
    for codec in codecs() {
        let most = codec.encode_head(&key, &selected_by(Codec::MOST_TAGS));
        let more = codec.encode_head(&key, &selected_by(Codec::MOST_TAGS + 1));

        let record = codec.decode_head(&codec.name(&key), &most.unwrap());
        let names = record.unwrap().head.vary;
        assert_eq!(names.names().count(), Codec::MOST_TAGS);
        assert_eq!(more.err(), Some(CodecError::TooLong));
    }
}

#[test]
fn a_blob_is_little_longer_than_its_content() {
    let key = small_key();
    for codec in codecs() {
        for length in [0, 1, 100_000] {
            let content = Content::from(bytes::Bytes::from(vec![b'a'; length]));
            let entry = small_entry();
            let entry = Entry::new(entry.head().clone(), content, entry.created(), None);

            let blob = codec.encode_content(&key, &entry).unwrap();

            assert!(blob.len() <= length + Codec::CONTENT_OVERHEAD);
            let head = codec.encode_head(&key, &entry).unwrap();
            let record = codec.decode_head(&codec.name(&key), &head).unwrap();
            let read = codec.decode_content(&codec.name(&key), &record, &blob.into());
            assert_eq!(read.unwrap().to_bytes(), entry.content().to_bytes());
        }
    }
}

fn tagged(tags: &[&str]) -> Entry {
    let entry = small_entry();
    let tags: Arc<[Arc<str>]> = tags.iter().map(|tag| Arc::from(*tag)).collect();
    let content = entry.content().clone();
    Entry::new(entry.head().clone(), content, entry.created(), Some(tags))
        .with_content_id(entry.content_id())
}

fn selected_by(count: usize) -> Entry {
    let mut response = HeaderMap::new();
    for number in 0..count {
        let name = format!("x-{number}");
        response.append(VARY, name.parse().unwrap());
    }
    let entry = small_entry();
    let vary = Vary::of(&response, &HeaderMap::new()).unwrap();
    let head = Head {
        vary,
        ..entry.head().clone()
    };
    entry.with_head(head)
}
