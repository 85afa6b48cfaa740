//! What a car looks like once a command was carried out.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};

use super::{ChargeCommand, ChargingTime, ClimateCommand, ClimateStart, Nickname, RemoteCommand};
use crate::model::{
    Charging, ChargingEvent, ClimateSettings, ClimateStatus, Electric, Lock, Status, Vehicle,
};

/// What shows that a command was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expectation {
    /// The doors are locked, all that the car tells of, or one is not.
    Locked(bool),
    /// The hatch is locked, or not.
    TrunkLocked(bool),
    /// A window is open, or none is that the car tells of.
    WindowsOpen(bool),
    /// The hazard lights are on, or off.
    Hazard(bool),
    /// The headlights are on, or off.
    Headlights(bool),
    /// Climate control runs, or does not.
    Climate(bool),
    /// Climate control is set to this.
    ClimateSet(ClimateStart),
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
    ClimateSettings,
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
            Self::ClimateSet(_) => Some(Source::ClimateSettings),
            Self::Charging | Self::NextCharging(_) => Some(Source::Electric),
            Self::Named(_) => Some(Source::Vehicles),
            Self::Nothing => None,
        }
    }

    pub(crate) fn in_status(&self, status: &Status) -> Sight {
        let Status { doors, windows, .. } = status;
        let trunk = &doors.trunk;
        let (found, items) = match self {
            Self::Locked(_) => (
                status.are_sides_locked(),
                latest(doors.sides().map(|door| door.lock_updated)),
            ),
            Self::TrunkLocked(_) => (
                trunk.locked.map(|lock| lock == Lock::Locked),
                trunk.lock_updated,
            ),
            Self::WindowsOpen(_) => (
                status.is_window_open(),
                latest(windows.iter().map(|window| window.updated)),
            ),
            Self::Hazard(_) => (status.lights.hazard.on, status.lights.hazard.updated),
            Self::Headlights(_) => (status.lights.head.on, status.lights.head.updated),
            Self::Climate(_)
            | Self::ClimateSet(_)
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

    pub(crate) fn in_climate_settings(&self, settings: &ClimateSettings) -> Sight {
        let met = match self {
            Self::ClimateSet(wanted) => wanted.is_set_in(settings),
            _ => None,
        };
        Sight { met, updated: None }
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
            Self::ClimateSet(_)
            | Self::Charging
            | Self::NextCharging(_)
            | Self::Named(_)
            | Self::Nothing => None,
        }
    }
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
mod tests;
