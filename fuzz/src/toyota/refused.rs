//! Where a parser gives a document up.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member.
    Name(String),
    /// An element.
    Index(usize),
}

/// The way to where `serde_json` gives a document up; `None` if it does not, or because of what is
/// JSON and cannot be held: `1e999`, half of a surrogate pair, or what is nested too deep.
pub fn place(document: &[u8]) -> Option<Vec<Step>> {
    if serde_json::from_slice::<serde::de::IgnoredAny>(document).is_ok() {
        return None;
    }
    let way = RefCell::new(Vec::new());
    let mut parser = serde_json::Deserializer::from_slice(document);
    let read = Walk(&way).deserialize(&mut parser);
    let error = read.and_then(|()| parser.end()).err()?.to_string();
    let cannot_be_held = [
        "out of range",
        "surrogate",
        "code point",
        "hex escape",
        "recursion",
    ];
    if cannot_be_held.iter().any(|it| error.contains(it)) {
        return None;
    }
    Some(way.into_inner())
}

/// Walks into a value, and leaves the way there only if it is whole.
#[derive(Clone, Copy)]
struct Walk<'a>(&'a RefCell<Vec<Step>>);

impl Walk<'_> {
    fn step(self, step: Step) -> Self {
        self.0.borrow_mut().push(step);
        self
    }

    fn back(self) {
        self.0.borrow_mut().pop();
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key()? {
            members.next_value_seed(self.step(Step::Name(name)))?;
            self.back();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut index = 0;
        // An element that is not there is no step.
        while elements
            .next_element_seed(self.step(Step::Index(index)))?
            .is_some()
        {
            self.back();
            index += 1;
        }
        self.back();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
