//! What a car looks like once a command was carried out.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};

use super::{ChargeCommand, ChargingTime, ClimateCommand, Nickname, RemoteCommand};
use crate::model::{
    Charging, ChargingEvent, ClimateStatus, Door, Electric, Lock, Open, Status, Vehicle, Window,
};

/// What shows that a command was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expectation {
    /// The doors are locked, or one is not.
    Locked(bool),
    /// The hatch is locked, or not.
    TrunkLocked(bool),
    /// A window is open, or none is.
    WindowsOpen(bool),
    /// The hazard lights are on, or off.
    Hazard(bool),
    /// The headlights are on, or off.
    Headlights(bool),
    /// Climate control runs, or does not.
    Climate(bool),
    /// The battery is being charged.
    Charging,
    /// The battery will be charged at this time next.
    NextCharging(ChargingTime),
    /// The car has this name.
    Named(Name),
    /// Nothing: only a notification tells.
    Nothing,
}

/// A name that a car is to have. `Debug` does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Nickname);

/// Where it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Status,
    Climate,
    Electric,
    Vehicles,
}

/// What was seen of an expectation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Whether it is met, if that can be told.
    pub(crate) met: Option<bool>,
    /// When the car reported that.
    pub(crate) updated: Option<Timestamp>,
}

impl Expectation {
    /// Returns what a command leads to.
    #[must_use]
    pub fn of_remote(command: &RemoteCommand) -> Self {
        match command {
            RemoteCommand::Lock => Self::Locked(true),
            RemoteCommand::Unlock => Self::Locked(false),
            RemoteCommand::TrunkLock => Self::TrunkLocked(true),
            RemoteCommand::TrunkUnlock => Self::TrunkLocked(false),
            RemoteCommand::WindowsClose => Self::WindowsOpen(false),
            RemoteCommand::WindowsOpen => Self::WindowsOpen(true),
            RemoteCommand::HazardOn => Self::Hazard(true),
            RemoteCommand::HazardOff => Self::Hazard(false),
            RemoteCommand::HeadlightsOn => Self::Headlights(true),
            RemoteCommand::HeadlightsOff => Self::Headlights(false),
            RemoteCommand::EngineStart | RemoteCommand::ClimateSettingsOn => Self::Climate(true),
            RemoteCommand::EngineStop => Self::Climate(false),
            RemoteCommand::Horn
            | RemoteCommand::Buzzer
            | RemoteCommand::WindowsStop
            | RemoteCommand::Find
            | RemoteCommand::VentilationOn
            | RemoteCommand::Other(_) => Self::Nothing,
        }
    }

    /// Returns what a command leads to.
    #[must_use]
    pub fn of_charge(command: &ChargeCommand) -> Self {
        match (command, command.time()) {
            (ChargeCommand::Now, _) => Self::Charging,
            (_, Some(time)) => Self::NextCharging(time),
            (_, None) => Self::Nothing,
        }
    }

    /// Returns what a command leads to.
    #[must_use]
    pub fn of_climate(command: &ClimateCommand) -> Self {
        Self::Climate(matches!(command, ClimateCommand::Start(_)))
    }

    pub(crate) fn of_nickname(name: Nickname) -> Self {
        Self::Named(Name(name))
    }

    /// Returns where it is seen, if anywhere.
    pub(crate) fn source(&self) -> Option<Source> {
        match self {
            Self::Locked(_)
            | Self::TrunkLocked(_)
            | Self::WindowsOpen(_)
            | Self::Hazard(_)
            | Self::Headlights(_) => Some(Source::Status),
            Self::Climate(_) => Some(Source::Climate),
            Self::Charging | Self::NextCharging(_) => Some(Source::Electric),
            Self::Named(_) => Some(Source::Vehicles),
            Self::Nothing => None,
        }
    }

    pub(crate) fn in_status(&self, status: &Status) -> Sight {
        let doors = &status.doors;
        let sides = [
            &doors.driver,
            &doors.passenger,
            &doors.rear_driver,
            &doors.rear_passenger,
        ];
        let windows = &status.windows;
        let windows = [
            &windows.driver,
            &windows.passenger,
            &windows.rear_driver,
            &windows.rear_passenger,
        ];
        let (found, items) = match self {
            Self::Locked(_) => (
                all(sides.iter().filter_map(|door| locked(door))),
                latest(sides.iter().map(|door| door.lock_updated)),
            ),
            Self::TrunkLocked(_) => (locked(&doors.trunk), doors.trunk.lock_updated),
            Self::WindowsOpen(_) => (
                all(windows.iter().filter_map(|window| closed(window))).map(|closed| !closed),
                latest(windows.iter().map(|window| window.updated)),
            ),
            Self::Hazard(_) => (status.lights.hazard.on, status.lights.hazard.updated),
            Self::Headlights(_) => (status.lights.head.on, status.lights.head.updated),
            Self::Climate(_)
            | Self::Charging
            | Self::NextCharging(_)
            | Self::Named(_)
            | Self::Nothing => (None, None),
        };
        Sight {
            met: found.map(|found| Some(found) == self.wanted()),
            updated: status.updated.or(items),
        }
    }

