//! What is said, and by which exit code, when a command fails.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::process::ExitCode;

use toyota_client::cache::{StoreError, StoreUrl};
use toyota_client::config::CacheSettings;
use toyota_client::{ConfigError, Error, Kind};

use crate::logging::LoggingError;
use crate::show;

/// A failed command: what happened, what was tried, what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    happened: String,
    facts: Option<String>,
    tried: Option<String>,
    next: String,
    /// Nobody listens any more.
    is_silent: bool,
}

const INTERNAL: u8 = 1;
const USAGE: u8 = 2;
const SIGN_IN: u8 = 3;
const NETWORK: u8 = 4;
const RATE_LIMIT: u8 = 5;
const SERVICE: u8 = 6;
const NOT_SEEN: u8 = 7;

const SET_BY_A_START: &str =
    "this car is set as it is started: `toyota climate start --save` keeps what it is given";

impl Failure {
    /// The command line or a setting is wrong.
    pub(crate) fn usage(happened: impl fmt::Display) -> Self {
        Self {
            code: USAGE,
            happened: happened.to_string(),
            facts: None,
            tried: None,
            next: "see `toyota --help`".to_owned(),
            is_silent: false,
        }
    }

    /// The same, with another way out.
    pub(crate) fn but(self, next: &str) -> Self {
        let next = next.to_owned();
        Self { next, ..self }
    }

    /// Settings are wrong.
    pub(crate) fn settings(error: &ConfigError) -> Self {
        Self {
            next: "correct them; `toyota config init -` tells every key and what it takes"
                .to_owned(),
            ..Self::usage(format_args!("the settings cannot be used\n{error}"))
        }
    }

    /// The program itself failed.
    pub(crate) fn internal(happened: impl fmt::Display) -> Self {
        Self {
            code: INTERNAL,
            happened: happened.to_string(),
            facts: None,
            tried: None,
            next: "try again".to_owned(),
            is_silent: false,
        }
    }

    /// The output cannot be written. Who has read enough of it need not be told.
    pub(crate) fn output(error: &io::Error) -> Self {
        Self {
            is_silent: error.kind() == io::ErrorKind::BrokenPipe,
            ..Self::internal(format_args!("the output cannot be written: {error}"))
        }
    }

    /// A call of the service failed.
    pub(crate) fn call(error: &Error, tried: Option<String>) -> Self {
        let mut next = match error.operation() {
            "climate_preset" if error.is(Kind::ActionNotSupported) => SET_BY_A_START,
            _ => error.next_step(),
        }
        .to_owned();
        if let Some(wait) = error.retry_after() {
            next = format!("{next} (the service asks for {} s)", wait.as_secs());
        }
        Self {
            code: exit_code(error),
            happened: with_causes(error),
            facts: Some(facts(error)),
            tried,
            next,
            is_silent: false,
        }
    }

    /// A car did not do what it was told.
    pub(crate) fn refused(message: Option<&str>) -> Self {
        let message = show::on_one_line(message.unwrap_or("and no reason is told"));
        Self {
            code: SERVICE,
            next: "`toyota notifications` may tell more; what it takes is often that the car is \
                   locked, or was driven since"
                .to_owned(),
            ..Self::internal(format_args!("the car did not do it: {message}"))
        }
    }

    /// Nobody knows whether a car did what it was told.
    pub(crate) fn not_seen() -> Self {
        Self {
            code: NOT_SEEN,
            next: "look at the car, or at `toyota status --wake`, before it is told again"
                .to_owned(),
            ..Self::internal("the command was accepted, but the car was not seen to do it")
        }
    }

    /// The store of the cache failed: by itself, or because it cannot be reached.
    pub(crate) fn store(happened: &str, error: &StoreError, settings: &CacheSettings) -> Self {
        Self {
            tried: Some(format!("the store {}", named(&settings.store))),
            next: "see that the store can be reached and written to; cache.store says where it is"
                .to_owned(),
            ..Self::internal(format_args!("{happened}: {}", show::with_causes(error)))
        }
    }

    /// Writes the failure to stderr and returns the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        if !self.is_silent {
            show::tell(&self.to_string());
        }
        ExitCode::from(self.code)
    }
}

impl From<LoggingError> for Failure {
    fn from(error: LoggingError) -> Self {
        match error {
            LoggingError::File { ref source, .. } => Self::usage(format!("{error}: {source}")),
            LoggingError::Started => Self::internal(error),
        }
    }
}

fn named(stores: &[StoreUrl]) -> String {
    let stores: Vec<_> = stores.iter().map(ToString::to_string).collect();
    stores.join(" over ")
}

fn exit_code(error: &Error) -> u8 {
    // The order matters: a kind is also all of its parents.
    [
        (Kind::Validation, USAGE),
        (Kind::Authentication, SIGN_IN),
        (Kind::Network, NETWORK),
        (Kind::RateLimit, RATE_LIMIT),
    ]
    .into_iter()
    .find_map(|(kind, code)| error.is(kind).then_some(code))
    .unwrap_or(SERVICE)
}

/// What the error says to those who will be asked about it.
fn facts(error: &Error) -> String {
    let mut facts = vec![format!("{:?}", error.kind()), error.code().to_owned()];
    facts.extend(
        error
            .status()
            .map(|status| format!("status {}", status.as_u16())),
    );
    facts.extend(error.request_id().map(|id| format!("request {id}")));
    facts.push(format!("attempts {}", error.attempts()));
    facts.join(", ")
}

/// The error and its causes, each once: some libraries repeat the cause in their own text. An
/// answer has no cause but itself, and of a failed sign-in only the sign-in's are told.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let first = match error.login_error() {
        Some(login) => Some(login as &(dyn std::error::Error + 'static)),
        None => error.source().filter(|_| error.status().is_none()),
    };
    let causes = std::iter::successors(first, |cause| (*cause).source());
    for cause in causes.map(ToString::to_string) {
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.happened)?;
        if let Some(facts) = &self.facts {
            write!(f, "\nfacts: {facts}")?;
        }
        if let Some(tried) = &self.tried {
            write!(f, "\ntried: {tried}")?;
        }
        write!(f, "\n next: {}", self.next)
    }
}
