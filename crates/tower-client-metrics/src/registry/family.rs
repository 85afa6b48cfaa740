//! One metric: its facts, its kind, its series.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::counter::CounterCell;
use super::drops::Drops;
use super::gauge::GaugeCell;
use super::histogram::{HistogramCell, bounds};
use super::labels::Labels;
use super::limits::Limits;
use super::table::Table;
use super::timer::TimerCell;
use crate::{Metric, SECONDS};

/// One metric. Its first use makes it one of a kind.
#[derive(Debug)]
pub(super) struct Family {
    state: RwLock<State>,
    /// Whether somebody was told that it is used as two kinds.
    pub(super) warned: AtomicBool,
}

/// What a [`Family`] keeps.
#[derive(Debug)]
pub(super) struct State {
    pub(super) facts: Facts,
    pub(super) series: Series,
}

/// What is known of a metric, apart from its kind and numbers.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) unit: &'static str,
    pub(super) description: &'static str,
    boundaries: Arc<[f64]>,
    /// Whether somebody gave them.
    given: bool,
}

/// The series of a metric, by its kind.
#[derive(Debug)]
pub(super) enum Series {
    /// Not used so far: of no kind.
    None,
    Counters(Table<CounterCell>),
    Gauges(Table<GaugeCell>),
    Histograms(Table<HistogramCell>),
    Timers(Table<TimerCell>),
}

/// What a lookup finds.
pub(super) enum Lookup<T> {
    Found(T),
    Missing,
    OtherKind,
}

impl Family {
    pub(super) fn new() -> Self {
        let facts = Facts {
            unit: "",
            description: NO_DESCRIPTION,
            boundaries: bounds(SECONDS),
            given: false,
        };
        let series = Series::None;
        Self {
            state: RwLock::new(State { facts, series }),
            warned: AtomicBool::new(false),
        }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses a series, if there is one.
    pub(super) fn find<C: Cell, T>(
        &self,
        labels: &Labels<'_>,
        act: impl FnOnce(&Arc<C>) -> T,
    ) -> Lookup<T> {
        let state = self.read();
        if let Series::None = state.series {
            return Lookup::Missing;
        }
        let Some(table) = C::table(&state.series) else {
            return Lookup::OtherKind;
        };
        match table.find(labels) {
            Some(cell) => Lookup::Found(act(cell)),
            None => Lookup::Missing,
        }
    }

    /// Returns a series, unless the metric is of another kind.
    pub(super) fn find_or_insert<C: Cell>(
        &self,
        metric: Option<&Metric>,
        labels: &Labels<'_>,
        (limits, drops): (Limits, &Drops),
    ) -> Option<Arc<C>> {
        let state = &mut *self.write();
        if let Series::None = state.series {
            state.series = C::series(Table::new(limits));
        }
        let table = C::table_mut(&mut state.series)?;
        if let Some(metric) = metric
            && !state.facts.given
        {
            // Series of one metric have the same buckets.
            let boundaries = table.is_empty();
            state.facts.give(metric, boundaries);
        }
        let boundaries = &state.facts.boundaries;
        Some(table.find_or_insert(labels, || C::new(Arc::clone(boundaries), drops.clone())))
    }

    /// Takes the facts; `false` if there are series with other buckets already.
    pub(super) fn describe(&self, metric: &Metric) -> bool {
        let state = &mut *self.write();
        let has_buckets = match &state.series {
            Series::None | Series::Counters(_) | Series::Gauges(_) => false,
            Series::Histograms(table) => !table.is_empty(),
            Series::Timers(table) => !table.is_empty(),
        };
        state.facts.give(metric, !has_buckets);
        state.facts.boundaries == bounds(metric.bucket_boundaries())
    }
}

const NO_DESCRIPTION: &str = "No description.";

impl Facts {
    fn give(&mut self, metric: &Metric, boundaries: bool) {
        self.given = true;
        self.unit = metric.unit_name();
        self.description = match metric.description() {
            "" => NO_DESCRIPTION,
            description => description,
        };
        if boundaries {
            self.boundaries = bounds(metric.bucket_boundaries());
        }
    }
}

/// The numbers of a series of one kind.
pub(super) trait Cell: Sized {
    fn new(boundaries: Arc<[f64]>, drops: Drops) -> Self;

    /// Makes a metric one of this kind.
    fn series(table: Table<Self>) -> Series;

    /// Returns the series, if they are of this kind.
    fn table(series: &Series) -> Option<&Table<Self>>;

    /// As [`table`](Self::table), to add to it.
    fn table_mut(series: &mut Series) -> Option<&mut Table<Self>>;
}

macro_rules! cell {
    ($cell:ty, $kind:ident, $new:expr) => {
        impl Cell for $cell {
            fn new(boundaries: Arc<[f64]>, drops: Drops) -> Self {
                $new(boundaries, drops)
            }

            fn series(table: Table<Self>) -> Series {
                Series::$kind(table)
            }

            fn table(series: &Series) -> Option<&Table<Self>> {
                match series {
                    Series::$kind(table) => Some(table),
                    _ => None,
                }
            }

            fn table_mut(series: &mut Series) -> Option<&mut Table<Self>> {
                match series {
                    Series::$kind(table) => Some(table),
                    _ => None,
                }
            }
        }
    };
}

cell!(CounterCell, Counters, |_, _| Self::default());
cell!(GaugeCell, Gauges, |_, drops| Self::new(drops));
cell!(HistogramCell, Histograms, Self::new);
cell!(TimerCell, Timers, Self::new);
