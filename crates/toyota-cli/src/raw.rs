//! Any request, for what has no command yet.

use std::fs::File;
use std::io::Read;

use http::Method;
use serde_json::Value;
use toyota_client::redact::redact;

use crate::args::Raw;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::prompt;
use crate::show;

/// More than any body of this API.
const LARGEST_BODY: u64 = 1024 * 1024;

/// Sends the request, after a question if it may change something, and prints the answer.
pub(crate) async fn send(raw: &Raw, caller: &Caller) -> Result<(), Failure> {
    let body = raw.body.as_deref().map(body).transpose()?;
    let car = match &raw.car {
        Some(name) => Some(car::find(caller, Some(name)).await?),
        None => None,
    };
    let (method, path) = (&raw.method, &raw.path);
    if ![Method::GET, Method::HEAD].contains(method) {
        let about = car.as_ref().map(|car| format!(" about {car}"));
        let question = format!("Send {method} {path}{}?", about.unwrap_or_default());
        prompt::confirm(&question, raw.yes)?;
    }
    let vin = car.map(|car| car.vin);
    let sending = caller.ask("sending the request", async |client| {
        let (method, vin, body) = (method.clone(), vin.as_ref(), body.as_ref());
        client.request(method, path, vin, body).await
    });
    let answer = sending.await?;
    if raw.unredacted {
        return show::print_json(&answer);
    }
    show::print_json(&redact(&answer))
}

/// A body: JSON, or the name of a file with it after an `@`.
fn body(text: &str) -> Result<Value, Failure> {
    let Some(path) = text.strip_prefix('@') else {
        return parse("--body", text);
    };
    let mut read = String::new();
    let file = File::open(path).and_then(|file| file.take(LARGEST_BODY).read_to_string(&mut read));
    file.map_err(|error| Failure::usage(format!("{path} cannot be read: {error}")))?;
    parse(path, &read)
}

/// The text is not told: it may hold anything.
fn parse(from: &str, text: &str) -> Result<Value, Failure> {
    let parsed = serde_json::from_str(text);
    parsed.map_err(|error| Failure::usage(format!("{from} is not JSON: {error}")))
}
