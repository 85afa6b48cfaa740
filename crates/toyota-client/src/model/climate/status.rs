//! What the air conditioning does now.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::super::decode::{Decode, Leaf, Members, Minutes, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Decoded, Path, Warnings};
use super::super::word::{Vocabulary, Word};
use super::{Heating, Seats, Temperature};

/// What the air conditioning does, as far as it was switched on remotely.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClimateStatus {
    /// Whether it runs.
    pub state: Option<Word<ClimateState>>,
    /// The kind of air conditioning, such as `full`; only the older route tells.
    pub kind: Option<String>,
    /// When it was started.
    pub started: Option<Timestamp>,
    /// When the car reported this; only the newer route tells.
    pub updated: Option<Timestamp>,
    /// How long it is to run, from its start.
    #[serde(serialize_with = "jiff::fmt::serde::unsigned_duration::optional::serialize")]
    pub duration: Option<Duration>,
    /// The temperature in the car.
    pub current: Option<Temperature>,
    /// When that was measured.
    pub measured: Option<Timestamp>,
    /// The temperature that it is to reach.
    pub target: Option<Temperature>,
    /// What else is heated; `None` when nothing is said of it.
    pub heating: Option<Heating>,
    /// How far the seats are heated; `None` when nothing is said of them.
    pub seats: Option<Seats>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// Whether the air conditioning runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClimateState {
    /// It is off.
    Stopped,
    /// It was told to start.
    Starting,
    /// It is on.
    Running,
    /// It was told to stop.
    Stopping,
}

impl Vocabulary for ClimateState {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "stopped" | "false" | "0" => Some(Self::Stopped),
            "starting" => Some(Self::Starting),
            "running" | "true" | "1" => Some(Self::Running),
            "stopping" => Some(Self::Stopping),
            _ => None,
        }
    }
}

impl ClimateStatus {
    /// Reads the answer of `GET /v1/vehicle/climate-status`, or of the route before it. Without a
    /// payload nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::super::decode::payload(answer)
    }

    /// Tells whether it runs or is about to; `None` when that is not known.
    #[must_use]
    pub fn is_on(&self) -> Option<bool> {
        Some(match self.state.as_ref()?.meaning()? {
            ClimateState::Starting | ClimateState::Running => true,
            ClimateState::Stopped | ClimateState::Stopping => false,
        })
    }

    /// Returns when it will stop by itself, if it runs.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let is_on = self.is_on()?;
        let end = self.started?.checked_add(self.duration?).ok()?;
        is_on.then_some(end)
    }
}

impl Decode for ClimateStatus {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, read)
    }
}

fn read(members: &mut Members<'_>) -> Option<ClimateStatus> {
    let current: Option<Measured> = members.take("currentTemperature");
    let current = current.unwrap_or_default();
    Some(ClimateStatus {
        state: members.take("status").map(|State(word)| word),
        kind: members.take("type"),
        started: members.take("startedAt"),
        updated: members.take("updatedAt"),
        duration: members.take("duration").map(|Minutes(time)| time),
        current: current.temperature,
        measured: current.at,
        target: members.take("targetTemperature"),
        heating: members.take_first(&["heatingOptions", "options"]),
        seats: members.take("seatOptions"),
        extra: members.rest(),
    })
}

/// A state as a word, a number or a boolean.
struct State(Word<ClimateState>);

impl Leaf for State {
    const EXPECTED: &'static str = "a state";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self(Word::new(&flag.to_string()))),
            _ => Word::read(value).map(Self),
        }
    }
}

/// A temperature and when it was taken.
#[derive(Default)]
struct Measured {
    temperature: Option<Temperature>,
    at: Option<Timestamp>,
}

impl Decode for Measured {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                temperature: Temperature::of(members),
                at: members.take("timestamp"),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(payload: &Value) -> ClimateStatus {
        let decoded = ClimateStatus::from_answer(json!({ "payload": payload }));
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        decoded.value.unwrap()
    }

