//! All metrics of a registry.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use hashbrown::HashMap;
use tracing::warn;

use super::drops::{Drops, Slot};
use super::family::{Cell, Family, Lookup, Series};
use super::labels::{Labels, cut};
use super::limits::Limits;
use super::reading::Reading;
use crate::Metric;

/// All metrics of a registry.
///
/// Locks are taken in one order, metrics before series, and nothing is told to `tracing` under
/// one: a subscriber may itself count here.
#[derive(Debug, Default)]
pub(super) struct Store {
    limits: Limits,
    families: RwLock<Families>,
    drops: Drops,
    warned_of_metrics: AtomicBool,
    warned_of_labels: AtomicBool,
}

type Families = HashMap<Box<str>, Arc<Family>>;

impl Store {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Uses a series by name.
    pub(super) fn record<C: Cell>(&self, name: &str, labels: &[(&str, &str)], act: impl Fn(&C)) {
        let labels = Labels::new(labels.iter().copied());
        if self.with(name, &labels, |cell| act(cell)).is_none() {
            self.drops.count();
        }
    }

    /// Returns a series by name.
    pub(super) fn slot<C: Cell>(&self, name: &str, labels: &Labels<'_>) -> Slot<C> {
        match self.with(name, labels, Arc::clone) {
            Some(cell) => Slot::Kept(cell),
            None => Slot::Lost(self.drops.clone()),
        }
    }

    /// Returns a series of a metric whose facts are at hand.
    pub(super) fn slot_of<C: Cell>(&self, metric: &Metric, labels: &Labels<'_>) -> Slot<C> {
        match self.insert(metric.name(), Some(metric), labels) {
            Some(cell) => Slot::Kept(cell),
            None => Slot::Lost(self.drops.clone()),
        }
    }

    /// Takes the facts of a metric.
    pub(super) fn describe(&self, metric: &Metric) {
        if let Some(family) = self.family(metric.name())
            && !family.describe(metric)
        {
            let metric = metric.name();
            warn!(
                metric,
                "described with other buckets than it has; it keeps its own"
            );
        }
    }

    /// Forgets what was counted.
    pub(super) fn reset(&self) {
        for (_, family) in self.all() {
            let state = family.read();
            match &state.series {
                Series::None => {}
                Series::Counters(table) => table.iter().for_each(|(_, cell)| cell.reset()),
                Series::Gauges(table) => table.iter().for_each(|(_, cell)| cell.reset()),
                Series::Histograms(table) => table.iter().for_each(|(_, cell)| cell.reset()),
                Series::Timers(table) => table.iter().for_each(|(_, cell)| cell.reset()),
            }
        }
        self.drops.reset();
    }

    /// Reads all metrics that are of a kind, by name.
    pub(super) fn read(&self) -> Vec<Reading> {
        let mut families = self.all();
        families.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let readings = families.into_iter();
        readings
            .filter_map(|(name, family)| Reading::of(name, &family.read()))
            .collect()
    }

    /// Returns how often something could not be recorded.
    pub(super) fn dropped(&self) -> u64 {
        self.drops.get()
    }

    pub(super) fn len(&self) -> usize {
        self.families().len()
    }

    /// Uses a series, which is made first if need be.
    fn with<C: Cell, T>(
        &self,
        name: &str,
        labels: &Labels<'_>,
        act: impl Fn(&Arc<C>) -> T,
    ) -> Option<T> {
        let families = self.families();
        let lookup = match families.get(cut(name)) {
            Some(family) => family.find(labels, &act),
            None => Lookup::Missing,
        };
        drop(families);
        match lookup {
            Lookup::Found(used) => {
                self.warn_of_labels(name, labels);
                Some(used)
            }
            Lookup::Missing => self.insert(name, None, labels).as_ref().map(act),
            Lookup::OtherKind => {
                self.warn_of_kind(name);
                None
            }
        }
    }

    /// Returns a series, which is made if need be, unless the metric is of another kind or one
    /// too many.
    fn insert<C: Cell>(
        &self,
        name: &str,
        metric: Option<&Metric>,
        labels: &Labels<'_>,
    ) -> Option<Arc<C>> {
        self.warn_of_labels(name, labels);
        let family = self.family(name)?;
        let cell = family.find_or_insert(metric, labels, (self.limits, &self.drops));
        if cell.is_none() {
            self.warn_of_kind(name);
        }
        cell
    }

    /// Returns a metric, which is made if need be, unless it is one too many.
    fn family(&self, name: &str) -> Option<Arc<Family>> {
        let name = cut(name);
        let families = self.families();
        let known = families.get(name).cloned();
        let is_full = families.len() >= self.limits.metrics;
        drop(families);
        if known.is_some() {
            return known;
        }
        let family = if is_full {
            None
        } else {
            self.insert_family(name)
        };
        if family.is_none() && !self.warned_of_metrics.swap(true, Relaxed) {
            warn!(
                metric = name,
                "more metrics than the registry keeps; dropped"
            );
        }
        family
    }

    fn insert_family(&self, name: &str) -> Option<Arc<Family>> {
        let families = self.families.write();
        let mut families = families.unwrap_or_else(PoisonError::into_inner);
        // Asked again: another thread may have been here since.
        if let Some(family) = families.get(name) {
            return Some(Arc::clone(family));
        }
        if families.len() >= self.limits.metrics {
            return None;
        }
        let family = Arc::new(Family::new());
        families.insert(name.into(), Arc::clone(&family));
        Some(family)
    }

    fn families(&self) -> RwLockReadGuard<'_, Families> {
        self.families.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<(String, Arc<Family>)> {
        let families = self.families();
        let all = families.iter();
        all.map(|(name, family)| (name.to_string(), Arc::clone(family)))
            .collect()
    }

    fn warn_of_kind(&self, name: &str) {
        let family = self.families().get(cut(name)).cloned();
        let first = family.is_some_and(|family| !family.warned.swap(true, Relaxed));
        if first {
            warn!(
                metric = name,
                "used as another kind of metric than before; dropped"
            );
        }
    }

    fn warn_of_labels(&self, name: &str, labels: &Labels<'_>) {
        if labels.too_many() && !self.warned_of_labels.swap(true, Relaxed) {
            warn!(
                metric = name,
                "more labels than the registry keeps; left out"
            );
        }
    }
}
