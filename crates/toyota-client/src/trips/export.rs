//! Trips as files: JSON Lines, CSV, GPX.
//!
//! Each writes trip by trip, so that no more than one is held, and a file of a year costs no more
//! memory than one of a day. They hold positions: who gets such a file knows where the car's owner lives.
//!
//! ```
//! use toyota_client::trips::export::{Csv, Format as _};
//!
//! # fn main() -> std::io::Result<()> {
//! # let trips: Vec<toyota_client::trips::Trip> = Vec::new();
//! let mut csv = Csv::new(Vec::new());
//! for trip in &trips {
//!     csv.write(trip)?;
//! }
//! let file = csv.finish()?;
//! # assert!(file.starts_with(b"id,started,ended,"));
//! # Ok(())
//! # }
//! ```

mod csv;
mod gpx;
mod json_lines;

use std::io;

pub use self::csv::Csv;
pub use self::gpx::Gpx;
pub use self::json_lines::JsonLines;
use super::trip::Trip;

/// A kind of file that trips can be written to.
pub trait Format {
    /// What the file is written to.
    type Output;

    /// Writes a trip.
    ///
    /// # Errors
    ///
    /// What writing failed with. The file is not whole then.
    fn write(&mut self, trip: &Trip) -> io::Result<()>;

    /// Ends the file, flushes it, and returns what it was written to. Without trips it is a whole file
    /// too.
    ///
    /// # Errors
    ///
    /// What writing failed with. The file is not whole then.
    fn finish(self) -> io::Result<Self::Output>;
}

#[cfg(test)]
mod tests;
