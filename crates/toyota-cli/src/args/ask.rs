//! What only reads.

use clap::{Subcommand, ValueHint};
use http::Method;

use super::{DashboardArgs, TripArgs, TripsArgs, WatchArgs};
use crate::car::{self, CarName};

/// What is asked of the service, for an account that is signed in.
#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// Lists the cars of the account
    Vehicles(Reading),
    /// Tells whose account it is, and how they are reached
    Account(Reading),
    /// Tells all that is known of a car, and how old it is
    Dashboard(DashboardArgs),
    /// Keeps cars in view until Ctrl-C: what is known of them, how old it is, what it takes
    Watch(WatchArgs),
    /// Tells where a car was parked last
    Location(Of),
    /// Tells a car's odometer, fuel and battery
    Telemetry(Of),
    /// Tells what a car's odometer shows
    Odometer(Of),
    /// Tells which warning lights are on
    Health(Of),
    /// Tells a battery's level and range, and when it is charged
    Electric {
        /// Wakes the car for it, which costs its starter battery
        #[arg(long)]
        wake: bool,
        #[command(flatten)]
        of: Of,
    },
    /// Tells of doors, locks, windows and lights, and how old that is
    Status {
        /// Wakes the car for what is older than so many minutes (30)
        #[arg(long, value_name = "MINUTES", num_args = 0..=1, require_equals = true)]
        #[arg(default_missing_value = "30", conflicts_with = "wake")]
        fresh: Option<u16>,
        /// Wakes the car, which costs its starter battery
        #[arg(long)]
        wake: bool,
        #[command(flatten)]
        of: Of,
    },
    /// Lists trips, adds them up, or writes them to a file
    Trips(TripsArgs),
    /// Tells all of one trip, the latest unless another is named
    Trip(TripArgs),
    /// Lists what the service told the owner, failed commands among it, the latest first
    Notifications {
        /// Lists at most so many
        #[arg(long, value_name = "N", default_value_t = 20)]
        #[arg(value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        #[command(flatten)]
        of: Of,
    },
    /// Lists what workshops did, the latest first
    ServiceHistory(Of),
    /// Sends any request, for what has no command yet, and prints the answer without secrets
    Raw(Raw),
}

/// One car, and how it is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Of {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
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

/// Any request.
#[derive(Debug, clap::Args)]
pub(crate) struct Raw {
    /// GET, POST, PUT or another method
    #[arg(value_name = "METHOD", value_parser = method)]
    pub(crate) method: Method,
    /// The path, with its query
    #[arg(value_name = "PATH")]
    pub(crate) path: String,
    /// The car that it is about, if any
    #[arg(long = "vin", value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
    pub(crate) car: Option<CarName>,
    /// The body, or @ and the name of a file that holds it
    #[arg(long, value_name = "JSON")]
    pub(crate) body: Option<String>,
    /// Prints VINs, positions, names and all that is secret too
    #[arg(long)]
    pub(crate) unredacted: bool,
    /// Does not ask before something may be changed
    #[arg(long, short)]
    pub(crate) yes: bool,
}

fn method(text: &str) -> Result<Method, &'static str> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let method = Method::from_bytes(text.to_ascii_uppercase().as_bytes());
    method
        .ok()
        .filter(|_| is_word)
        .ok_or("a method is a word such as GET or POST")
}
