//! What is hidden of the service's own documents, and of lines.

mod escaped;
mod positions;

use std::time::Duration;

use serde_json::json;

use super::*;

const VIN: &str = "JTSIM00000PET0001";

#[test]
fn a_vehicle_keeps_what_it_is_and_loses_whose_it_is() {
    let answer = json!({
        "status": {"messages": [{"responseCode": "ONE-VL-10000", "description": "Request processed"}]},
        "payload": [{
            "vin": VIN, "nickName": "Blue", "modelName": "RAV4", "imei": "356938035643809",
            "contractId": null, "evVehicle": true, "preferred": 1, "owner": true,
            "capabilities": [{"name": "EvRemoteService", "value": true, "display": false}],
            "ctsLinks": {"name": "CTS", "link": format!("https://a.example/{VIN}"), "body": "Read on"},
            "dcm": {"dcmSupplierName": "Continental", "euiccid": "89033023"},
            "emergencyContact": {"who": "Anna", "numbers": [17, "a"]},
            "subscriptions": [{"subscriptionID": "JTSIM00000PET0001_7", "status": "ACTIVE"}],
        }],
    });

    assert_eq!(
        redact(&answer),
        json!({
            "status": {"messages": [{
                "responseCode": "ONE-VL-10000", "description": "Request processed",
            }]},
            "payload": [{
                "vin": "…0001", "nickName": "[name]", "modelName": "RAV4", "imei": "[id]",
                "contractId": null, "evVehicle": true, "preferred": 1, "owner": true,
                "capabilities": [{"name": "EvRemoteService", "value": true, "display": false}],
                "ctsLinks": {"name": "CTS", "link": "[link]", "body": "Read on"},
                "dcm": {"dcmSupplierName": "Continental", "euiccid": "[id]"},
                "emergencyContact": {"who": "[name]", "numbers": ["[name]", "[name]"]},
                "subscriptions": [{"subscriptionID": "[id]", "status": "ACTIVE"}],
            }],
        })
    );
}

#[test]
fn a_sign_in_keeps_its_steps_and_loses_what_was_entered() {
    let step = json!({
        "authId": "eyJhbGciOiJIUzI1NiJ9.eyJvdGsiOiJ4In0.c2ln",
        "callbacks": [{
            "type": "NameCallback", "_id": 3,
            "output": [{"name": "prompt", "value": "User Name"}],
            "input": [{"name": "IDToken1", "value": "owner@example.com"}],
        }],
        "tokenId": "AQIC5w.*AAJTSQACMDE.*", "successUrl": "/console", "code": "gDqoTp0uF", "token_type": "Bearer",
        "expires_in": 3599,
    });

    assert_eq!(
        redact(&step),
        json!({
            "authId": "[token]",
            "callbacks": [{
                "type": "NameCallback", "_id": 3,
                "output": [{"name": "prompt", "value": "User Name"}],
                "input": [{"name": "IDToken1", "value": "[token]"}],
            }],
            "tokenId": "[token]", "successUrl": "/console", "code": "[token]", "token_type": "Bearer",
            "expires_in": 3599,
        })
    );
}

#[test]
fn a_trip_keeps_its_length_and_loses_its_way() {
    let trip = json!({
        "id": "c2f4a0de-1111-4222-8333-444455556666", "category": 0,
        "summary": {"length": 15215, "startLat": 50.11, "endLon": "8.68", "averageSpeed": 46.63},
        "route": [{"lat": 50.1, "lon": 8.6, "isEv": true, "indexInPoints": -1}],
        "chargingSchedules": [{"id": 1}],
    });

    assert_eq!(
        redact(&trip),
        json!({
            "id": "[id]", "category": 0,
            "summary": {
                "length": 15215, "startLat": "[position]", "endLon": "[position]", "averageSpeed": 46.63,
            },
            "route": [{"lat": "[position]", "lon": "[position]", "isEv": true, "indexInPoints": -1}],
            "chargingSchedules": [{"id": 1}],
        })
    );
}

