//! The API host: which routes it has, and how each is answered.

mod command;
pub(crate) mod envelope;
mod gate;
mod refusal;

use http::{HeaderName, Method, StatusCode};
use serde_json::Value;

pub use self::command::CarriedOut;
pub(crate) use self::{command::Commands, gate::caller};
use self::{command::Order, refusal::Refusal};
use crate::{
    account::{Account, Car, Payload},
    exchange::{Exchange, header},
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
    /// What the car that the `vin` header names is to do.
    Command,
}

pub(crate) static ENDPOINTS: [Endpoint; 4] = [
    Endpoint {
        route: Route::Vehicles,
        method: Method::GET,
        path: "/v2/vehicle/guid",
        subject: Subject::Account(vehicles),
    },
    Endpoint {
        route: Route::Location,
        method: Method::GET,
        path: "/v1/location",
        subject: Subject::Car(|car| envelope::plain(car.get(Payload::Location))),
    },
    Endpoint {
        route: Route::Telemetry,
        method: Method::GET,
        path: "/v3/telemetry",
        subject: Subject::Car(|car| envelope::plain(car.get(Payload::Telemetry))),
    },
    Endpoint {
        route: Route::Command,
        method: Method::POST,
        path: "/v1/global/remote/command",
        subject: Subject::Command,
    },
];

/// Answers a call of a route that there is.
pub(crate) fn answer(world: &mut World, exchange: &Exchange<'_>, endpoint: &Endpoint) -> Reply {
    let reply = match serve(world, exchange, endpoint.subject) {
        Ok(body) => reply::json(StatusCode::OK, &body),
        Err(refusal) => refusal.into_reply(),
    };
    stamp(reply, &mut world.random)
}

/// Answers a call of a route that there is not.
pub(crate) fn answer_unknown(world: &mut World) -> Reply {
    stamp(Refusal::Unauthorized.into_reply(), &mut world.random)
}

fn serve(world: &mut World, exchange: &Exchange<'_>, subject: Subject) -> Result<Value, Refusal> {
    let account = gate::admit(world, exchange)?;
    match subject {
        Subject::Account(body) => Ok(body(account)),
        Subject::Car(body) => car(account, exchange).map(body),
        Subject::Command => {
            let order = Order::read(account, exchange)?;
            command::carry_out(world, order)
        }
    }
}

fn car<'a>(account: &'a Account, exchange: &Exchange<'_>) -> Result<&'a Car, Refusal> {
    let vin = header(exchange.headers(), "vin").ok_or(Refusal::MissingHeader("vin"))?;
    account.car(vin).ok_or(Refusal::NotMapped)
}

fn vehicles(account: &Account) -> Value {
    let list = account
        .cars()
        .iter()
        .filter_map(|car| car.get(Payload::Vehicle))
        .cloned()
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
