//! Commands to a car, the one thing here that is not harmless to do twice.

mod ledger;

use std::time::SystemTime;

use http::HeaderMap;
use ring::digest::{Digest, SHA256, digest};
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::ledger::CarriedOut;
use self::ledger::Ledger;
use super::{live::Call, refusal::Refusal};
use crate::{
    account::Car,
    bounded::BoundedMap,
    exchange::header,
    garage::{ClimateSettings, Task, Twin},
    route::Route,
    world::World,
};

/// The longest `idempotency-key`, in bytes.
const KEY_LIMIT: usize = 255;
/// What the gateway says of a command that it passes on.
const ACCEPTED: &str = "000000";
/// How many keys are remembered: the oldest is forgotten for a new one.
const KEYS: usize = 10_000;

/// One sort of command: how its body is read, and how its answer is wrapped.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) read: fn(&Value, &Car) -> Result<Wish, Refusal>,
    pub(super) envelope: fn(Option<Value>) -> Value,
}

/// What the body of a command asks for.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// The word for it.
    pub(super) command: String,
    /// What a car does about it that lives.
    pub(super) task: Option<Task>,
    /// What the service keeps for the next time.
    pub(super) saved: Option<ClimateSettings>,
}

impl Wish {
    pub(super) fn new(command: &str, task: Option<Task>) -> Self {
        Self {
            command: command.to_owned(),
            task,
            saved: None,
        }
    }

    /// Passes it on to the car, and keeps what is to be kept.
    fn pass_on(&self, twin: &mut Twin, now: SystemTime) {
        if let Some(saved) = &self.saved {
            twin.saved = saved.clone();
        }
        if let Some(task) = &self.task {
            twin.command(task.clone(), now);
        }
    }
}

/// What was carried out, and what under a key.
pub(crate) struct Commands {
    keyed: BoundedMap<Keyed>,
    ledger: Ledger,
}

/// What somebody wants of a car of theirs.
#[derive(Clone)]
pub(super) struct Order {
    guid: String,
    vin: String,
    route: Route,
    wish: Wish,
    body: Digest,
    envelope: fn(Option<Value>) -> Value,
    correlation_id: String,
    key: Option<String>,
}

#[derive(Clone)]
struct Keyed {
    vin: String,
    route: Route,
    body: Digest,
    app_request_no: Uuid,
}

impl Default for Commands {
    fn default() -> Self {
        Self {
            keyed: BoundedMap::new(KEYS),
            ledger: Ledger::default(),
        }
    }
}

impl Commands {
    /// Returns what was carried out, and forgets it; not so what is known by a key.
    pub(crate) fn take(&mut self) -> Vec<CarriedOut> {
        self.ledger.take()
    }
}

impl Order {
    pub(super) fn read(call: Call<'_>, route: Route, kind: &Kind) -> Result<Self, Refusal> {
        let exchange = call.exchange;
        let headers = exchange.headers();
        let body: Option<Value> = serde_json::from_slice(exchange.body()).ok();
        let guid = call.account.guid().to_owned();
        let car = call.car()?;
        let key = key(headers)?;
        let body = body.filter(Value::is_object).ok_or(Refusal::InvalidBody)?;
        let wish = (kind.read)(&body, car)?;
        if let (Some(task), Some(twin)) = (&wish.task, car.twin())
            && !task.suits(&twin.spec)
        {
            return Err(Refusal::UnsupportedCommand);
        }
        Ok(Self {
            vin: car.vin().to_owned(),
            route,
            wish,
            body: digest(&SHA256, exchange.body()),
            envelope: kind.envelope,
            correlation_id: header(headers, "x-correlationid")
                .unwrap_or_default()
                .to_owned(),
            // Each user has keys of their own. No key holds a line break.
            key: key.map(|key| format!("{key}\n{guid}")),
            guid,
        })
    }

    /// Returns what the gateway says of it, whatever comes of what it passed on, if it did.
    fn answer(&self, app_request_no: Uuid, return_code: &str) -> Value {
        (self.envelope)(Some(json!({
            "appRequestNo": app_request_no.to_string(),
            "returnCode": return_code,
        })))
    }
}

/// Carries an order out, unless it came under this key before: the car hears of it, which the
/// account at this place has.
pub(super) fn carry_out(
    world: &mut World,
    order: Order,
    place: usize,
    now: SystemTime,
) -> Result<Value, Refusal> {
    let Commands { keyed, ledger } = &mut world.commands;
    if let Some(before) = order.key.as_ref().and_then(|key| keyed.get(key)) {
        return if before.is(&order) {
            Ok(order.answer(before.app_request_no, ACCEPTED))
        } else {
            Err(Refusal::ReusedKey)
        };
    }

    let account = world.accounts.at(place);
    let car = account.and_then(|account| account.car_mut(&order.vin));
    let mut twin = car.and_then(Car::twin_mut);
    let app_request_no = world.random.uuid();
    if let Some(code) = twin.as_ref().and_then(|it| it.behaviour.refusal.as_ref()) {
        return Ok(order.answer(app_request_no, code));
    }

    world.counters.commands_carried_out += 1;
    if ledger.note(&order) > 1 {
        world.counters.commands_repeated += 1;
    }
    if let Some(twin) = &mut twin {
        order.wish.pass_on(twin, now);
    }
    let answer = order.answer(app_request_no, ACCEPTED);
    if let Some(key) = order.key {
        let carried_out = Keyed {
            vin: order.vin,
            route: order.route,
            body: order.body,
            app_request_no,
        };
        keyed.insert(key, carried_out);
    }
    Ok(answer)
}

impl Keyed {
    fn is(&self, order: &Order) -> bool {
        let new = (&order.vin, order.route, order.body.as_ref());
        (&self.vin, self.route, self.body.as_ref()) == new
    }
}

/// Returns the key that tells a repeat; one that cannot be told from others is refused, not
/// overlooked.
fn key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let (key, more) = (keys.next(), keys.next());
    let Some(key) = key else {
        return Ok(None);
    };
    key.to_str()
        .ok()
        .map(str::trim)
        .filter(|key| (1..=KEY_LIMIT).contains(&key.len()) && more.is_none())
        .map(Some)
        .ok_or(Refusal::InvalidKey)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_key_is_one_text_of_bounded_length() {
        let long = "k".repeat(KEY_LIMIT);
        let longer = "k".repeat(KEY_LIMIT + 1);
        for (values, expected) in [
            (&[][..], Ok(None)),
            (&[b"7".as_slice()][..], Ok(Some("7"))),
            (&[long.as_bytes()], Ok(Some(long.as_str()))),
            (&[longer.as_bytes()], Err(Refusal::InvalidKey)),
            (&[b""], Err(Refusal::InvalidKey)),
            (&[b"\xff"], Err(Refusal::InvalidKey)),
            (&[b"7", b"8"], Err(Refusal::InvalidKey)),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("idempotency-key", HeaderValue::from_bytes(value).unwrap());
            }

            assert_eq!(key(&headers), expected);
        }
    }
}
