//! What is repeated over real sockets: what arrives, what is done by it, what the caller gets.

mod connections;
mod faults;
mod sameness;
mod sign_in;
mod waits;

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use tests::{client_with, soon};
use tower::ServiceExt;
use tower_client_call::Idempotency;
use tower_client_retry::{RetryError, RetryLayerBuilder};
use toyota_client::cache::CacheError;
use toyota_client::{Body, Stack, ToyotaClient, Vin};
use toyota_sim::{Route, Simulator};

const SECOND: Duration = Duration::from_secs(1);
/// What an attempt may take where one is to be given up: far more than one that is answered takes.
const HASTE: Duration = Duration::from_millis(300);
const COMMAND: &str = "/v1/global/remote/command";
const VEHICLES: &str = "/v2/vehicle/guid";
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

async fn signed_in(sim: &Simulator, retry: RetryLayerBuilder) -> ToyotaClient {
    let client = client_with(sim, retry);
    soon(client.vehicles()).await.unwrap();
    client
}

/// What is asked, and whether it may be received twice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Read,
    ReadOnce,
    Command,
    Keyed,
    KeyedOnce,
    SaidRepeatable,
}

impl Ask {
    fn route(self) -> Route {
        match self {
            Self::Read | Self::ReadOnce => Route::Vehicles,
            Self::Command | Self::Keyed | Self::KeyedOnce | Self::SaidRepeatable => Route::Command,
        }
    }

    fn may_be_received_twice(self) -> bool {
        matches!(self, Self::Read | Self::Keyed | Self::SaidRepeatable)
    }

    /// Returns the request; its key, if it has one, is this.
    fn request(self, sim: &Simulator, key: &str) -> Request<Body> {
        let mut request = match self.route() {
            Route::Vehicles => Request::get(VEHICLES).body(Body::empty()).unwrap(),
            _ => command(sim, Body::from(r#"{"command": "door-lock"}"#)),
        };
        if matches!(self, Self::Keyed | Self::KeyedOnce) {
            let key = HeaderValue::from_str(key).unwrap();
            request.headers_mut().insert(KEY, key);
        }
        let said = match self {
            Self::Read | Self::Command | Self::Keyed => None,
            Self::ReadOnce | Self::KeyedOnce => Some(Idempotency::Once),
            Self::SaidRepeatable => Some(Idempotency::Repeatable),
        };
        if let Some(said) = said {
            request.extensions_mut().insert(said);
        }
        request
    }
}

fn command(sim: &Simulator, body: Body) -> Request<Body> {
    Request::post(COMMAND)
        .header("vin", first_car(sim).as_str())
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .unwrap()
}

/// Sends a request through the stack and reads the whole answer.
async fn send(stack: &Stack, request: Request<Body>) -> Result<(u16, Bytes), RetryError> {
    let answer = soon(stack.clone().oneshot(request)).await;
    let answer = answer.map_err(|error| {
        let error: Box<CacheError> = error.downcast().expect("the layer outside of it");
        let source = error.try_into_source().expect("nobody shares it");
        *source.downcast::<RetryError>().expect("the layer below")
    })?;
    let status = answer.status().as_u16();
    let body = soon(answer.into_body().collect()).await;
    let body = body.expect("an attempt ends with the end of its answer");
    Ok((status, body.to_bytes()))
}

fn first_car(sim: &Simulator) -> Vin {
    Vin::new(sim.account().cars()[0].vin()).unwrap()
}

fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}
