//! A track for each trip.

use std::io::{self, Write};

use jiff::Timestamp;

use super::Format;
use crate::model::Coordinates;
use crate::trips::Trip;

const HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                      <gpx version=\"1.1\" creator=\"toyota-client\" \
                      xmlns=\"http://www.topografix.com/GPX/1/1\">\n";

/// Writes [GPX 1.1](https://www.topografix.com/GPX/1/1/): a track for each trip, of its route, or of
/// where it began and ended if it came without one. A trip without positions has no track.
///
/// The service does not say when the car was where: the first point has the time of the start, and
/// the last that of the end.
#[derive(Clone, Debug)]
pub struct Gpx<W> {
    output: W,
    has_header: bool,
}

/// A point of a track.
#[derive(Clone, Copy)]
struct Point {
    position: Coordinates,
    time: Option<Timestamp>,
}

impl<W: Write> Gpx<W> {
    /// Begins a file.
    pub fn new(output: W) -> Self {
        Self {
            output,
            has_header: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.output.write_all(HEADER.as_bytes())?;
        }
        Ok(())
    }

    /// Writes a track of these points, of which the last has this time.
    fn track(
        &mut self,
        trip: &Trip,
        first: Point,
        rest: impl Iterator<Item = Point>,
        ended: Option<Timestamp>,
    ) -> io::Result<()> {
        self.output.write_all(b"  <trk>\n")?;
        if let Some(started) = first.time {
            writeln!(self.output, "    <name>{started}</name>")?;
        }
        if let Some(id) = &trip.id {
            // Letters, digits and hyphens: nothing that XML knows.
            writeln!(self.output, "    <desc>{id}</desc>")?;
        }
        self.output.write_all(b"    <trkseg>\n")?;
        let mut last = first;
        for point in rest {
            self.point(last)?;
            last = point;
        }
        let time = last.time.or(ended);
        self.point(Point { time, ..last })?;
        self.output.write_all(b"    </trkseg>\n  </trk>\n")
    }

    fn point(&mut self, point: Point) -> io::Result<()> {
        let Coordinates {
            latitude,
            longitude,
        } = point.position;
        write!(
            self.output,
            "      <trkpt lat=\"{latitude}\" lon=\"{longitude}\""
        )?;
        match point.time {
            Some(time) => writeln!(self.output, "><time>{time}</time></trkpt>"),
            None => writeln!(self.output, "/>"),
        }
    }
}

impl<W: Write> Format for Gpx<W> {
    type Output = W;

    fn write(&mut self, trip: &Trip) -> io::Result<()> {
        self.begin()?;
        let summary = trip.summary.as_ref();
        let started = summary.and_then(|it| it.started);
        let ended = summary.and_then(|it| it.ended);
        let untimed = |position| Point {
            position,
            time: None,
        };
        let mut route = trip.route().map(|point| untimed(point.position));
        if let Some(first) = route.next() {
            let first = Point {
                time: started,
                ..first
            };
            return self.track(trip, first, route, ended);
        }
        let ends = [
            summary.and_then(|it| it.start),
            summary.and_then(|it| it.end),
        ];
        let times = [started, ended];
        let mut ends = ends.into_iter().zip(times).filter_map(|(position, time)| {
            Some(Point {
                time,
                position: position?,
            })
        });
        match ends.next() {
            Some(first) => self.track(trip, first, ends, None),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        self.output.write_all(b"</gpx>\n")?;
        self.output.flush()?;
        Ok(self.output)
    }
}
