//! The cars of an account.

mod powertrain;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

pub use self::powertrain::{Fuel, Powertrain};
use super::decode::{Decode, Members, OBJECT, object};
use super::value::{Extra, Flags};
use super::warning::{Decoded, Path, Warnings};
use super::word::Word;
use crate::Vin;

/// The cars of an account.
pub type Vehicles = Vec<Vehicle>;

/// A car of the account: what it is, and what it is said to be able to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Vehicle {
    /// The car. An element of the list without a VIN is left out, with a warning.
    pub vin: Vin,
    /// The make: `T`, `L` or `S`.
    pub brand: Option<String>,
    /// The owner's name for it.
    pub nickname: Option<String>,
    /// The model line, such as `RAV4 PHEV`.
    pub carline: Option<String>,
    /// The model's name.
    pub model_name: Option<String>,
    /// The model's description.
    pub model_description: Option<String>,
    /// The model's description as the app shows it.
    pub display_model_description: Option<String>,
    /// The model's code, such as `RE`.
    pub model_code: Option<String>,
    /// The model year.
    pub model_year: Option<String>,
    /// The colour's code.
    pub color: Option<String>,
    /// The generation of the electronics, such as `17CYPLUS`.
    pub generation: Option<String>,
    /// The type approval code.
    pub katashiki: Option<String>,
    /// What it runs on, as registered. Sometimes wrong: see [`powertrain`](Self::powertrain).
    pub fuel_type: Option<Word<Fuel>>,
    /// The kind of transmission.
    pub transmission: Option<String>,
    /// The region it is registered in.
    pub region: Option<String>,
    /// The state of its registration, such as `ACTIVE`.
    pub status: Option<String>,
    /// The state of its subscription.
    pub subscription_status: Option<String>,
    /// The state of its subscription to remote services.
    pub remote_subscription_status: Option<String>,
    /// When it was first used.
    pub first_use: Option<Date>,
    /// When it was made.
    pub manufactured: Option<Date>,
    /// Whether it is registered as an electric vehicle. Sometimes wrong.
    pub ev_vehicle: Option<bool>,
    /// Whether its modem is active.
    pub dcm_active: Option<bool>,
    /// Whether this account owns it.
    pub owner: Option<bool>,
    /// Whether this account subscribed it.
    pub primary_subscriber: Option<bool>,
    /// Whether it is the one chosen in the app.
    pub preferred: Option<bool>,
    /// What the list of capabilities says.
    pub capabilities: Option<Vec<Capability>>,
    /// Flags of what it can do.
    pub extended_capabilities: Option<Flags>,
    /// Flags of what the app offers for it.
    pub features: Option<Flags>,
    /// Flags of what can be asked of it remotely.
    pub remote_service_capabilities: Option<Flags>,
    /// Its subscriptions.
    pub subscriptions: Option<Vec<Subscription>>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// An entry of the list of capabilities.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Capability {
    /// The name.
    pub name: Option<String>,
    /// Whether it is there.
    pub value: Option<bool>,
    /// Whether the app shows it.
    pub display: Option<bool>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A subscription of a car.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subscription {
    /// The product's name.
    pub product_name: Option<String>,
    /// The product's code.
    pub product_code: Option<String>,
    /// The state, such as `ACTIVE`.
    pub status: Option<String>,
    /// The first day.
    pub start: Option<Date>,
    /// The last day.
    pub end: Option<Date>,
    /// Days left.
    pub remaining_days: Option<f64>,
    /// What else the entry holds: its identifier starts with the VIN.
    #[serde(skip)]
    pub extra: Extra,
}

impl Vehicle {
    /// Reads the answer of `GET /v2/vehicle/guid`. Without a payload there are no cars.
    #[must_use]
    pub fn list_from_answer(answer: Value) -> Decoded<Vehicles> {
        let Decoded { value, warnings } = super::decode::payload(answer);
        let value: Option<Vehicles> = value;
        Decoded {
            value: value.unwrap_or_default(),
            warnings,
        }
    }

    /// Returns what to call it: the owner's name for it, or the model's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        [&self.nickname, &self.carline, &self.model_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.trim().is_empty())
    }
}

impl Decode for Vehicle {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, read)
    }
}

fn read(members: &mut Members<'_>) -> Option<Vehicle> {
    Some(Vehicle {
        vin: members.require("vin")?,
        brand: members.take("brand"),
        nickname: members.take("nickName"),
        carline: members.take("carlineName"),
        model_name: members.take("modelName"),
        model_description: members.take("modelDescription"),
        display_model_description: members.take("displayModelDescription"),
        model_code: members.take("modelCode"),
        model_year: members.take("modelYear"),
        color: members.take("color"),
        generation: members.take("generation"),
        katashiki: members.take("katashikiCode"),
        fuel_type: members.take("fuelType"),
        transmission: members.take("transmissionType"),
        region: members.take("region"),
        status: members.take("status"),
        subscription_status: members.take("subscriptionStatus"),
        remote_subscription_status: members.take("remoteSubscriptionStatus"),
        first_use: members.take("dateOfFirstUse"),
        manufactured: members.take("manufacturedDate"),
        ev_vehicle: members.take("evVehicle"),
        dcm_active: members.take("dcmActive"),
        owner: members.take("owner"),
        primary_subscriber: members.take("primarySubscriber"),
        preferred: members.take("preferred"),
        capabilities: members.take("capabilities"),
        extended_capabilities: members.take("extendedCapabilities"),
        features: members.take("features"),
        remote_service_capabilities: members.take("remoteServiceCapabilities"),
        subscriptions: members.take("subscriptions"),
        extra: members.rest(),
    })
}

impl Decode for Capability {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                name: members.take("name"),
                value: members.take("value"),
                display: members.take("display"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for Subscription {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                product_name: members.take("productName"),
                product_code: members.take("productCode"),
                status: members.take("status"),
                start: members.take("subscriptionStartDate"),
                end: members.take("subscriptionEndDate"),
                remaining_days: members.take("subscriptionRemainingDays"),
                extra: members.rest(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_car_without_a_vin_is_left_out_and_the_others_stay() {
        let answer = json!({"payload": [{"nickName": "a"}, {"vin": "V2"}, "x", {"vin": 5}]});

        let Decoded { value, warnings } = Vehicle::list_from_answer(answer);

        assert_eq!(value.len(), 1);
        let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "payload[0].vin: expected a VIN, found nothing",
                "payload[2]: expected an object, found a text",
                "payload[3].vin: expected a VIN, found a number",
            ]
        );
    }

    #[test]
    fn no_payload_means_no_cars() {
        for answer in [json!({}), json!({"payload": null}), json!({"payload": []})] {
            let decoded = Vehicle::list_from_answer(answer);

            assert!(decoded.value.is_empty() && decoded.warnings.is_empty());
        }
    }
}
