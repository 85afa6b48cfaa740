use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use toyota_sim::{Account, Car, Families, Payload, Route, Simulator};

use crate::support::{Answer, PETROL, api_headers, get, get_car, log_in, send, start, within};

const ELECTRIC: &str = "JTHZ4AHB700000303";

#[tokio::test]
async fn health_comes_without_a_message_in_its_envelope() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    let answer = get_car(&sim, "/v1/vehiclehealth/status", &tokens.access, PETROL).await;

    let envelope = answer.json();
    assert_eq!(envelope["status"], "SUCCESS");
    assert_eq!(envelope.get("message"), None);
    assert_eq!(envelope["payload"]["warning"][0]["wngcode"], "TIRW");
    assert_eq!(envelope["payload"]["vin"], PETROL);
}

#[tokio::test]
async fn a_car_without_a_service_history_has_an_empty_answer() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let path = "/v1/servicehistory/vehicle/summary";

    let some = get_car(&sim, path, &tokens.access, PETROL).await;
    let none = get_car(&sim, path, &tokens.access, ELECTRIC).await;

    let list = &some.json()["payload"]["serviceHistories"];
    assert_eq!(list[0]["mileage"], "38650");
    assert_eq!(
        some.json()["status"]["messages"][0]["responseCode"],
        "OSH-001"
    );
    assert_eq!((none.status, none.json()), (StatusCode::OK, json!({})));
}

#[tokio::test]
async fn the_odometer_alone_is_that_of_the_telemetry() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    let alone = get_car(&sim, "/v1/odometer", &tokens.access, PETROL).await;
    let telemetry = get_car(&sim, "/v3/telemetry", &tokens.access, PETROL).await;

    let payload = &alone.json()["payload"];
    assert_eq!(payload["mileage"], telemetry.json()["payload"]["odometer"]);
    assert_eq!(payload["isValidTimestamp"], true);
}

#[tokio::test]
async fn an_account_tells_who_holds_it() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    let answer = get(&sim, "/v4/account", api_headers(&sim, &tokens.access)).await;

    let customer = &answer.json()["payload"]["customer"];
    assert_eq!(customer["guid"], sim.account().guid());
    assert_eq!(customer["firstName"], "Robin");
    assert!(customer["createDate"].is_u64());
    assert_eq!(sim.counters().requests(Route::Account), 1);
}

#[tokio::test]
async fn an_account_of_which_little_was_said_tells_its_name() {
    let account = Account::new("me@example.com", "hush", "123456789");
    let sim = within(Simulator::builder().account(account).start()).await;
    let sim = sim.unwrap();
    let tokens = log_in(&sim).await;

    let answer = get(&sim, "/v4/account", api_headers(&sim, &tokens.access)).await;

    let customer = &answer.json()["payload"]["customer"];
    assert_eq!(customer["emails"][0]["emailAddress"], "me@example.com");
    assert_eq!(customer["guid"], "123456789");
}

#[tokio::test]
async fn a_car_takes_the_name_that_it_is_given() {
    let sim = start().await;
    let (headers, body) = naming(&sim, "Blue one").await;

    let answer = put(&sim, headers.clone(), &body).await;

    assert_eq!(answer.status, StatusCode::OK);
    let list = get(&sim, "/v2/vehicle/guid", headers).await.json();
    assert_eq!(list["payload"][0]["nickName"], "Blue one");
    assert_eq!(list["payload"][1]["nickName"], Value::Null);
    let car = sim.account().car(PETROL).cloned().unwrap();
    assert_eq!(car.get(Payload::Vehicle).unwrap()["nickName"], "Blue one");
}

#[tokio::test]
async fn a_name_is_for_a_car_of_one_s_own() {
    let sim = start().await;
    let (headers, body) = naming(&sim, "Blue one").await;

    for (key, value) in [("guid", "somebody"), ("vin", ELECTRIC)] {
        let mut body = body.clone();
        body[key] = json!(value);

        let answer = put(&sim, headers.clone(), &body).await;

        assert_eq!(answer.detail().1, "invalid guid and vin mapping");
    }
    assert_eq!(names(&sim), ["Runabout", "null", "Quiet one"]);
}

