//! The API host: which routes it has, and how each is answered.

mod charge;
mod climate;
mod command;
pub(crate) mod envelope;
mod gate;
mod live;
mod refusal;
mod remote;
mod wake;

use http::{HeaderName, Method, StatusCode};
use serde_json::Value;

pub use self::command::CarriedOut;
pub(crate) use self::{command::Commands, gate::caller};
use self::{
    command::{Kind, Order},
    live::Call,
    refusal::Refusal,
};
use crate::{
    account::{Account, Car, Payload},
    exchange::Exchange,
    random::Random,
    reply::{self, Reply},
    route::Route,
    world::World,
};

/// One route of the API.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) route: Route,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    subject: Subject,
}

/// What a route speaks of.
#[derive(Clone, Copy, Debug)]
enum Subject {
    /// The user who calls.
    Account(fn(&Account) -> Value),
    /// The car that the `vin` header names.
    Car(fn(&Car) -> Value),
    /// The car that the `vin` header names, as it is now.
    Live(fn(Call<'_>) -> Result<Value, Refusal>),
    /// What the car that the `vin` header names is to do.
    Command(&'static Kind),
}

impl Endpoint {
    const fn get(route: Route, path: &'static str, subject: Subject) -> Self {
        Self::new(Method::GET, route, path, subject)
    }

    const fn post(route: Route, path: &'static str, subject: Subject) -> Self {
        Self::new(Method::POST, route, path, subject)
    }

    const fn new(method: Method, route: Route, path: &'static str, subject: Subject) -> Self {
        Self {
            route,
            method,
            path,
            subject,
        }
    }
}

#[rustfmt::skip]
pub(crate) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(Route::Vehicles, "/v2/vehicle/guid", Subject::Account(vehicles)),
    Endpoint::get(Route::Location, "/v1/location", Subject::Car(|car| plain(car, Payload::Location))),
    Endpoint::get(Route::Telemetry, "/v3/telemetry", Subject::Car(|car| plain(car, Payload::Telemetry))),
    Endpoint::post(Route::Command, "/v1/global/remote/command", Subject::Command(&remote::COMMAND)),
    Endpoint::get(Route::Electric, "/v1/vehicle/electric/status", Subject::Live(live::electric)),
    Endpoint::get(Route::OldElectric, "/v1/global/remote/electric/status", Subject::Live(live::old_electric)),
    Endpoint::post(Route::ElectricWake, "/v1/global/remote/electric/realtime-status", Subject::Live(wake::electric)),
    Endpoint::post(Route::ChargeCommand, "/v1/global/remote/electric/command", Subject::Command(&charge::COMMAND)),
    Endpoint::get(Route::Status, "/v1/vehicle/status", Subject::Live(live::status)),
    Endpoint::get(Route::OldStatus, "/v1/global/remote/status", Subject::Live(live::old_status)),
    Endpoint::post(Route::StatusWake, "/v1/remote/status", Subject::Live(wake::status)),
    Endpoint::post(Route::OldStatusWake, "/v1/global/remote/refresh-status", Subject::Live(wake::old_status)),
    Endpoint::get(Route::ClimateStatus, "/v1/vehicle/climate-status", Subject::Live(live::climate_status)),
    Endpoint::get(Route::OldClimateStatus, "/v1/global/remote/climate-status", Subject::Live(live::old_climate_status)),
    Endpoint::get(Route::ClimateSettings, "/v1/vehicle/climate-settings", Subject::Live(live::climate_settings)),
    Endpoint::get(Route::OldClimateSettings, "/v1/global/remote/climate-settings", Subject::Live(live::old_climate_settings)),
    Endpoint::new(Method::PUT, Route::OldClimateChange, "/v1/global/remote/climate-settings", Subject::Live(climate::change)),
    Endpoint::post(Route::ClimateWake, "/v1/remote/refresh-climate-status", Subject::Live(wake::climate)),
    Endpoint::post(Route::OldClimateWake, "/v1/global/remote/refresh-climate-status", Subject::Live(wake::old_climate)),
    Endpoint::post(Route::ClimateControl, "/v2/remote/climate-control", Subject::Command(&climate::CONTROL)),
    Endpoint::post(Route::OldClimateControl, "/v1/global/remote/climate-control", Subject::Command(&climate::OLD_CONTROL)),
    Endpoint::get(Route::Notifications, "/v2/notification/history", Subject::Live(live::notifications)),
];

/// Answers a call of a route that there is.
pub(crate) fn answer(world: &mut World, exchange: &Exchange<'_>, endpoint: &Endpoint) -> Reply {
    let fenced = world.fences.contains(&endpoint.route);
    let served = if fenced {
        Err(Refusal::Unauthorized)
    } else {
        serve(world, exchange, endpoint)
    };
    let reply = match served {
        Ok(body) => reply::json(StatusCode::OK, &body),
        Err(refusal) => refusal.into_reply(),
    };
    stamp(reply, &mut world.random)
}

/// Answers a call of a route that there is not.
pub(crate) fn answer_unknown(world: &mut World) -> Reply {
    stamp(Refusal::Unauthorized.into_reply(), &mut world.random)
}

fn serve(
    world: &mut World,
    exchange: &Exchange<'_>,
    endpoint: &Endpoint,
) -> Result<Value, Refusal> {
    let place = gate::admit(world, exchange)?;
    let call = Call::new(world, exchange, place)?;
    match endpoint.subject {
        Subject::Account(body) => Ok(body(call.account)),
        Subject::Car(body) => call.car().map(|car| body(car)),
        Subject::Live(answer) => answer(call),
        Subject::Command(kind) => {
            let order = Order::read(call, endpoint.route, kind)?;
            command::carry_out(world, order, place, exchange.now())
        }
    }
}

fn plain(car: &Car, payload: Payload) -> Value {
    envelope::plain(car.payload(payload))
}

fn vehicles(account: &Account) -> Value {
    let list = account
        .cars()
        .iter()
        .filter_map(|car| car.payload(Payload::Vehicle))
        .collect();
    envelope::messages("ONE-VL-10000", "Request Processed successfully", list)
}

/// Adds the identifiers that the gateway gives every answer.
pub(crate) fn stamp(mut reply: Reply, random: &mut Random) -> Reply {
    let trace = format!("Root=1-{}", random.hex());
    for (name, value) in [
        ("x-amzn-requestid", random.uuid().to_string()),
        ("x-amz-apigw-id", random.hex()),
        ("x-amzn-trace-id", trace),
    ] {
        reply::set_header(&mut reply, HeaderName::from_static(name), &value);
    }
    reply
}