#[test]
fn the_text_of_a_notification_is_hidden_and_the_gateways_is_not() {
    for (document, redacted) in [
        (
            json!({"messageId": "65f0", "message": "Blue is open", "status": 0, "category": "RemoteCommand"}),
            json!({"messageId": "[id]", "message": "[text]", "status": 0, "category": "RemoteCommand"}),
        ),
        (
            json!({"code": "APIGW-403", "message": "Unauthorized"}),
            json!({"code": "APIGW-403", "message": "Unauthorized"}),
        ),
        (
            json!({"status": "SUCCESS", "code": 200, "message": "Ok", "errors": []}),
            json!({"status": "SUCCESS", "code": 200, "message": "Ok", "errors": []}),
        ),
        (
            json!({"message": "Forbidden"}),
            json!({"message": "Forbidden"}),
        ),
        (
            json!({"a": {"message": "Blue is open"}}),
            json!({"a": {"message": "[text]"}}),
        ),
        (
            json!({"code": "APIGW-403", "message": format!("no access to {VIN}")}),
            json!({"code": "APIGW-403", "message": "no access to …0001"}),
        ),
    ] {
        assert_eq!(redact(&document), redacted);
    }
}

#[test]
fn what_was_hidden_once_is_hidden_everywhere() {
    let document = json!({
        "vin": "Not0My8Vin15", "color": "Not0My8Vin15/red", "Not0My8Vin15": {"guid": "user-000-1"},
        "imei": 356_938_035_643_809_u64, "serial": ["356938035643809", 356_938_035_643_809_u64, 356],
        "by": ["user-000-1", "other"], "JTSIM00000PET0001": 1, "XTSIM00000PET0001": 2,
    });

    assert_eq!(
        redact(&document),
        json!({
            "vin": "…in15", "color": "…in15/red", "…in15": {"guid": "[id]"},
            "imei": "[id]", "serial": ["[id]", "[id]", 356],
            "by": ["[id]", "other"], "…0001": 1, "…0001 (2)": 2,
        })
    );
}

