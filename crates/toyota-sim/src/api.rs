//! The API host: which routes it has, and how each is answered.

mod charge;
mod climate;
mod command;
mod endpoints;
mod entitled;
pub(crate) mod envelope;
mod gate;
mod holder;
mod live;
mod refusal;
mod remote;
mod signature;
mod trips;
mod upkeep;
mod vehicles;
mod wake;

use http::{HeaderName, StatusCode, header::DATE};

pub use self::command::CarriedOut;
pub(crate) use self::{
    command::Commands,
    endpoints::{ENDPOINTS, Endpoint},
    gate::caller,
};
use self::{command::Order, endpoints::Subject, live::Call, refusal::Refusal};
use crate::{
    account::{Account, Car, Fence},
    exchange::{Exchange, header},
    random::Random,
    reply::{self, Reply},
    world::World,
};

/// Answers a call of a route that there is.
pub(crate) fn answer(world: &mut World, exchange: &Exchange<'_>, endpoint: &Endpoint) -> Reply {
    let served = if world.fences.contains(&endpoint.route) {
        Err(Refusal::Unauthorized)
    } else {
        serve(world, exchange, endpoint)
    };
    let mut reply = served.unwrap_or_else(Refusal::into_reply);
    // By the clock that dates what it holds, and not by the system's, as the server would.
    let date = httpdate::fmt_http_date(exchange.now());
    reply::set_header(&mut reply, DATE, &date);
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
) -> Result<Reply, Refusal> {
    let place = gate::admit(world, exchange)?;
    entitled::check(world, exchange, endpoint.route)?;
    let call = Call::new(world, exchange, place)?;
    let fence = car(call.account, exchange).map(|car| car.fenced(endpoint.route));
    match fence.unwrap_or_default() {
        None => {}
        Some(Fence::Closed) => return Err(Refusal::Unauthorized),
        Some(Fence::Failing) => return Err(Refusal::Interrupted),
    }
    let body = match endpoint.subject {
        Subject::Account(body) => body(call.account),
        Subject::Car(body) => body(call.car()?),
        Subject::Live(answer) => answer(call)?,
        Subject::Long(answer) => return answer(call),
        Subject::Command(kind) => {
            let order = Order::read(call, endpoint.route, kind)?;
            command::carry_out(world, order, place, exchange.now())?
        }
    };
    Ok(reply::json(StatusCode::OK, &body))
}

fn car<'a>(account: &'a Account, exchange: &Exchange<'_>) -> Result<&'a Car, Refusal> {
    account.car(vin(exchange)?).ok_or(Refusal::NotMapped)
}

fn vin<'a>(exchange: &Exchange<'a>) -> Result<&'a str, Refusal> {
    header(exchange.headers(), "vin").ok_or(Refusal::MissingHeader("vin"))
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
