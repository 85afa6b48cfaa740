//! Cars as a whole: one of them once, or all again and again.

use clap::ValueHint;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use toyota_client::car::DataSet;

use crate::car::{self, CarName};

/// What is asked for of a car.
#[derive(Debug, clap::Args)]
pub(crate) struct DashboardArgs {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
    pub(crate) car: Option<CarName>,
    /// Asks for these data only, parted by commas
    #[arg(long, value_name = "DATA", value_delimiter = ',', value_parser = data_set())]
    pub(crate) only: Vec<DataSet>,
    /// Does not ask for these data
    #[arg(long, value_name = "DATA", value_delimiter = ',', value_parser = data_set())]
    pub(crate) skip: Vec<DataSet>,
}

/// How cars are watched.
#[derive(Debug, clap::Args)]
pub(crate) struct WatchArgs {
    /// The cars: the last characters of a VIN (at least four), or a name or how it begins; all of the
    /// account if none is named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
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

/// As they are written on a command line, in the order of [`DataSet::ALL`].
const DATA: [&str; 10] = [
    "location",
    "health",
    "electric",
    "telemetry",
    "notifications",
    "status",
    "service-history",
    "climate-settings",
    "climate-status",
    "trips",
];

/// Names that a shell completes; those of the library are taken too.
fn data_set() -> impl TypedValueParser<Value = DataSet> {
    let named = DATA.into_iter().zip(DataSet::ALL);
    let names = named.map(|(name, data_set)| PossibleValue::new(name).alias(data_set.name()));
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_sets_are_written_with_hyphens() {
        assert_eq!(DATA.map(str::parse), DataSet::ALL.map(Ok));
    }
}
