//! What a trip says of itself in numbers, worked out from the drive.

use std::time::SystemTime;

use super::parts::{Coaching, Details, Numbers, Scores, kilometres_an_hour};
use crate::{
    clock,
    garage::{Drive, Position},
    number::share,
    random::Random,
};

const HOUR_SECONDS: u64 = 60 * 60;
const TOWN_LIMIT: f64 = 60.0;
/// Keeps the figures from sharing their dice with other parts of the trip.
const FIGURES: u64 = 1;
const SCORES: u64 = 2;

/// The figures of one trip, which add up to those of a day and of a month.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) seconds: u32,
    pub(super) numbers: Numbers,
    pub(super) details: Details,
    pub(super) coaching: Option<Coaching>,
    pub(super) scores: Option<Scores>,
    pub(super) night: bool,
}

impl Figures {
    pub(super) fn of(drive: &Drive) -> Self {
        let mut random = Random::derived(drive.seed, FIGURES);
        let seconds = seconds(drive.start, drive.end);
        let (length, duration) = (u64::from(drive.metres), u64::from(seconds));
        let average_speed = kilometres_an_hour(length, duration);
        let highway = if average_speed > TOWN_LIMIT {
            random.between(55, 85)
        } else {
            0
        };
        let overspeed = random.below(8);
        let metres = |percent| share(drive.metres, percent, 100).into();
        let part = |percent| share(seconds, percent, 100).into();
        Self {
            seconds,
            numbers: Numbers {
                length,
                duration,
                average_speed,
                fuel_consumption: drive.fuel_ml.map(Into::into),
                details: None,
            },
            details: Details {
                duration_idle: part(random.between(2, 15)),
                max_speed: 0.0,
                length_overspeed: metres(overspeed),
                duration_overspeed: part(overspeed),
                length_highway: metres(highway),
                duration_highway: part(highway),
                countries: countries(drive),
            },
            coaching: coaching(drive, seconds, &mut random),
            scores: scores(drive),
            night: is_night(drive.start),
        }
    }
}

/// Returns the whole seconds between two times, at least one, so that there is a speed.
fn seconds(start: SystemTime, end: SystemTime) -> u32 {
    let seconds = end.duration_since(start).unwrap_or_default().as_secs();
    u32::try_from(seconds).unwrap_or(u32::MAX).max(1)
}

fn is_night(at: SystemTime) -> bool {
    let hour = clock::epoch_seconds(at) / HOUR_SECONDS % 24;
    !(5..21).contains(&hour)
}

/// Returns how a car that can drive electrically was driven; one that only burns has nobody to
/// coach, and one without an engine no modes.
fn coaching(drive: &Drive, seconds: u32, random: &mut Random) -> Option<Coaching> {
    if (drive.ev_metres, drive.ev_seconds) == (0, 0) {
        return None;
    }
    let mut coaching = Coaching {
        ev_time: drive.ev_seconds.into(),
        ev_distance: drive.ev_metres.into(),
        ..Coaching::default()
    };
    if drive.fuel_ml.is_some() {
        let charge = random.between(10, 25);
        let eco = random.between(40, 60);
        let metres = |percent| Some(share(drive.metres, percent, 100).into());
        let part = |percent| Some(share(seconds, percent, 100).into());
        coaching.charge_time = part(charge);
        coaching.charge_dist = metres(charge);
        coaching.eco_time = part(eco);
        coaching.eco_dist = metres(eco);
        // Some trips come without.
        if !random.once_in(5) {
            coaching.power_time = part(100 - charge - eco);
            coaching.power_dist = metres(100 - charge - eco);
        }
    }
    Some(coaching)
}

