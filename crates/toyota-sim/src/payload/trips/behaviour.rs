//! What the car noticed of the driver, moment by moment.

use std::time::Duration;

use serde::Serialize;

use super::{figures::Figures, route::rounded, text};
use crate::{clock, garage::Drive, random::Random};

const BEHAVIOURS: u64 = 4;
/// The most of a trip.
const MOST: u32 = 6;

/// One thing that the driver did well or badly.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Behaviour {
    ts: String,
    r#type: &'static str,
    good: bool,
    priority: bool,
    severity: f64,
    coaching_msg: u32,
    diagnostic_msg: u32,
    context: Context,
    lat: f64,
    lon: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    coaching_msg_params: Option<[Parameter; 1]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Context {
    slope: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Parameter {
    name: &'static str,
    unit: &'static str,
    value: u32,
}

/// Returns what was noticed on a drive, in the order of time.
pub(super) fn noticed(drive: &Drive, figures: &Figures) -> Vec<Behaviour> {
    let mut random = Random::derived(drive.seed, BEHAVIOURS);
    let count = random.below(MOST + 1);
    (0..count)
        .map(|place| {
            let share = (f64::from(place) + random.unit()) / f64::from(count);
            behaviour(drive, figures, share, &mut random)
        })
        .collect()
}

/// Returns something that was noticed after this share of the drive, which is less than 1.
fn behaviour(drive: &Drive, figures: &Figures, share: f64, random: &mut Random) -> Behaviour {
    let after = Duration::from_secs(figures.seconds.into()).mul_f64(share);
    let (north, east) = drive.from.way_to(drive.to);
    let place = drive.from.moved(north * share, east * share);
    let good = !random.once_in(3);
    let distance = Parameter {
        name: "distance",
        unit: "meter",
        value: random.between(20, 400),
    };
    Behaviour {
        ts: text(clock::later(drive.start, after), true),
        r#type: match random.below(3) {
            0 => "A",
            1 => "B",
            _ => "C",
        },
        good,
        priority: random.once_in(4),
        severity: 1.0 + f64::from(random.below(99_991)) / 10.0,
        coaching_msg: random.between(1, 40),
        diagnostic_msg: random.between(1, 20),
        context: Context {
            slope: (f64::from(random.below(80)) - 40.0) / 10.0,
        },
        lat: rounded(place.latitude),
        lon: rounded(place.longitude),
        coaching_msg_params: (!good).then_some([distance]),
    }
}
