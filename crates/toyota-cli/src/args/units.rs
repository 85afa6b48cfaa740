//! Units by the names that people have for them.

use clap::ValueEnum;
use toyota_client::Units;

/// What an owner counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnitsArg {
    /// Kilometres, litres, l/100 km
    Metric,
    /// Miles, imperial gallons, miles per such a gallon
    Uk,
    /// Miles, US gallons, miles per such a gallon
    Us,
}

impl From<UnitsArg> for Units {
    fn from(units: UnitsArg) -> Self {
        match units {
            UnitsArg::Metric => Self::Metric,
            UnitsArg::Uk => Self::ImperialUk,
            UnitsArg::Us => Self::ImperialUs,
        }
    }
}
