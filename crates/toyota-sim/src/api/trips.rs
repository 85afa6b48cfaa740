//! The trips of a car: what is asked, and what is refused.

mod query;

use super::{envelope, live::Call, refusal::Refusal};
use crate::{account::Payload, payload::trips, reply::Reply, route::Families};

const CODE: &str = "ONE-DA-200";

/// Answers with a page of trips.
pub(super) fn page(call: Call<'_>) -> Result<Reply, Refusal> {
    let (exchange, families) = (call.exchange, call.families);
    let car = call.car()?;
    let mut question = query::read(&exchange.query(), exchange.now())?;
    // The service of today tells the way of a trip when it is asked for that trip alone.
    question.route &= families != Families::NewOnly;
    if car.is_forced(Payload::Trips) {
        return Ok(envelope::told(CODE, &car.payload(Payload::Trips)));
    }
    let page = trips::page(car, &question, exchange.now());
    Ok(envelope::told(CODE, &page))
}

/// Answers with the trip that the path names, and its route.
pub(super) fn one(call: Call<'_>) -> Result<Reply, Refusal> {
    let exchange = call.exchange;
    let car = call.car()?;
    if car.is_forced(Payload::Trip) {
        return Ok(envelope::told(CODE, &car.payload(Payload::Trip)));
    }
    let id = exchange.path().rsplit('/').next().unwrap_or_default();
    let trip = trips::one(car, id, exchange.now()).ok_or(Refusal::NoSuchTrip)?;
    Ok(envelope::told(CODE, &trip))
}
