//! From JSON to typed values: a value of the wrong kind is left out and warned of.

mod leaf;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub(crate) use self::leaf::Minutes;
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};

/// A value that can be read from JSON.
pub(crate) trait Decode: Sized {
    /// What is understood, for warnings: "a number".
    const EXPECTED: &'static str;

    /// Reads the value, or warns and returns `None`. Never called with `null`.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self>;
}

/// A leaf: read as a whole or not at all.
pub(crate) trait Leaf: Sized {
    const EXPECTED: &'static str;

    fn read(value: &Value) -> Option<Self>;
}

impl<T: Leaf> Decode for T {
    const EXPECTED: &'static str = <T as Leaf>::EXPECTED;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let read = T::read(&value);
        if read.is_none() {
            warnings.add(at, T::EXPECTED, &value);
        }
        read
    }
}

/// More is in no list of the service; elements that say nothing take much more room read than written.
const MAX_ELEMENTS: usize = 1_000;

impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a list";

    /// Element by element: a bad one is left out and spoils no other. The first thousand are read.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let Value::Array(elements) = value else {
            warnings.add(at, Self::EXPECTED, &value);
            return None;
        };
        if let Some(first) = elements.get(MAX_ELEMENTS) {
            let at = Path::Element(at, MAX_ELEMENTS);
            warnings.add(&at, "the end of the list", first);
        }
        let decoded = elements
            .into_iter()
            .take(MAX_ELEMENTS)
            .enumerate()
            .filter_map(|(index, element)| {
                let at = Path::Element(at, index);
                if element.is_null() {
                    warnings.add(&at, T::EXPECTED, &element);
                    return None;
                }
                T::decode(element, &at, warnings)
            });
        Some(decoded.collect())
    }
}

pub(crate) const OBJECT: &str = "an object";

/// Reads the members of an object with `read`; what it leaves goes to [`Members::rest`].
pub(crate) fn object<T>(
    value: Value,
    at: &Path<'_>,
    warnings: &mut Warnings,
    read: impl FnOnce(&mut Members<'_>) -> Option<T>,
) -> Option<T> {
    let Value::Object(members) = value else {
        warnings.add(at, OBJECT, &value);
        return None;
    };
    read(&mut Members {
        members,
        at,
        warnings,
    })
}

/// The members of one object, taken out one by one.
pub(crate) struct Members<'a> {
    members: Map<String, Value>,
    at: &'a Path<'a>,
    warnings: &'a mut Warnings,
}

impl Members<'_> {
    /// Takes a member out. Absent, `null` or of another kind: `None`.
    pub(crate) fn take<T: Decode>(&mut self, key: &str) -> Option<T> {
        let value = self.members.remove(key).filter(|value| !value.is_null())?;
        T::decode(value, &Path::Member(self.at, key), self.warnings)
    }

    /// Tells whether there is a member that is not `null`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.members.get(key).is_some_and(|value| !value.is_null())
    }

    /// Takes out the first of these members that can be read: names of one thing in several answers.
    pub(crate) fn take_first<T: Decode>(&mut self, keys: &[&str]) -> Option<T> {
        keys.iter().find_map(|key| self.take(key))
    }

    /// Reads a member that stays for [`rest`](Self::rest): for those that are not read whole.
    pub(crate) fn read<T: Decode>(&mut self, key: &str) -> Option<T> {
        let value = self.members.get(key).filter(|value| !value.is_null())?;
        T::decode(value.clone(), &Path::Member(self.at, key), self.warnings)
    }

    /// Takes a member out without which the object is of no use, and warns if it is not there.
    pub(crate) fn require<T: Decode>(&mut self, key: &str) -> Option<T> {
        if !self.has(key) {
            let at = Path::Member(self.at, key);
            self.warnings.add(&at, T::EXPECTED, &Value::Null);
        }
        self.take(key)
    }

    /// Takes all members out by name.
    pub(crate) fn take_all<T: Decode>(&mut self) -> BTreeMap<String, T> {
        let names: Vec<_> = self.members.keys().cloned().collect();
        names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.take(&name)?)))
            .collect()
    }

    /// Takes all that is left.
    pub(crate) fn rest(&mut self) -> Extra {
        Extra::new(std::mem::take(&mut self.members))
    }
}

/// Reads the payload of an answer; absent, `null` or `{}` is none.
pub(crate) fn payload<T: Decode>(mut answer: Value) -> Decoded<Option<T>> {
    let mut warnings = Warnings::default();
    let payload = answer.get_mut("payload").map(Value::take);
    let payload = payload.filter(|payload| !is_nothing(payload));
    let decoded = payload.and_then(|value| T::decode(value, &Path::Root("payload"), &mut warnings));
    warnings.into_decoded(decoded)
}

fn is_nothing(payload: &Value) -> bool {
    payload.is_null() || payload.as_object().is_some_and(Map::is_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: Decode>(value: &Value) -> (Option<T>, Vec<String>) {
        let mut warnings = Warnings::default();
        let read = T::decode(value.clone(), &Path::Root("it"), &mut warnings);
        let warnings = warnings.into_decoded(()).warnings;
        (read, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_bad_element_is_left_out_and_named() {
        let (list, warnings) = read::<Vec<f64>>(&json!([1, "x", null, 2]));

        assert_eq!(list, Some(vec![1.0, 2.0]));
        assert_eq!(
            warnings,
            [
                "it[1]: expected a number, found a text",
                "it[2]: expected a number, found nothing",
            ]
        );
    }

    #[test]
    fn the_first_thousand_elements_are_read() {
        let (list, warnings) = read::<Vec<f64>>(&vec![1.0; MAX_ELEMENTS + 2].into());

        assert_eq!(list.map(|list| list.len()), Some(MAX_ELEMENTS));
        let expected = "it[1000]: expected the end of the list, found a number";
        assert_eq!(warnings, [expected]);
    }

    #[test]
    fn a_warning_never_holds_the_value() {
        let (_, warnings) = read::<f64>(&json!("s3cret"));

        assert_eq!(warnings, ["it: expected a number, found a text"]);
    }

    #[test]
    fn warnings_are_bounded() {
        let many = Value::from(vec![Value::Bool(true); 1000]);

        assert_eq!(read::<Vec<f64>>(&many).1.len(), 256);
    }
}
