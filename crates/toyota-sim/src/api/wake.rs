//! Wakes: requests that make a car report what the service has not heard for a while.

use serde_json::{Value, json};

use super::{envelope, live::Call, refusal::Refusal};
use crate::{
    exchange::header,
    garage::{Answer, Wake},
};

const ACCEPTED: &str = "000000";
const REJECTED: &str = "010001";
/// What a wake of before had to say of the phone that it came from.
const PHONE: [&str; 2] = ["deviceId", "deviceType"];

pub(super) fn electric(call: Call<'_>) -> Result<Value, Refusal> {
    wake(call, Wake::Electric).map(envelope::remote)
}

pub(super) fn status(call: Call<'_>) -> Result<Value, Refusal> {
    wake(call, Wake::Status).map(envelope::service)
}

pub(super) fn old_status(call: Call<'_>) -> Result<Value, Refusal> {
    introduced(&call)?;
    wake(call, Wake::Status).map(envelope::remote)
}

pub(super) fn climate(call: Call<'_>) -> Result<Value, Refusal> {
    wake(call, Wake::Climate).map(envelope::service)
}

pub(super) fn old_climate(call: Call<'_>) -> Result<Value, Refusal> {
    wake(call, Wake::Climate).map(envelope::remote)
}

/// Checks that the body says which phone asks, of whom, about which car.
fn introduced(call: &Call<'_>) -> Result<(), Refusal> {
    let body: Value = serde_json::from_slice(call.exchange.body()).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let vin = header(call.exchange.headers(), "vin");
    let introduced = PHONE.iter().all(|name| text(name).is_some())
        && text("guid") == Some(call.account.guid())
        && text("vin") == vin;
    introduced.then_some(()).ok_or(Refusal::Interrupted)
}

/// Passes a wake on, and returns what its answer holds.
fn wake(call: Call<'_>, wake: Wake) -> Result<Option<Value>, Refusal> {
    let now = call.exchange.now();
    let number = call.random.uuid();
    let (car, tallies) = call.car_and_tallies()?;
    let mut return_code = ACCEPTED;
    if let Some(twin) = car.twin_mut() {
        if !wake.suits(&twin.spec) {
            return Err(Refusal::Interrupted);
        }
        match twin.behaviour.answer {
            Answer::Report | Answer::Silence => twin.wake(wake, now),
            Answer::Rejection => return_code = REJECTED,
            Answer::Forbidden => return Err(Refusal::Unauthorized),
            Answer::Failure => return Err(Refusal::Interrupted),
        }
    }
    if return_code == ACCEPTED {
        tallies.wake(car.vin());
    }
    Ok(Some(json!({
        "appRequestNo": number.to_string(),
        "returnCode": return_code,
    })))
}
