//! When and where somebody drives, day after day.

#[cfg(test)]
mod tests;

use std::{
    f64::consts::TAU,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Drive, Position};
use crate::{clock, number::share, random::Random};

const DAY_SECONDS: u64 = 24 * 60 * 60;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// How many days somebody remembers: as many as the service keeps.
const REMEMBERED_DAYS: u64 = 365;

/// What moves a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Powertrain {
    Fuel {
        ml_per_km: u32,
    },
    /// An engine that starts when the day's electric metres are used up.
    PlugIn {
        ml_per_km: u32,
        electric_metres: u32,
    },
    Electric,
}

/// How a car is used; all drives follow from it and from the day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Habits {
    pub(crate) seed: u64,
    pub(crate) home: Position,
    pub(crate) powertrain: Powertrain,
    /// The way to work; none for somebody who drives to the shops alone.
    pub(crate) commute_metres: Option<u32>,
}

/// A day in the making.
struct Day<'a> {
    habits: &'a Habits,
    random: Random,
    midnight: SystemTime,
    electric_metres: u32,
    drives: Vec<Drive>,
}

impl Habits {
    /// Returns all drives of the year before now, oldest first, up to when the car last came home.
    pub(crate) fn year_before(&self, now: SystemTime) -> impl Iterator<Item = Drive> {
        let today = clock::epoch_seconds(now) / DAY_SECONDS;
        (today.saturating_sub(REMEMBERED_DAYS)..today)
            .flat_map(|day| self.drives_of(day))
            .chain(self.back_home(today, now))
    }

    /// Returns the drives of this day that are over, but for those since the car last was at home.
    fn back_home(&self, day: u64, now: SystemTime) -> Vec<Drive> {
        let mut drives = self.drives_of(day);
        let came_home = |drive: &Drive| drive.end <= now && drive.to == self.home;
        let over = drives
            .iter()
            .rposition(came_home)
            .map_or(0, |last| last + 1);
        drives.truncate(over);
        drives
    }

    /// Returns the drives of a day, which is counted from the Unix epoch.
    pub(crate) fn drives_of(&self, day: u64) -> Vec<Drive> {
        let mut random = Random::derived(self.seed, day);
        let electric_metres = match self.powertrain {
            Powertrain::PlugIn {
                electric_metres, ..
            } => electric_metres / 10 * random.between(8, 11),
            Powertrain::Fuel { .. } | Powertrain::Electric => 0,
        };
        let mut plan = Day {
            habits: self,
            random,
            midnight: UNIX_EPOCH + Duration::from_secs(day.saturating_mul(DAY_SECONDS)),
            electric_metres,
            drives: Vec::new(),
        };
        // The first of January 1970 was a Thursday.
        match (day + 3) % 7 {
            5 | 6 => plan.weekend(),
            _ => plan.workday(),
        }
        plan.drives
    }
}

impl Day<'_> {
    fn workday(&mut self) {
        if let Some(metres) = self.habits.commute_metres
            && !self.random.once_in(8)
        {
            let work = self.habits.home.towards(bearing(self.habits.seed), metres);
            self.there_and_back(work, metres, 7 * HOUR, 9 * HOUR);
        }
        if self.random.once_in(3) {
            let metres = self.random.between(900, 9_000);
            self.errand(metres, 18 * HOUR + 30 * MINUTE);
        }
    }

    fn weekend(&mut self) {
        if self.random.once_in(5) {
            let metres = self.random.between(35_000, 140_000);
            self.errand(metres, 9 * HOUR);
        } else if !self.random.once_in(4) {
            let metres = self.random.between(1_500, 15_000);
            self.errand(metres, 11 * HOUR);
        }
        if self.random.once_in(6) {
            // A turn around the block ends where it began.
            let metres = self.random.between(200, 3_000);
            let home = self.habits.home;
            self.drive(home, home, metres, 18 * HOUR);
        }
        if self.random.once_in(6) {
            let metres = self.random.between(4_000, 12_000);
            self.errand(metres, 21 * HOUR);
        }
    }

    fn errand(&mut self, metres: u32, after: u64) {
        let bearing = self.random.unit() * TAU;
        let place = self.habits.home.towards(bearing, metres);
        self.there_and_back(place, metres, after, 20 * MINUTE);
    }

    fn there_and_back(&mut self, place: Position, metres: u32, after: u64, stay: u64) {
        let home = self.habits.home;
        let arrived = self.drive(home, place, metres, after);
        // No two ways are quite the same.
        let back = metres + self.random.below(metres / 20 + 1);
        self.drive(place, home, back, arrived + stay);
    }

    /// Adds a drive within the half hour after `after`, and returns the second at which it ends.
    fn drive(&mut self, from: Position, to: Position, metres: u32, after: u64) -> u64 {
        let start = after + u64::from(self.random.below(30 * 60));
        let seconds = seconds(metres, &mut self.random);
        let end = start + u64::from(seconds);
        let (electric, burning) = self.split(metres);
        let fuel_ml = self.fuel(burning);
        self.drives.push(Drive {
            id: self.random.uuid(),
            start: clock::later(self.midnight, Duration::from_secs(start)),
            end: clock::later(self.midnight, Duration::from_secs(end)),
            metres,
            fuel_ml,
            ev_seconds: share(seconds, electric, metres),
            ev_metres: electric,
            from,
            to,
            seed: self.random.word(),
        });
        end
    }

    /// Parts a way into what the battery and what the engine does.
    fn split(&mut self, metres: u32) -> (u32, u32) {
        match self.habits.powertrain {
            Powertrain::Fuel { .. } => (0, metres),
            Powertrain::Electric => (metres, 0),
            Powertrain::PlugIn { .. } => {
                let electric = metres.min(self.electric_metres);
                self.electric_metres -= electric;
                (electric, metres - electric)
            }
        }
    }

    fn fuel(&mut self, burning_metres: u32) -> Option<u32> {
        match self.habits.powertrain {
            Powertrain::Electric => None,
            Powertrain::Fuel { ml_per_km } | Powertrain::PlugIn { ml_per_km, .. } => {
                let thirst = ml_per_km / 10 * self.random.between(8, 14);
                Some(share(burning_metres, thirst, 1000))
            }
        }
    }
}

fn bearing(seed: u64) -> f64 {
    Random::new(seed).unit() * TAU
}

/// Returns how long a way takes: the longer, the faster.
fn seconds(metres: u32, random: &mut Random) -> u32 {
    let kilometres_an_hour = match metres {
        0..4_000 => random.between(18, 32),
        4_000..25_000 => random.between(32, 55),
        _ => random.between(65, 100),
    };
    share(metres, 18, 5 * kilometres_an_hour).max(1)
}
