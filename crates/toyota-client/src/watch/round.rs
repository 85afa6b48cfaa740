//! What is done about one car in a cycle.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::cadence::{first, is_charge_due, is_past, then};
use super::{Cadence, CarCycle, Watched};
use crate::car::{Car, DataSet, Support, Update};
use crate::model::Electric;
use crate::wake::{Action, Attended, Seen, WakeOptions};
use crate::{HttpService, ToyotaClient};

/// By what a car is watched.
pub(super) struct Round<'a, S> {
    pub(super) client: &'a ToyotaClient<S>,
    pub(super) cadence: &'a Cadence,
    pub(super) wakes: &'a WakeOptions,
    pub(super) zone: &'a TimeZone,
}

impl<S: HttpService> Round<'_, S> {
    /// Does what is to be done about a car.
    pub(super) async fn car(&self, watched: &mut Watched) -> CarCycle {
        let mut cycle = CarCycle::new(watched.car.vin().clone());
        let sets = first(self.now(), &watched.marks, self.cadence);
        self.update(watched, &mut cycle, &sets).await;
        if !cycle.has_updated(DataSet::Telemetry) {
            // Without an odometer, when the service heard of the car last tells whether it moves.
            let sets = [DataSet::Location];
            self.update(watched, &mut cycle, &sets).await;
        }
        self.attend(watched, &mut cycle).await;
        if self.is_status_due(watched, &cycle) {
            self.update(watched, &mut cycle, &[DataSet::Status]).await;
        }
        let sets = then(self.now(), &watched.marks, self.cadence);
        self.update(watched, &mut cycle, &sets).await;
        self.follow_charge(watched, &mut cycle).await;
        if !cycle.is_refused() {
            watched.marks.end_cycle();
        }
        cycle
    }

    /// Asks for these data sets, but for those that the car does not have or that were asked for in this
    /// cycle; not any more once the car or the account is refused.
    async fn update(&self, watched: &mut Watched, cycle: &mut CarCycle, sets: &[DataSet]) {
        for set in sets {
            if cycle.is_refused() || cycle.has_asked(*set) {
                continue;
            }
            let others = DataSet::ALL.into_iter().filter(|it| it != set);
            let update = Update::all().skip(others).past_cache();
            let update = update.in_zone(self.zone.clone());
            // Each by itself: what this is left off before was not asked for.
            let report = self.client.update(&mut watched.car, &update).await;
            let now = self.now();
            if let Some(outcome) = report.of(*set) {
                watched.marks.asked(*set, outcome, now);
            }
            cycle.read(&report);
        }
    }

    /// Does what is to be done about doors and windows, and learns whether the car has moved.
    async fn attend(&self, watched: &mut Watched, cycle: &mut CarCycle) {
        if cycle.is_refused() {
            return;
        }
        let Watched { car, marks, .. } = watched;
        let has_status = car.supports(DataSet::Status) != Support::No;
        let options = WakeOptions {
            enabled: self.wakes.enabled && has_status,
            ..*self.wakes
        };
        let (vin, seen) = (car.vin().clone(), seen(car, cycle));
        let (decision, standing) = self.client.decided(&vin, seen, false, &options).await;
        // Whatever becomes of the status, the car has moved.
        marks.moved(decision.why);
        let reading = self.client.carried_out(&vin, decision.action, false).await;
        match reading {
            Ok(reading) => {
                if let Some(reading) = &reading {
                    let value = reading.value.clone();
                    car.status.take(value, reading.reported, self.now());
                }
                cycle.attended(Attended {
                    decision,
                    standing,
                    reading,
                });
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Status, error, self.now());
                cycle.failed(DataSet::Status, outcome);
            }
        }
    }

    /// Tells whether the status is to be read as everything else is: where cars are never woken for it.
    fn is_status_due(&self, watched: &Watched, cycle: &CarCycle) -> bool {
        let action = cycle.attended.as_ref().map(|it| it.decision.action);
        let asked = watched.marks.asked.get(&DataSet::Status).copied();
        action == Some(Action::Disabled) && is_past(asked, self.wakes.max_age, self.now())
    }

    /// Wakes a car that is charged now and then: what its battery has stands still until then.
    async fn follow_charge(&self, watched: &mut Watched, cycle: &mut CarCycle) {
        let Watched { car, marks, .. } = watched;
        let charging = car.electric.value().and_then(Electric::is_charging);
        let now = self.now();
        let due = self.wakes.enabled && is_charge_due(now, marks, self.cadence);
        let is_known = cycle.has_updated(DataSet::Electric) && !cycle.is_refused();
        if charging != Some(true) || !due || !is_known {
            return;
        }
        marks.charge_woken = Some(now);
        match self.client.wake_electric(car.vin()).await {
            Ok(reading) => {
                let reported = reading.reported;
                let how = reading.how;
                car.electric.take(reading.value, reported, self.now());
                cycle.charge(how);
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Electric, error, self.now());
                cycle.failed(DataSet::Electric, outcome);
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.client.clock.now()
    }
}

/// What was read of a car in this cycle, for who decides whether it moves.
fn seen(car: &Car, cycle: &CarCycle) -> Seen {
    let telemetry = car.telemetry.value();
    let telemetry = telemetry.filter(|_| cycle.has_updated(DataSet::Telemetry));
    let location = car.location.value();
    let location = location.filter(|_| cycle.has_updated(DataSet::Location));
    Seen {
        odometer: telemetry.and_then(|it| it.odometer),
        telemetry: telemetry.and_then(|it| it.timestamp),
        contact: location.and_then(|it| it.last_contact),
        status: car.status.history().reported(),
    }
}