    #[test]
    fn the_state_is_a_number_a_boolean_or_a_word() {
        for (state, meaning, is_on) in [
            (json!(0), Some(ClimateState::Stopped), Some(false)),
            (json!(1), Some(ClimateState::Running), Some(true)),
            (json!("1"), Some(ClimateState::Running), Some(true)),
            (json!(true), Some(ClimateState::Running), Some(true)),
            (json!(false), Some(ClimateState::Stopped), Some(false)),
            (json!("Running"), Some(ClimateState::Running), Some(true)),
            (json!("starting"), Some(ClimateState::Starting), Some(true)),
            (json!("stopping"), Some(ClimateState::Stopping), Some(false)),
            (json!("thawing"), None, None),
            (json!(7), None, None),
        ] {
            let status = status(&json!({ "status": state }));

            assert_eq!(status.state.as_ref().unwrap().meaning(), meaning, "{state}");
            assert_eq!(status.is_on(), is_on, "{state}");
        }
    }

    #[test]
    fn both_routes_are_read_into_one_type() {
        let old = status(&json!({
            "type": "full",
            "status": 1,
            "startedAt": "2026-11-20T08:00:00Z",
            "duration": 20,
            "currentTemperature": {"value": 4, "unit": "C", "timestamp": "2026-11-20T08:01:00Z"},
            "targetTemperature": {"value": "21.5", "unit": "C"},
            "options": {"frontDefogger": true, "rearDefogger": false},
        }));
        let new = status(&json!({
            "status": "running",
            "startedAt": "2026-11-20T08:00:00Z",
            "updatedAt": "2026-11-20T08:01:00Z",
            "duration": 20,
            "currentTemperature": {"value": 4, "unit": "C", "timestamp": "2026-11-20T08:01:00Z"},
            "targetTemperature": {"value": 21.5, "unit": "C"},
            "heatingOptions": {"frontDefroster": "on", "rearDefogger": "off", "steeringHeater": "on"},
            "seatOptions": {"driverSeat": "high", "passengerSeat": "off"},
        }));

        for status in [&old, &new] {
            assert_eq!(status.is_on(), Some(true));
            assert_eq!(status.duration, Some(Duration::from_secs(20 * 60)));
            assert_eq!(status.ends().unwrap().to_string(), "2026-11-20T08:20:00Z");
            assert_eq!(status.target, Some(Temperature::from_celsius(21.5)));
            assert!(status.current.is_some() && status.measured.is_some());
            let heating = status.heating.as_ref().unwrap();
            assert_eq!(heating.front_defroster, Some(true));
            assert_eq!(heating.rear_defogger, Some(false));
        }
        assert_eq!(old.kind.as_deref(), Some("full"));
        let driver = new.seats.unwrap().driver.unwrap();
        assert_eq!(driver.meaning(), Some(super::super::SeatHeat::High));
    }

    #[test]
    fn what_cannot_be_read_by_one_name_is_read_by_the_other() {
        let answer = json!({"payload": {
            "heatingOptions": 7,
            "options": {"frontDefroster": [], "frontDefogger": "on"},
        }});

        let Decoded { value, warnings } = ClimateStatus::from_answer(answer);

        let heating = value.unwrap().heating.unwrap();
        assert_eq!(heating.front_defroster, Some(true));
        let paths: Vec<_> = warnings.iter().map(|it| it.path()).collect();
        assert_eq!(
            paths,
            ["payload.heatingOptions", "payload.options.frontDefroster"]
        );
    }

    #[test]
    fn what_does_not_run_has_no_end() {
        let status = status(&json!({
            "status": "stopped", "startedAt": "2026-11-20T08:00:00Z", "duration": 20,
        }));

        assert_eq!(status.ends(), None);
    }

    #[test]
    fn durations_are_written_as_what_they_are() {
        let status = status(&json!({"status": 1, "duration": 20}));

        assert_eq!(serde_json::to_value(status).unwrap()["duration"], "PT20M");
    }
}
