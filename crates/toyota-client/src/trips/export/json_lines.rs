//! A trip's JSON on each line.

use std::io::{self, Write};

use super::Format;
use crate::trips::Trip;

/// Writes [JSON Lines](https://jsonlines.org): each trip as an object on a line of its own, with its
/// behaviours, and its route if it came with one.
#[derive(Clone, Debug)]
pub struct JsonLines<W>(W);

impl<W: Write> JsonLines<W> {
    /// Begins a file.
    pub fn new(output: W) -> Self {
        Self(output)
    }
}

impl<W: Write> Format for JsonLines<W> {
    type Output = W;

    fn write(&mut self, trip: &Trip) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, trip)?;
        self.0.write_all(b"\n")
    }

    fn finish(mut self) -> io::Result<W> {
        self.0.flush()?;
        Ok(self.0)
    }
}
