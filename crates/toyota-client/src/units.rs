//! Units of measure: what a number counts, and how it is counted otherwise.

use serde::Serialize;

use crate::model::{Distance, LengthUnit};

/// Litres of a US gallon.
const US_GALLON: f64 = 3.785;
/// Litres of an imperial gallon.
const UK_GALLON: f64 = 4.546_09;
/// Miles per US gallon of 1 l/100 km.
const US_MPG: f64 = 235.215;
/// Miles per imperial gallon of 1 l/100 km.
const UK_MPG: f64 = 282.481;
const MILES_PER_KILOMETRE: f64 = 0.621_371_192;
const KILOMETRES_PER_MILE: f64 = 1.609_34;

/// The units in which an owner wants to read numbers.
///
/// Both imperial ones count miles; their gallons differ by a fifth, and so does the consumption, so
/// each says whose gallon it is. Distances are rounded to three places, consumption to four.
///
/// ```
/// use toyota_client::Units;
///
/// assert_eq!(Units::Metric.consumption(5.0), 5.0);
/// assert_eq!(Units::ImperialUs.consumption(5.0), 47.043);
/// assert_eq!(Units::ImperialUk.consumption(5.0), 56.4962);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Units {
    /// Kilometres, litres, l/100 km.
    #[default]
    Metric,
    /// Miles, gallons of 4.546 litres, miles per such a gallon.
    ImperialUk,
    /// Miles, gallons of 3.785 litres, miles per such a gallon.
    ImperialUs,
}

impl Units {
    /// Returns the unit of lengths.
    #[must_use]
    pub const fn length(self) -> LengthUnit {
        match self {
            Self::Metric => LengthUnit::Kilometre,
            Self::ImperialUk | Self::ImperialUs => LengthUnit::Mile,
        }
    }

    /// Returns a distance in these units, whatever its own are.
    #[must_use]
    pub fn distance(self, distance: Distance) -> Distance {
        let unit = self.length();
        let value = match (distance.unit, unit) {
            (LengthUnit::Kilometre, LengthUnit::Mile) => distance.value * MILES_PER_KILOMETRE,
            (LengthUnit::Mile, LengthUnit::Kilometre) => distance.value * KILOMETRES_PER_MILE,
            (LengthUnit::Kilometre, LengthUnit::Kilometre)
            | (LengthUnit::Mile, LengthUnit::Mile) => distance.value,
        };
        let value = rounded(value, 3);
        Distance { value, unit }
    }

    /// Returns so many metres as a distance.
    #[must_use]
    pub fn metres(self, metres: f64) -> Distance {
        self.distance(Distance {
            value: metres / 1000.0,
            unit: LengthUnit::Kilometre,
        })
    }

    /// Returns a speed in km/h as kilometres or miles per hour.
    #[must_use]
    pub fn speed(self, kilometres_per_hour: f64) -> f64 {
        let value = kilometres_per_hour;
        let unit = LengthUnit::Kilometre;
        self.distance(Distance { value, unit }).value
    }

    /// Returns so many litres in litres or gallons.
    #[must_use]
    pub fn volume(self, litres: f64) -> f64 {
        match self {
            Self::Metric => rounded(litres, 3),
            Self::ImperialUk => rounded(litres / UK_GALLON, 3),
            Self::ImperialUs => rounded(litres / US_GALLON, 3),
        }
    }

    /// Returns a consumption in l/100 km as l/100 km or miles per gallon. Nothing consumed is 0 miles
    /// per gallon, as there is no such number.
    #[must_use]
    pub fn consumption(self, litres_per_100_km: f64) -> f64 {
        let per = match self {
            Self::Metric => return rounded(litres_per_100_km, 3),
            Self::ImperialUk => UK_MPG,
            Self::ImperialUs => US_MPG,
        };
        if litres_per_100_km > 0.0 {
            rounded(per / litres_per_100_km, 4)
        } else {
            0.0
        }
    }

    /// Returns the name of the unit of volumes.
    #[must_use]
    pub const fn volume_name(self) -> &'static str {
        match self {
            Self::Metric => "l",
            Self::ImperialUk => "gal (UK)",
            Self::ImperialUs => "gal (US)",
        }
    }

    /// Returns the name of the unit of consumption.
    #[must_use]
    pub const fn consumption_name(self) -> &'static str {
        match self {
            Self::Metric => "l/100 km",
            Self::ImperialUk => "mpg (UK)",
            Self::ImperialUs => "mpg (US)",
        }
    }

    /// Returns the name of the unit of speeds.
    #[must_use]
    pub const fn speed_name(self) -> &'static str {
        match self {
            Self::Metric => "km/h",
            Self::ImperialUk | Self::ImperialUs => "mph",
        }
    }
}

/// Rounds to so many decimal places, half away from zero; what is too large for that stays.
pub(crate) fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    let scaled = (value * scale).round();
    if scaled.is_finite() {
        scaled / scale
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(value: f64, unit: LengthUnit) -> Distance {
        Distance { value, unit }
    }

    #[test]
    fn lengths_are_converted_by_what_they_count_and_rounded_to_three_places() {
        use LengthUnit::{Kilometre, Mile};
        for (units, given, value) in [
            (Units::Metric, distance(6213.712, Mile), 9999.975),
            (Units::Metric, distance(70.0, Mile), 112.654),
            (Units::Metric, distance(22.0, Kilometre), 22.0),
            (Units::ImperialUs, distance(65.99, Kilometre), 41.004),
            (Units::ImperialUk, distance(65.99, Kilometre), 41.004),
            (Units::ImperialUk, distance(70.0, Mile), 70.0),
            (Units::Metric, distance(0.0, Mile), 0.0),
            (Units::Metric, distance(f64::MAX, Kilometre), f64::MAX),
        ] {
            let shown = units.distance(given);

            assert_eq!(shown, distance(value, units.length()), "{units:?}");
        }
    }

    #[test]
    fn gallons_are_named_by_whose_they_are() {
        assert_eq!(Units::Metric.volume(0.554), 0.554);
        assert_eq!(Units::ImperialUs.volume(0.554), 0.146);
        assert_eq!(Units::ImperialUk.volume(4.546_09), 1.0);
        assert_eq!(Units::ImperialUs.volume_name(), "gal (US)");
        assert_eq!(Units::ImperialUk.consumption_name(), "mpg (UK)");
    }

    #[test]
    fn nothing_consumed_is_no_miles_per_gallon() {
        assert_eq!(Units::ImperialUs.consumption(0.0), 0.0);
        assert_eq!(Units::ImperialUs.consumption(-1.0), 0.0);
        assert_eq!(Units::Metric.consumption(0.0), 0.0);
        assert_eq!(Units::ImperialUs.consumption(0.839_521_1), 280.1776);
    }

    #[test]
    fn speeds_are_lengths_in_an_hour() {
        assert_eq!(Units::ImperialUs.speed(46.63), 28.975);
        assert_eq!(Units::Metric.speed(46.63), 46.63);
    }
}
