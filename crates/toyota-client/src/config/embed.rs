//! Settings inside the settings of an application, by serde.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess};
use serde::de::{SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::draft::{Draft, Source};
use super::key::{self, keys};
use super::tree::{At, Member, Node, Value};
use super::{Config, Settings};

/// Sections, settings and no more: what is below is a mistake whatever it is.
const DEPTH: u8 = 2;
/// More are in no list that is allowed.
const MAX_ITEMS: usize = 100;

/// As sections and keys, with what is not set as `None`. A secret that is set is `***`, which
/// cannot be deserialized: a mask must not become a password.
impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for section in key::sections() {
            let settings = &self.settings;
            map.serialize_entry(section, &Section { section, settings })?;
        }
        map.end()
    }
}

struct Section<'a> {
    section: &'static str,
    settings: &'a Settings,
}

impl Serialize for Section<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for key in keys().filter(|key| key.section() == self.section) {
            let value = Some(key.json(self.settings)).filter(|value| !value.is_null());
            map.serialize_entry(key.name(), &value)?;
        }
        map.end()
    }
}

/// By the rules for files; the error lists all that is wrong.
impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let root = Tree { depth: DEPTH }.deserialize(deserializer)?;
        let mut draft = Draft::of(Self::new());
        draft.read_tree(&root, &Source::Embedded);
        draft.finish().map_err(de::Error::custom)
    }
}

/// Reads whatever there is to a tree.
#[derive(Clone, Copy)]
struct Tree {
    depth: u8,
}

impl Tree {
    fn below(self) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn node<E>(value: Value) -> Result<Node, E> {
    // Nobody asks: the application knows where its settings are.
    let at = At::START;
    Ok(Node { at, value })
}

fn typed<E>(value: impl fmt::Display) -> Result<Node, E> {
    node(Value::Typed(value.to_string()))
}

impl<'de> Visitor<'de> for Tree {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of sections")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        typed(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        typed(value)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node, E> {
        typed(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        typed(value)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node, E> {
        typed(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        typed(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        node(Value::Text(value.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        node(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        node(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Node, D::Error> {
        self.deserialize(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while list.len() < MAX_ITEMS {
            match items.next_element_seed(Self { depth: 0 })? {
                Some(item) => list.push(item),
                None => return node(Value::List(list)),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        node(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        let mut names = BTreeSet::new();
        while let Some(key) = entries.next_key_seed(Name)? {
            let Some(below) = self.below() else {
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if !names.insert(key.clone()) {
                return Err(de::Error::custom("a key is given twice"));
            }
            members.push(Member {
                key,
                at: At::START,
                value: entries.next_value_seed(below)?,
            });
        }
        node(Value::Table(members))
    }
}

/// Reads a key. Of one that is no text serde's own error would say what it is.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        match (Tree { depth: 0 }).deserialize(deserializer)?.value {
            Value::Text(name) => Ok(name),
            Value::Null | Value::Typed(_) | Value::List(_) | Value::Table(_) => {
                Err(de::Error::custom("a key is a text"))
            }
        }
    }
}
