//! A place on earth.

use std::fmt;

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

/// Shows no coordinates.
impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Position").finish_non_exhaustive()
    }
}
