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
use crate::stopped::stopped;

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
        None if io::stdout().is_terminal() => Box::new(Tame::new(io::stdout().lock())),
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
    let written = match output {
        Some(path) => {
            let stopped = stopped()?;
            tokio::select! {
                written = asking => written?,
                stopped = stopped => return Err(interrupted(path, stopped)),
            }
        }
        None => asking.await?,
    };
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

/// Somebody wanted it to end before the file was whole.
fn interrupted(path: &Path, stopped: Result<(), Failure>) -> Failure {
    let happened = format_args!(
        "interrupted; {} is removed: it was not whole",
        path.display()
    );
    stopped.err().unwrap_or_else(|| Failure::internal(happened))
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
struct Tame<W> {
    output: W,
    /// The bytes of a character that is not whole yet.
    begun: Vec<u8>,
}

impl<W> Tame<W> {
    fn new(output: W) -> Self {
        let begun = Vec::new();
        Self { output, begun }
    }

    /// Takes what is whole of what was written.
    fn whole(&mut self) -> String {
        let whole = match std::str::from_utf8(&self.begun) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Ok(_) | Err(_) => self.begun.len(),
        };
        let whole: Vec<_> = self.begun.drain(..whole).collect();
        String::from_utf8_lossy(&whole).into_owned()
    }
}

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(text);
        // Lines of CSV end with both.
        let whole = self.whole().replace('\r', "");
        self.output.write_all(show::printable(&whole).as_bytes())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_told_to_move_its_cursor() {
        let text = "a\u{1b}[2J,\u{9b}2J,\u{202e}b\r\n\u{e9}\u{1f600}\r\n".as_bytes();
        // Wherever a buffer ends.
        for size in 1..text.len() {
            let mut tame = Tame::new(Vec::new());

            for part in text.chunks(size) {
                tame.write_all(part).unwrap();
            }

            let shown = String::from_utf8(tame.output).unwrap();
            let expected = "a\u{fffd}[2J,\u{fffd}2J,\u{fffd}b\n\u{e9}\u{1f600}\n";
            assert_eq!(shown, expected, "{size}");
        }
    }

    #[test]
    fn what_is_no_text_is_shown_as_such() {
        let mut tame = Tame::new(Vec::new());

        tame.write_all(b"a\xff\xfeb").unwrap();

        assert_eq!(tame.output, "a\u{fffd}\u{fffd}b".as_bytes());
    }
}
