//! The two shapes that the API wraps its answers in.

use serde_json::{Value, json};

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

/// Returns the envelope whose `status` is a word, around a payload if there is one.
pub(super) fn plain(payload: Option<&Value>) -> Value {
    let mut envelope = json!({
        "status": "SUCCESS",
        "code": 200,
        "message": "Ok",
        "errors": [],
    });
    if let Some(payload) = payload {
        envelope["payload"] = payload.clone();
    }
    envelope
}
