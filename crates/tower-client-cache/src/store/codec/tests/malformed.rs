//! What nobody writes, with a checksum that is right: as who can write to a store would.

use serde::Serialize;

use super::given::StoredValues;
use crate::policy::FOREVER;
use crate::store::codec::blob::{Envelope, Part};
use crate::store::codec::{Codec, CodecError, Name};
use crate::{Key, Owner};

/// A head as the schema has it, of which each value can be wrong.
#[derive(Clone, Serialize)]
struct Written {
    /// 0: a principal, 1: a layer, 2: everyone.
    owner: u8,
    /// 0: a URI, 1: a value.
    target: u8,
    name: &'static str,
    stored: StoredValues,
    vary: Vec<(&'static str, Option<&'static [u8]>)>,
    fields: &'static [u8],
    tags: Vec<&'static str>,
    created: i64,
    content_id: u64,
    length: u64,
}

const GOOD: StoredValues = (1, 2, 3, 4, 5, 6, 200, 0);

#[test]
fn a_head_that_is_written_like_this_is_read() {
    let [first, second] = [("accept", None), ("x", Some(&b"\xff"[..]))];
    for vary in [vec![], vec![first], vec![first, second]] {
        let head = Written { vary, ..good() };

        assert_eq!(read(&head).err(), None);
    }
}

#[test]
fn what_selects_is_in_order_and_in_lower_case() {
    for names in [
        &["x", "accept"][..],
        &["x", "x"],
        &["Accept"],
        &[""],
        &["a b"],
        &["\u{e4}"],
    ] {
        let vary = names.iter().map(|name| (*name, None)).collect();

        assert_malformed(&Written { vary, ..good() }, names);
    }
}

#[test]
fn fields_are_packed_in_one_way() {
    for fields in [
        &b"\0\0\x01\0\x01X1"[..],
        b"\x02\0\x01\0\x01x1",
        b"\0\0\x00\0\x011",
        b"\0\0\x01\0\x01x\n",
        b"\0\0\x01\0\x01 1",
        b"\0\0\x01\0\x01x",
        b"\0\0\x01\0\x01x1\0",
        b"\0\xff\xff\0\x01x1",
    ] {
        assert_malformed(&Written { fields, ..good() }, fields);
    }
}

#[test]
fn a_response_has_a_status_and_times_that_are_stored() {
    for status in [0, 99, 100, 199, 304, 416, 600, 999, 1000, u16::MAX] {
        let stored = (1, 2, 3, 4, 5, 6, status, 0);

        assert_malformed(&Written { stored, ..good() }, status);
    }
    for at in 0..4 {
        let mut times = [0; 4];
        times[at] = FOREVER + 1;
        let [age, lifetime, revalidate, error] = times;
        let stored = (1, 2, age, lifetime, revalidate, error, 200, 0);

        assert_malformed(&Written { stored, ..good() }, times);
    }
    for flags in [0b1_0000, 0x80, 0xff] {
        let stored = (1, 2, 3, 4, 5, 6, 200, flags);

        assert_malformed(&Written { stored, ..good() }, flags);
    }
}

#[test]
fn an_owner_and_a_target_are_known_kinds() {
    for owner in [3, 0x7f] {
        assert_malformed(&Written { owner, ..good() }, owner);
    }
    for target in [2, 0x7f] {
        assert_malformed(&Written { target, ..good() }, target);
    }
}

#[test]
fn nothing_is_left_over() {
    let mut written = postcard::to_stdvec(&good()).unwrap();
    written.push(0);

    assert_eq!(open(&written).err(), Some(CodecError::Malformed));
}

#[test]
fn a_list_has_no_more_than_its_bound() {
    let tags = vec![""; Codec::MOST_TAGS + 1];

    assert_malformed(&Written { tags, ..good() }, "tags");
}

fn good() -> Written {
    Written {
        owner: 2,
        target: 1,
        name: "a",
        stored: GOOD,
        vary: Vec::new(),
        fields: b"\x01\0\x01\0\x01x1\0\0\x02\0\0ab",
        tags: vec!["tag"],
        created: -1,
        content_id: u64::MAX,
        length: 3,
    }
}

fn assert_malformed(head: &Written, what: impl std::fmt::Debug) {
    assert_eq!(read(head).err(), Some(CodecError::Malformed), "{what:?}");
}

fn read(head: &Written) -> Result<(), CodecError> {
    open(&postcard::to_stdvec(head).unwrap())
}

fn open(written: &[u8]) -> Result<(), CodecError> {
    let codec = Codec::new();
    let name: Name = codec.name(&Key::value(Owner::Everyone, "a").unwrap());
    let envelope = Envelope {
        seal: None,
        part: Part::Head,
        name: &name,
    };
    let mut room = envelope.room(written.len());
    room.extend(written);
    let blob = envelope.close(room).unwrap();
    codec.decode_head(&name, &blob).map(drop)
}