fn scores(drive: &Drive) -> Option<Scores> {
    const TOO_SHORT: u32 = 500;

    let mut random = Random::derived(drive.seed, SCORES);
    let mut mark = || u64::from(random.between(45, 101));
    let (acceleration, braking, constant_speed, advice) = (mark(), mark(), mark(), mark());
    let scores = Scores {
        global: (acceleration + braking + constant_speed) / 3,
        acceleration,
        braking,
        advice: (!random.once_in(5)).then_some(advice),
        constant_speed: (!random.once_in(4)).then_some(constant_speed),
    };
    (drive.metres >= TOO_SHORT).then_some(scores)
}

/// Returns the countries of a way, in the order in which it touches them.
fn countries(drive: &Drive) -> Vec<&'static str> {
    let mut countries = vec![country(drive.from), country(drive.to)];
    countries.dedup();
    countries
}

/// Returns the country of a place: the simulator's Europe has three, from south to north.
fn country(place: Position) -> &'static str {
    match place.latitude {
        south if south < 49.8 => "FR",
        middle if middle < 51.4 => "BE",
        _ => "NL",
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_parts_of_a_trip_are_no_more_than_the_whole() {
        for seed in 0..500 {
            let figures = Figures::of(&drive(seed));

            assert_eq!(figures.numbers.length, 60_000);
            assert_eq!(figures.numbers.duration, 2400);
            assert_eq!(figures.numbers.average_speed, 90.0);
            assert!(figures.details.duration_idle < 2400);
            assert!(figures.details.length_highway > 30_000);
            let coaching = figures.coaching.unwrap();
            let modes = [coaching.charge_dist, coaching.eco_dist, coaching.power_dist];
            assert!(modes.into_iter().flatten().sum::<u64>() <= 60_000);
            let scores = figures.scores.unwrap();
            assert!(scores.global <= 100 && scores.acceleration <= 100);
        }
    }

    #[test]
    fn what_a_car_does_not_tell_is_missing_from_some_trips() {
        let all: Vec<Figures> = (0..100).map(|seed| Figures::of(&drive(seed))).collect();
        let scores = || all.iter().filter_map(|figures| figures.scores);
        let coaching = || all.iter().filter_map(|figures| figures.coaching);

        assert!(scores().any(|scores| scores.advice.is_none()));
        assert!(scores().any(|scores| scores.constant_speed.is_none()));
        assert!(coaching().any(|coaching| coaching.power_dist.is_none()));
        assert!(coaching().any(|coaching| coaching.power_dist.is_some()));
    }

    #[test]
    fn a_car_that_only_burns_is_not_coached() {
        let burning = Drive {
            ev_metres: 0,
            ev_seconds: 0,
            ..drive(1)
        };
        let electric = Drive {
            fuel_ml: None,
            ..drive(1)
        };

        assert_eq!(Figures::of(&burning).coaching, None);
        assert_eq!(Figures::of(&electric).coaching.unwrap().eco_dist, None);
    }

    #[test]
    fn a_drive_without_length_or_duration_has_figures_too() {
        let nothing = Drive {
            end: UNIX_EPOCH,
            metres: 0,
            ..drive(1)
        };

        let figures = Figures::of(&nothing);

        assert_eq!((figures.numbers.length, figures.seconds), (0, 1));
        assert_eq!(figures.scores, None);
        assert!(figures.night);
    }

    #[test]
    fn a_border_is_noticed() {
        let at_home = Drive {
            to: Position::new(51.0, 4.0),
            ..drive(1)
        };

        assert_eq!(Figures::of(&drive(1)).details.countries, ["BE", "NL"]);
        assert_eq!(Figures::of(&at_home).details.countries, ["BE"]);
    }

    fn drive(seed: u64) -> Drive {
        Drive {
            id: Uuid::nil(),
            start: UNIX_EPOCH,
            end: UNIX_EPOCH + Duration::from_secs(2400),
            metres: 60_000,
            fuel_ml: Some(1800),
            ev_seconds: 600,
            ev_metres: 9_000,
            from: Position::new(51.0, 4.0),
            to: Position::new(51.5, 4.0),
            seed,
        }
    }
}
