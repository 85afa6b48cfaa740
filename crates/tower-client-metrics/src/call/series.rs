//! The series of calls, made once and kept.

use std::sync::Arc;

use tower_client_call::CallRecord;

use super::end::Verdict;
use super::history::{History, MOST_WORDS, Maker};
use super::names::Names;
use crate::bounded::{Distinct, Few, Kept, OTHER, Room};
use crate::limits::Limits;
use crate::under_way::Gauged;
use crate::{BodyEnding, Instruments, Label};

/// All that is kept between calls.
pub(super) struct Series<I: Instruments> {
    instruments: I,
    names: Names,
    operations: Kept<&'static str, OfOperation<I>>,
    operation_room: Room,
    kinds: Distinct<Verdict>,
    verdict_room: Room,
}

/// What is kept of all calls of one operation.
pub(super) struct OfOperation<I: Instruments> {
    name: &'static str,
    active: I::Gauge,
    verdicts: Few<Verdict, OfVerdict<I>>,
    history: History<I>,
}

/// What is kept of all calls of one operation that ended alike.
struct OfVerdict<I: Instruments> {
    duration: I::Histogram,
    total: I::Counter,
}

/// A call's place among the series.
pub(super) struct At<I: Instruments> {
    pub(super) series: Arc<Series<I>>,
    pub(super) operation: Arc<OfOperation<I>>,
}

impl<I: Instruments> At<I> {
    /// Records how a call ended, after so many seconds, and what its record tells.
    pub(super) fn record(&self, verdict: Verdict, seconds: f64, record: &CallRecord) {
        let of = self.series.of_verdict(&self.operation, verdict);
        let instruments = &self.series.instruments;
        instruments.record(&of.duration, seconds);
        instruments.count(&of.total, 1);
        self.operation.history.add(record, &self.maker());
    }

    pub(super) fn record_body(&self, ending: BodyEnding) {
        self.operation.history.add_body(ending, &self.maker());
    }

    fn maker(&self) -> Maker<'_, I> {
        Maker {
            instruments: &self.series.instruments,
            names: &self.series.names,
            operation: self.operation.name,
        }
    }
}

impl<I: Instruments> Gauged for At<I> {
    fn adjust(&self, by: i32) {
        self.series.instruments.adjust(&self.operation.active, by);
    }
}

impl<I: Instruments> Series<I> {
    pub(super) fn new(instruments: I, prefix: &str, limits: Limits) -> Self {
        let operations = limits.values.min(limits.series / MOST_WORDS);
        Self {
            instruments,
            names: Names::new(prefix),
            operations: Kept::new(),
            operation_room: Room::new(operations),
            kinds: Distinct::new(limits.values),
            verdict_room: Room::new(limits.series),
        }
    }

    pub(super) fn of_operation(&self, name: &'static str) -> Arc<OfOperation<I>> {
        let found = self.operations.find(&name);
        found.unwrap_or_else(|| self.new_operation(name))
    }

    #[cold]
    fn new_operation(&self, name: &'static str) -> Arc<OfOperation<I>> {
        if name == OTHER {
            return self.any_operation();
        }
        let make = || self.make_operation(name);
        let made = self
            .operations
            .find_or_make(name, &self.operation_room, make);
        made.unwrap_or_else(|| self.any_operation())
    }

    /// Returns what there is no room for, and what has no name.
    fn any_operation(&self) -> Arc<OfOperation<I>> {
        self.operations.always(OTHER, || self.make_operation(OTHER))
    }

    fn make_operation(&self, name: &'static str) -> OfOperation<I> {
        let labels = [Label::new("operation", name)];
        OfOperation {
            name,
            active: self.instruments.gauge(&self.names.active, &labels),
            verdicts: Few::new(),
            history: History::new(),
        }
    }

    fn of_verdict(&self, at: &OfOperation<I>, verdict: Verdict) -> Arc<OfVerdict<I>> {
        let found = at.verdicts.find(verdict);
        found.unwrap_or_else(|| self.new_verdict(at, verdict))
    }

    #[cold]
    fn new_verdict(&self, at: &OfOperation<I>, verdict: Verdict) -> Arc<OfVerdict<I>> {
        let is_known = verdict == Verdict::Success || self.kinds.admits(verdict);
        let verdict = if is_known { verdict } else { verdict.other() };
        let make = || self.make_verdict(at.name, verdict);
        let made = at.verdicts.find_or_make(verdict, &self.verdict_room, make);
        made.unwrap_or_else(|| {
            let verdict = verdict.other();
            let make = || self.make_verdict(OTHER, verdict);
            self.any_operation().verdicts.always(verdict, make)
        })
    }

    fn make_verdict(&self, operation: &'static str, verdict: Verdict) -> OfVerdict<I> {
        let mut labels = vec![Label::new("operation", operation)];
        labels.extend(verdict.labels());
        OfVerdict {
            duration: self.instruments.histogram(&self.names.duration, &labels),
            total: self.instruments.counter(&self.names.total, &labels),
        }
    }
}
