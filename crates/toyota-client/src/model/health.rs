//! The lights of the dashboard that warn.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, OBJECT, object};
use super::untyped::Untyped;
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};
use crate::Vin;

/// What a car warns of.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Health {
    /// The car.
    pub vin: Option<Vin>,
    /// The lights that are on; empty when all is well, `None` when nothing is said of them.
    pub warnings: Option<Vec<WarningLight>>,
    /// What is said of the engine's oil; nothing but an empty list has been seen.
    pub oil_icons: Option<Vec<Untyped>>,
    /// When the warnings changed last.
    pub updated: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A light of the dashboard that is on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WarningLight {
    /// The light's code, such as `TIRW`.
    pub code: Option<String>,
    /// What it warns of, such as `Tire Pressure Warning System`.
    pub description: Option<String>,
    /// How grave it is, on a scale that nobody has told.
    pub severity: Option<f64>,
    /// Since when the car reports it.
    pub since: Option<Timestamp>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Health {
    /// Reads the answer of `GET /v1/vehiclehealth/status`. Without a payload nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }
}

impl Decode for Health {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                vin: members.take("vin"),
                warnings: members.take("warning"),
                oil_icons: members.take("quantityOfEngOilIcon"),
                updated: members.take("wnglastUpdTime"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for WarningLight {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                code: members.take("wngcode"),
                description: members.take("wngdesc"),
                severity: members.take("severity"),
                since: members.take("wngdcmtime"),
                extra: members.rest(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_warning_is_not_the_same_as_no_word_of_warnings() {
        for (payload, lights) in [
            (json!({"warning": []}), Some(0)),
            (json!({"warning": [{"wngcode": "TIRW"}]}), Some(1)),
            (json!({"warning": null, "vin": "V1"}), None),
            (json!({"vin": "V1"}), None),
        ] {
            let health = Health::from_answer(json!({ "payload": payload })).value;

            let warnings = health.unwrap().warnings;
            assert_eq!(warnings.map(|lights| lights.len()), lights, "{payload}");
        }
    }

    #[test]
    fn a_light_says_what_and_since_when() {
        let light = json!({
            "wngcode": "TIRW",
            "wngdesc": "Tire Pressure Warning System",
            "severity": "2",
            "wngdcmtime": "2026-11-20T08:00:00Z",
            "new": 1,
        });
        let answer = json!({"payload": {"warning": [light], "quantityOfEngOilIcon": ["?"]}});

        let Decoded { value, warnings } = Health::from_answer(answer);

        let health = value.unwrap();
        let light = &health.warnings.unwrap()[0];
        assert_eq!(light.code.as_deref(), Some("TIRW"));
        assert_eq!(light.severity, Some(2.0));
        assert_eq!(light.since.unwrap().to_string(), "2026-11-20T08:00:00Z");
        assert!(light.extra.get("new").is_some());
        assert_eq!(health.oil_icons.unwrap()[0].as_str(), Some("?"));
        assert!(warnings.is_empty());
    }
}
