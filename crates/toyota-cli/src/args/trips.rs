//! Trips: which, and in which form.

use std::path::{Path, PathBuf};

use clap::{ValueEnum, ValueHint};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use toyota_client::trips::{Interval, TripId};

use crate::car::{self, CarName};

/// Which trips, and in which form.
#[derive(Debug, clap::Args)]
pub(crate) struct TripsArgs {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
    pub(crate) car: Option<CarName>,
    /// The first day, such as 2026-03-01; the service has about twelve months (30 days before the
    /// last; of summaries by week 12 weeks, by month and year 12 months)
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// The last day (today)
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Lists at most so many trips, the latest first
    #[arg(long, value_name = "N", conflicts_with = "summary")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Adds them up, and draws distance and consumption
    #[arg(long, value_name = "PERIOD")]
    pub(crate) summary: Option<PeriodArg>,
    /// Writes them as a file that other programs read
    #[arg(long, value_name = "FORMAT", conflicts_with = "summary")]
    pub(crate) export: Option<ExportFormat>,
    /// Where to; the file must not be there yet, and - is none (stdout)
    #[arg(long, value_name = "FILE", requires = "export")]
    pub(crate) output: Option<PathBuf>,
    /// Asks for routes too, which are most of an answer; gpx always does
    #[arg(long, conflicts_with = "summary")]
    pub(crate) routes: bool,
}

/// Which trip.
#[derive(Debug, clap::Args)]
pub(crate) struct TripArgs {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
    pub(crate) car: Option<CarName>,
    /// The trip of this `id`, which `trips --json` and exports tell (the latest)
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<TripId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodArg {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Tracks with their points, for maps
    Gpx,
    /// A line for each trip, for spreadsheets
    Csv,
    /// A JSON document for each trip, a line each
    Jsonl,
}

impl TripsArgs {
    /// The days that are meant, if today is this one.
    pub(crate) fn days(&self, today: Date) -> (Date, Date) {
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(self.usual()));
        (from, to)
    }

    /// The file that is to be written.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }

    fn usual(&self) -> Span {
        match self.summary {
            None | Some(PeriodArg::Day) => 30.days(),
            Some(PeriodArg::Week) => 12.weeks(),
            Some(PeriodArg::Month | PeriodArg::Year) => 12.months(),
        }
    }
}

impl From<PeriodArg> for Interval {
    fn from(period: PeriodArg) -> Self {
        match period {
            PeriodArg::Day => Self::Day,
            PeriodArg::Week => Self::Week,
            PeriodArg::Month => Self::Month,
            PeriodArg::Year => Self::Year,
        }
    }
}
