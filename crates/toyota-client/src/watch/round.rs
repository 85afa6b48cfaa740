//! What is done about one car in a cycle.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::task::Task;
use super::{Cadence, CarCycle, Watched};
use crate::car::{Car, DataSet, Support, Update};
use crate::wake::{Attended, Seen, WakeOptions};
use crate::{HttpService, ToyotaClient};

/// By what cars are watched.
#[derive(Debug)]
pub(super) struct Round<S> {
    pub(super) client: ToyotaClient<S>,
    pub(super) cadence: Cadence,
    pub(super) wakes: WakeOptions,
    pub(super) zone: TimeZone,
}

impl<S> Round<S> {
    pub(super) fn new(client: ToyotaClient<S>) -> Self {
        Self {
            client,
            cadence: Cadence::default(),
            wakes: WakeOptions::default(),
            zone: TimeZone::UTC,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.client.clock.now()
    }
}

impl<S: HttpService> Round<S> {
    /// Does one thing about a car.
    pub(super) async fn carry_out(&self, task: Task, watched: &mut Watched, done: &mut CarCycle) {
        let was_left_off = done.is_left_off();
        done.begins(task);
        match task {
            Task::Read(set) => self.read(set, watched, done).await,
            Task::Attend => self.attend(watched, done).await,
            Task::FollowCharge => self.follow_charge(watched, done).await,
        }
        done.ends(was_left_off);
    }

    async fn read(&self, set: DataSet, watched: &mut Watched, done: &mut CarCycle) {
        let others = DataSet::ALL.into_iter().filter(|it| *it != set);
        let update = Update::all().skip(others).past_cache();
        let update = update.in_zone(self.zone.clone());
        let report = self.client.update(&mut watched.car, &update).await;
        if let Some(outcome) = report.of(set) {
            watched.marks.asked(set, outcome, self.now());
        }
        done.read(&report);
    }

    /// Does what is to be done about doors and windows, and learns whether the car has moved.
    async fn attend(&self, watched: &mut Watched, done: &mut CarCycle) {
        let Watched { car, marks, .. } = watched;
        let has_status = car.supports(DataSet::Status) != Support::No;
        let options = WakeOptions {
            enabled: self.wakes.enabled && has_status,
            ..self.wakes
        };
        let (vin, seen) = (car.vin().clone(), seen(car, done));
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
                done.attended(Attended {
                    decision,
                    standing,
                    reading,
                });
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Status, error, self.now());
                done.failed(DataSet::Status, outcome);
            }
        }
    }

    /// Wakes a car that is charged: what its battery has stands still until then.
    async fn follow_charge(&self, watched: &mut Watched, done: &mut CarCycle) {
        let Watched { car, marks, .. } = watched;
        marks.charge_woken = Some(self.now());
        match self.client.wake_electric(car.vin()).await {
            Ok(reading) => {
                let reported = reading.reported;
                let how = reading.how;
                car.electric.take(reading.value, reported, self.now());
                done.charge(how);
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Electric, error, self.now());
                done.failed(DataSet::Electric, outcome);
            }
        }
    }
}

/// What was read of a car in this cycle, for who decides whether it moves.
fn seen(car: &Car, done: &CarCycle) -> Seen {
    let telemetry = car.telemetry.value();
    let telemetry = telemetry.filter(|_| done.has_updated(DataSet::Telemetry));
    let location = car.location.value();
    let location = location.filter(|_| done.has_updated(DataSet::Location));
    Seen {
        odometer: telemetry.and_then(|it| it.odometer),
        telemetry: telemetry.and_then(|it| it.timestamp),
        contact: location.and_then(|it| it.last_contact),
        status: car.status.history().reported(),
    }
}
