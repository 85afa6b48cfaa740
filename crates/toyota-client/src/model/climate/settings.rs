//! What the air conditioning is set to.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::super::decode::{Decode, Members, Minutes, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Decoded, Path, Warnings};
use super::{Heating, Seats, Temperature, TemperatureUnit};

/// What the app lets people choose from where the service does not say.
const MIN: Temperature = Temperature::from_celsius(18.0);
const MAX: Temperature = Temperature::from_celsius(29.0);
const STEP: f64 = 1.0;

/// What the air conditioning is set to when it is switched on remotely.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClimateSettings {
    /// Whether these are in force; only the older route tells.
    pub on: Option<bool>,
    /// The temperature to reach.
    pub temperature: Option<Temperature>,
    /// The lowest that can be chosen; only the older route tells. See [`min`](Self::min).
    pub min_temperature: Option<Temperature>,
    /// The highest that can be chosen; only the older route tells. See [`max`](Self::max).
    pub max_temperature: Option<Temperature>,
    /// The step between them; only the older route tells. See [`step`](Self::step).
    pub temperature_step: Option<f64>,
    /// How long to run; only the newer route tells.
    #[serde(serialize_with = "jiff::fmt::serde::unsigned_duration::optional::serialize")]
    pub duration: Option<Duration>,
    /// What else to heat; `None` when nothing is said of it.
    pub heating: Option<Heating>,
    /// How far to heat the seats; `None` when nothing is said of them.
    pub seats: Option<Seats>,
    /// What the older route says of what can be heated.
    pub operations: Option<Vec<ClimateOperation>>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A group of things that can be switched, as the older route has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClimateOperation {
    /// The group's name, such as `defrost`.
    pub category: Option<String>,
    /// The group's name for people.
    pub display_name: Option<String>,
    /// Whether the car has it.
    pub is_available: Option<bool>,
    /// What is in it.
    pub parameters: Option<Vec<ClimateParameter>>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A thing that can be switched, as the older route has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClimateParameter {
    /// The name, such as `frontDefrost`.
    pub name: Option<String>,
    /// The name for people.
    pub display_name: Option<String>,
    /// Whether it is on.
    pub is_enabled: Option<bool>,
    /// Whether the car has it.
    pub is_available: Option<bool>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl ClimateSettings {
    /// Reads the answer of `GET /v1/vehicle/climate-settings`, or of the route before it. Without
    /// a payload nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::super::decode::payload(answer)
    }

    /// Returns the lowest temperature that can be chosen: 18 °C where the service does not say.
    #[must_use]
    pub fn min(&self) -> Temperature {
        self.min_temperature.unwrap_or(MIN)
    }

    /// Returns the highest temperature that can be chosen: 29 °C where the service does not say.
    #[must_use]
    pub fn max(&self) -> Temperature {
        self.max_temperature.unwrap_or(MAX)
    }

    /// Returns the step between temperatures that can be chosen, in the unit of
    /// [`min`](Self::min): 1 where the service does not say.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.temperature_step
            .filter(|step| *step > 0.0)
            .unwrap_or(STEP)
    }
}

impl Decode for ClimateSettings {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, read)
    }
}

fn read(members: &mut Members<'_>) -> Option<ClimateSettings> {
    let unit: Option<TemperatureUnit> = members.take("temperatureUnit");
    let operations: Option<Vec<ClimateOperation>> = members.take("acOperations");
    let heating: Option<Heating> = members.take("heatingOptions");
    let limit = |value: Option<f64>| value.and_then(|value| Reading::Number(value).with(unit));
    let temperature: Option<Reading> = members.take("temperature");
    Some(ClimateSettings {
        on: members.take("settingsOn"),
        temperature: temperature.and_then(|reading| reading.with(unit)),
        min_temperature: limit(members.take("minTemp")),
        max_temperature: limit(members.take("maxTemp")),
        temperature_step: members.take("tempInterval"),
        duration: members.take("duration").map(|Minutes(time)| time),
        heating: heating.or_else(|| operations.as_deref().and_then(defrosters)),
        seats: members.take("seatOptions"),
        operations,
        extra: members.rest(),
    })
}

