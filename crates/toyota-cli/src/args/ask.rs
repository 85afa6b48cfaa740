//! What only reads.

use clap::Subcommand;

use crate::car::{self, CarName};

/// What is asked of the service, for an account that is signed in.
#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// Lists the cars of the account
    Vehicles(Reading),
    /// Tells where a car was parked last
    Location(Of),
    /// Tells a car's odometer, fuel and battery
    Telemetry(Of),
}

/// One car, and how it is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Of {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse)]
    pub(crate) car: Option<CarName>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How something is read.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Reads so often, one after the other, as a program that runs on would, and prints the last
    /// answer; --verbose tells which the cache gave
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) repeat: u32,
}
