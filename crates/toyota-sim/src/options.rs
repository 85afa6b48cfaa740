//! The program's command line.

use std::{num::ParseIntError, path::PathBuf};

use thiserror::Error;
use toyota_sim::{Families, Fault, UnknownFault};

pub(crate) const HELP: &str = "\
Simulates Toyota Connected Services Europe on a port of 127.0.0.1 until Ctrl-C.

Usage: toyota-sim [OPTIONS]

Options:
  --port <N>            Listens on this port instead of a free one
  --tls <CERT_OUT.pem>  Speaks TLS and writes the certificate to trust to this file
  --families <WHICH>    Answers on the routes of before the service moved them (old), on those
                        of after (new), or on both, as it does unless told
  --cars <N>            Puts this many cars into the garage, 100 at most; 3 unless given
  --drive               Has the cars be driven: away, now and for ten minutes, and then by the
                        habits of their drivers
  --fail <FAULT>        Has requests of the API fail: with a status such as 503, or by reset,
                        truncated, garbage, noise, html, endless, silence; several with commas
  --fail-percent <N>    Has so many of 100 requests fail that way; 10 unless given
  --seed <N>            Seeds what is random: which requests fail, and how cars are reached
  -h, --help            Prints this help

Prints the variables that a client needs, one a line. Both hosts of the client have to lead to
TOYOTA_API_URL; user name and password are those that are printed, the gateway key is for x-api-key
and API_KEY, and the secret for the token calls, with the OAuth client oneapp. All of it is invented.
";

/// A bound, so that a slip of the finger does not fill the memory.
const MOST_CARS: usize = 100;

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(Options),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) certificate_path: Option<PathBuf>,
    pub(crate) families: Families,
    pub(crate) cars: usize,
    pub(crate) drive: bool,
    pub(crate) fail: Vec<Fault>,
    pub(crate) fail_percent: u8,
    pub(crate) seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            certificate_path: None,
            families: Families::Both,
            cars: 3,
            drive: false,
            fail: Vec::new(),
            fail_percent: 10,
            seed: 0,
        }
    }
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum UsageError {
    #[error("{0} is not an option; try --help")]
    UnknownOption(String),
    #[error("{0} needs a value; try --help")]
    MissingValue(&'static str),
    #[error("{0} is no family of routes; try --help")]
    UnknownFamily(String),
    #[error("{0} is too many cars; try --help")]
    TooManyCars(usize),
    #[error("{0} of 100 requests are too many; try --help")]
    TooManyRequests(u8),
    #[error("{0} is no fault")]
    UnknownFault(String, #[source] UnknownFault),
    #[error("{0} needs a number")]
    InvalidNumber(&'static str, #[source] ParseIntError),
}

pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, UsageError> {
    let mut arguments = arguments.into_iter();
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut value = |name| arguments.next().ok_or(UsageError::MissingValue(name));
        match argument.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--port" => options.port = number("--port", &value("--port")?)?,
            "--families" => options.families = families(value("--families")?)?,
            "--cars" => options.cars = cars(number("--cars", &value("--cars")?)?)?,
            "--drive" => options.drive = true,
            "--fail" => options.fail.extend(faults(&value("--fail")?)?),
            "--fail-percent" => {
                options.fail_percent =
                    percent(number("--fail-percent", &value("--fail-percent")?)?)?;
            }
            "--seed" => options.seed = number("--seed", &value("--seed")?)?,
            "--tls" => options.certificate_path = Some(value("--tls")?.into()),
            _ => return Err(UsageError::UnknownOption(argument)),
        }
    }
    Ok(Command::Serve(options))
}

fn families(name: String) -> Result<Families, UsageError> {
    match name.as_str() {
        "old" => Ok(Families::OldOnly),
        "new" => Ok(Families::NewOnly),
        "both" => Ok(Families::Both),
        _ => Err(UsageError::UnknownFamily(name)),
    }
}

fn cars(count: usize) -> Result<usize, UsageError> {
    if count <= MOST_CARS {
        Ok(count)
    } else {
        Err(UsageError::TooManyCars(count))
    }
}

fn faults(words: &str) -> Result<Vec<Fault>, UsageError> {
    let fault = |word: &str| {
        let unknown = |error| UsageError::UnknownFault(word.to_owned(), error);
        word.parse().map_err(unknown)
    };
    words.split(',').map(fault).collect()
}

fn percent(number: u8) -> Result<u8, UsageError> {
    if number <= 100 {
        Ok(number)
    } else {
        Err(UsageError::TooManyRequests(number))
    }
}

fn number<N>(option: &'static str, text: &str) -> Result<N, UsageError>
where
    N: std::str::FromStr<Err = ParseIntError>,
{
    text.parse()
        .map_err(|error| UsageError::InvalidNumber(option, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_means_the_defaults() {
        assert_eq!(parsed(""), Ok(Command::Serve(Options::default())));
    }

    #[test]
    fn every_option_is_understood() {
        let expected = Options {
            port: 8080,
            certificate_path: Some("ca.pem".into()),
            families: Families::OldOnly,
            cars: 12,
            drive: true,
            fail: ["503", "reset", "html"]
                .map(|word| word.parse().unwrap())
                .into(),
            fail_percent: 25,
            seed: 7,
        };

        let all = "--port 8080 --tls ca.pem --families old --cars 12 --drive \
                   --fail 503,reset --fail html --fail-percent 25 --seed 7";
        assert_eq!(parsed(all), Ok(Command::Serve(expected)));
        assert_eq!(parsed("--port 8080 --help"), Ok(Command::Help));
        for option in all.split_whitespace().filter(|word| word.starts_with("--")) {
            assert!(HELP.contains(&format!("\n  {option} ")), "{option}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        assert_eq!(
            parsed("--prot 1"),
            Err(UsageError::UnknownOption("--prot".to_owned()))
        );
        assert_eq!(parsed("--tls"), Err(UsageError::MissingValue("--tls")));
        assert_eq!(
            parsed("--families ancient"),
            Err(UsageError::UnknownFamily("ancient".to_owned()))
        );
        assert_eq!(parsed("--cars 101"), Err(UsageError::TooManyCars(101)));
        assert_eq!(
            parsed("--fail-percent 101"),
            Err(UsageError::TooManyRequests(101))
        );
        assert_eq!(
            parsed("--fail 503,flood"),
            Err(UsageError::UnknownFault("flood".to_owned(), UnknownFault))
        );
        assert!(matches!(
            parsed("--port 70000"),
            Err(UsageError::InvalidNumber("--port", _))
        ));
    }

    fn parsed(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(str::to_owned))
    }
}
