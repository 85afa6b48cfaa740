//! Values that several answers share: distances, flags, and what is not known.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::decode::{Decode, Leaf, Members, OBJECT, object};
use super::warning::{Path, Warnings};

/// Members of an answer that this version gives no meaning to.
///
/// `Debug` shows the names and not the values: identifiers and addresses are among them.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Map<String, Value>);

impl Extra {
    pub(crate) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// Returns the value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns the names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Named yes-or-no facts, such as a car's capabilities.
///
/// They are hints: the service reports flags that are wrong in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Flags(BTreeMap<String, bool>);

impl Flags {
    /// Returns the flag, or `None` if the service does not mention it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<bool> {
        self.0.get(name).copied()
    }

    /// Tells whether the flag is there and set.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name) == Some(true)
    }

    /// Returns all flags in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|(name, flag)| (name.as_str(), *flag))
    }
}

impl Decode for Flags {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self(members.take_all()))
        })
    }
}

/// A distance as the service gives it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// The number.
    pub value: f64,
    /// What it counts. One answer can mix units.
    pub unit: LengthUnit,
}

/// A unit of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum LengthUnit {
    /// Kilometres.
    #[serde(rename = "km")]
    Kilometre,
    /// Statute miles of 1.609344 km.
    #[serde(rename = "mi")]
    Mile,
}

impl Distance {
    /// Returns the distance in kilometres.
    #[must_use]
    pub fn kilometres(self) -> f64 {
        match self.unit {
            LengthUnit::Kilometre => self.value,
            LengthUnit::Mile => self.value * 1.609_344,
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            LengthUnit::Kilometre => "km",
            LengthUnit::Mile => "mi",
        };
        write!(f, "{} {unit}", self.value)
    }
}

impl Leaf for LengthUnit {
    const EXPECTED: &'static str = "km or mi";

    fn read(value: &Value) -> Option<Self> {
        match value.as_str()?.trim().to_ascii_lowercase().as_str() {
            "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => Some(Self::Kilometre),
            "mi" | "mile" | "miles" => Some(Self::Mile),
            _ => None,
        }
    }
}

impl Decode for Distance {
    const EXPECTED: &'static str = OBJECT;

    /// A number without a known unit says nothing: both or none.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members: &mut Members<'_>| {
            let (value, unit) = (members.require("value"), members.require("unit"));
            Some(Self {
                value: value?,
                unit: unit?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_apart_in_any_spelling() {
        for (text, unit) in [
            ("km", Some(LengthUnit::Kilometre)),
            ("Km", Some(LengthUnit::Kilometre)),
            ("KM", Some(LengthUnit::Kilometre)),
            ("mi", Some(LengthUnit::Mile)),
            ("Mile", Some(LengthUnit::Mile)),
            ("miles", Some(LengthUnit::Mile)),
            ("%", None),
            ("", None),
        ] {
            assert_eq!(LengthUnit::read(&text.into()), unit, "{text}");
        }
    }

    #[test]
    fn miles_become_kilometres() {
        let distance = Distance {
            value: 10.0,
            unit: LengthUnit::Mile,
        };

        assert!((distance.kilometres() - 16.093_44).abs() < 1e-9);
    }

    #[test]
    fn unknown_members_are_shown_by_name_only() {
        let members = serde_json::json!({"imei": "s3cret"});
        let extra = Extra::new(members.as_object().unwrap().clone());

        assert_eq!(format!("{extra:?}"), r#"{"imei"}"#);
    }
}
