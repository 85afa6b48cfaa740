//! What needs no service: the store of answers, the settings, a service of one's own.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use toyota_sim::Families;

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

/// A simulated service for other clients.
#[derive(Debug, clap::Args)]
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
    /// Seeds what is random
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
