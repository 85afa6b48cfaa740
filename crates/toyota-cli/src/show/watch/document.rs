//! A cycle as a JSON document, on one line.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use toyota_client::Units;
use toyota_client::car::{Car, DataSet, DataState, Outcome};
use toyota_client::wake::{How, WakeLedger, WakeQuota, WakeQuotas};
use toyota_client::watch::CarCycle;

use super::state::{names, standing_name, state_name};
use crate::failure::Failure;
use crate::show::dashboard::member;
use crate::show::reading::how_document;
use crate::watch::{Doing, View, Watched};

/// All that is known after a cycle.
pub(super) fn document(view: &View, now: Timestamp, units: Units) -> Result<Value, Failure> {
    let last = view.last.as_ref();
    let cars = view
        .cars
        .iter()
        .map(|watched| car(watched, view, now, units));
    let unlisted = last.and_then(|last| last.cycle.unlisted.as_ref());
    let next = match view.doing {
        Doing::Waiting { left } => Some(left.as_secs()),
        Doing::Asking { .. } | Doing::Done => None,
    };
    Ok(json!({
        "at": now,
        "cycle": last.map(|last| last.number),
        "began": view.began(),
        "tookSeconds": last.map(|last| last.took.as_secs_f64()),
        "nextInSeconds": next,
        "error": unlisted.map(ToString::to_string),
        "cars": cars.collect::<Result<Vec<_>, _>>()?,
        "totals": view.totals,
    }))
}

fn car(watched: &Watched, view: &View, now: Timestamp, units: Units) -> Result<Value, Failure> {
    let car = &watched.car;
    let done = watched.done.as_ref();
    let sets = DataSet::ALL.map(|set| (member(set), data_set(car, set, done, view, now)));
    let value = |value: Result<Value, _>| value.map_err(Failure::internal);
    Ok(json!({
        "vin": car.vin(),
        "name": car.vehicle().name(),
        "locked": car.status.value().and_then(|it| it.is_locked()),
        "open": car.status.value().and_then(|it| it.is_open()),
        "dashboard": value(serde_json::to_value(car.dashboard(units)))?,
        "location": value(serde_json::to_value(car.location.value()))?,
        "status": value(serde_json::to_value(car.status.value()))?,
        "climateStatus": value(serde_json::to_value(car.climate_status.value()))?,
        "trips": value(serde_json::to_value(car.trips.value()))?,
        "dataSets": sets.into_iter().collect::<Map<_, _>>(),
        "wakes": wakes(watched, &view.quotas, now),
    }))
}

fn data_set(
    car: &Car,
    set: DataSet,
    done: Option<&CarCycle>,
    view: &View,
    now: Timestamp,
) -> Value {
    let history = car.history(set);
    let failure = history.failure();
    // It can be fresh all the same: what is known is young.
    let state: DataState = car.state(set, now, view.max_age(set));
    let asked = done.and_then(|done| outcome(done, set));
    json!({
        "state": state_name(state),
        "asked": asked,
        "ageSeconds": history.age(now).map(|age| age.as_secs()),
        "reported": history.reported(),
        "fetched": history.fetched(),
        "error": failure.map(|failure| failure.error.to_string()),
        "failuresInARow": failure.map_or(0, |failure| failure.in_a_row),
        "warnings": history.warnings(),
    })
}

/// What came of a data set in this cycle, if it was asked for.
fn outcome(done: &CarCycle, set: DataSet) -> Option<&'static str> {
    let mut outcomes = done.outcomes.iter().rev();
    let asked = outcomes
        .find(|(it, _)| *it == set)
        .map(|(_, outcome)| outcome);
    let attended = done.attended.as_ref().filter(|_| set == DataSet::Status);
    let read = attended.and_then(|it| it.reading.as_ref());
    match (asked, read) {
        (Some(Outcome::Updated), _) => Some("read"),
        (Some(Outcome::Empty), _) => Some("empty"),
        (Some(Outcome::Refused(_)), _) => Some("refused"),
        (Some(Outcome::Failed(_)), _) => Some("failed"),
        (_, Some(reading)) if reading.value.value.is_some() => Some("read"),
        (_, Some(_)) => Some("empty"),
        _ => None,
    }
}

fn wakes(watched: &Watched, quotas: &WakeQuotas, now: Timestamp) -> Value {
    let done = watched.done.as_ref();
    let attended = done.and_then(|done| done.attended.as_ref());
    let decided = attended.map(names);
    let reading = attended.and_then(|attended| attended.reading.as_ref());
    let charge = done.and_then(|done| done.charge.as_ref());
    json!({
        "standing": attended.map(|attended| standing_name(attended.standing)),
        "decision": decided.map(|(action, _)| action),
        "why": decided.map(|(_, why)| why),
        "status": of(&watched.wakes.status, quotas.status, reading.map(|it| &it.how), now),
        "electric": of(&watched.wakes.electric, quotas.electric, charge, now),
    })
}

/// How often a car may still be woken for something, and what came of it in this cycle.
fn of(ledger: &WakeLedger, quota: WakeQuota, how: Option<&How>, now: Timestamp) -> Value {
    json!({
        "left": ledger.left(quota, now),
        "last": ledger.last(),
        "comeBy": how.map(how_document),
    })
}
