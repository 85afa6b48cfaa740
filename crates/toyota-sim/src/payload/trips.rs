//! The trips of a car: its drives as the service tells of them.

mod behaviour;
mod figures;
mod page;
mod parts;
mod route;
mod summary;
mod trip;

use std::time::{Duration, SystemTime};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz};

use self::{figures::Figures, parts::Numbers};
pub(crate) use self::{page::Page, trip::Trip};
use crate::{
    account::{Car, Payload},
    garage::Drive,
};

/// How long the service keeps a trip.
const RETENTION: Duration = Duration::from_secs(366 * 24 * 60 * 60);
const RECENT_DAYS: i32 = 90;
const RECENT_TRIPS: usize = 5;

/// Which trips of a car somebody wants to hear of, and how much of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) route: bool,
    pub(crate) summary: bool,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// How much a car tells of a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// Idling, highways, speeding and countries too, as all cars did once.
    Full,
    /// What most cars tell since April 2026.
    Brief,
}

/// Returns the page of a car's trips that answers a question.
pub(crate) fn page<'a>(car: &'a Car, question: &Question, now: SystemTime) -> Page<'a> {
    Page::new(question, newest_first(car, now), Dialect::of(car))
}

/// Returns one trip with its route.
pub(crate) fn one<'a>(car: &'a Car, id: &str, now: SystemTime) -> Option<Trip<'a>> {
    newest_first(car, now)
        .find(|drive| drive.id.to_string().eq_ignore_ascii_case(id))
        .map(|drive| Trip::new(drive, true, Dialect::of(car)))
}

/// Returns the newest trip with its route.
pub(crate) fn newest(car: &Car) -> Option<Trip<'_>> {
    let drive = car.drives().iter().next_back()?;
    Some(Trip::new(drive, true, Dialect::of(car)))
}

/// Returns the first page of the weeks before the newest trip, with all that can be asked for.
pub(crate) fn recent(car: &Car) -> Option<Page<'_>> {
    let end = car.drives().iter().next_back()?.end;
    let to = day_of(end);
    let question = Question {
        from: to.saturating_sub(RECENT_DAYS.days()),
        to,
        route: true,
        summary: true,
        limit: RECENT_TRIPS,
        offset: 0,
    };
    Some(page(car, &question, end))
}

/// Returns the day of a time in Greenwich, which is how the simulator counts days.
pub(crate) fn day_of(at: SystemTime) -> Date {
    tz::Offset::UTC.to_datetime(moment(at)).date()
}

/// Returns the drives that are over and that the service still keeps.
fn newest_first(car: &Car, now: SystemTime) -> impl Iterator<Item = &Drive> + Clone {
    let kept = move |drive: &&Drive| {
        now.duration_since(drive.end)
            .is_ok_and(|age| age <= RETENTION)
    };
    car.drives().iter().rev().filter(kept)
}

impl Dialect {
    /// Only the oldest modems still tell everything.
    fn of(car: &Car) -> Self {
        match car.get(Payload::Vehicle) {
            Some(vehicle) if vehicle["generation"] == "17CYPLUS" => Self::Full,
            _ => Self::Brief,
        }
    }

    fn numbers(self, figures: Figures) -> Numbers {
        Numbers {
            details: (self == Self::Full).then_some(figures.details),
            ..figures.numbers
        }
    }
}

/// Returns a time as it is written, with its milliseconds or without.
fn text(at: SystemTime, milliseconds: bool) -> String {
    let places = if milliseconds { 3 } else { 0 };
    format!("{:.places$}", moment(at))
}

/// Returns a time that can be written; the last one, if it is later.
fn moment(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use serde_json::Value;
    use uuid::Uuid;

    use super::*;
    use crate::{garage::Position, random::Random};

    #[test]
    fn any_drive_can_be_told_in_numbers() {
        let mut random = Random::new(5);
        for _ in 0..40 {
            let drive = strange(&mut random);

            let told = serde_json::to_value(Trip::new(&drive, true, Dialect::Full)).unwrap();

            assert!(is_whole(&told), "{drive:?}");
            assert!(told["route"].as_array().unwrap().len() <= 3000);
        }
    }

    #[test]
    fn the_last_moment_is_as_good_as_any_later() {
        let late = UNIX_EPOCH + Duration::from_secs(1 << 40);

        assert_eq!(text(late, false), text(late + RETENTION, false));
        assert_eq!(day_of(late).year(), 9999);
        assert_eq!(text(UNIX_EPOCH, false), "1970-01-01T00:00:00Z");
        assert_eq!(text(UNIX_EPOCH, true), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_car_that_was_never_driven_has_nothing_to_tell() {
        let car = Car::new("any");

        assert!(recent(&car).is_none() && newest(&car).is_none());
        assert!(one(&car, "7", UNIX_EPOCH).is_none());
    }

    /// Returns a drive whose numbers have little to do with each other.
    fn strange(random: &mut Random) -> Drive {
        let mut any = || match random.below(4) {
            0 => 0,
            1 => u32::MAX,
            _ => random.below(100_000),
        };
        let at = |seconds: u32| UNIX_EPOCH + Duration::from_secs(seconds.into());
        Drive {
            id: Uuid::nil(),
            start: at(any()),
            end: at(any()),
            metres: any(),
            fuel_ml: Some(any()),
            ev_seconds: any(),
            ev_metres: any(),
            from: Position::new(90.0, 180.0),
            to: Position::new(-90.0, -180.0),
            seed: u64::from(any()),
        }
    }

    /// Returns whether nothing is null: numbers that are none are written so.
    fn is_whole(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Array(values) => values.iter().all(is_whole),
            Value::Object(members) => members.values().all(is_whole),
            _ => true,
        }
    }
}
