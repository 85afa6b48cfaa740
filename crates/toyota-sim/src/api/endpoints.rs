//! The routes of the API, and what each speaks of.

use http::Method;
use serde_json::Value;

use super::{
    charge, climate, command::Kind, envelope, holder, live, live::Call, refusal::Refusal, remote,
    trips, upkeep, vehicles, wake,
};
use crate::{
    account::{Account, Car, Payload},
    reply::Reply,
    route::Route,
};

/// One route of the API.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) route: Route,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(super) subject: Subject,
}

/// What a route speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    /// The user who calls.
    Account(fn(&Account) -> Value),
    /// The car that the `vin` header names.
    Car(fn(&Car) -> Value),
    /// The car that the `vin` header names, which may refuse, or be changed.
    Live(fn(Call<'_>) -> Result<Value, Refusal>),
    /// What the car that the `vin` header names is to do.
    Command(&'static Kind),
    /// The same, for an answer that is too long to be held twice.
    Long(fn(Call<'_>) -> Result<Reply, Refusal>),
}

/// What stands in an endpoint's path for a last segment of any kind.
const ANY_SEGMENT: &str = "{id}";

impl Endpoint {
    const fn get(route: Route, path: &'static str, subject: Subject) -> Self {
        Self::new(route, Method::GET, path, subject)
    }

    const fn post(route: Route, path: &'static str, subject: Subject) -> Self {
        Self::new(route, Method::POST, path, subject)
    }

    const fn new(route: Route, method: Method, path: &'static str, subject: Subject) -> Self {
        Self {
            route,
            method,
            path,
            subject,
        }
    }

    /// Returns whether a request for this path comes here.
    pub(crate) fn leads_from(&self, path: &str) -> bool {
        match self.path.strip_suffix(ANY_SEGMENT) {
            Some(start) => path
                .strip_prefix(start)
                .is_some_and(|segment| !segment.is_empty() && !segment.contains('/')),
            None => self.path == path,
        }
    }
}

pub(crate) static ENDPOINTS: [Endpoint; 29] = [
    Endpoint::get(
        Route::Vehicles,
        "/v2/vehicle/guid",
        Subject::Live(vehicles::list),
    ),
    Endpoint::get(
        Route::Location,
        "/v1/location",
        Subject::Car(|car| plain(car, Payload::Location)),
    ),
    Endpoint::get(
        Route::Telemetry,
        "/v3/telemetry",
        Subject::Car(|car| plain(car, Payload::Telemetry)),
    ),
    Endpoint::post(
        Route::Command,
        "/v1/global/remote/command",
        Subject::Command(&remote::COMMAND),
    ),
    Endpoint::new(
        Route::Nickname,
        Method::PUT,
        "/v1/vehicle-association/vehicle",
        Subject::Live(vehicles::name),
    ),
    Endpoint::get(
        Route::Health,
        "/v1/vehiclehealth/status",
        Subject::Car(upkeep::health),
    ),
    Endpoint::get(Route::Trips, "/v1/trips", Subject::Long(trips::page)),
    Endpoint::get(Route::Trip, "/v1/trips/{id}", Subject::Long(trips::one)),
    Endpoint::get(
        Route::ServiceHistory,
        "/v1/servicehistory/vehicle/summary",
        Subject::Car(upkeep::service_history),
    ),
    Endpoint::get(
        Route::Odometer,
        "/v1/odometer",
        Subject::Car(upkeep::odometer),
    ),
    Endpoint::get(
        Route::Account,
        "/v4/account",
        Subject::Account(holder::account),
    ),
    Endpoint::get(
        Route::Notifications,
        "/v2/notification/history",
        Subject::Live(live::notifications),
    ),
    Endpoint::get(
        Route::Electric,
        "/v1/vehicle/electric/status",
        Subject::Live(live::electric),
    ),
    Endpoint::get(
        Route::OldElectric,
        "/v1/global/remote/electric/status",
        Subject::Live(live::old_electric),
    ),
    Endpoint::post(
        Route::ElectricWake,
        "/v1/global/remote/electric/realtime-status",
        Subject::Live(wake::electric),
    ),
    Endpoint::post(
        Route::ChargeCommand,
        "/v1/global/remote/electric/command",
        Subject::Command(&charge::COMMAND),
    ),
    Endpoint::get(
        Route::Status,
        "/v1/vehicle/status",
        Subject::Live(live::status),
    ),
    Endpoint::get(
        Route::OldStatus,
        "/v1/global/remote/status",
        Subject::Live(live::old_status),
    ),
    Endpoint::post(
        Route::StatusWake,
        "/v1/remote/status",
        Subject::Live(wake::status),
    ),
    Endpoint::post(
        Route::OldStatusWake,
        "/v1/global/remote/refresh-status",
        Subject::Live(wake::old_status),
    ),
    Endpoint::get(
        Route::ClimateStatus,
        "/v1/vehicle/climate-status",
        Subject::Live(live::climate_status),
    ),
    Endpoint::get(
        Route::OldClimateStatus,
        "/v1/global/remote/climate-status",
        Subject::Live(live::old_climate_status),
    ),
    Endpoint::get(
        Route::ClimateSettings,
        "/v1/vehicle/climate-settings",
        Subject::Live(live::climate_settings),
    ),
    Endpoint::get(
        Route::OldClimateSettings,
        "/v1/global/remote/climate-settings",
        Subject::Live(live::old_climate_settings),
    ),
    Endpoint::new(
        Route::OldClimateChange,
        Method::PUT,
        "/v1/global/remote/climate-settings",
        Subject::Live(climate::change),
    ),
    Endpoint::post(
        Route::ClimateWake,
        "/v1/remote/refresh-climate-status",
        Subject::Live(wake::climate),
    ),
    Endpoint::post(
        Route::OldClimateWake,
        "/v1/global/remote/refresh-climate-status",
        Subject::Live(wake::old_climate),
    ),
    Endpoint::post(
        Route::ClimateControl,
        "/v2/remote/climate-control",
        Subject::Command(&climate::CONTROL),
    ),
    Endpoint::post(
        Route::OldClimateControl,
        "/v1/global/remote/climate-control",
        Subject::Command(&climate::OLD_CONTROL),
    ),
];

fn plain(car: &Car, payload: Payload) -> Value {
    envelope::plain(car.payload(payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = include_str!("../../README.md");

    #[test]
    fn the_readme_names_every_route_and_its_request() {
        for Endpoint {
            route,
            method,
            path,
            ..
        } in &ENDPOINTS
        {
            // What was there before stands in the row of what is there now.
            let name = format!("{route:?}");
            let is_old = name.starts_with("Old") && name != "OldClimateChange";
            assert!(is_old || README.contains(&format!("`{name}`")), "{name}");
            assert!(README.contains(&format!("`{method} {path}")), "{path}");
        }
    }

    #[test]
    fn no_two_endpoints_are_reached_by_the_same_request() {
        for endpoint in &ENDPOINTS {
            let path = endpoint.path.replace(ANY_SEGMENT, "7");

            let reached = ENDPOINTS
                .iter()
                .filter(|other| other.method == endpoint.method && other.leads_from(&path));

            assert_eq!(reached.count(), 1, "{path}");
        }
    }

    #[test]
    fn a_path_with_a_segment_of_any_kind_has_one() {
        let trip = ENDPOINTS.iter().find(|it| it.route == Route::Trip).unwrap();

        assert!(trip.leads_from("/v1/trips/7"));
        for path in [
            "/v1/trips",
            "/v1/trips/",
            "/v1/trips/7/energy",
            "/v1/tripsy/7",
        ] {
            assert!(!trip.leads_from(path), "{path}");
        }
    }
}
