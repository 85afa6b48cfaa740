//! What `GET /v1/global/remote/status` says: lists of sections with their values.

use serde_json::Value;

use super::super::decode::{Decode, Leaf, Members, OBJECT, object};
use super::super::location::coordinates;
use super::super::value::Distance;
use super::super::warning::{Path, Warnings};
use super::Status;
use super::item::{Door, Doors, Lock, Open, Window, Windows};

pub(super) fn read(members: &mut Members<'_>) -> Status {
    let categories: Option<Vec<Category>> = members.read("vehicleStatus");
    let sections: Vec<_> = categories
        .into_iter()
        .flatten()
        .flat_map(|category| category.sections)
        .collect();
    let telemetry: Telemetry = members.take("telemetry").unwrap_or_default();
    Status {
        updated: members.take("occurrenceDate"),
        warning_count: members.take("cautionOverallCount"),
        doors: doors(&sections),
        hood: door(&sections, "carstatus_item_hood"),
        windows: windows(&sections),
        odometer: telemetry.odometer,
        fuel_level: telemetry.fuel_level,
        range: telemetry.range,
        coordinates: coordinates(members),
        acquired: members.take("locationAcquisitionDatetime"),
        extra: members.rest(),
        ..Status::default()
    }
}

fn doors(sections: &[Section]) -> Doors {
    Doors {
        driver: door(sections, "carstatus_item_driver_door"),
        passenger: door(sections, "carstatus_item_passenger_door"),
        rear_driver: door(sections, "carstatus_item_driver_rear_door"),
        rear_passenger: door(sections, "carstatus_item_passenger_rear_door"),
        trunk: door(sections, "carstatus_item_rear_hatch"),
        ..Doors::default()
    }
}

fn windows(sections: &[Section]) -> Windows {
    Windows {
        driver: window(sections, "carstatus_item_driver_window"),
        passenger: window(sections, "carstatus_item_passenger_window"),
        rear_driver: window(sections, "carstatus_item_driver_rear_window"),
        rear_passenger: window(sections, "carstatus_item_passenger_rear_window"),
        ..Windows::default()
    }
}

fn door(sections: &[Section], name: &str) -> Door {
    let section = find(sections, name);
    Door {
        open: section.and_then(Section::open),
        locked: section.and_then(Section::lock),
        is_told_of: section.is_some(),
        ..Door::default()
    }
}

fn window(sections: &[Section], name: &str) -> Window {
    let section = find(sections, name);
    Window {
        open: section.and_then(Section::open),
        is_told_of: section.is_some(),
        ..Window::default()
    }
}

fn find<'a>(sections: &'a [Section], name: &str) -> Option<&'a Section> {
    sections
        .iter()
        .find(|section| is(section.name.as_deref(), name))
}

fn is(said: Option<&str>, word: &str) -> bool {
    said.is_some_and(|said| said.eq_ignore_ascii_case(word))
}

struct Category {
    sections: Vec<Section>,
}

struct Section {
    name: Option<String>,
    values: Vec<Entry>,
}

struct Entry {
    value: Option<String>,
    status: Option<Alarm>,
}

/// 0 is as it should be, anything else is not.
#[derive(Clone, Copy, PartialEq)]
enum Alarm {
    Quiet,
    Raised,
}

impl Section {
    /// What is said of a value; `None` when it is not mentioned.
    fn alarm(&self, value: &str) -> Option<Alarm> {
        let mut entries = self.values.iter();
        entries
            .find(|entry| is(entry.value.as_deref(), value))?
            .status
    }

    fn open(&self) -> Option<Open> {
        Some(match self.alarm("carstatus_closed")? {
            Alarm::Quiet => Open::Closed,
            Alarm::Raised => Open::Open,
        })
    }

    /// An alarm beside "locked" alone says neither.
    fn lock(&self) -> Option<Lock> {
        if self.alarm("carstatus_locked") == Some(Alarm::Quiet) {
            return Some(Lock::Locked);
        }
        let unlocked = self.alarm("carstatus_unlocked") == Some(Alarm::Raised);
        unlocked.then_some(Lock::Unlocked)
    }
}

impl Decode for Category {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let sections = members.take("sections").unwrap_or_default();
            Some(Self { sections })
        })
    }
}

impl Decode for Section {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                name: members.take("section"),
                values: members.take("values").unwrap_or_default(),
            })
        })
    }
}

impl Decode for Entry {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                value: members.take("value"),
                status: members.take("status"),
            })
        })
    }
}

impl Leaf for Alarm {
    const EXPECTED: &'static str = "a number";

    fn read(value: &Value) -> Option<Self> {
        let quiet = f64::read(value)? == 0.0;
        Some(if quiet { Self::Quiet } else { Self::Raised })
    }
}

/// What the older route tells along.
#[derive(Default)]
struct Telemetry {
    odometer: Option<Distance>,
    range: Option<Distance>,
    fuel_level: Option<f64>,
}

impl Decode for Telemetry {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                odometer: members.take("odo"),
                range: members.take("rage"),
                fuel_level: members.take("fugage").map(|Percent(value)| value),
            })
        })
    }
}

/// A share with its unit beside it.
struct Percent(f64);

impl Decode for Percent {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let (value, unit) = (members.require("value"), members.require("unit"));
            let PercentSign = unit?;
            value.map(Self)
        })
    }
}

struct PercentSign;

impl Leaf for PercentSign {
    const EXPECTED: &'static str = "%";

    fn read(value: &Value) -> Option<Self> {
        (value.as_str()?.trim() == "%").then_some(Self)
    }
}
