//! What tests do with the cars, and with the routes that lead to them.

use std::time::Duration;

use serde_json::Value;

use super::Simulator;
use crate::{
    account::{Account, Car, Fence, Payload},
    counters::CarCounters,
    garage::{CarState, PlannedDrive, Routine, Twin, WakeBehaviour},
    route::{Families, Route},
};

/// How long and how far cars are driven that somebody wants to see driven.
const OUTING: Duration = Duration::from_secs(10 * 60);
const OUTING_METRES: u32 = 6000;

/// The cars are found by their VINs, in all accounts. What is done to one that is not there comes to
/// nothing; so does, to one that does not live, what changes its life.
impl Simulator {
    /// Chooses which routes answer of those that have moved; it lifts and builds fences.
    pub fn set_families(&self, families: Families) {
        self.shared.world().set_families(families);
    }

    /// Has the gateway refuse a route to everybody, with 403 `APIGW-403` `Unauthorized`, as it does
    /// with those that were put out of reach.
    pub fn fence(&self, route: Route) {
        self.shared.world().fences.insert(route);
    }

    /// Opens a route that was fenced.
    pub fn unfence(&self, route: Route) {
        self.shared.world().fences.remove(&route);
    }

    /// Refuses a route to one car, as the service does with some long before it does with all.
    pub fn fence_car(&self, vin: &str, route: Route) {
        self.with_car(vin, |car| car.fence(route, Fence::Closed));
    }

    /// Has a route fail for one car with 500 `ONE-GLOBAL-RS-40000`, as for one whose modem lacks it.
    pub fn fail_car(&self, vin: &str, route: Route) {
        self.with_car(vin, |car| car.fence(route, Fence::Failing));
    }

    /// Opens a route to one car that was fenced for it alone, or failed.
    pub fn unfence_car(&self, vin: &str, route: Route) {
        self.with_car(vin, |car| car.unfence(route));
    }

    /// Returns what the API answers about a car now, though a fence or a cold cache may withhold it.
    #[must_use]
    pub fn payload(&self, vin: &str, payload: Payload) -> Option<Value> {
        self.with_car(vin, |car| car.payload(payload))?
    }

    /// Returns how a car is now, whatever the service knows of it.
    #[must_use]
    pub fn car_state(&self, vin: &str) -> Option<CarState> {
        self.with_twin(vin, |twin| twin.state.clone())
    }

    /// Changes how a car is, as somebody does who stands beside it: the service hears of it when the
    /// car next reports.
    ///
    /// No request is served meanwhile, and `edit` must not call the simulator.
    pub fn edit_car_state<R>(&self, vin: &str, edit: impl FnOnce(&mut CarState) -> R) -> Option<R> {
        self.with_twin(vin, |twin| edit(&mut twin.state))
    }

    /// Has a car report all of itself, as it does when it is parked.
    pub fn report(&self, vin: &str) {
        let now = self.shared.clock.now();
        self.with_twin(vin, |twin| twin.report(now));
    }

    /// Chooses how a car is woken, and how long the service remembers what it said.
    pub fn set_wakes(&self, vin: &str, behaviour: WakeBehaviour) {
        self.with_twin(vin, |twin| twin.behaviour = behaviour);
    }

    /// Chooses who drives a car from now on.
    pub fn set_routine(&self, vin: &str, routine: Routine) {
        self.with_twin(vin, |twin| twin.set_routine(routine));
    }

    /// Sends a car on a drive at its time, or at once if that is past.
    pub fn drive(&self, vin: &str, drive: PlannedDrive) {
        let now = self.shared.clock.now();
        self.with_twin(vin, |twin| twin.drive(drive, now));
    }

    /// Has every car be driven: away from where it is, now and for ten minutes, and from then on by the
    /// habits of its driver.
    pub fn drive_all(&self) {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        for car in world.accounts.iter_mut().flat_map(Account::cars_mut) {
            car.live_until(now);
            if let Some(twin) = car.twin_mut() {
                let away = twin.state.position.towards(1.0, OUTING_METRES);
                let kilometres = f64::from(OUTING_METRES) / 1000.0;
                twin.drive(PlannedDrive::new(now, OUTING, kilometres, away), now);
                twin.set_routine(Routine::Habitual);
            }
        }
    }

    /// Returns what has been counted of a car so far.
    #[must_use]
    pub fn car_counters(&self, vin: &str) -> CarCounters {
        let world = self.shared.world();
        world.tallies.of(vin)
    }

    /// Lets a car live until now, and asks it something.
    fn with_car<R>(&self, vin: &str, ask: impl FnOnce(&mut Car) -> R) -> Option<R> {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        let car = world.accounts.car(vin)?;
        car.live_until(now);
        Some(ask(car))
    }

    fn with_twin<R>(&self, vin: &str, ask: impl FnOnce(&mut Twin) -> R) -> Option<R> {
        self.with_car(vin, |car| car.twin_mut().map(ask))?
    }
}