#[test]
fn a_document_in_a_text_is_read_as_such() {
    let inner = json!({"vin": VIN, "fuel": 41, "body": json!({"token": "abc"}).to_string()});
    let document = json!({"body": inner.to_string(), "list": "[1, 2"});

    let redacted = redact(&document);

    let body: Value = serde_json::from_str(redacted["body"].as_str().unwrap()).unwrap();
    let expected = json!({"vin": "…0001", "fuel": 41, "body": r#"{"token":"[token]"}"#});
    assert_eq!(body, expected);
    assert_eq!(redacted["list"], "[1, 2");
}

#[test]
fn what_is_nested_too_deep_is_left_out() {
    let mut document = json!({"vin": VIN});
    for _ in 0..10_000 {
        document = Value::Array(vec![document]);
    }

    let redacted = redact(&document).to_string();

    assert!(redacted.contains("[too deep]") && !redacted.contains(VIN));
    // Not even dropping it may overflow the stack.
    while let Value::Array(mut inner) = document {
        document = inner.pop().unwrap();
    }
}

#[test]
fn in_a_text_secrets_are_known_by_their_looks() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJvdGsiOiJ4In0.c2ln";
    let key = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0n";
    for (text, redacted) in [
        (format!("car {VIN} is asleep"), "car …0001 is asleep"),
        (format!("<{}>", VIN.to_lowercase()), "<…0001>"),
        (format!("ü{VIN}"), "ü…0001"),
        (format!("sent {jwt}."), "sent [token]"),
        (format!("key {key}, sent"), "key [token], sent"),
        (format!("Bearer abc.def-ghi {VIN}"), "Bearer [token] …0001"),
        (
            "user owner.one+x@mail.example.com.".to_owned(),
            "user [mail].",
        ),
        ("user=owner%40example.com&x=1".to_owned(), "user=[name]&x=1"),
        (
            "see https://a.example/x?y=1 now".to_owned(),
            "see [link] now",
        ),
        (
            "guid c2f4a0de-1111-4222-8333-444455556666!".to_owned(),
            "guid [id]!",
        ),
        ("call +49 170 1234567 now".to_owned(), "call [phone] now"),
        (
            "at 50.1109, 8.6821 since noon".to_owned(),
            "at [position] since noon",
        ),
        ("at -33.8568 151.2153".to_owned(), "at [position]"),
        (
            "lat=50.1&lon=8.6".to_owned(),
            "lat=[position]&lon=[position]",
        ),
        (
            format!("GET /v1/trips?vin={VIN}&limit=5"),
            "GET /v1/trips?vin=…0001&limit=5",
        ),
        (
            "x-api-key: abc def\nnext: 1".to_owned(),
            "x-api-key: [token]\nnext: 1",
        ),
        (
            r#"Car { nickName: "My \"blue\" car", fuel: 3 }"#.to_owned(),
            r#"Car { nickName: "[name]", fuel: 3 }"#,
        ),
        (
            format!(r#"body "{{\"vin\":\"{VIN}\",\"fuel\":3}}""#),
            r#"body "{\"vin\":\"…0001\",\"fuel\":3}""#,
        ),
        (
            r#"error code: APIGW-403, try again"#.to_owned(),
            "error code: APIGW-403, try again",
        ),
    ] {
        assert_eq!(redact_text(&text), redacted);
    }
}

#[test]
fn other_texts_stay_as_they_are() {
    for text in [
        "",
        "2023-11-27T17:53:59.123456Z 2023-11-27T17:53:59+01:00",
        "12:00:59.123 13:00:59.123",
        "GET /v1/global/remote/electric/realtime-status took 12.345 s",
        "dcm19-remote-service, carstatus_item_passenger_rear_window",
        "12345678901234567 is a number and ABCDEFGHIJKLMNOPQ a word",
        "Command execution interrupted. Try again.",
        "[2, 3] and {x}",
        "Schlüssel: läuft – Größe 41,5 % …",
    ] {
        assert!(
            matches!(Redactor::new().text(text), Cow::Borrowed(_)),
            "{text}"
        );
        assert_eq!(redact_text(text), text);
    }
}

#[test]
fn what_it_was_told_to_hide_is_hidden_everywhere_and_not_shown() {
    let redactor = Redactor::new().hide("hunter2").hide("abc");

    assert_eq!(redactor.text("xhunter2y abc"), "x[token]y abc");
    assert_eq!(
        redactor.json(&json!({"a": ["hunter2"]})),
        json!({"a": ["[token]"]})
    );
    assert!(!format!("{redactor:?}").contains("hunter2"));
}

#[test]
fn a_long_text_takes_time_by_its_length() {
    let texts = [
        "a.",
        "-",
        "a@",
        "eyJ.",
        "1.111 ",
        "+1 ",
        "token",
        "code:1 ",
        "\"",
        "\\",
        "vin ",
        "ä",
        "email:[\n",
        "email:[\"",
    ];
    for text in texts {
        let long = text.repeat(200_000 / text.len());
        let begun = tokio::time::Instant::now();

        let redacted = Redactor::new().text(&long).into_owned();

        assert!(begun.elapsed() < Duration::from_secs(10), "{text:?}");
        assert!(redacted.len() <= long.len(), "{text:?}");
    }
}

#[test]
fn many_names_that_look_the_same_take_time_by_their_number() {
    let vins = (0..50_000).map(|number| (format!("JTSIM{number:08}0001"), Value::Null));
    let begun = tokio::time::Instant::now();

    let redacted = redact(&Value::Object(vins.collect()));

    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(redacted.as_object().map(|it| it.len()), Some(50_000));
}

fn redact_text(text: &str) -> String {
    Redactor::new().text(text).into_owned()
}
