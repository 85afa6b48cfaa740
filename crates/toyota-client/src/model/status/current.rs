//! What `GET /v1/vehicle/status` says.

use jiff::Timestamp;
use serde_json::Value;

use super::super::decode::{Decode, Leaf, Members, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Path, Warnings};
use super::Status;
use super::item::{Door, Doors, Light, Lights, Lock, Open, RearSeatReminder, Window, Windows};

pub(super) fn read(members: &mut Members<'_>) -> Status {
    let left_hand_drive: Option<bool> = members.take("leftHandDrive");
    let sides = Sides::of(left_hand_drive);
    let doors: Option<Places<Door>> = members.take("doors");
    let windows: Option<Places<Window>> = members.take("windows");
    let (doors, hood) = doors.unwrap_or_default().doors(sides);
    Status {
        vin: members.take("vin"),
        updated: members.take("lastUpdateTimestamp"),
        overall: members.take("overallStatus"),
        warning_count: members.take("overallWarningCounts"),
        left_hand_drive,
        doors,
        hood,
        windows: windows.unwrap_or_default().windows(sides),
        lights: members.take("lights").unwrap_or_default(),
        rear_seat_reminder: members.take("rearSeatReminder"),
        extra: members.rest(),
        ..Status::default()
    }
}

/// Which of the rear places is behind the driver.
#[derive(Clone, Copy)]
enum Sides {
    DriverLeft,
    DriverRight,
}

impl Sides {
    fn of(left_hand_drive: Option<bool>) -> Self {
        match left_hand_drive {
            Some(false) => Self::DriverRight,
            Some(true) | None => Self::DriverLeft,
        }
    }

    /// From left and right to driver and passenger.
    fn apply<T>(self, left: T, right: T) -> (T, T) {
        match self {
            Self::DriverLeft => (left, right),
            Self::DriverRight => (right, left),
        }
    }
}

/// What is said of the places of a car, by names of its doors.
#[derive(Default)]
struct Places<T> {
    driver: T,
    passenger: T,
    rear_left: T,
    rear_right: T,
    rear_back: T,
    hood: T,
    extra: Extra,
}

impl Places<Door> {
    fn doors(self, sides: Sides) -> (Doors, Door) {
        let (rear_driver, rear_passenger) = sides.apply(self.rear_left, self.rear_right);
        let doors = Doors {
            driver: self.driver,
            passenger: self.passenger,
            rear_driver,
            rear_passenger,
            trunk: self.rear_back,
            extra: self.extra,
        };
        (doors, self.hood)
    }
}

impl Places<Window> {
    fn windows(self, sides: Sides) -> Windows {
        let (rear_driver, rear_passenger) = sides.apply(self.rear_left, self.rear_right);
        Windows {
            driver: self.driver,
            passenger: self.passenger,
            rear_driver,
            rear_passenger,
            extra: self.extra,
        }
    }
}

impl<T: Decode + Default> Decode for Places<T> {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                driver: members.take("driver").unwrap_or_default(),
                passenger: members.take("passenger").unwrap_or_default(),
                rear_left: members.take("rearLeft").unwrap_or_default(),
                rear_right: members.take("rearRight").unwrap_or_default(),
                rear_back: members.take("rearBack").unwrap_or_default(),
                hood: members.take("hood").unwrap_or_default(),
                extra: members.rest(),
            })
        })
    }
}

/// A state and when the car reported it.
struct Reported<T> {
    state: Option<T>,
    updated: Option<Timestamp>,
}

impl<T> Default for Reported<T> {
    fn default() -> Self {
        let (state, updated) = (None, None);
        Self { state, updated }
    }
}

impl<T: Decode> Decode for Reported<T> {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                state: members.take("status"),
                updated: members.take("lastUpdateTimestamp"),
            })
        })
    }
}

impl Decode for Door {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let is_told_of = members.has("openStatus") || members.has("lockStatus");
            let open: Option<Reported<Known<Open>>> = members.take("openStatus");
            let locked: Option<Reported<Known<Lock>>> = members.take("lockStatus");
            let (open, locked) = (open.unwrap_or_default(), locked.unwrap_or_default());
            Some(Self {
                open: open.state.and_then(Known::get),
                open_updated: open.updated,
                locked: locked.state.and_then(Known::get),
                lock_updated: locked.updated,
                is_told_of,
            })
        })
    }
}

impl Decode for Window {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let window = Reported::<Known<Open>>::decode(value, at, warnings)?;
        Some(Self {
            open: window.state.and_then(Known::get),
            updated: window.updated,
            is_told_of: true,
        })
    }
}

impl Decode for Light {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let light = Reported::<Known<bool>>::decode(value, at, warnings)?;
        Some(Self {
            on: light.state.and_then(Known::get),
            updated: light.updated,
        })
    }
}

impl Decode for Lights {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                hazard: members.take("hazard").unwrap_or_default(),
                tail: members.take("tail").unwrap_or_default(),
                head: members.take("head").unwrap_or_default(),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for RearSeatReminder {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                warning: members.take("warning"),
                reason: members.take("reason"),
                updated: members.take("lastUpdateTimestamp"),
                extra: members.rest(),
            })
        })
    }
}

/// A state that the car may say it does not know, which is nothing to warn of.
enum Known<T> {
    State(T),
    Unknown,
}

impl<T> Known<T> {
    fn get(self) -> Option<T> {
        match self {
            Self::State(state) => Some(state),
            Self::Unknown => None,
        }
    }
}

impl<T: Leaf> Leaf for Known<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some(word) if word.eq_ignore_ascii_case("unknown") => Some(Self::Unknown),
            _ => T::read(value).map(Self::State),
        }
    }
}

impl Leaf for Open {
    const EXPECTED: &'static str = "open or closed";

    fn read(value: &Value) -> Option<Self> {
        match value.as_str()?.to_ascii_lowercase().as_str() {
            "open" => Some(Self::Open),
            "close" | "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

impl Leaf for Lock {
    const EXPECTED: &'static str = "locked or unlocked";

    fn read(value: &Value) -> Option<Self> {
        match value.as_str()?.to_ascii_lowercase().as_str() {
            "locked" => Some(Self::Locked),
            "unlocked" => Some(Self::Unlocked),
            _ => None,
        }
    }
}
