//! One trip alone, and the ways that trips took.

use http::StatusCode;
use serde_json::json;
use toyota_sim::{Families, Route};

use super::{
    PETROL, PLUG_IN,
    driver::{Driver, trips},
};

#[tokio::test]
async fn a_trip_has_a_route_when_it_is_asked_for() {
    let driver = Driver::start().await;

    let page = driver.page(PLUG_IN, &driver.days(30, "&route=True")).await;
    let listed = &trips(&page)[0];
    let id = listed["id"].as_str().unwrap();
    let alone = driver.get(PLUG_IN, &format!("/v1/trips/{id}")).await;

    let route = listed["route"].as_array().unwrap();
    let seconds = listed["summary"]["duration"].as_u64().unwrap();
    assert_eq!(u64::try_from(route.len()).unwrap(), seconds.clamp(2, 3000));
    assert_eq!(alone.json()["payload"], *listed);
    assert_eq!(
        alone.json()["status"]["messages"][0]["responseCode"],
        "ONE-DA-200"
    );
    assert_eq!(driver.sim.counters().requests(Route::Trip), 1);
}

#[tokio::test]
async fn a_full_page_with_routes_has_megabytes() {
    let driver = Driver::start().await;

    let path = format!("/v1/trips?{}", driver.days(60, "&route=true&limit=50"));
    let answer = driver.get(PETROL, &path).await;

    let megabytes = answer.body.len() / 1_000_000;
    assert!((3..9).contains(&megabytes), "{megabytes}");
    assert_eq!(trips(&answer.json()["payload"]).len(), 50);
}

#[tokio::test]
async fn the_service_of_today_tells_the_way_of_one_trip_at_a_time() {
    let driver = Driver::start().await;
    driver.sim.set_families(Families::NewOnly);

    let page = driver.page(PETROL, &driver.days(30, "&route=true")).await;
    let id = trips(&page)[0]["id"].as_str().unwrap();
    let alone = driver.get(PETROL, &format!("/v1/trips/{id}")).await;

    assert!(trips(&page).iter().all(|trip| trip["route"] == json!([])));
    let route = &alone.json()["payload"]["route"];
    assert!(route.as_array().unwrap().len() > 1);
}

#[tokio::test]
async fn a_trip_of_another_car_or_of_none_is_not_found() {
    let driver = Driver::start().await;
    let page = driver.page(PETROL, &driver.days(30, "")).await;
    let id = trips(&page)[0]["id"].as_str().unwrap().to_owned();

    for (vin, id) in [(PLUG_IN, id.as_str()), (PETROL, "none")] {
        let answer = driver.get(vin, &format!("/v1/trips/{id}")).await;

        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let deeper = driver.get(PETROL, &format!("/v1/trips/{id}/energy")).await;
    assert_eq!(deeper.status, StatusCode::FORBIDDEN);
}
