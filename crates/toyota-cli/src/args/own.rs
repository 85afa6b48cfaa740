//! What needs no service: the store of answers, the settings, a service of one's own.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use toyota_sim::{Families, Fault};

/// What is done with the store of answers, whoever they are of.
#[derive(Debug, Subcommand)]
pub(crate) enum Cache {
    /// Tells how much is stored
    Stats,
    /// Lists what is stored, the latest first
    List {
        /// Lists at most so many answers
        #[arg(long, value_name = "N", default_value_t = 100)]
        #[arg(value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
    },
    /// Forgets the answers whose URI matches a pattern, such as '*telemetry*' or '*vin=*0001'
    Invalidate {
        /// * stands for any characters, ? for one; the whole URI has to match
        #[arg(value_name = "PATTERN")]
        pattern: String,
    },
    /// Forgets all answers
    Clear,
}

/// What is done with the settings.
#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Shows what is in force, secrets masked
    Show {
        /// Tells where each value comes from
        #[arg(long)]
        origin: bool,
    },
    /// Checks the file and the variables, and tells all that is wrong
    Check,
    /// Writes a file with every key, what it does and its default; never over another one
    Init {
        /// The file, which ends in .toml; - prints it instead (that of --config or TOYOTA_CONFIG,
        /// or the platform's place for settings)
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
    },
}

const AFTER_SIMULATE_HELP: &str = "\
What is printed is what a client needs, one variable a line; with --json it is one object. Both
hosts of the client have to lead to TOYOTA_API_URL. User name and password are those that are
printed, the gateway key is for x-api-key and API_KEY, the secret for the token calls, with the
OAuth client oneapp. All of it is invented. This program is such a client after
`toyota simulate > sim.env &` and `set -a; . ./sim.env`.";

/// A simulated service for other clients.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The service", after_help = AFTER_SIMULATE_HELP)]
pub(crate) struct Simulation {
    /// Listens on this port of 127.0.0.1 instead of a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// Which routes it answers: those of before the service moved them, those of after, or both
    #[arg(long, value_name = "FAMILIES", default_value = "both")]
    pub(crate) families: FamiliesArg,
    /// How many cars are in the garage
    #[arg(long, value_name = "N", default_value_t = 3)]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) cars: u8,
    /// Has the cars be driven: away, now and for ten minutes, and then by the habits of their drivers
    #[arg(long)]
    pub(crate) drive: bool,
    /// Has requests of the API fail: with a status such as 503, or by reset, truncated, garbage,
    /// noise, html, endless, silence
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    pub(crate) fail: Vec<Fault>,
    /// How many of 100 requests fail that way
    #[arg(long, value_name = "N", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) fail_percent: u8,
    /// Speaks TLS, and writes the certificate that a client has to trust to this file
    #[arg(long, value_name = "PATH")]
    pub(crate) tls: Option<PathBuf>,
    /// Seeds what is random: which requests fail, and how cars are reached
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FamiliesArg {
    Old,
    New,
    Both,
}

impl From<FamiliesArg> for Families {
    fn from(families: FamiliesArg) -> Self {
        match families {
            FamiliesArg::Old => Self::OldOnly,
            FamiliesArg::New => Self::NewOnly,
            FamiliesArg::Both => Self::Both,
        }
    }
}
