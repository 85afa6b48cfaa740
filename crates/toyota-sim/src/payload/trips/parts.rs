//! The parts that the accounts of a trip, of a day and of a month have in common, as they are on
//! the wire.

use std::ops::Add;

use serde::Serialize;

/// How far, how long, how fast, and how much fuel it took.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Numbers {
    pub(super) length: u64,
    pub(super) duration: u64,
    pub(super) average_speed: f64,
    /// In millilitres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fuel_consumption: Option<f64>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<Details>,
}

/// What many cars no longer tell since April 2026.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    pub(super) duration_idle: u64,
    /// Always zero: nobody has seen another one.
    pub(super) max_speed: f64,
    pub(super) length_overspeed: u64,
    pub(super) duration_overspeed: u64,
    pub(super) length_highway: u64,
    pub(super) duration_highway: u64,
    pub(super) countries: Vec<&'static str>,
}

/// Hybrid coaching; it is `evDistance` and yet `chargeDist`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coaching {
    pub(super) ev_time: u64,
    pub(super) ev_distance: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) charge_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) charge_dist: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) eco_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) eco_dist: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) power_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) power_dist: Option<u64>,
}

/// Marks out of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scores {
    pub(super) global: u64,
    pub(super) acceleration: u64,
    pub(super) braking: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) constant_speed: Option<u64>,
}

impl Numbers {
    pub(super) fn add(&mut self, other: &Self) {
        self.length += other.length;
        self.duration += other.duration;
        self.average_speed = kilometres_an_hour(self.length, self.duration);
        self.fuel_consumption = sum(self.fuel_consumption, other.fuel_consumption);
        if let Some(details) = &other.details {
            self.details.get_or_insert_default().add(details);
        }
    }
}

impl Details {
    fn add(&mut self, other: &Self) {
        self.duration_idle += other.duration_idle;
        self.max_speed = self.max_speed.max(other.max_speed);
        self.length_overspeed += other.length_overspeed;
        self.duration_overspeed += other.duration_overspeed;
        self.length_highway += other.length_highway;
        self.duration_highway += other.duration_highway;
        for country in &other.countries {
            if !self.countries.contains(country) {
                self.countries.push(country);
            }
        }
    }
}

impl Coaching {
    pub(super) fn add(&mut self, other: &Self) {
        self.ev_time += other.ev_time;
        self.ev_distance += other.ev_distance;
        self.charge_time = sum(self.charge_time, other.charge_time);
        self.charge_dist = sum(self.charge_dist, other.charge_dist);
        self.eco_time = sum(self.eco_time, other.eco_time);
        self.eco_dist = sum(self.eco_dist, other.eco_dist);
        self.power_time = sum(self.power_time, other.power_time);
        self.power_dist = sum(self.power_dist, other.power_dist);
    }
}

impl Scores {
    /// Returns the mean of each mark, rounded down, over those that have it.
    pub(super) fn mean(all: &[Self]) -> Option<Self> {
        let mean = |mark: fn(&Self) -> Option<u64>| {
            let marks = || all.iter().filter_map(mark);
            let count = u64::try_from(marks().count()).ok()?;
            marks().sum::<u64>().checked_div(count)
        };
        Some(Self {
            global: mean(|scores| Some(scores.global))?,
            acceleration: mean(|scores| Some(scores.acceleration))?,
            braking: mean(|scores| Some(scores.braking))?,
            advice: mean(|scores| scores.advice),
            constant_speed: mean(|scores| scores.constant_speed),
        })
    }
}

/// Returns the sum of those that are there.
fn sum<N: Add<Output = N>>(one: Option<N>, other: Option<N>) -> Option<N> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

/// Returns the average speed, rounded to two places; 0 without a duration.
pub(super) fn kilometres_an_hour(metres: u64, seconds: u64) -> f64 {
    if seconds == 0 {
        return 0.0;
    }
    (lossy(metres) / lossy(seconds) * 360.0).round() / 100.0
}

/// Returns a number as a float; what is lost is far beyond any road.
fn lossy(number: u64) -> f64 {
    let (high, low) = (number >> 32, number & u64::from(u32::MAX));
    let [high, low] = [high, low].map(|half| u32::try_from(half).unwrap_or_default());
    f64::from(high) * 2_f64.powi(32) + f64::from(low)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sums_speak_for_all_their_parts() {
        let mut sum = numbers(1_000, 100, Some(50.0));

        sum.add(&numbers(3_001, 100, None));

        assert_eq!((sum.length, sum.duration), (4_001, 200));
        assert_eq!(sum.average_speed, 72.02);
        assert_eq!(sum.fuel_consumption, Some(50.0));
    }

    #[test]
    fn countries_are_united() {
        let with = |countries: &[&'static str]| Numbers {
            details: Some(Details {
                countries: countries.to_vec(),
                ..Details::default()
            }),
            ..Numbers::default()
        };
        let mut sum = Numbers::default();

        sum.add(&with(&["BE", "NL"]));
        sum.add(&with(&["NL", "FR"]));

        assert_eq!(sum.details.unwrap().countries, ["BE", "NL", "FR"]);
    }

    #[test]
    fn a_mark_that_is_missing_is_not_zero() {
        let scores = |global, advice| Scores {
            global,
            acceleration: 1,
            braking: 2,
            advice,
            constant_speed: None,
        };

        let mean = Scores::mean(&[scores(50, None), scores(61, Some(80))]).unwrap();

        assert_eq!(mean, scores(55, Some(80)));
        assert_eq!(Scores::mean(&[]), None);
    }

    #[test]
    fn no_road_is_too_long_for_a_speed() {
        assert_eq!(kilometres_an_hour(1 << 40, 1 << 38), 14.4);
        assert_eq!(kilometres_an_hour(7, 0), 0.0);
        assert!(kilometres_an_hour(u64::MAX, 1).is_finite());
    }

    #[test]
    fn what_is_not_known_is_not_written() {
        let written = serde_json::to_value(numbers(1_000, 100, None)).unwrap();

        let expected = json!({"length": 1_000, "duration": 100, "averageSpeed": 36.0});
        assert_eq!(written, expected);
    }

    fn numbers(length: u64, duration: u64, fuel_consumption: Option<f64>) -> Numbers {
        Numbers {
            length,
            duration,
            average_speed: kilometres_an_hour(length, duration),
            fuel_consumption,
            details: None,
        }
    }
}