    pub(crate) fn in_climate(&self, climate: &ClimateStatus) -> Sight {
        Sight {
            met: climate.is_on().map(|on| Some(on) == self.wanted()),
            // Only what runs has a beginning.
            updated: climate.updated,
        }
    }

    pub(crate) fn in_electric(&self, electric: &Electric) -> Sight {
        let met = match self {
            Self::Charging => charges(electric),
            Self::NextCharging(time) => electric.next_event.as_ref().and_then(|it| is_at(it, time)),
            _ => None,
        };
        let updated = electric.updated;
        Sight { met, updated }
    }

    pub(crate) fn in_vehicle(&self, car: &Vehicle) -> Sight {
        let met = match self {
            Self::Named(Name(name)) => Some(car.nickname.as_deref() == Some(name.as_str())),
            _ => None,
        };
        Sight { met, updated: None }
    }

    fn wanted(&self) -> Option<bool> {
        match self {
            Self::Locked(on)
            | Self::TrunkLocked(on)
            | Self::WindowsOpen(on)
            | Self::Hazard(on)
            | Self::Headlights(on)
            | Self::Climate(on) => Some(*on),
            Self::Charging | Self::NextCharging(_) | Self::Named(_) | Self::Nothing => None,
        }
    }
}

fn locked(door: &Door) -> Option<bool> {
    door.locked.map(|lock| lock == Lock::Locked)
}

fn closed(window: &Window) -> Option<bool> {
    window.open.map(|open| open == Open::Closed)
}

/// What is known of all; of nothing, nothing is.
fn all(known: impl Iterator<Item = bool>) -> Option<bool> {
    known.reduce(|all, one| all && one)
}

fn latest(times: impl Iterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    times.max().flatten()
}

/// A full battery was charged, and cannot be charged any more.
fn charges(electric: &Electric) -> Option<bool> {
    match electric.charging_status.as_ref()?.meaning()? {
        Charging::Charging | Charging::Complete => Some(true),
        Charging::None | Charging::Plugged => Some(false),
    }
}

