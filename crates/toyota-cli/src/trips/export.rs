//! Trips as a file that other programs read: written as they come.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use toyota_client::trips::export::{Csv, Format, Gpx, JsonLines};
use toyota_client::trips::{TripQuery, Trips};
use toyota_client::{Error, Vin};

use super::file::NewFile;
use crate::args::ExportFormat;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::show;

/// What became of a file.
struct Written {
    trips: usize,
    warnings: usize,
}

/// Writes trips to a file, or to stdout. A file that is not whole does not stay.
pub(super) async fn export(
    vin: &Vin,
    query: TripQuery,
    most: usize,
    format: ExportFormat,
    output: Option<&Path>,
    caller: &Caller,
) -> Result<(), Failure> {
    let file = output.map(NewFile::create).transpose()?;
    let writer: Box<dyn Write> = match &file {
        Some(file) => Box::new(file.writer()?),
        None if io::stdout().is_terminal() => Box::new(Tame(io::stdout().lock())),
        None => Box::new(io::stdout().lock()),
    };
    let writer = BufWriter::new(writer);
    let progress = Progress::over("asking for trips", query.range());
    let asking = caller.follow("asking for trips", async |client| {
        let trips = client.trips(vin, &query);
        match format {
            ExportFormat::Gpx => write(trips, most, Gpx::new(writer), progress).await,
            ExportFormat::Csv => write(trips, most, Csv::new(writer), progress).await,
            ExportFormat::Jsonl => write(trips, most, JsonLines::new(writer), progress).await,
        }
    });
    let written = asking.await?;
    let Written { trips, warnings } = written.map_err(|error| Failure::output(&error))?;
    if let Some(file) = file {
        file.keep();
    }
    let trips = if trips == 1 {
        "1 trip".to_owned()
    } else {
        format!("{trips} trips")
    };
    let place = output.map_or_else(String::new, |path| format!(" to {}", path.display()));
    show::note(&format!("wrote {trips}{place}"));
    show::note_warnings(warnings);
    Ok(())
}

/// Writes trip by trip, so that no more than a page is held.
async fn write(
    mut trips: Trips,
    most: usize,
    mut format: impl Format,
    progress: Progress,
) -> Result<io::Result<Written>, Error> {
    let mut count = 0;
    while count < most
        && let Some(trip) = trips.next().await
    {
        let trip = trip?;
        progress.reaches(&trip);
        if let Err(error) = format.write(&trip) {
            return Ok(Err(error));
        }
        count += 1;
    }
    let warnings = trips.warnings().len();
    let ended = format.finish();
    Ok(ended.map(|_| Written {
        trips: count,
        warnings,
    }))
}

/// Lets nothing through that moves a cursor: names in a file are the service's.
struct Tame<W>(W);

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let tame = |byte: &u8| match byte {
            b'\n' | b' '..=b'~' | 0x80.. => *byte,
            _ => b'?',
        };
        let tame: Vec<_> = text.iter().map(tame).collect();
        self.0.write(&tame)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_told_to_move_its_cursor() {
        let mut tame = Tame(Vec::new());

        tame.write_all("a\u{1b}[2Jb\r\n\u{e9}".as_bytes()).unwrap();

        assert_eq!(tame.0, "a?[2Jb?\n\u{e9}".as_bytes());
    }
}
