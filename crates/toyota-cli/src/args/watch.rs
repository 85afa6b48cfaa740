//! Cars as a whole: one of them once, or all again and again.

use toyota_client::car::DataSet;

use crate::car::{self, CarName};

/// What is asked for of a car.
#[derive(Debug, clap::Args)]
pub(crate) struct DashboardArgs {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse)]
    pub(crate) car: Option<CarName>,
    /// Asks for these data only, parted by commas: location, health, electric, telemetry,
    /// notifications, status, service-history, climate-settings, climate-status, trips
    #[arg(long, value_name = "DATA", value_delimiter = ',', value_parser = data_set)]
    pub(crate) only: Vec<DataSet>,
    /// Does not ask for these data
    #[arg(long, value_name = "DATA", value_delimiter = ',', value_parser = data_set)]
    pub(crate) skip: Vec<DataSet>,
}

/// How cars are watched.
#[derive(Debug, clap::Args)]
pub(crate) struct WatchArgs {
    /// The cars: the last characters of a VIN (at least four), or a name or how it begins; all of the
    /// account if none is named
    #[arg(value_name = "CAR", value_parser = car::parse)]
    pub(crate) cars: Vec<CarName>,
    /// Begins a cycle every so many minutes, 5 to 60; the service does not bear more
    #[arg(long, value_name = "MINUTES", default_value_t = 6)]
    #[arg(value_parser = clap::value_parser!(u16).range(5..=60))]
    pub(crate) every: u16,
    /// Ends after so many cycles (Ctrl-C ends it too)
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: Option<u32>,
    /// Wakes no car: what a parked one does not report by itself stays as old as it is
    #[arg(long)]
    pub(crate) no_wake: bool,
}

fn data_set(name: &str) -> Result<DataSet, String> {
    name.parse().map_err(|_| {
        let names = DataSet::ALL.map(|it| it.name().replace('_', "-"));
        format!("data are {}", names.join(", "))
    })
}
