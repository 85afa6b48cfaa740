//! How much a registry keeps.

use std::num::NonZeroUsize;

use super::Registry;
use crate::limits;

/// How much a registry keeps, whatever it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) values: usize,
    pub(super) series: usize,
    pub(super) metrics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let limits::Limits { values, series } = limits::Limits::default();
        Self {
            values,
            series,
            metrics: 1000,
        }
    }
}

/// Creates a [`Registry`] with limits of its own.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct RegistryBuilder {
    limits: Limits,
}

impl RegistryBuilder {
    /// Sets how many values of one label of one metric are told apart; further ones become
    /// `_OTHER`. Default: 200.
    pub fn most_values(mut self, most: NonZeroUsize) -> Self {
        self.limits.values = most.get();
        self
    }

    /// Sets how many series a metric has, beside the one for all further ones, whose label values
    /// are all `_OTHER`. The two outcomes of a timer count as one. Default: 2000.
    pub fn most_series(mut self, most: NonZeroUsize) -> Self {
        self.limits.series = most.get();
        self
    }

    /// Sets how many metrics there are; further ones are dropped. Default: 1000.
    pub fn most_metrics(mut self, most: NonZeroUsize) -> Self {
        self.limits.metrics = most.get();
        self
    }

    /// Creates the registry.
    #[must_use]
    pub fn build(self) -> Registry {
        Registry::with_limits(self.limits)
    }
}
