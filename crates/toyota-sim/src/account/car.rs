//! One car and what the API says about it.

use std::{collections::BTreeMap, fmt, time::SystemTime};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    garage::{Drives, Habits, Twin},
    payload::{self, trips},
    route::Route,
};

/// One kind of answer about a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Payload {
    /// The car's element of the vehicle list.
    Vehicle,
    /// Where it is parked.
    Location,
    /// Odometer, fuel and battery.
    Telemetry,
    /// Warning lights and engine oil.
    Health,
    /// A page of its trips: the newest ones with all that can be asked for, or, once it is
    /// [set](Car::set), whatever is asked for.
    Trips,
    /// One of its trips: the newest one, or, once it is [set](Car::set), whichever is asked for.
    Trip,
    /// What was done to it, and where; a car without has an answer that is empty, `{}`.
    ServiceHistory,
    /// The odometer alone, which is that of its telemetry unless it is [set](Car::set).
    Odometer,
    /// Battery, charging and ranges.
    Electric,
    /// The same by its old route.
    OldElectric,
    /// Doors, windows and lights.
    Status,
    /// The same by its old route.
    OldStatus,
    /// What the climate control does.
    ClimateStatus,
    /// The same by its old route.
    OldClimateStatus,
    /// What the climate control is to do.
    ClimateSettings,
    /// The same by its old route.
    OldClimateSettings,
    /// The list of the car's notifications.
    Notifications,
}

/// What comes of a route that is not for a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    Closed,
    Failing,
}

/// A car of the garage: a VIN and an answer of each kind.
///
/// The cars of [`Account::demo`](crate::Account::demo) live: they charge, drive and obey commands,
/// and what is answered about them follows. A car that is made by [`Car::new`] has nothing but the
/// free JSON that it is given. Such JSON is answered of a living car too, in place of what its state
/// would be.
///
/// A payload that a car lacks is left out of the answer's envelope, and a car without a
/// [`Payload::Vehicle`] is left out of the vehicle list.
#[derive(Clone, PartialEq)]
pub struct Car {
    vin: String,
    /// What is answered whatever the state is; none means nothing.
    forced: BTreeMap<Payload, Option<Value>>,
    /// What is answered until the car has something newer to say.
    delivered: BTreeMap<Payload, Value>,
    twin: Option<Box<Twin>>,
    /// The routes that are refused to it, or fail.
    fences: BTreeMap<Route, Fence>,
    drives: Drives,
    habits: Option<Habits>,
}

impl Car {
    /// Creates a car without payloads; the VIN may be any text.
    #[must_use]
    pub fn new(vin: impl Into<String>) -> Self {
        Self {
            vin: vin.into(),
            forced: BTreeMap::new(),
            delivered: BTreeMap::new(),
            twin: None,
            fences: BTreeMap::new(),
            drives: Drives::default(),
            habits: None,
        }
    }

    /// Gives the car a life, and what is answered until something happens in it.
    pub(crate) fn alive(mut self, twin: Twin, delivered: BTreeMap<Payload, Value>) -> Self {
        self.twin = Some(Box::new(twin));
        self.delivered = delivered;
        self
    }

    /// Sets what the API answers about the car.
    #[must_use]
    pub fn with(mut self, payload: Payload, value: Value) -> Self {
        self.set(payload, value);
        self
    }

    /// Returns the VIN, which the `vin` header must name.
    #[must_use]
    pub fn vin(&self) -> &str {
        &self.vin
    }

    /// Returns what the car came with, or was given since; none of what its state makes of itself,
    /// for which there is [`payload`](Self::payload).
    #[must_use]
    pub fn get(&self, payload: Payload) -> Option<&Value> {
        match self.forced.get(&payload) {
            Some(forced) => forced.as_ref(),
            None => self.delivered.get(&payload),
        }
    }

    /// Returns what the API answers about the car, to change it; a payload that the car lacks
    /// appears as null.
    ///
    /// From now on it is this that is answered, whatever happens to the car.
    pub fn get_mut(&mut self, payload: Payload) -> &mut Value {
        let now = self.payload(payload);
        self.forced
            .entry(payload)
            .or_insert(now)
            .get_or_insert_default()
    }

