use serde_json::{Value, json};
use toyota_sim::{Account, Car, Payload, Simulator};

use crate::support::{PETROL, api_headers, get, get_car, log_in, start, within};

#[tokio::test]
async fn a_key_can_be_taken_away_while_the_simulator_runs() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    sim.edit_account(|account| {
        let car = account.car_mut(PETROL).unwrap();
        let telemetry = car.get_mut(Payload::Telemetry);
        telemetry.as_object_mut().unwrap().remove("timestamp");
    });

    let answer = get_car(&sim, "/v3/telemetry", &tokens.access, PETROL).await;
    let payload = &answer.json()["payload"];
    assert!(payload["odometer"].is_object());
    assert_eq!(payload.get("timestamp"), None);
}

#[tokio::test]
async fn a_payload_can_be_null_or_missing() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let edit = |edit: fn(&mut Car)| {
        sim.edit_account(|account| edit(account.car_mut(PETROL).unwrap()));
    };

    edit(|car| car.set(Payload::Location, Value::Null));
    let null = get_car(&sim, "/v1/location", &tokens.access, PETROL).await;
    edit(|car| {
        car.remove(Payload::Location);
    });
    let missing = get_car(&sim, "/v1/location", &tokens.access, PETROL).await;

    assert_eq!(null.json().get("payload"), Some(&Value::Null));
    assert_eq!(missing.json().get("payload"), None);
}

#[tokio::test]
async fn a_car_can_be_sold() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    sim.edit_account(|account| account.cars_mut().retain(|car| car.vin() != PETROL));

    let list = get(&sim, "/v2/vehicle/guid", api_headers(&sim, &tokens.access)).await;
    assert_eq!(list.json()["payload"].as_array().unwrap().len(), 2);
    let answer = get_car(&sim, "/v1/location", &tokens.access, PETROL).await;
    assert_eq!(answer.detail().1, "invalid guid and vin mapping");
}

#[tokio::test]
async fn another_account_can_be_served() {
    let car = Car::new("Not0My8Vin15").with(Payload::Vehicle, json!({"vin": "Not0My8Vin15"}));
    let account = Account::new("me@example.com", "hush", "123456789").with_car(car);
    let builder = Simulator::builder().account(account);
    let sim = within(builder.start()).await.unwrap();

    let tokens = log_in(&sim).await;

    let list = get(&sim, "/v2/vehicle/guid", api_headers(&sim, &tokens.access)).await;
    assert_eq!(list.json()["payload"], json!([{"vin": "Not0My8Vin15"}]));
}
