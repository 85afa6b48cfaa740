//! Building a recorder of calls.

use std::sync::Arc;

use super::series::Series;
use super::{CallRecorder, Prefix};
use crate::Instruments;
use crate::limits::Limits;

/// Builds a [`CallRecorder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct CallRecorderBuilder<I> {
    instruments: I,
    prefix: Prefix,
    limits: Limits,
}

impl<I: Instruments> CallRecorderBuilder<I> {
    pub(super) fn new(instruments: I) -> Self {
        Self {
            instruments,
            prefix: Prefix::default(),
            limits: Limits::default(),
        }
    }

    /// Sets what all names begin with: one prefix for each API, where there are several.
    /// Default: `http_call`.
    pub fn prefix(self, prefix: Prefix) -> Self {
        Self { prefix, ..self }
    }

    /// Sets how many values a label can have; all further ones are `_OTHER`. Default: 200.
    pub fn most_values(mut self, values: usize) -> Self {
        self.limits.values = values;
        self
    }

    /// Sets how many series a metric can have; all further ones are one for successes and one for
    /// errors, with every other label `_OTHER`. Default: 2,000.
    pub fn most_series(mut self, series: usize) -> Self {
        self.limits.series = series;
        self
    }

    /// Returns the recorder.
    pub fn build(self) -> CallRecorder<I> {
        let series = Series::new(self.instruments, self.prefix.as_str(), self.limits);
        CallRecorder(Arc::new(series))
    }
}