/// The newer route has an object of number and unit, the older one a number with the unit beside.
enum Reading {
    Whole(Temperature),
    Number(f64),
}

impl Reading {
    /// A number without a unit says nothing.
    fn with(self, unit: Option<TemperatureUnit>) -> Option<Temperature> {
        match self {
            Self::Whole(temperature) => Some(temperature),
            Self::Number(value) => unit.map(|unit| Temperature { value, unit }),
        }
    }
}

impl Decode for Reading {
    const EXPECTED: &'static str = "a temperature";

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        if value.is_object() {
            return Temperature::decode(value, at, warnings).map(Self::Whole);
        }
        f64::decode(value, at, warnings).map(Self::Number)
    }
}

/// What the older route says of the windows' heating.
fn defrosters(operations: &[ClimateOperation]) -> Option<Heating> {
    let find = |name: &str| {
        let mut parameters = operations
            .iter()
            .flat_map(|it| it.parameters.iter().flatten());
        let parameter = parameters.find(|it| it.name.as_deref() == Some(name))?;
        parameter.is_enabled
    };
    let heating = Heating {
        front_defroster: find("frontDefrost"),
        rear_defogger: find("rearDefrost"),
        ..Heating::default()
    };
    (heating != Heating::default()).then_some(heating)
}

impl Decode for ClimateOperation {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                category: members.take("categoryName"),
                display_name: members.take("categoryDisplayName"),
                is_available: members.take("available"),
                parameters: members.take("acParameters"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for ClimateParameter {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                name: members.take("name"),
                display_name: members.take("displayName"),
                is_enabled: members.take("enabled"),
                is_available: members.take("available"),
                extra: members.rest(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(payload: &Value) -> ClimateSettings {
        let decoded = ClimateSettings::from_answer(json!({ "payload": payload }));
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        decoded.value.unwrap()
    }

    #[test]
    fn the_older_route_says_what_can_be_chosen() {
        let settings = settings(&json!({
            "settingsOn": true,
            "temperature": 70,
            "temperatureUnit": "F",
            "minTemp": 64,
            "maxTemp": 84,
            "tempInterval": "2",
            "acOperations": [{"available": true, "categoryName": "defrost", "acParameters": [
                {"name": "frontDefrost", "enabled": true, "available": true},
                {"name": "rearDefrost", "enabled": false, "available": true},
            ]}],
        }));

        let fahrenheit = |value| Temperature {
            value,
            unit: TemperatureUnit::Fahrenheit,
        };
        assert_eq!(settings.temperature, Some(fahrenheit(70.0)));
        assert_eq!(
            (settings.min(), settings.max()),
            (fahrenheit(64.0), fahrenheit(84.0))
        );
        assert!((settings.step() - 2.0).abs() < 1e-9);
        let heating = settings.heating.unwrap();
        assert_eq!(heating.front_defroster, Some(true));
        assert_eq!(heating.rear_defogger, Some(false));
    }

    #[test]
    fn the_newer_route_leaves_the_range_to_the_app() {
        let settings = settings(&json!({
            "duration": 20,
            "temperature": {"value": 21, "unit": "C"},
            "heatingOptions": {"rearDefogger": "on"},
            "seatOptions": {"rearDriverSeat": "low"},
        }));

        assert_eq!(settings.temperature, Some(Temperature::from_celsius(21.0)));
        assert_eq!((settings.min().value, settings.max().value), (18.0, 29.0));
        assert!((settings.step() - 1.0).abs() < 1e-9);
        assert_eq!(settings.duration, Some(Duration::from_secs(1200)));
        assert_eq!(settings.heating.unwrap().rear_defogger, Some(true));
        assert!(settings.seats.unwrap().rear_driver.is_some());
    }

    #[test]
    fn a_step_of_nothing_is_none() {
        let settings = settings(&json!({"tempInterval": 0}));

        assert!((settings.step() - 1.0).abs() < 1e-9);
    }
}
