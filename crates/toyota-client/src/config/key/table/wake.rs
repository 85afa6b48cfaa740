//! How often cars may be woken.

use super::{Key, OPEN};
use crate::config::kind::{Slot, Whole};
use crate::wake::MOST_WAKES_PER_DAY;

/// With 0 a car is never woken.
const QUOTA: Whole<usize> = Whole {
    least: 0,
    most: MOST_WAKES_PER_DAY,
};

pub(super) const STATUS_PER_HOUR: Key = Key {
    path: "wake.status_per_hour",
    variable: "TOYOTA_WAKE_STATUS_PER_HOUR",
    doc: "How often a car may be woken for doors, windows and lights within an hour.",
    slot: slot!(wake.quotas.status.per_hour: QUOTA),
    ..OPEN
};

pub(super) const STATUS_PER_DAY: Key = Key {
    path: "wake.status_per_day",
    variable: "TOYOTA_WAKE_STATUS_PER_DAY",
    doc: "How often a car may be woken for doors, windows and lights within 24 hours.",
    slot: slot!(wake.quotas.status.per_day: QUOTA),
    ..OPEN
};

pub(super) const CLIMATE_PER_HOUR: Key = Key {
    path: "wake.climate_per_hour",
    variable: "TOYOTA_WAKE_CLIMATE_PER_HOUR",
    doc: "How often a car may be woken for the state of the climate within an hour.",
    slot: slot!(wake.quotas.climate.per_hour: QUOTA),
    ..OPEN
};

pub(super) const CLIMATE_PER_DAY: Key = Key {
    path: "wake.climate_per_day",
    variable: "TOYOTA_WAKE_CLIMATE_PER_DAY",
    doc: "How often a car may be woken for the state of the climate within 24 hours.",
    slot: slot!(wake.quotas.climate.per_day: QUOTA),
    ..OPEN
};

pub(super) const ELECTRIC_PER_HOUR: Key = Key {
    path: "wake.electric_per_hour",
    variable: "TOYOTA_WAKE_ELECTRIC_PER_HOUR",
    doc: "How often a car may be woken for battery and charging within an hour.",
    slot: slot!(wake.quotas.electric.per_hour: QUOTA),
    ..OPEN
};

pub(super) const ELECTRIC_PER_DAY: Key = Key {
    path: "wake.electric_per_day",
    variable: "TOYOTA_WAKE_ELECTRIC_PER_DAY",
    doc: "How often a car may be woken for battery and charging within 24 hours.",
    slot: slot!(wake.quotas.electric.per_day: QUOTA),
    ..OPEN
};