/// The car may name only one end of the time, and an end on the next day by that day.
fn is_at(event: &ChargingEvent, time: &ChargingTime) -> Option<bool> {
    let day = event.weekday?;
    let same = |event: Option<Time>, time: Option<Time>| Some(event? == time?);
    let start = same(event.start, time.start());
    let end = same(event.end, time.end());
    let is_day = |of: Weekday| day == of;
    let days = is_day(time.day()) || event.start.is_none() && is_day(time.day().next());
    let times = all([start, end].into_iter().flatten())?;
    Some(days && times)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use serde_json::{Value, json};

    use super::*;

    const OLD: &str = "2026-11-23T10:00:00Z";

    fn status(payload: &Value) -> Status {
        let answer = json!({ "payload": payload });
        Status::from_answer(answer).value.unwrap()
    }

    fn met(expectation: &Expectation, payload: &Value) -> Option<bool> {
        expectation.in_status(&status(payload)).met
    }

    fn doors(driver: &str, passenger: &str, trunk: &str) -> Value {
        let door = |lock: &str| json!({"lockStatus": {"status": lock, "lastUpdateTimestamp": OLD}});
        json!({"doors": {
            "driver": door(driver), "passenger": door(passenger), "rearBack": door(trunk),
        }})
    }

    #[test]
    fn doors_are_locked_if_all_that_are_known_are_and_the_hatch_is_one_of_its_own() {
        for (payload, locked, trunk) in [
            (
                doors("locked", "locked", "unlocked"),
                Some(true),
                Some(false),
            ),
            (
                doors("locked", "unlocked", "locked"),
                Some(false),
                Some(true),
            ),
            (doors("locked", "unknown", "unknown"), Some(true), None),
            (doors("unknown", "unknown", "locked"), None, Some(true)),
            (json!({"vin": "V1"}), None, None),
        ] {
            for wanted in [true, false] {
                let is = |found: Option<bool>| found.map(|found| found == wanted);

                assert_eq!(met(&Expectation::Locked(wanted), &payload), is(locked));
                assert_eq!(met(&Expectation::TrunkLocked(wanted), &payload), is(trunk));
            }
        }
    }

    #[test]
    fn windows_are_open_if_one_is() {
        let windows = |driver: &str, passenger: &str| json!({"windows": {"driver": {"status": driver}, "passenger": {"status": passenger}}});
        for (payload, open) in [
            (windows("close", "close"), Some(false)),
            (windows("close", "open"), Some(true)),
            (windows("unknown", "close"), Some(false)),
            (windows("unknown", "unknown"), None),
        ] {
            assert_eq!(met(&Expectation::WindowsOpen(true), &payload), open);
            let closed = open.map(|open| !open);
            assert_eq!(met(&Expectation::WindowsOpen(false), &payload), closed);
        }
    }

    #[test]
    fn lights_are_told_by_the_newer_route_only() {
        let lights = json!({"lights": {"hazard": {"status": "on"}, "head": {"status": "off"}}});

        assert_eq!(met(&Expectation::Hazard(true), &lights), Some(true));
        assert_eq!(met(&Expectation::Headlights(true), &lights), Some(false));
        assert_eq!(met(&Expectation::Headlights(false), &lights), Some(true));
        let old = json!({"vehicleStatus": [], "occurrenceDate": OLD});
        assert_eq!(met(&Expectation::Hazard(true), &old), None);
    }

    #[test]
    fn the_date_is_the_document_s_or_else_the_latest_of_its_parts() {
        let expectation = Expectation::Locked(true);
        let mut payload = doors("locked", "locked", "locked");
        let updated = expectation.in_status(&status(&payload)).updated;
        assert_eq!(updated, Some(OLD.parse().unwrap()));

        payload["lastUpdateTimestamp"] = "2026-11-23T11:00:00Z".into();
        let updated = expectation.in_status(&status(&payload)).updated;
        assert_eq!(updated, Some("2026-11-23T11:00:00Z".parse().unwrap()));
    }

    #[test]
    fn climate_control_runs_from_its_start_to_its_stop() {
        for (state, on) in [
            ("starting", Some(true)),
            ("running", Some(true)),
            ("stopping", Some(false)),
            ("stopped", Some(false)),
            ("resting", None),
        ] {
            let answer = json!({"payload": {"status": state, "updatedAt": OLD}});
            let climate = ClimateStatus::from_answer(answer).value.unwrap();

            let sight = Expectation::Climate(true).in_climate(&climate);

            assert_eq!((sight.met, sight.updated), (on, Some(OLD.parse().unwrap())));
            let off = Expectation::Climate(false).in_climate(&climate);
            assert_eq!(off.met, on.map(|on| !on));
        }
    }

    #[test]
    fn charging_is_told_by_the_charger_and_a_time_by_the_next_event() {
        let electric = |payload: Value| {
            let answer = json!({ "payload": payload });
            Electric::from_answer(answer).value.unwrap()
        };
        for (word, met) in [
            ("charging", Some(true)),
            ("chargeComplete", Some(true)),
            ("plugged", Some(false)),
            ("none", Some(false)),
            ("thinking", None),
        ] {
            let electric = electric(json!({"chargingStatus": word}));
            assert_eq!(
                Expectation::Charging.in_electric(&electric).met,
                met,
                "{word}"
            );
        }

        let (ten, six) = (time(22, 0, 0, 0), time(6, 0, 0, 0));
        let wanted = ChargingTime::between(Weekday::Monday, ten, six).unwrap();
        let wanted = Expectation::NextCharging(wanted);
        for (event, met) in [
            (
                json!({"type": "startEnd", "weekDay": 1, "startTime": {"hour": 22, "minute": 0}}),
                Some(true),
            ),
            (
                json!({"type": "startEnd", "weekDay": 2, "startTime": {"hour": 22, "minute": 0}}),
                Some(false),
            ),
            (
                json!({"type": "startEnd", "weekDay": 2, "endTime": {"hour": 6, "minute": 0}}),
                Some(true),
            ),
            (
                json!({"type": "startEnd", "weekDay": 1, "endTime": {"hour": 7, "minute": 0}}),
                Some(false),
            ),
            (
                json!({"type": "startEnd", "endTime": {"hour": 6, "minute": 0}}),
                None,
            ),
            (json!({"type": "startEnd", "weekDay": 1}), None),
            (json!(null), None),
        ] {
            let electric = electric(json!({"nextChargingEvent": event}));
            assert_eq!(wanted.in_electric(&electric).met, met, "{event}");
        }
    }

    #[test]
    fn every_command_has_something_to_be_seen_or_nothing() {
        let seen = RemoteCommand::KNOWN
            .iter()
            .filter(|command| Expectation::of_remote(command).source().is_some());
        assert_eq!(seen.count(), 13);
        let reserve = ChargeCommand::Reserve(None);
        assert_eq!(Expectation::of_charge(&reserve), Expectation::Nothing);
        let stop = Expectation::of_climate(&ClimateCommand::Stop);
        assert_eq!(stop, Expectation::Climate(false));
    }
}
