//! What keys, principals and tags are called.

use std::collections::HashSet;

use http::Uri;
use http::uri::Parts;
use proptest::prelude::*;
use tower_client_call::Principal;

use super::given::{codecs, key, small_key};
use crate::store::codec::{Codec, Mark, Name};
use crate::{Key, Owner};

// What was kept by another process, of another version, has to be found.
#[test]
fn a_name_is_the_same_everywhere() {
    let codec = Codec::new();
    let everyone = Owner::Everyone;
    let table = [
        (small_key(), "630b700688ef5809e133d8f1f11915f9"),
        (
            uri(Owner::Layer(7), "/"),
            "5a6d5b8b859b01c5495571283a56b75c",
        ),
        (
            uri(everyone.clone(), "*"),
            "074f8a68eb126792b038d349a4256e66",
        ),
        (
            uri(everyone.clone(), "http://a/?b"),
            "90c4c778e1d3b690bf89a9fd6112f931",
        ),
        (value(everyone, ""), "5f19c91265fe8d76d1e179b2a5d78751"),
    ];
    for (key, expected) in table {
        assert_eq!(codec.name(&key).to_string(), expected);
        assert_eq!(format!("{:?}", codec.name(&key)), expected);
    }
    let principal = codec.mark(Mark::Principal, "anna");
    assert_eq!(
        Name::new(principal).to_string(),
        "4652cc13e9a77a14f79186f8d0277ca1"
    );
    let tag = codec.mark(Mark::Tag, "anna");
    assert_eq!(
        Name::new(tag).to_string(),
        "34824579ace7e4c80caa26cdf3c6e1a4"
    );
}

#[test]
fn what_differs_has_other_names() {
    let anna = Principal::new("anna");
    let owners = [
        Owner::Principal(anna.clone()),
        Owner::Principal(anna.at_epoch(1)),
        Owner::Principal(Principal::new("anna\0")),
        Owner::Principal(Principal::new("")),
        Owner::Layer(0),
        Owner::Layer(1),
        Owner::Everyone,
    ];
    let targets = [
        "/",
        "/?",
        "/a",
        "/A",
        "/a?",
        "/a?b",
        "*",
        "*:",
        "a",
        "a:80",
        "http://a/",
        "https://a/",
        "http://a/a",
        "http://u@a/",
        "http://a:81/",
    ];
    for codec in codecs() {
        let mut names = HashSet::new();
        for owner in &owners {
            for target in targets {
                assert!(
                    names.insert(codec.name(&uri(owner.clone(), target))),
                    "{target}"
                );
                assert!(
                    names.insert(codec.name(&value(owner.clone(), target))),
                    "{target}"
                );
            }
            assert!(names.insert(codec.name(&star(owner.clone()))));
            assert!(names.insert(codec.name(&value(owner.clone(), ""))));
        }
        for text in ["", "anna", "/"] {
            for kind in [Mark::Principal, Mark::Tag] {
                assert!(names.insert(Name::new(codec.mark(kind, text))), "{text}");
            }
        }
    }
}

#[test]
fn a_name_is_the_one_of_its_bytes() {
    let name = Codec::new().name(&small_key());

    assert_eq!(Name::new(*name.as_bytes()), name);
}

proptest! {
    #[test]
    fn keys_are_equal_if_their_names_are((one, other) in (key(), key())) {
        for codec in codecs() {
            let is_same = codec.name(&one) == codec.name(&other);

            prop_assert_eq!(is_same, one == other);
            prop_assert_eq!(codec.name(&one), codec.name(&one.clone()));
        }
    }

    #[test]
    fn marks_are_equal_if_their_texts_are(one in ".{0,3}", other in ".{0,3}") {
        for codec in codecs() {
            for kind in [Mark::Principal, Mark::Tag] {
                let is_same = codec.mark(kind, &one) == codec.mark(kind, &other);

                prop_assert_eq!(is_same, one == other);
            }
            prop_assert_ne!(codec.mark(Mark::Tag, &one), codec.mark(Mark::Principal, &one));
        }
    }
}

fn uri(owner: Owner, text: &str) -> Key {
    Key::new(owner, &text.parse().unwrap()).unwrap()
}

fn value(owner: Owner, name: &str) -> Key {
    Key::value(owner, name).unwrap()
}

/// The authority `*`, which is shown as the path of that name is.
fn star(owner: Owner) -> Key {
    let mut parts = Parts::default();
    parts.authority = Some("*".parse().unwrap());
    Key::new(owner, &Uri::from_parts(parts).unwrap()).unwrap()
}
