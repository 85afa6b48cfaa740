//! One thing after the other, until now.

use std::time::{Duration, SystemTime};

use super::{Event, Twin};
use crate::garage::{
    Drives, Habits, PlannedDrive, View,
    notice::{Outcome, Subject},
};

/// The longest time that is lived at once: of a longer one, the beginning is slept through.
const LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

pub(super) fn live(
    twin: &mut Twin,
    until: SystemTime,
    habits: Option<&Habits>,
    drives: &mut Drives,
) {
    let born = *twin.now.get_or_insert(until);
    if until.duration_since(born).is_ok_and(|time| time > LIFE) {
        twin.now = until.checked_sub(LIFE);
    }
    while let Some((at, next)) = twin.next(until, habits) {
        twin.pass(at);
        match next {
            Next::Planned => {
                if let Some(event) = twin.agenda.pop() {
                    twin.happen(event, at, drives);
                }
            }
            Next::Full => twin.charged(at),
            Next::Drive(drive) => twin.happen(Event::DriveBegins(drive), at, drives),
        }
    }
    twin.pass(until);
}

/// What comes next.
enum Next {
    Planned,
    /// The battery is full.
    Full,
    /// The routine has a drive.
    Drive(PlannedDrive),
}

impl Twin {
    /// Returns what happens next, unless that is after `until`.
    fn next(&self, until: SystemTime, habits: Option<&Habits>) -> Option<(SystemTime, Next)> {
        let now = self.now?;
        let planned = self.agenda.next().map(|at| (at.max(now), Next::Planned));
        let full = self.full_at(now).map(|at| (at, Next::Full));
        let drive = self.routine.next(habits, now);
        let drive = drive.map(|drive| (drive.start, Next::Drive(drive)));
        [planned, full, drive]
            .into_iter()
            .flatten()
            .filter(|(at, _)| *at <= until)
            .min_by_key(|(at, _)| *at)
    }

    /// Lets time pass in which nothing happens.
    fn pass(&mut self, until: SystemTime) {
        let Some(now) = self.now else {
            return;
        };
        // A clock that was set back stands still.
        let Ok(time) = until.duration_since(now) else {
            return;
        };
        self.charge_for(time);
        self.air_for(time);
        self.now = Some(until);
    }

    fn happen(&mut self, event: Event, now: SystemTime, drives: &mut Drives) {
        match event {
            Event::Report(views) => self.tell_service(views, now),
            Event::Execute(task) => self.execute(&task, now),
            Event::GiveUp(task) => {
                let message = format!("could not {}: the car cannot be reached", task.wish());
                self.notify(now, task.subject(), Outcome::Interrupted, &message);
            }
            Event::HazardOff(since) => {
                if self.hazard_since != Some(since) {
                    return;
                }
                self.state.lights.hazard = false;
                self.tell_service(&[View::Lights], now);
            }
            Event::ClimateRuns(started) => self.climate_runs(started, now),
            Event::ClimateEnds(started) => self.climate_ends(started, now),
            Event::ChargeBegins(reserved) => self.charge_begins(reserved, now),
            Event::DriveBegins(drive) => self.set_out(drive, now),
            Event::DriveEnds(drive, started) => self.arrive(drive, started, now, drives),
        }
    }

    fn charged(&mut self, now: SystemTime) {
        self.fill();
        self.tell_service(&[View::Electric], now);
        self.notify(
            now,
            Subject::Charging,
            Outcome::Completed,
            "the battery is full",
        );
    }
}
