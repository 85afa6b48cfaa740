//! The cars that are watched, and which of them a list still names.

use std::collections::BTreeSet;

use super::cadence::Marks;
use crate::Vin;
use crate::car::Car;
use crate::model::Vehicle;

/// A car, and when what was asked for.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) car: Car,
    pub(super) marks: Marks,
    /// Whether the last list of cars did not name it.
    pub(super) is_missed: bool,
}

impl Watched {
    /// The car that a list names, of which this was known.
    fn of(vehicle: Vehicle, known: Option<Self>) -> Self {
        match known {
            Some(mut known) => {
                known.car.renew(vehicle);
                known.is_missed = false;
                known
            }
            None => Self {
                car: Car::new(vehicle),
                marks: Marks::default(),
                is_missed: false,
            },
        }
    }
}

/// Returns the cars of a list, once each. What is known of those that are still there stays; one that is not
/// goes when the next list does not name it either, as the service has bad moments.
pub(super) fn listed(
    list: Vec<Vehicle>,
    mut before: Vec<Watched>,
    only: Option<&BTreeSet<Vin>>,
) -> Vec<Watched> {
    let mut watched: Vec<Watched> = Vec::new();
    for vehicle in list {
        let is_wanted = only.is_none_or(|only| only.contains(&vehicle.vin));
        let is_same = |it: &Watched| *it.car.vin() == vehicle.vin;
        if !is_wanted || watched.iter().any(is_same) {
            continue;
        }
        let known = before.iter().position(is_same);
        let known = known.map(|at| before.remove(at));
        watched.push(Watched::of(vehicle, known));
    }
    before.retain(|it| !it.is_missed);
    watched.extend(before.into_iter().map(|it| Watched {
        is_missed: true,
        ..it
    }));
    watched
}