#[tokio::test]
async fn a_name_is_a_text_of_bounded_length_with_its_time() {
    let sim = start().await;
    let (headers, body) = naming(&sim, "").await;

    for name in [json!(null), json!(7), json!("x".repeat(65))] {
        let mut body = body.clone();
        body["nickName"] = name;
        let answer = put(&sim, headers.clone(), &body).await;
        assert_eq!(answer.detail().1, "Invalid request body");
    }
    let mut timeless = headers.clone();
    timeless.remove("datetime");
    let answer = put(&sim, timeless, &body).await;
    assert_eq!(answer.detail().1, "Mandatory header datetime is missing");
    for time in ["today", "1701107639", "-1701107639000"] {
        let mut wrong = headers.clone();
        wrong.insert("datetime", HeaderValue::from_static(time));
        let answer = put(&sim, wrong, &body).await;
        assert_eq!(answer.detail().1, "Mandatory header datetime is invalid");
    }
    assert_eq!(names(&sim), ["Runabout", "null", "Quiet one"]);
}

#[tokio::test]
async fn the_service_of_before_lists_every_car_with_a_remote_display_and_that_of_after_none() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let mut older = api_headers(&sim, &tokens.access);
    older.remove("x-user-region");
    let displays = async |families, headers: &HeaderMap| {
        sim.set_families(families);
        let list = get(&sim, "/v2/vehicle/guid", headers.clone()).await.json();
        let cars = list["payload"].as_array().unwrap().iter();
        cars.filter(|car| car.get("remoteDisplay").is_some())
            .count()
    };

    let before = displays(Families::OldOnly, &older).await;
    let meanwhile = displays(Families::Both, &api_headers(&sim, &tokens.access)).await;
    let after = displays(Families::NewOnly, &api_headers(&sim, &tokens.access)).await;

    assert_eq!((before, meanwhile, after), (3, 1, 0));
}

#[tokio::test]
async fn an_account_can_have_as_many_cars_as_one_wants() {
    let builder = Simulator::builder().account(Account::demo_with_cars(5));
    let sim = within(builder.start()).await.unwrap();
    let tokens = log_in(&sim).await;

    let account = sim.account();
    let vins: Vec<&str> = account.cars().iter().map(Car::vin).collect();

    assert_eq!(vins.len(), 5);
    for vin in vins {
        let answer = get_car(&sim, "/v1/location", &tokens.access, vin).await;
        assert_eq!(answer.json()["payload"]["vin"], vin);
    }
}

/// Returns what names the petrol car.
async fn naming(sim: &Simulator, name: &str) -> (HeaderMap, Value) {
    let tokens = log_in(sim).await;
    let mut headers = api_headers(sim, &tokens.access);
    headers.insert("vin", HeaderValue::from_static(PETROL));
    headers.insert("datetime", HeaderValue::from_static("1701107639000"));
    let body = json!({"guid": sim.account().guid(), "vin": PETROL, "nickName": name});
    (headers, body)
}

async fn put(sim: &Simulator, headers: HeaderMap, body: &Value) -> Answer {
    let url = format!("{}/v1/vehicle-association/vehicle", sim.api_url());
    let mut request = Request::put(url)
        .body(Full::from(body.to_string()))
        .unwrap();
    *request.headers_mut() = headers;
    send(request).await
}

fn names(sim: &Simulator) -> Vec<String> {
    let account = sim.account();
    let vehicles = account.cars().iter().map(|car| car.get(Payload::Vehicle));
    vehicles
        .map(|vehicle| &vehicle.unwrap()["nickName"])
        .map(|name| name.as_str().unwrap_or("null").to_owned())
        .collect()
}
