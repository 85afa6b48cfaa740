//! The shapes that the API wraps its answers in.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::reply::{self, Reply};

const OK: &str = "Request Processed successfully";

#[derive(Serialize)]
struct Told<'a, P: ?Sized> {
    status: Value,
    payload: &'a P,
}

/// Returns a good answer whose `status` holds messages, around a payload that is written straight
/// into it: one of trips can have megabytes.
pub(super) fn told<P: Serialize + ?Sized>(response_code: &str, payload: &P) -> Reply {
    let mut envelope = error(response_code, OK, OK);
    let status = envelope["status"].take();
    reply::json(StatusCode::OK, &Told { status, payload })
}

/// Returns the envelope whose `status` holds messages, around a payload.
pub(super) fn messages(response_code: &str, description: &str, payload: Value) -> Value {
    let mut envelope = error(response_code, description, description);
    envelope["payload"] = payload;
    envelope
}

/// Returns the envelope whose `status` holds messages, as an error.
pub(crate) fn error(response_code: &str, description: &str, detailed_description: &str) -> Value {
    json!({
        "status": {"messages": [{
            "responseCode": response_code,
            "description": description,
            "detailedDescription": detailed_description,
        }]},
    })
}

/// Returns the envelope of the old remote routes, around a payload if there is one.
pub(super) fn remote(payload: Option<Value>) -> Value {
    around(
        error(
            "ONE-GLOBAL-RS-10000",
            "Request Processed successfully",
            "Request Processed successfully",
        ),
        payload,
    )
}

/// Returns the envelope of the new remote routes, which names a service, around a payload if there
/// is one.
pub(super) fn service(payload: Option<Value>) -> Value {
    let mut envelope = error(
        "CTP-GENERIC-20001",
        "Request Processed successfully",
        "Request Processed successfully",
    );
    envelope["status"]["serviceIdentifier"] = json!("dcm19-remote-service");
    around(envelope, payload)
}

/// Returns the envelope of the notifications, which is like no other.
pub(super) fn notifications(guid: &str, lists: Value) -> Value {
    json!({
        "guid": guid,
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": "Success",
        "payload": lists,
    })
}

/// Returns the envelope whose `status` is a word, around a payload if there is one.
pub(super) fn plain(payload: Option<Value>) -> Value {
    let envelope = json!({
        "status": "SUCCESS",
        "code": 200,
        "message": "Ok",
        "errors": [],
    });
    around(envelope, payload)
}

fn around(mut envelope: Value, payload: Option<Value>) -> Value {
    if let Some(payload) = payload {
        envelope["payload"] = payload;
    }
    envelope
}