    /// Sets what the API answers about the car, whatever happens to it.
    pub fn set(&mut self, payload: Payload, value: Value) {
        self.forced.insert(payload, Some(value));
    }

    /// Takes a payload away and returns it.
    pub fn remove(&mut self, payload: Payload) -> Option<Value> {
        let now = self.payload(payload);
        self.forced.insert(payload, None);
        now
    }

    /// Has the API answer again what the car's state makes of it, in place of what was
    /// [set](Self::set).
    pub fn release(&mut self, payload: Payload) {
        self.forced.remove(&payload);
    }

    /// Returns what the API answers about the car, as far as it has lived by now.
    #[must_use]
    pub fn payload(&self, payload: Payload) -> Option<Value> {
        if let Some(forced) = self.forced.get(&payload) {
            return forced.clone();
        }
        let delivered = self.delivered.get(&payload);
        match &self.twin {
            _ if payload == Payload::Odometer => self.odometer(),
            _ if payload == Payload::Trips => written(trips::recent(self)),
            _ if payload == Payload::Trip => written(trips::newest(self)),
            Some(twin) if payload == Payload::Notifications => {
                Some(payload::notices(&self.vin, twin, self.name()))
            }
            Some(twin) => payload::render(&self.vin, twin, payload, delivered),
            None => delivered.cloned(),
        }
    }

    /// Returns the odometer, which is that of the telemetry.
    fn odometer(&self) -> Option<Value> {
        let telemetry = self.payload(Payload::Telemetry)?;
        Some(json!({
            "mileage": telemetry.get("odometer")?,
            "timestamp": telemetry.get("timestamp"),
            "lastUpdateTimestamp": telemetry.get("timestamp"),
            "isValidTimestamp": true,
        }))
    }

    /// Returns what its driver calls it, or else what its maker does.
    fn name(&self) -> &str {
        let vehicle = self.get(Payload::Vehicle);
        let text = |key| vehicle?.get(key)?.as_str();
        text("nickName")
            .or_else(|| text("carlineName"))
            .unwrap_or("Your car")
    }

    /// Returns whether a payload was [set](Self::set) or taken away.
    pub(crate) fn is_forced(&self, payload: Payload) -> bool {
        self.forced.contains_key(&payload)
    }

    /// Sets how the car is used: in the year before the simulator starts, and after, if it is driven.
    pub(crate) fn used(mut self, habits: Habits) -> Self {
        self.habits = Some(habits);
        self
    }

    /// Lets the car remember the year before now, unless it remembers something.
    pub(crate) fn remember(&mut self, now: SystemTime) {
        if let Some(habits) = &self.habits
            && self.drives.iter().len() == 0
        {
            for drive in habits.year_before(now) {
                self.drives.push(drive);
            }
        }
    }

    /// Returns the drives that the car remembers.
    pub(crate) fn drives(&self) -> &Drives {
        &self.drives
    }

    pub(crate) fn fence(&mut self, route: Route, fence: Fence) {
        self.fences.insert(route, fence);
    }

    pub(crate) fn unfence(&mut self, route: Route) {
        self.fences.remove(&route);
    }

    /// Returns what keeps this route from answering of it, if anything does.
    pub(crate) fn fenced(&self, route: Route) -> Option<Fence> {
        self.fences.get(&route).copied()
    }

    pub(crate) fn twin(&self) -> Option<&Twin> {
        self.twin.as_deref()
    }

    pub(crate) fn twin_mut(&mut self) -> Option<&mut Twin> {
        self.twin.as_deref_mut()
    }

    /// Lets everything happen that happens to the car until `now`.
    pub(crate) fn live_until(&mut self, now: SystemTime) {
        if let Some(twin) = &mut self.twin {
            twin.live_until(now, self.habits.as_ref(), &mut self.drives);
        }
    }
}

impl fmt::Debug for Car {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Car")
            .field("payloads", &self.forced.keys())
            .field("alive", &self.twin.is_some())
            .finish_non_exhaustive()
    }
}

/// Returns a payload as JSON; none of one that does not exist.
fn written(payload: Option<impl Serialize>) -> Option<Value> {
    serde_json::to_value(payload?).ok()
}
