//! What the service has seen of a car: pictures, each with its date.

use std::{collections::BTreeMap, time::SystemTime};

use super::CarState;

/// A part of a car that its modem reports at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum View {
    /// Where it was parked.
    Location,
    /// Odometer, fuel and battery.
    Telemetry,
    /// The battery and its charging.
    Electric,
    Climate,
    /// Doors, locks, tailgate and hood.
    Doors,
    Windows,
    Lights,
}

/// What a status tells.
pub(crate) const STATUS: &[View] = &[View::Doors, View::Windows, View::Lights];
/// What a battery tells.
pub(crate) const ELECTRIC: &[View] = &[View::Electric, View::Telemetry];
pub(crate) const CLIMATE: &[View] = &[View::Climate];
/// What a car tells that sets out.
pub(crate) const DEPARTURE: &[View] = &[
    View::Telemetry,
    View::Electric,
    View::Climate,
    View::Doors,
    View::Windows,
    View::Lights,
];
/// What a car tells that was parked.
pub(crate) const EVERYTHING: &[View] = &[
    View::Location,
    View::Telemetry,
    View::Electric,
    View::Climate,
    View::Doors,
    View::Windows,
    View::Lights,
];

/// A car as it was when it reported.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) state: CarState,
    pub(crate) taken: SystemTime,
}

/// The newest picture of each part.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Album(BTreeMap<View, Picture>);

impl Album {
    /// Puts a picture in place of older ones.
    pub(crate) fn take(&mut self, views: &[View], state: &CarState, taken: SystemTime) {
        for view in views {
            let state = state.clone();
            self.0.insert(*view, Picture { state, taken });
        }
    }

    pub(crate) fn of(&self, view: View) -> Option<&Picture> {
        self.0.get(&view)
    }

    /// Returns the date of the newest picture among these.
    pub(crate) fn newest(&self, views: &[View]) -> Option<SystemTime> {
        let taken = views.iter().filter_map(|view| self.of(*view));
        taken.map(|picture| picture.taken).max()
    }
}
