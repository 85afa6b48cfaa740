//! The program's command line.

use std::{num::ParseIntError, path::PathBuf};

use thiserror::Error;

pub(crate) const HELP: &str = "\
Simulates Toyota Connected Services Europe on a port of 127.0.0.1 until Ctrl-C.

Usage: toyota-sim [OPTIONS]

Options:
  --port <N>            Listens on this port instead of a free one
  --tls <CERT_OUT.pem>  Speaks TLS and writes the certificate to trust to this file
  --seed <N>            Seeds the random faults
  -h, --help            Prints this help

Prints the environment variables that a client needs, one a line.
";

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(Options),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) certificate_path: Option<PathBuf>,
    pub(crate) seed: u64,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum UsageError {
    #[error("{0} is not an option; try --help")]
    UnknownOption(String),
    #[error("{0} needs a value; try --help")]
    MissingValue(&'static str),
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
            "--seed" => options.seed = number("--seed", &value("--seed")?)?,
            "--tls" => options.certificate_path = Some(value("--tls")?.into()),
            _ => return Err(UsageError::UnknownOption(argument)),
        }
    }
    Ok(Command::Serve(options))
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
            seed: 7,
        };

        assert_eq!(
            parsed("--port 8080 --tls ca.pem --seed 7"),
            Ok(Command::Serve(expected))
        );
        assert_eq!(parsed("--port 8080 --help"), Ok(Command::Help));
    }

    #[test]
    fn mistakes_are_told() {
        assert_eq!(
            parsed("--prot 1"),
            Err(UsageError::UnknownOption("--prot".to_owned()))
        );
        assert_eq!(parsed("--tls"), Err(UsageError::MissingValue("--tls")));
        assert!(matches!(
            parsed("--port 70000"),
            Err(UsageError::InvalidNumber("--port", _))
        ));
    }

    fn parsed(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(str::to_owned))
    }
}
