//! The traction battery, its charger, and how far the car can go.

mod calendar;
mod schedule;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

pub use self::calendar::ChargingWindow;
pub use self::schedule::{ChargingEvent, ChargingSchedule, ScheduleKind, Weekdays};
use super::decode::{Decode, Members, OBJECT, object};
use super::telemetry::Charging;
use super::value::{Distance, Extra};
use super::warning::{Decoded, Path, Warnings};
use super::word::Word;

/// What the service writes for "not charging": a field that is full, and the same mistyped.
const NO_TIME: [f64; 2] = [65535.0, 65335.0];
/// Without charging, more than a day is no time that anything takes.
const DAY_MINUTES: f64 = 1440.0;

/// The traction battery and how far the car can go, as the car last reported them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Electric {
    /// Charge of the traction battery, in percent of all of it.
    pub battery_level: Option<f64>,
    /// Charge of the traction battery, in percent of what a plug-in hybrid makes use of, which is
    /// what the app shows; only the newer route tells.
    pub usable_battery_level: Option<f64>,
    /// What the charger does.
    pub charging_status: Option<Word<Charging>>,
    /// How many minutes charging still takes, as the car says: also nonsense when it does not
    /// charge. See [`remaining_charge_time`](Self::remaining_charge_time).
    pub remaining_charge_minutes: Option<f64>,
    /// How far the battery goes.
    pub ev_range: Option<Distance>,
    /// How far the battery goes with the air conditioning on.
    pub ev_range_with_ac: Option<Distance>,
    /// How far the fuel goes.
    pub fuel_range: Option<Distance>,
    /// How far both go with the air conditioning on.
    pub total_range_with_ac: Option<Distance>,
    /// Fuel in the tank, in percent.
    pub fuel_level: Option<f64>,
    /// Whether the next charging can be set remotely.
    pub can_set_next_charging_event: Option<bool>,
    /// When the car is to charge.
    pub schedules: Option<Vec<ChargingSchedule>>,
    /// When it will charge next.
    pub next_event: Option<ChargingEvent>,
    /// When the car reported this.
    pub updated: Option<Timestamp>,
    /// When the car's modem sent it.
    pub dcm_timestamp: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Electric {
    /// Reads the answer of `GET /v1/vehicle/electric/status`, or of the route before it. Without a
    /// payload nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }

    /// Tells whether the battery is being charged; `None` when that is not known.
    #[must_use]
    pub fn is_charging(&self) -> Option<bool> {
        let meaning = self.charging_status.as_ref()?.meaning()?;
        Some(meaning == Charging::Charging)
    }

    /// Returns how long charging still takes; `None` for the numbers that the car reports when
    /// there is no such time.
    #[must_use]
    pub fn remaining_charge_time(&self) -> Option<Duration> {
        let minutes = self.remaining_charge_minutes?;
        let plausible = minutes <= DAY_MINUTES || self.is_charging() == Some(true);
        if NO_TIME.contains(&minutes) || !plausible {
            return None;
        }
        Duration::try_from_secs_f64(minutes * 60.0).ok()
    }

    /// Tells whether a schedule is switched on; `None` when nothing is said of schedules.
    #[must_use]
    pub fn has_active_schedule(&self) -> Option<bool> {
        let schedules = self.schedules.as_ref()?;
        Some(schedules.iter().any(ChargingSchedule::is_enabled))
    }
}

impl Decode for Electric {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, read)
    }
}

fn read(members: &mut Members<'_>) -> Option<Electric> {
    Some(Electric {
        battery_level: members.take("batteryLevel"),
        usable_battery_level: members.take("phevUsableBatteryLevel"),
        charging_status: members.take("chargingStatus"),
        remaining_charge_minutes: members.take("remainingChargeTime"),
        ev_range: members.take("evRange"),
        ev_range_with_ac: members.take("evRangeWithAc"),
        fuel_range: members.take("fuelRange"),
        total_range_with_ac: members.take("totalRangeWithAc"),
        fuel_level: members.take("fuelLevel"),
        can_set_next_charging_event: members.take("canSetNextChargingEvent"),
        schedules: members.take("chargingSchedules"),
        next_event: members.take("nextChargingEvent"),
        updated: members.take("lastUpdateTimestamp"),
        dcm_timestamp: members.take("dcmTimestamp"),
        extra: members.rest(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn electric(payload: &Value) -> Electric {
        let decoded = Electric::from_answer(json!({ "payload": payload }));
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        decoded.value.unwrap()
    }

    #[test]
    fn a_time_that_is_none_is_not_told() {
        for (status, minutes, told) in [
            (Some("charging"), json!(90), Some(90)),
            (Some("Charging"), json!(1490), Some(1490)),
            (Some("charging"), json!(65535), None),
            (Some("charging"), json!("65335"), None),
            (Some("plugged"), json!(1440), Some(1440)),
            (Some("plugged"), json!(1490), None),
            (Some("none"), json!(65335), None),
            (Some("bidirectional"), json!(1490), None),
            (None, json!(1490), None),
            (None, json!(0), Some(0)),
            (None, json!(-1), None),
        ] {
            let it = electric(&json!({"chargingStatus": status, "remainingChargeTime": minutes}));

            let seconds = it.remaining_charge_time().map(|time| time.as_secs());
            let expected = told.map(|minutes: u64| minutes * 60);
            assert_eq!(seconds, expected, "{status:?} {minutes}");
        }
    }

    #[test]
    fn distances_of_one_answer_have_units_of_their_own() {
        let it = electric(&json!({
            "evRange": {"value": 33, "unit": "km"},
            "evRangeWithAc": {"value": 30.5, "unit": "Km"},
            "fuelRange": {"value": 70, "unit": "mi"},
        }));

        assert_eq!(it.ev_range.unwrap().to_string(), "33 km");
        assert_eq!(it.ev_range_with_ac.unwrap().to_string(), "30.5 km");
        assert_eq!(it.fuel_range.unwrap().to_string(), "70 mi");
    }

    #[test]
    fn a_bad_schedule_spoils_no_other_and_no_other_member() {
        let answer = json!({"payload": {
            "batteryLevel": 0,
            "chargingSchedules": [
                {"id": 1, "enabled": true, "startTime": {"hour": 25, "minute": 0}},
                "x",
            ],
            "nextChargingEvent": "tomorrow",
        }});

        let Decoded { value, warnings } = Electric::from_answer(answer);

        let it = value.unwrap();
        assert_eq!(it.battery_level, Some(0.0));
        assert_eq!(it.has_active_schedule(), Some(true));
        let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "payload.chargingSchedules[0].startTime.hour: expected an hour, found a number",
                "payload.chargingSchedules[1]: expected an object, found a text",
                "payload.nextChargingEvent: expected an object, found a text",
            ]
        );
    }
}
