//! What the driver did, well or badly, and where.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::lazy::{Element, value};
use super::scan::{Broken, Cursor};
use crate::model::decode::{Decode, OBJECT, object};
use crate::model::warning::{Path, Warnings};
use crate::model::{Coordinates, Extra, Vocabulary, Word};

/// What the driver did, well or badly, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Behaviour {
    /// When.
    pub time: Option<Timestamp>,
    /// What.
    #[serde(rename = "type")]
    pub kind: Option<Word<BehaviourKind>>,
    /// Whether it was well done.
    pub good: Option<bool>,
    /// Whether the app points it out.
    pub priority: Option<bool>,
    /// How much of it, from 1 to 10,000.
    pub severity: Option<f64>,
    /// The number of the app's advice.
    pub coaching_message: Option<u32>,
    /// The number of the app's explanation.
    pub diagnostic_message: Option<u32>,
    /// How steep the road was.
    pub slope: Option<f64>,
    /// Where. `Debug` does not show it.
    pub position: Option<Coordinates>,
    /// What belongs into the app's advice.
    pub coaching_parameters: Option<Vec<CoachingParameter>>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// The known kinds of behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BehaviourKind {
    /// Accelerating.
    Acceleration,
    /// Braking.
    Braking,
    /// Cornering, or keeping the speed: the service does not say which.
    Cornering,
}

impl Vocabulary for BehaviourKind {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "a" => Some(Self::Acceleration),
            "b" => Some(Self::Braking),
            "c" => Some(Self::Cornering),
            _ => None,
        }
    }
}

/// A number in the app's advice, such as a distance of 120 metres.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoachingParameter {
    /// What it is.
    pub name: Option<String>,
    /// What it counts.
    pub unit: Option<String>,
    /// The number.
    pub value: Option<f64>,
}

impl Decode for CoachingParameter {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                name: members.take("name"),
                unit: members.take("unit"),
                value: members.take("value"),
            })
        })
    }
}

/// The member `context`.
struct Context {
    slope: Option<f64>,
}

impl Decode for Context {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let slope = members.take("slope");
            Some(Self { slope })
        })
    }
}

impl Decode for Behaviour {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let (latitude, longitude) = (members.take("lat"), members.take("lon"));
            let context: Option<Context> = members.take("context");
            Some(Self {
                time: members.take("ts"),
                kind: members.take("type"),
                good: members.take("good"),
                priority: members.take("priority"),
                severity: members.take("severity"),
                coaching_message: members.take("coachingMsg"),
                diagnostic_message: members.take("diagnosticMsg"),
                slope: context.and_then(|context| context.slope),
                position: Coordinates::known(latitude, longitude),
                coaching_parameters: members.take("coachingMsgParams"),
                extra: members.rest(),
            })
        })
    }
}

impl Element for Behaviour {
    const LIST: &'static str = "behaviours";

    fn read(
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        warnings: &mut Warnings,
    ) -> Result<Option<Self>, Broken> {
        let Some(value) = value(cursor, at, warnings)? else {
            return Ok(None);
        };
        Ok(Self::decode(value, at, warnings))
    }
}
