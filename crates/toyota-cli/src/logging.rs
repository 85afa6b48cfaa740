//! What the program and its libraries tell of their work: a line each, on stderr or in a file.

mod configured;
mod file;
mod filter;
mod mask;
#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;
use toyota_client::config::{LogFilter, LogFormat};
use tracing::Dispatch;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, WorkerGuard};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub(crate) use self::file::Rotating;

use self::file::LogFile;
use self::mask::{Mask, Masked};
use crate::show;

/// How a program logs. Times are UTC, by RFC 3339.
#[derive(Clone, Debug)]
pub(crate) struct Logging {
    /// A level, or levels by target such as `warn,toyota_client=debug`. A level alone is for this
    /// program and its layers: other libraries speak from `warn` on.
    pub(crate) filter: LogFilter,
    pub(crate) format: LogFormat,
    /// Where lines go instead of stderr.
    pub(crate) file: Option<Rotating>,
    /// What no line shows, beside tokens and whole VINs. Nothing that is logged should hold any of
    /// them; this is for the day when something does.
    pub(crate) secrets: Vec<SecretString>,
}

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoggingError {
    #[error("the log file {} cannot be written", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("something else in this program logs already")]
    Started,
}

impl Logging {
    /// Starts to log, for as long as the program runs.
    pub(crate) fn start(self) -> Result<Guard, LoggingError> {
        let (dispatch, guard) = self.build()?;
        dispatch.try_init().map_err(|_| LoggingError::Started)?;
        Ok(guard)
    }

    fn build(self) -> Result<(Dispatch, Guard), LoggingError> {
        let filter = filter::targets(&self.filter);
        let mask = Arc::new(Mask::new(&self.secrets, self.format));
        let (writer, file) = match self.file {
            Some(file) => to_file(file).map(|(writer, guard)| (writer, Some(guard)))?,
            None => (BoxMakeWriter::new(io::stderr), None),
        };
        let guard = Guard {
            mask: Arc::clone(&mask),
            file,
        };
        let colours = guard.file.is_none() && has_colours();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(Masked::new(writer, mask))
            .with_ansi(colours);
        let layer = match self.format {
            // The list of spans ends with the current one.
            LogFormat::Json => layer.json().with_current_span(false).boxed(),
            LogFormat::Pretty => layer.boxed(),
        };
        let subscriber = tracing_subscriber::registry().with(filter).with(layer);
        Ok((subscriber.into(), guard))
    }
}

fn to_file(file: Rotating) -> Result<(BoxMakeWriter, FileGuard), LoggingError> {
    let path = file.path.clone();
    let file = LogFile::open(file, jiff::Timestamp::now)
        .map_err(|source| LoggingError::File { path, source })?;
    let (writer, worker) = NonBlocking::new(file);
    let guard = FileGuard {
        lost: writer.error_counter(),
        worker: Some(worker),
    };
    Ok((BoxMakeWriter::new(writer), guard))
}

fn has_colours() -> bool {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !plain && io::stderr().is_terminal()
}

/// Keeps the log going; when it is dropped, all lines are in the file.
#[derive(Debug)]
#[must_use = "lines that are not written yet are lost without it"]
pub(crate) struct Guard {
    mask: Arc<Mask>,
    file: Option<FileGuard>,
}

/// Keeps a file being written.
#[derive(Debug)]
struct FileGuard {
    lost: ErrorCounter,
    worker: Option<WorkerGuard>,
}

/// Takes secrets that are known only after the log has begun.
#[derive(Clone, Debug)]
pub(crate) struct Secrets(Arc<Mask>);

impl Guard {
    /// Returns what further secrets are told.
    pub(crate) fn secrets(&self) -> Secrets {
        Secrets(Arc::clone(&self.mask))
    }
}

/// Returns a text with no more of VINs, and of tokens, than may be shown.
pub(crate) fn without_vins(text: &str) -> String {
    let mask = Mask::new(&[], LogFormat::Pretty);
    String::from_utf8_lossy(&mask.apply(text.as_bytes())).into_owned()
}

impl Secrets {
    /// Shows this secret in no line from now on.
    pub(crate) fn add(&self, secret: &SecretString) {
        self.0.add(secret);
    }
}

impl Drop for FileGuard {
    fn drop(&mut self) {
        drop(self.worker.take());
        let lost = self.lost.dropped_lines();
        if lost > 0 {
            show::tell(&format!("{lost} lines came too fast for the log file"));
        }
    }
}
