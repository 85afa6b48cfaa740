//! Commands to a car, the one thing here that is not harmless to do twice.

mod ledger;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::ledger::CarriedOut;
use self::ledger::Ledger;
use super::{envelope, refusal::Refusal};
use crate::{
    account::Account,
    bounded::BoundedMap,
    exchange::{Exchange, header},
    world::World,
};

/// The longest command and the longest `idempotency-key`, in bytes.
const COMMAND_LIMIT: usize = 64;
const KEY_LIMIT: usize = 255;
/// How many keys are remembered: the oldest is forgotten for a new one.
const KEYS: usize = 10_000;

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
    command: String,
    correlation_id: String,
    key: Option<String>,
}

#[derive(Clone)]
struct Keyed {
    vin: String,
    command: String,
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
    pub(super) fn read(account: &Account, exchange: &Exchange<'_>) -> Result<Self, Refusal> {
        let headers = exchange.headers();
        let car = super::car(account, exchange)?;
        let key = key(headers)?;
        Ok(Self {
            guid: account.guid().to_owned(),
            vin: car.vin().to_owned(),
            command: command(exchange.body()).ok_or(Refusal::InvalidBody)?,
            correlation_id: header(headers, "x-correlationid")
                .unwrap_or_default()
                .to_owned(),
            // Each user has keys of their own. No key holds a line break.
            key: key.map(|key| format!("{key}\n{}", account.guid())),
        })
    }
}

/// Carries an order out, unless it came under this key before.
pub(super) fn carry_out(world: &mut World, order: Order) -> Result<Value, Refusal> {
    let Commands { keyed, ledger } = &mut world.commands;
    if let Some(before) = order.key.as_ref().and_then(|key| keyed.get(key)) {
        return if (&before.vin, &before.command) == (&order.vin, &order.command) {
            Ok(accepted(before.app_request_no))
        } else {
            Err(Refusal::ReusedKey)
        };
    }

    world.counters.commands_carried_out += 1;
    if ledger.note(&order) > 1 {
        world.counters.commands_repeated += 1;
    }
    let app_request_no = world.random.uuid();
    if let Some(key) = order.key {
        let Order { vin, command, .. } = order;
        let carried_out = Keyed {
            vin,
            command,
            app_request_no,
        };
        keyed.insert(key, carried_out);
    }
    Ok(accepted(app_request_no))
}

fn accepted(app_request_no: Uuid) -> Value {
    envelope::messages(
        "ONE-GLOBAL-RS-10000",
        "Request Processed successfully",
        json!({
            "appRequestNo": app_request_no.to_string(),
            "returnCode": "000000",
        }),
    )
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

fn command(body: &Bytes) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let command = body.as_object()?.get("command")?.as_str()?;
    (1..=COMMAND_LIMIT)
        .contains(&command.len())
        .then(|| command.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_command_is_a_short_text_in_an_object() {
        let long = |length| json!({"command": "x".repeat(length)}).to_string();
        for (body, expected) in [
            (r#"{"command": "door-lock"}"#.to_owned(), Some(9)),
            (
                r#"{"command": "buzzer", "beepCount": 3}"#.to_owned(),
                Some(6),
            ),
            (long(COMMAND_LIMIT), Some(COMMAND_LIMIT)),
            (long(COMMAND_LIMIT + 1), None),
            (long(0), None),
            (r#"{"command": 7}"#.to_owned(), None),
            (r#"{"order": "door-lock"}"#.to_owned(), None),
            (r#"["command"]"#.to_owned(), None),
            (r#"{"command": "door-lock""#.to_owned(), None),
            ("[".repeat(100_000), None),
            (String::new(), None),
        ] {
            let found = command(&Bytes::from(body.clone())).map(|command| command.len());

            assert_eq!(found, expected, "{body:.80}");
        }
    }

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
