//! A run of the climate control.

use std::time::{Duration, SystemTime};

use super::{Event, Twin};
use crate::{
    clock::later,
    garage::{
        ClimatePhase, Task, album,
        notice::{Outcome, Subject},
        task::CLIMATE_BUDGET,
    },
};

/// How long it starts, and how long it stops.
const SPIN: Duration = Duration::from_secs(15);
/// In what time the cabin gets most of the way to another temperature.
const INERTIA: f64 = 300.0;
/// How cold it gets by itself, in °C.
const OUTSIDE: f64 = 9.0;

impl Twin {
    pub(super) fn start_climate(&mut self, task: &Task, now: SystemTime) {
        self.climate_used = self.climate_used_by(now);
        self.state.climate.started = Some(now);
        let settings = &self.state.climate.settings;
        let wanted = Duration::from_secs(u64::from(settings.minutes) * 60);
        let granted = wanted.min(CLIMATE_BUDGET.saturating_sub(self.climate_used));
        self.agenda.plan(later(now, SPIN), Event::ClimateRuns(now));
        self.agenda
            .plan(later(now, granted), Event::ClimateEnds(now));
        self.notify(now, task.subject(), Outcome::Completed, task.done());
        self.tell_service(album::CLIMATE, now);
    }

    pub(super) fn stop_climate(&mut self, now: SystemTime) {
        if let Some(started) = self.state.climate.started {
            self.agenda
                .plan(later(now, SPIN), Event::ClimateEnds(started));
        }
    }

    pub(super) fn climate_runs(&mut self, started: SystemTime, now: SystemTime) {
        let climate = &mut self.state.climate;
        if climate.started == Some(started) && climate.phase == ClimatePhase::Starting {
            climate.phase = ClimatePhase::Running;
            let at = self.within(now, self.behaviour.back.clone());
            self.agenda.plan(at, Event::Report(album::CLIMATE));
        }
    }

    pub(super) fn climate_ends(&mut self, started: SystemTime, now: SystemTime) {
        if self.state.climate.started != Some(started) {
            return;
        }
        let stopped_by_itself = self.state.climate.phase != ClimatePhase::Stopping;
        self.climate_off(now);
        self.tell_service(album::CLIMATE, now);
        if stopped_by_itself {
            let message = "the climate control has ended";
            self.notify(now, Subject::Control, Outcome::Completed, message);
        }
    }

    /// Switches it off, and counts how long it ran.
    pub(super) fn climate_off(&mut self, now: SystemTime) {
        self.climate_used = self.climate_used_by(now);
        let climate = &mut self.state.climate;
        climate.phase = ClimatePhase::Stopped;
        climate.started = None;
    }

    /// Returns how long it has run since the last drive.
    pub(super) fn climate_used_by(&self, now: SystemTime) -> Duration {
        let started = self.state.climate.started;
        let runs = started.and_then(|started| now.duration_since(started).ok());
        self.climate_used + runs.unwrap_or_default()
    }

    /// A drive gives the climate control its whole time again.
    pub(super) fn climate_renewed(&mut self, now: SystemTime) {
        self.climate_off(now);
        self.climate_used = Duration::ZERO;
    }

    pub(super) fn air_for(&mut self, time: Duration) {
        let climate = &mut self.state.climate;
        let aim = match climate.phase {
            ClimatePhase::Running => climate.settings.celsius,
            ClimatePhase::Stopped | ClimatePhase::Starting | ClimatePhase::Stopping => OUTSIDE,
        };
        let kept = (-time.as_secs_f64() / INERTIA).exp();
        climate.cabin = aim + (climate.cabin - aim) * kept;
    }
}
