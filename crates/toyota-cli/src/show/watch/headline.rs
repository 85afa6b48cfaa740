//! What a data set says, in a few words.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::Units;
use toyota_client::car::{Car, DataSet, Support};
use toyota_client::model::{
    Charging, ClimateSettings, ClimateStatus, Distance, Electric, Health, Lock, Notification, Open,
    ServiceHistory, Status, Telemetry, Word,
};
use toyota_client::trips::Overview;

use super::line::Tone;
use crate::show::span;

/// What a car is called: its name, and the end of its VIN.
pub(super) fn called(car: &Car) -> String {
    let name = car.vehicle().name().unwrap_or("a car");
    format!("{name} ({})", car.vin())
}

/// What a data set says of a car; `None` without a value, or where the value says nothing.
pub(super) fn headline(car: &Car, set: DataSet, units: Units) -> Option<String> {
    let told = match set {
        DataSet::Location => {
            let place = car.location.value()?.coordinates?;
            format!("{}, {}", place.latitude, place.longitude)
        }
        DataSet::Health => warnings(car.health.value()?),
        DataSet::Electric => battery(car.electric.value()?, units),
        DataSet::Telemetry => driven(car.telemetry.value()?, units),
        DataSet::Notifications => messages(car.notifications.value()?),
        DataSet::Status => closed(car.status.value()?),
        DataSet::ServiceHistory => visits(car.service_history.value()?),
        DataSet::ClimateSettings => set_to(car.climate_settings.value()?),
        DataSet::ClimateStatus => climate(car.climate_status.value()?),
        DataSet::Trips => trips(car.trips.value()?, units),
        _ => return None,
    };
    (!told.is_empty()).then_some(told)
}

/// Whether a car is locked and closed, as far as that is known.
pub(super) fn locks(car: &Car) -> Vec<(Tone, &'static str)> {
    let status = car.status.value();
    let locked = match status.and_then(Status::is_locked) {
        Some(true) => (Tone::Good, "locked"),
        Some(false) => (Tone::Bad, "UNLOCKED"),
        None if car.supports(DataSet::Status) == Support::No => return Vec::new(),
        None => (Tone::Quiet, "lock not known"),
    };
    let open = status.and_then(Status::is_open);
    let open = open.filter(|open| *open).map(|_| (Tone::Warn, "OPEN"));
    [Some(locked), open].into_iter().flatten().collect()
}

/// What a car's charger does, if it has one. How long that still takes the car said when it reported
/// it: what has passed since then is taken off.
pub(super) fn charging(car: &Car, now: Timestamp, units: Units) -> Option<(Tone, String)> {
    let board = car.dashboard(units);
    let word = board.charging_status?;
    let tone = match word.meaning() {
        Some(Charging::Charging | Charging::Complete) => Tone::Good,
        Some(Charging::None) => Tone::Quiet,
        _ => Tone::Plain,
    };
    let is_charging = word.meaning() == Some(Charging::Charging);
    let left = board.remaining_charge_time.filter(|_| is_charging);
    let left = left.and_then(|left| left.checked_sub(car.electric.age(now)?));
    let left = left.filter(|left| !left.is_zero());
    let left = left.map(|left| format!("full in {}", span(left)));
    Some((tone, listed([Some(charger(&word)), left])))
}

/// What a charger does, as people say it.
fn charger(word: &Word<Charging>) -> String {
    let said = match word.meaning() {
        Some(Charging::None) => "not plugged in",
        Some(Charging::Plugged) => "plugged in",
        Some(Charging::Charging) => "charging",
        Some(Charging::Complete) => "fully charged",
        _ => return format!("charger: {word}"),
    };
    said.to_owned()
}

/// What there is in the tank and in the battery.
pub(super) fn levels(car: &Car, units: Units) -> Vec<String> {
    let board = car.dashboard(units);
    let fuel = board.fuel_level.map(|level| format!("fuel {level} %"));
    let battery = board.battery_level;
    let battery = battery.map(|level| format!("battery {level} %"));
    fuel.into_iter().chain(battery).collect()
}

fn warnings(known: &Health) -> String {
    let Some(lights) = &known.warnings else {
        return String::new();
    };
    let named = lights.iter().map(|light| {
        let text = light.description.as_deref().or(light.code.as_deref());
        text.unwrap_or("a warning light")
    });
    match lights.len() {
        0 => "no warnings".to_owned(),
        1 => named.collect(),
        count => format!("{count}: {}", named.collect::<Vec<_>>().join(", ")),
    }
}

