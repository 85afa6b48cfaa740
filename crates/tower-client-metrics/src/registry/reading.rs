//! What all series of one metric say at one moment.

use std::collections::BTreeMap;

use super::family::{Series, State};
use super::labels::LabelSet;
use super::snapshot::{Distribution, Sample, Snapshot};
use super::table::Table;
use super::timer::OUTCOME;

/// What the series of one metric say, by their labels. Those that were never used say nothing.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) name: String,
    pub(super) unit: &'static str,
    pub(super) description: &'static str,
    pub(super) values: Values,
}

/// The values of a metric's series, by its kind.
#[derive(Debug)]
pub(super) enum Values {
    Counters(ByLabels<u64>),
    Gauges(ByLabels<f64>),
    Histograms(ByLabels<Distribution>),
    Timers(ByLabels<Distribution>),
}

pub(super) type ByLabels<T> = BTreeMap<BTreeMap<String, String>, T>;

impl Reading {
    /// Reads a metric, if it is of any kind.
    pub(super) fn of(name: String, state: &State) -> Option<Self> {
        let facts = &state.facts;
        let values = match &state.series {
            Series::None => return None,
            Series::Counters(table) => Values::Counters(read(table, |cell| [(None, cell.read())])),
            Series::Gauges(table) => Values::Gauges(read(table, |cell| [(None, cell.read())])),
            Series::Histograms(table) => {
                Values::Histograms(read(table, |cell| [(None, cell.read())]))
            }
            Series::Timers(table) => Values::Timers(read(table, |cell| {
                [
                    (Some("success"), cell.success.read()),
                    (Some("error"), cell.error.read()),
                ]
            })),
        };
        // Timers count seconds, whatever was said of them.
        let unit = match values {
            Values::Timers(_) => "s",
            _ => facts.unit,
        };
        let description = facts.description;
        Some(Self {
            name,
            unit,
            description,
            values,
        })
    }

    /// Adds the series to a snapshot.
    pub(super) fn add_to(self, snapshot: &mut Snapshot) {
        let (name, unit, description) = (self.name, self.unit, self.description);
        match self.values {
            Values::Counters(values) => {
                let samples = &mut snapshot.counters;
                samples.extend(Sample::all(&name, unit, description, values));
            }
            Values::Gauges(values) => {
                let samples = &mut snapshot.gauges;
                samples.extend(Sample::all(&name, unit, description, values));
            }
            Values::Histograms(values) => {
                let samples = &mut snapshot.histograms;
                samples.extend(Sample::all(&name, unit, description, values));
            }
            Values::Timers(values) => {
                let samples = &mut snapshot.timers;
                samples.extend(Sample::all(&name, unit, description, values));
            }
        }
    }
}

impl<T> Sample<T> {
    fn all(
        name: &str,
        unit: &'static str,
        description: &'static str,
        values: ByLabels<T>,
    ) -> impl Iterator<Item = Self> {
        values.into_iter().map(move |(labels, value)| Self {
            name: name.to_owned(),
            unit,
            description,
            labels,
            value,
        })
    }
}

/// Reads each series, which has one value, or one for each outcome.
fn read<C, T, const N: usize>(
    table: &Table<C>,
    values: impl Fn(&C) -> [(Option<&'static str>, Option<T>); N],
) -> ByLabels<T> {
    let mut read = BTreeMap::new();
    for (labels, cell) in table.iter() {
        for (outcome, value) in values(cell) {
            if let Some(value) = value {
                read.insert(owned(labels, outcome), value);
            }
        }
    }
    read
}

fn owned(labels: &LabelSet, outcome: Option<&str>) -> BTreeMap<String, String> {
    let outcome = outcome.map(|outcome| (OUTCOME, outcome));
    let pairs = labels.iter().chain(outcome);
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
