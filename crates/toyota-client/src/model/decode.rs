//! From JSON to typed values: a value of the wrong kind is left out and warned of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};
use crate::Vin;

/// A value that can be read from JSON.
pub(super) trait Decode: Sized {
    /// What is understood, for warnings: "a number".
    const EXPECTED: &'static str;

    /// Reads the value, or warns and returns `None`. Never called with `null`.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self>;
}

/// A leaf: read as a whole or not at all.
pub(super) trait Leaf: Sized {
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

impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a list";

    /// Element by element: a bad one is left out and spoils no other.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let Value::Array(elements) = value else {
            warnings.add(at, Self::EXPECTED, &value);
            return None;
        };
        let decoded = elements
            .into_iter()
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

pub(super) const OBJECT: &str = "an object";

/// Reads the members of an object with `read`; what it leaves goes to [`Members::rest`].
pub(super) fn object<T>(
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
pub(super) struct Members<'a> {
    members: Map<String, Value>,
    at: &'a Path<'a>,
    warnings: &'a mut Warnings,
}

impl Members<'_> {
    /// Takes a member out. Absent, `null` or of another kind: `None`.
    pub(super) fn take<T: Decode>(&mut self, key: &str) -> Option<T> {
        let value = self.members.remove(key).filter(|value| !value.is_null())?;
        T::decode(value, &Path::Member(self.at, key), self.warnings)
    }

    /// Takes a member out without which the object is of no use, and warns if it is not there.
    pub(super) fn require<T: Decode>(&mut self, key: &str) -> Option<T> {
        let missing = self.members.get(key).is_none_or(Value::is_null);
        if missing {
            let at = Path::Member(self.at, key);
            self.warnings.add(&at, T::EXPECTED, &Value::Null);
        }
        self.take(key)
    }

    /// Takes all members out by name.
    pub(super) fn take_all<T: Decode>(&mut self) -> BTreeMap<String, T> {
        let names: Vec<_> = self.members.keys().cloned().collect();
        names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.take(&name)?)))
            .collect()
    }

    /// Takes all that is left.
    pub(super) fn rest(&mut self) -> Extra {
        Extra::new(std::mem::take(&mut self.members))
    }
}

/// Reads the payload of an answer; absent or `null` is none.
pub(super) fn payload<T: Decode>(mut answer: Value) -> Decoded<Option<T>> {
    let mut warnings = Warnings::default();
    let payload = answer.get_mut("payload").map(Value::take);
    let payload = payload.filter(|payload| !payload.is_null());
    let decoded = payload.and_then(|value| T::decode(value, &Path::Root("payload"), &mut warnings));
    warnings.into_decoded(decoded)
}

/// Where texts are expected the service also writes numbers.
impl Leaf for String {
    const EXPECTED: &'static str = "a text";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// Where numbers are expected the service also writes texts of digits.
impl Leaf for f64 {
    const EXPECTED: &'static str = "a number";

    fn read(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }
}

/// `true`, 1, "True", "yes" and their opposites.
impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => match number.as_f64() {
                Some(1.0) => Some(true),
                Some(0.0) => Some(false),
                _ => None,
            },
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Leaf for Vin {
    const EXPECTED: &'static str = "a VIN";

    fn read(value: &Value) -> Option<Self> {
        Self::new(value.as_str()?).ok()
    }
}

/// RFC 3339, the same without a zone (then UTC), or the seconds or milliseconds since 1970.
impl Leaf for Timestamp {
    const EXPECTED: &'static str = "a time";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => from_epoch(number.as_i64()?),
            Value::String(text) => {
                let text = text.trim();
                let zoned = text.parse().ok();
                let epoch = || from_epoch(text.parse().ok()?);
                zoned.or_else(|| from_civil(text)).or_else(epoch)
            }
            _ => None,
        }
    }
}

fn from_civil(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// As seconds, the smallest millisecond count taken here would be in the year 5138.
fn from_epoch(number: i64) -> Option<Timestamp> {
    const FIRST_MILLIS: i64 = 100_000_000_000;
    if number.unsigned_abs() >= FIRST_MILLIS.unsigned_abs() {
        Timestamp::from_millisecond(number).ok()
    } else {
        Timestamp::from_second(number).ok()
    }
}

impl Leaf for Date {
    const EXPECTED: &'static str = "a date";

    fn read(value: &Value) -> Option<Self> {
        value.as_str()?.trim().parse().ok()
    }
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
    fn numbers_come_as_numbers_or_texts_and_are_finite() {
        for (value, number) in [
            (json!(41.5), Some(41.5)),
            (json!(0), Some(0.0)),
            (json!("43087"), Some(43087.0)),
            (json!(" -1.5 "), Some(-1.5)),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!("1e999"), None),
            (json!(""), None),
            (json!(true), None),
            (json!([1]), None),
        ] {
            assert_eq!(read::<f64>(&value).0, number, "{value}");
        }
    }

    #[test]
    fn booleans_come_in_many_spellings() {
        for (value, flag) in [
            (json!(true), Some(true)),
            (json!(0), Some(false)),
            (json!(1.0), Some(true)),
            (json!("False"), Some(false)),
            (json!("YES"), Some(true)),
            (json!(2), None),
            (json!("maybe"), None),
            (json!({}), None),
        ] {
            assert_eq!(read::<bool>(&value).0, flag, "{value}");
        }
    }

    #[test]
    fn times_come_in_five_spellings() {
        for (value, time) in [
            (json!("2023-11-27T17:53:59Z"), Some("2023-11-27T17:53:59Z")),
            (
                json!("2023-11-27T17:53:59.123Z"),
                Some("2023-11-27T17:53:59.123Z"),
            ),
            (
                json!("2023-11-27T18:53:59+01:00"),
                Some("2023-11-27T17:53:59Z"),
            ),
            (json!("2023-11-27T17:53:59"), Some("2023-11-27T17:53:59Z")),
            (json!(1_701_107_639), Some("2023-11-27T17:53:59Z")),
            (
                json!(1_701_107_639_123_i64),
                Some("2023-11-27T17:53:59.123Z"),
            ),
            (json!("1701107639"), Some("2023-11-27T17:53:59Z")),
            (json!("2023-13-27T17:53:59Z"), None),
            (json!(i64::MAX), None),
            (json!(u64::MAX), None),
            (json!("yesterday"), None),
            (json!({}), None),
        ] {
            let read = read::<Timestamp>(&value).0.map(|time| time.to_string());

            assert_eq!(read.as_deref(), time, "{value}");
        }
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
