//! When a car is to charge, as it was told: in its own local time.

use std::fmt;

use jiff::civil::{Time, Weekday};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::super::decode::{Decode, Leaf, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Path, Warnings};
use super::super::word::{Vocabulary, Word};

/// When a car is to charge, each week, in its local time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChargingSchedule {
    /// The number of the schedule.
    pub id: Option<u32>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// Whether it has an end.
    pub kind: Option<Word<ScheduleKind>>,
    /// When charging starts.
    pub start: Option<Time>,
    /// When charging ends: on the next day, if that is not later than the start.
    pub end: Option<Time>,
    /// The days on which it starts.
    pub days: Weekdays,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// When a car will charge next, in its local time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChargingEvent {
    /// Whether it has an end.
    pub kind: Option<Word<ScheduleKind>>,
    /// The day.
    #[serde(serialize_with = "day")]
    pub weekday: Option<Weekday>,
    /// When charging starts.
    pub start: Option<Time>,
    /// When charging ends.
    pub end: Option<Time>,
    /// What else is said of it.
    #[serde(skip)]
    pub extra: Extra,
}

/// Whether charging by a schedule has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScheduleKind {
    /// It starts and ends.
    StartEnd,
    /// It starts, and ends when the battery is full.
    StartOnly,
}

impl Vocabulary for ScheduleKind {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "startend" => Some(Self::StartEnd),
            "startonly" => Some(Self::StartOnly),
            _ => None,
        }
    }
}

impl ChargingSchedule {
    /// Tells whether it is switched on, which it is not if nothing is said.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled == Some(true)
    }
}

/// Days of the week.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Tells whether a day is among them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// Returns the days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        let days = NAMES.into_iter().map(|(_, day)| day);
        days.filter(move |day| self.contains(*day))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | bit(day)))
    }
}

/// The days as the service names them, in their order.
const NAMES: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

fn name(day: Weekday) -> &'static str {
    let mut names = NAMES.into_iter();
    names
        .find(|(_, named)| *named == day)
        .map_or("", |(name, _)| name)
}

impl fmt::Debug for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(name)).finish()
    }
}

/// Writes the names of the days.
impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(name))
    }
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn day<S: Serializer>(day: &Option<Weekday>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(name).serialize(serializer)
}

impl Decode for ChargingSchedule {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                id: members.take("id"),
                enabled: members.take("enabled"),
                kind: members.take("type"),
                start: members.take("startTime").map(|HourMinute(time)| time),
                end: members.take("endTime").map(|HourMinute(time)| time),
                days: members.take("days").unwrap_or_default(),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for ChargingEvent {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                kind: members.take("type"),
                weekday: members.take("weekDay"),
                start: members.take("startTime").map(|HourMinute(time)| time),
                end: members.take("endTime").map(|HourMinute(time)| time),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for Weekdays {
    const EXPECTED: &'static str = OBJECT;

    /// A day that is not mentioned is not among them.
    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let set = NAMES
                .into_iter()
                .filter(|(name, _)| members.take(name) == Some(true));
            Some(set.map(|(_, day)| day).collect())
        })
    }
}

struct HourMinute(Time);

impl Decode for HourMinute {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let (hour, minute) = (members.require("hour"), members.require("minute"));
            let (Hour(hour), Minute(minute)) = (hour?, minute?);
            Time::new(hour, minute, 0, 0).ok().map(Self)
        })
    }
}

struct Hour(i8);

impl Leaf for Hour {
    const EXPECTED: &'static str = "an hour";

    fn read(value: &Value) -> Option<Self> {
        below(24, value).map(Self)
    }
}

struct Minute(i8);

impl Leaf for Minute {
    const EXPECTED: &'static str = "a minute";

    fn read(value: &Value) -> Option<Self> {
        below(60, value).map(Self)
    }
}

fn below(limit: u32, value: &Value) -> Option<i8> {
    let number = u32::read(value).filter(|number| *number < limit)?;
    number.try_into().ok()
}
