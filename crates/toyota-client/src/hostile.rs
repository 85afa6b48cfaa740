//! Arbitrary input to everything that reads what the network sends: values or errors, no panics.

use proptest::prelude::*;
use serde_json::{Map, Value};

/// Names that the readers look for, so that arbitrary documents are not all strangers to them.
const NAMES: [&str; 51] = [
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
    "currentTemperature",
    "days",
    "doors",
    "driver",
    "endTime",
    "heatingOptions",
    "hour",
    "chargingSchedules",
    "customer",
    "emails",
    "mileage",
    "minute",
    "nextChargingEvent",
    "notificationDate",
    "notifications",
    "openStatus",
    "remainingChargeTime",
    "sections",
    "serviceDate",
    "serviceHistories",
    "startTime",
    "temperature",
    "values",
    "vehicleStatus",
    "warning",
    "weekDay",
    "windows",
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
    use std::fmt::Debug;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use serde::Serialize;

    use super::*;
    use crate::envelope::{Message, refusal};
    use crate::model::{
        AccountHolder, Acknowledgement, ClimateSettings, ClimateStatus, Decoded, Electric, Health,
        Location, Notification, Odometer, ServiceHistory, Status, Telemetry, Vehicle, Warning,
    };

    type Reader = fn(Value) -> (String, Vec<Warning>);
    /// Every reader of answers: what it understood, shown and written, and what it warned of.
    const READERS: [Reader; 14] = [
        |it| told(Vehicle::list_from_answer(it)),
        |it| told(Location::from_answer(it)),
        |it| told(Telemetry::from_answer(it)),
        |it| told(Health::from_answer(it)),
        |it| told(Electric::from_answer(it)),
        |it| told(Status::from_answer(it)),
        |it| told(ClimateStatus::from_answer(it)),
        |it| told(ClimateSettings::from_answer(it)),
        |it| told(Notification::list_from_answer(it)),
        |it| told(ServiceHistory::from_answer(it)),
        |it| told(AccountHolder::from_answer(it)),
        |it| told(Odometer::from_answer(it)),
        |it| told(Acknowledgement::from_answer(it)),
        |it| (derived(it), Vec::new()),
    ];

    fn told<T: Debug + Serialize>(decoded: Decoded<T>) -> (String, Vec<Warning>) {
        let written = serde_json::to_string(&decoded.value).unwrap();
        (format!("{written} {:?}", decoded.value), decoded.warnings)
    }

    /// What is worked out from what was read.
    fn derived(answer: Value) -> String {
        let electric = Electric::from_answer(answer.clone())
            .value
            .unwrap_or_default();
        let (now, zone) = (Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let event = electric
            .next_event
            .as_ref()
            .map(|event| event.next(now, &zone));
        let windows = [
            electric.next_window(now, &zone),
            electric.current_window(now, &zone),
        ];
        let climate = ClimateStatus::from_answer(answer.clone())
            .value
            .unwrap_or_default();
        let settings = ClimateSettings::from_answer(answer.clone())
            .value
            .unwrap_or_default();
        let status = Status::from_answer(answer.clone())
            .value
            .unwrap_or_default();
        let history = ServiceHistory::from_answer(answer)
            .value
            .unwrap_or_default();
        format!(
            "{event:?} {windows:?} {:?} {:?} {:?} {:?} {:?}",
            electric.remaining_charge_time(),
            climate.ends(),
            (settings.min().celsius(), settings.max(), settings.step()),
            (status.is_locked(), status.is_open()),
            history.latest(),
        )
    }

    proptest! {
        #[test]
        fn every_answer_is_read_or_warned_of(answer in json()) {
            let payload = serde_json::json!({ "payload": answer });
            for (reader, answer) in READERS.iter().flat_map(|it| [(it, &answer), (it, &payload)]) {
                let (_, warnings) = reader(answer.clone());
                for warning in warnings {
                    prop_assert!(warning.path().starts_with("payload"), "{}", warning);
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
