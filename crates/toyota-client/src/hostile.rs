//! Arbitrary input to everything that reads what the network sends: values or errors, no panics.

use proptest::prelude::*;
use serde_json::{Map, Value};

/// Names that the readers look for, so that arbitrary documents are not all strangers to them.
const NAMES: [&str; 24] = [
    "authId",
    "callbacks",
    "tokenId",
    "type",
    "input",
    "output",
    "name",
    "value",
    "payload",
    "status",
    "messages",
    "responseCode",
    "code",
    "message",
    "vin",
    "features",
    "capabilities",
    "odometer",
    "unit",
    "vehicleLocation",
    "latitude",
    "longitude",
    "timestamp",
    "expires_in",
];
const TEXTS: [&str; 10] = [
    "PasswordCallback",
    "NameCallback",
    "TextOutputCallback",
    "PollingWaitCallback",
    "prompt",
    "User Name",
    "waitTime",
    "km",
    "2023-11-27T17:53:59Z",
    "18446744073709551616",
];

/// Any JSON document, of known and unknown names and texts.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        proptest::sample::select(&TEXTS[..]).prop_map(ToOwned::to_owned),
        ".{0,20}",
    ];
    let name = prop_oneof![
        4 => proptest::sample::select(&NAMES[..]).prop_map(ToOwned::to_owned),
        1 => ".{0,8}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        let members = proptest::collection::vec((name.clone(), inner.clone()), 0..8);
        prop_oneof![
            proptest::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

mod tests {
    use super::*;
    use crate::envelope::{Message, refusal};
    use crate::model::{Location, Telemetry, Vehicle};

    /// Every reader's warnings: each names a place in the payload.
    fn warnings(answer: &Value) -> Vec<String> {
        let vehicles = Vehicle::list_from_answer(answer.clone()).warnings;
        let location = Location::from_answer(answer.clone()).warnings;
        let telemetry = Telemetry::from_answer(answer.clone()).warnings;
        let all = [vehicles, location, telemetry].into_iter().flatten();
        all.map(|warning| warning.path().to_owned()).collect()
    }

    proptest! {
        #[test]
        fn every_answer_is_read_or_warned_of(answer in json()) {
            let payload = serde_json::json!({ "payload": answer });
            for answer in [&answer, &payload] {
                for path in warnings(answer) {
                    prop_assert!(path.starts_with("payload"), "{}", path);
                }
            }
        }

        #[test]
        fn every_error_body_has_a_meaning(body in json(), status in 100_u16..1000) {
            let message = Message::of(&body);

            let texts = [&message.code, &message.description, &message.detail];
            for text in texts.into_iter().flatten() {
                prop_assert!(text.chars().count() <= 65 && !text.contains(char::is_control));
            }
            refusal(http::StatusCode::from_u16(status).unwrap(), &message);
            message.is_hidden_error(&body);
        }
    }
}
