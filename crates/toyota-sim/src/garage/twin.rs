//! A car that lives: what it is, what the service has seen of it, and what is about to happen.

mod charge;
mod climate;
mod life;
mod road;
#[cfg(test)]
mod tests;

use std::{
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use super::{
    Album, CarState, ChargingReservation, ClimateSettings, Drives, Habits, Notices, PlannedDrive,
    Position, Routine, Spec, Task, View, Wake, WakeBehaviour,
    agenda::Agenda,
    album,
    notice::{Outcome, Subject},
    wake::Answer,
};
use crate::{clock::later, random::Random};

/// When a command is given up that no car has answered.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the hazard lights flash.
const HAZARD: Duration = Duration::from_secs(60);

/// A car, and the service's idea of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Twin {
    pub(crate) spec: Spec,
    pub(crate) state: CarState,
    pub(crate) seen: Album,
    pub(crate) notices: Notices,
    pub(crate) behaviour: WakeBehaviour,
    /// What the service was told to do the next time that the climate control starts.
    pub(crate) saved: ClimateSettings,
    agenda: Agenda<Event>,
    routine: Routine,
    home: Position,
    /// Since when the hazard lights flash, if they were switched on from afar.
    hazard_since: Option<SystemTime>,
    /// How long the climate control ran since the last drive, but for a run that goes on.
    climate_used: Duration,
    seed: u64,
    /// For what happens to the car by itself.
    random: Random,
    /// For how it is reached, which changes nothing of the former.
    line: Random,
    /// Until when this has been lived; none before the first day.
    now: Option<SystemTime>,
}

/// Something that happens to a car.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    /// The car reports these parts of itself.
    Report(&'static [View]),
    /// A command reaches the car.
    Execute(Task),
    /// Nobody has heard of the car since it was told to do this.
    GiveUp(Task),
    /// The hazard lights stop that were switched on then.
    HazardOff(SystemTime),
    /// The climate control runs that was started then.
    ClimateRuns(SystemTime),
    /// The climate control ends that was started then.
    ClimateEnds(SystemTime),
    /// The charge begins that was reserved so; none means one by its schedule.
    ChargeBegins(Option<ChargingReservation>),
    DriveBegins(PlannedDrive),
    DriveEnds(PlannedDrive, SystemTime),
}

impl Twin {
    pub(crate) fn new(spec: Spec, state: CarState, seed: u64) -> Self {
        Self {
            spec,
            home: state.position,
            state,
            seen: Album::default(),
            notices: Notices::new(seed),
            behaviour: WakeBehaviour::default(),
            saved: ClimateSettings::default(),
            agenda: Agenda::default(),
            routine: Routine::default(),
            hazard_since: None,
            climate_used: Duration::ZERO,
            seed,
            random: Random::derived(seed, 0),
            line: Random::derived(seed, 1),
            now: None,
        }
    }

    /// Has its dice depend on this seed too.
    pub(crate) fn reseed(&mut self, seed: u64) {
        self.seed ^= seed;
        self.random = Random::derived(self.seed, 0);
        self.line = Random::derived(self.seed, 1);
    }

    pub(crate) fn set_routine(&mut self, routine: Routine) {
        self.routine = routine;
    }

    /// Plans a drive; one whose time is past begins now.
    pub(crate) fn drive(&mut self, drive: PlannedDrive, now: SystemTime) {
        let start = drive.start.max(now);
        self.agenda
            .plan(start, Event::DriveBegins(PlannedDrive { start, ..drive }));
    }

    /// Has the car report all of itself.
    pub(crate) fn report(&mut self, now: SystemTime) {
        self.seen.take(album::EVERYTHING, &self.state, now);
    }

    /// Has the service hear of these parts of the car, unless nothing is heard of it at all.
    fn tell_service(&mut self, views: &[View], now: SystemTime) {
        if self.behaviour.answer != Answer::Silence {
            self.seen.take(views, &self.state, now);
        }
    }

    /// Passes a wake on to the car, which answers in its own time or not at all.
    pub(crate) fn wake(&mut self, wake: Wake, now: SystemTime) {
        if self.behaviour.answer != Answer::Report {
            return;
        }
        let views = match wake {
            Wake::Status => album::STATUS,
            Wake::Climate => album::CLIMATE,
            Wake::Electric => album::ELECTRIC,
        };
        let at = self.within(now, self.behaviour.delay.clone());
        self.agenda.plan(at, Event::Report(views));
    }

    /// Passes a command on to the car.
    pub(crate) fn command(&mut self, task: Task, now: SystemTime) {
        if self.behaviour.answer == Answer::Silence {
            self.agenda.plan(later(now, PATIENCE), Event::GiveUp(task));
        } else {
            let arrives = self.within(now, self.behaviour.there.clone());
            self.agenda.plan(arrives, Event::Execute(task));
        }
    }

    /// Draws a moment that lies so far ahead.
    fn within(&mut self, now: SystemTime, delay: RangeInclusive<Duration>) -> SystemTime {
        let (shortest, longest) = delay.into_inner();
        let slack = longest.saturating_sub(shortest);
        let drawn = slack.mul_f64(self.line.unit());
        later(now, shortest.saturating_add(drawn))
    }

    /// Rolls the dice for a read that is refused though the status is known.
    pub(crate) fn throttles(&mut self) -> bool {
        self.line.unit() < self.behaviour.throttled
    }

    /// Tells the phone something of the past.
    pub(crate) fn tell(&mut self, at: SystemTime, about: (Subject, Outcome), message: &str) {
        self.notices.add(at, about, message);
    }

    fn notify(&mut self, now: SystemTime, subject: Subject, outcome: Outcome, message: &str) {
        self.tell(now, (subject, outcome), message);
    }

    /// Does what a command asks, if the car can, and tells the phone.
    fn execute(&mut self, task: &Task, now: SystemTime) {
        if let Some(objection) = task.objection(&self.state, self.climate_used_by(now)) {
            let message = format!("could not {}: {objection}", task.wish());
            self.notify(now, task.subject(), Outcome::Interrupted, &message);
            return;
        }
        task.change(&mut self.state);
        let views = match task {
            Task::Lock | Task::Unlock | Task::LockTailgate | Task::UnlockTailgate => &[View::Doors],
            Task::CloseWindows => &[View::Windows],
            Task::Hazard => {
                self.hazard_since = Some(now);
                self.agenda.plan(later(now, HAZARD), Event::HazardOff(now));
                &[View::Lights]
            }
            Task::Sound => &[][..],
            Task::StartClimate(_) => return self.start_climate(task, now),
            Task::StopClimate => {
                self.stop_climate(now);
                album::CLIMATE
            }
            Task::Charge => album::ELECTRIC,
            Task::Reserve(reservation) => {
                self.reserve(*reservation, now);
                album::ELECTRIC
            }
        };
        self.notify(now, task.subject(), Outcome::Completed, task.done());
        let at = self.within(now, self.behaviour.back.clone());
        self.agenda.plan(at, Event::Report(views));
    }

    /// Lives until `now`.
    pub(crate) fn live_until(
        &mut self,
        now: SystemTime,
        habits: Option<&Habits>,
        drives: &mut Drives,
    ) {
        life::live(self, now, habits, drives);
    }
}
