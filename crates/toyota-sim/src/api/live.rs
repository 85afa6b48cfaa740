//! Reads of what a car has reported, in the words of either family of routes.

use serde_json::{Value, json};

use super::{envelope, refusal::Refusal};
use crate::{
    account::{Account, Car, Payload},
    counters::Tallies,
    exchange::Exchange,
    garage::STATUS,
    random::Random,
    route::Families,
    world::World,
};

/// A call of somebody who is known, about cars that have lived until now.
pub(super) struct Call<'a> {
    pub(super) account: &'a mut Account,
    pub(super) random: &'a mut Random,
    pub(super) tallies: &'a mut Tallies,
    pub(super) families: Families,
    pub(super) exchange: &'a Exchange<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        world: &'a mut World,
        exchange: &'a Exchange<'a>,
        place: usize,
    ) -> Result<Self, Refusal> {
        let account = world.accounts.at(place).ok_or(Refusal::AccessToken)?;
        account.live_until(exchange.now());
        Ok(Self {
            account,
            random: &mut world.random,
            tallies: &mut world.tallies,
            families: world.families,
            exchange,
        })
    }

    /// Returns the car that the `vin` header names.
    pub(super) fn car(self) -> Result<&'a mut Car, Refusal> {
        self.car_and_tallies().map(|(car, _)| car)
    }

    /// Returns the car that the `vin` header names, and where it is counted.
    pub(super) fn car_and_tallies(self) -> Result<(&'a mut Car, &'a mut Tallies), Refusal> {
        let vin = super::vin(self.exchange)?;
        let car = self.account.car_mut(vin).ok_or(Refusal::NotMapped)?;
        Ok((car, self.tallies))
    }
}

pub(super) fn electric(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::Electric).map(envelope::service)
}

pub(super) fn old_electric(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::OldElectric).map(envelope::remote)
}

pub(super) fn status(call: Call<'_>) -> Result<Value, Refusal> {
    read_status(call, Payload::Status).map(envelope::service)
}

pub(super) fn old_status(call: Call<'_>) -> Result<Value, Refusal> {
    read_status(call, Payload::OldStatus).map(envelope::remote)
}

pub(super) fn climate_status(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::ClimateStatus).map(envelope::service)
}

pub(super) fn old_climate_status(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::OldClimateStatus).map(envelope::remote)
}

pub(super) fn climate_settings(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::ClimateSettings).map(envelope::service)
}

pub(super) fn old_climate_settings(call: Call<'_>) -> Result<Value, Refusal> {
    read(call.car()?, Payload::OldClimateSettings).map(envelope::remote)
}

/// Returns what the phone was told, of all cars of whom one was asked about.
pub(super) fn notifications(call: Call<'_>) -> Result<Value, Refusal> {
    super::car(call.account, call.exchange)?;
    let account = call.account;
    let lists: Value = account
        .cars()
        .iter()
        .filter_map(|car| {
            let list = car.payload(Payload::Notifications)?;
            Some(json!({"vin": car.vin(), "notifications": list}))
        })
        .collect();
    Ok(envelope::notifications(account.guid(), lists))
}

/// Returns the status, if the service has not forgotten it.
fn read_status(call: Call<'_>, payload: Payload) -> Result<Option<Value>, Refusal> {
    let now = call.exchange.now();
    let car = call.car()?;
    if let Some(twin) = car.twin_mut() {
        let taken = twin.seen.newest(STATUS);
        let age = taken.and_then(|taken| now.duration_since(taken).ok());
        let cold = twin
            .behaviour
            .cold_after
            .is_some_and(|lifetime| age.is_some_and(|age| age >= lifetime));
        if cold || twin.throttles() {
            return Err(Refusal::Throttled);
        }
    }
    read(car, payload)
}

/// Returns what a car has to say; one that has no battery is not entitled, and one whose climate
/// cannot be reached fails.
fn read(car: &Car, payload: Payload) -> Result<Option<Value>, Refusal> {
    let answer = car.payload(payload);
    if answer.is_some() || car.is_forced(payload) || car.twin().is_none() {
        return Ok(answer);
    }
    Err(match payload {
        Payload::Electric | Payload::OldElectric => Refusal::Unauthorized,
        _ => Refusal::Interrupted,
    })
}
