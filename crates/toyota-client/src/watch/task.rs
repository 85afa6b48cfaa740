//! What is to be done next about a car in a cycle.

use super::cadence::{first, is_charge_due, is_past, then};
use super::round::Round;
use super::{CarCycle, Watched};
use crate::car::{DataSet, Update};
use crate::model::Electric;
use crate::wake::Action;

/// One thing that is done about a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// To ask for a data set.
    Read(DataSet),
    /// To see to its doors and windows, and learn whether it has moved.
    Attend,
    /// To wake it for what its battery has.
    FollowCharge,
}

impl<S> Round<S> {
    /// Returns what is to be done next about a car, after this was done in the cycle; nothing once the car or
    /// the account is refused.
    pub(super) fn next(&self, watched: &Watched, done: &CarCycle) -> Option<Task> {
        if done.is_refused() {
            return None;
        }
        let (now, marks) = (self.now(), &watched.marks);
        let update = Update::all();
        let is_open = |set: &DataSet| {
            let is_had = update.skipped(&watched.car, *set, now).is_none();
            is_had && !done.has_tried(Task::Read(*set))
        };
        let one_of = |sets: Vec<DataSet>| sets.into_iter().find(is_open).map(Task::Read);
        let read_if = |due: bool, set| (due && is_open(&set)).then_some(Task::Read(set));
        let other_if = |due: bool, task| (due && !done.has_tried(task)).then_some(task);
        // Without an odometer, when the service heard of the car last tells whether it moves.
        let is_lost = || !done.has_updated(DataSet::Telemetry);
        one_of(first(now, marks, &self.cadence))
            .or_else(|| read_if(is_lost(), DataSet::Location))
            .or_else(|| other_if(true, Task::Attend))
            .or_else(|| read_if(self.is_status_due(watched, done), DataSet::Status))
            .or_else(|| one_of(then(now, marks, &self.cadence)))
            .or_else(|| other_if(self.is_charge_due(watched, done), Task::FollowCharge))
    }

    /// Tells whether the status is to be read as everything else is: where cars are never woken for it.
    fn is_status_due(&self, watched: &Watched, done: &CarCycle) -> bool {
        let action = done.attended.as_ref().map(|it| it.decision.action);
        let asked = watched.marks.asked.get(&DataSet::Status).copied();
        action == Some(Action::Disabled) && is_past(asked, self.wakes.max_age, self.now())
    }

    /// Tells whether a car that is charged is to be woken, by what it says in this cycle.
    fn is_charge_due(&self, watched: &Watched, done: &CarCycle) -> bool {
        let charging = watched.car.electric.value().and_then(Electric::is_charging);
        charging == Some(true)
            && done.has_updated(DataSet::Electric)
            && self.wakes.enabled
            && is_charge_due(self.now(), &watched.marks, &self.cadence)
    }
}