fn battery(known: &Electric, units: Units) -> String {
    listed([
        known
            .battery_level
            .map(|level| format!("battery {level} %")),
        known.ev_range.map(|range| length(range, units)),
        known.charging_status.as_ref().map(charger),
    ])
}

fn driven(known: &Telemetry, units: Units) -> String {
    let range = known.distance_to_empty;
    listed([
        known.odometer.map(|driven| length(driven, units)),
        known.fuel_level.map(|level| format!("fuel {level} %")),
        known
            .battery_level
            .map(|level| format!("battery {level} %")),
        range.map(|range| format!("range {}", length(range, units))),
    ])
}

fn messages(known: &[Notification]) -> String {
    let unread = known.iter().filter(|it| it.is_read == Some(false)).count();
    match (known.len(), unread) {
        (0, _) => "none".to_owned(),
        (all, 0) => format!("{all}, all read"),
        (all, unread) => format!("{unread} unread of {all}"),
    }
}

fn closed(known: &Status) -> String {
    let locked = match known.is_locked() {
        Some(true) => Some("locked".to_owned()),
        Some(false) => Some(unlocked(known)),
        None => Some("unknown whether locked".to_owned()),
    };
    let open = match known.is_open() {
        Some(true) => Some(format!("open: {}", opened(known).join(", "))),
        Some(false) => Some("closed".to_owned()),
        None => Some("unknown whether open".to_owned()),
    };
    listed([locked, open])
}

/// Which doors are not locked.
fn unlocked(known: &Status) -> String {
    let doors = &known.doors;
    let unlocked = [
        ("driver", &doors.driver),
        ("passenger", &doors.passenger),
        ("rear driver's side", &doors.rear_driver),
        ("rear passenger's side", &doors.rear_passenger),
        ("trunk", &doors.trunk),
    ];
    let unlocked = unlocked.iter();
    let unlocked = unlocked.filter(|(_, door)| door.locked == Some(Lock::Unlocked));
    let names: Vec<_> = unlocked.map(|(name, _)| *name).collect();
    format!("unlocked: {}", names.join(", "))
}

/// What is open.
fn opened(known: &Status) -> Vec<&'static str> {
    let (doors, windows) = (&known.doors, &known.windows);
    let all = [
        ("driver's door", doors.driver.open),
        ("passenger's door", doors.passenger.open),
        ("rear door, driver's side", doors.rear_driver.open),
        ("rear door, passenger's", doors.rear_passenger.open),
        ("trunk", doors.trunk.open),
        ("hood", known.hood.open),
        ("driver's window", windows.driver.open),
        ("passenger's window", windows.passenger.open),
        ("rear window, driver's side", windows.rear_driver.open),
        ("rear window, passenger's", windows.rear_passenger.open),
    ];
    let open = all.into_iter().filter(|(_, it)| *it == Some(Open::Open));
    open.map(|(name, _)| name).collect()
}

fn visits(known: &ServiceHistory) -> String {
    let latest = known.latest().and_then(|visit| visit.date);
    let count = match known.records.len() {
        0 => "no visits".to_owned(),
        1 => "1 visit".to_owned(),
        count => format!("{count} visits"),
    };
    listed([Some(count), latest.map(|date| format!("last {date}"))])
}

fn set_to(known: &ClimateSettings) -> String {
    let duration = known.duration.filter(|it| *it > Duration::ZERO);
    listed([
        known.temperature.map(|it| it.to_string()),
        duration.map(|it| format!("for {}", span(it))),
    ])
}

fn climate(known: &ClimateStatus) -> String {
    listed([
        known.state.as_ref().map(Word::to_string),
        known.current.map(|it| format!("{it} inside")),
    ])
}

fn trips(known: &Overview, units: Units) -> String {
    let driven = |name, metres: Option<f64>| {
        let distance = units.metres(metres.unwrap_or_default());
        format!("{name} {}", rounded(distance))
    };
    let (day, week) = (&known.day.summary, &known.week.summary);
    listed([
        Some(driven("today", day.length)),
        Some(driven("week", week.length)),
    ])
}

fn length(distance: Distance, units: Units) -> String {
    rounded(units.distance(distance))
}

/// Without digits that nobody looks at.
fn rounded(distance: Distance) -> String {
    Distance {
        value: (distance.value * 10.0).round() / 10.0,
        ..distance
    }
    .to_string()
}

fn listed(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
