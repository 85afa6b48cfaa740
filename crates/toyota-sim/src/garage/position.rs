//! A place on earth.

use std::fmt;

/// How much longer a road is than the beeline.
const DETOUR: f64 = 1.3;
const METRES_PER_DEGREE: f64 = 111_320.0;

/// A place on earth, in degrees (WGS 84).
#[derive(Clone, Copy, PartialEq)]
pub struct Position {
    /// The degrees to the north of the equator.
    pub latitude: f64,
    /// The degrees to the east of Greenwich.
    pub longitude: f64,
}

impl Position {
    /// Creates a position.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Self {
        Self {
            latitude,
            longitude,
        }
    }
}

/// Enough of geography for who drives around a town, and does not come near a pole.
impl Position {
    /// Returns the place at the other end of a road of this length.
    pub(crate) fn towards(self, bearing: f64, road_metres: u32) -> Self {
        let beeline = f64::from(road_metres) / DETOUR;
        self.moved(beeline * bearing.cos(), beeline * bearing.sin())
    }

    /// Returns the place that is so many metres to the north and to the east.
    pub(crate) fn moved(self, north: f64, east: f64) -> Self {
        Self::new(
            self.latitude + north / METRES_PER_DEGREE,
            self.longitude + east / (METRES_PER_DEGREE * self.parallel()),
        )
    }

    /// Returns how many metres to the north and to the east another place is.
    pub(crate) fn way_to(self, other: Self) -> (f64, f64) {
        (
            (other.latitude - self.latitude) * METRES_PER_DEGREE,
            (other.longitude - self.longitude) * METRES_PER_DEGREE * self.parallel(),
        )
    }

    /// Returns how long a degree to the east is, as a part of one on the equator.
    fn parallel(self) -> f64 {
        self.latitude.to_radians().cos().max(0.01)
    }
}

/// Shows no coordinates.
impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Position").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_there_is_the_way_that_was_gone() {
        let from = Position::new(52.0, 4.9);

        let (north, east) = from.way_to(from.moved(1_000.0, -2_000.0));

        assert!((north - 1_000.0).abs() < 1e-6 && (east + 2_000.0).abs() < 1e-6);
    }

    #[test]
    fn a_road_is_longer_than_the_beeline() {
        let from = Position::new(52.0, 4.9);

        let (north, east) = from.way_to(from.towards(1.0, 13_000));

        assert!((north.hypot(east) - 10_000.0).abs() < 1e-6);
    }
}
