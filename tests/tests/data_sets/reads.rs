//! What each car tells, but for its trips.

use tests::cars::{ELECTRIC, FAMILIES, PETROL, PLUG_IN, vin};
use tests::soon;
use toyota_client::{model::Vehicle, wake::Freshness};
use toyota_sim::Families;

use crate::driver::{Driver, read};

#[tokio::test]
async fn what_every_car_tells_is_read_whichever_routes_there_are() {
    for families in FAMILIES {
        let Driver { sim: _sim, client } = Driver::of(families).await;

        assert_eq!(read("vehicles", soon(client.vehicles()).await).len(), 3);
        assert!(read("account", client.account_holder().await).is_some());
        for car in [PETROL, PLUG_IN, ELECTRIC].map(vin) {
            let location = read("location", client.location(&car).await).unwrap();
            assert!(location.coordinates.is_some());
            let telemetry = read("telemetry", client.telemetry(&car).await).unwrap();
            let odometer = read("odometer", client.odometer(&car).await).unwrap();
            assert_eq!(odometer.mileage, telemetry.odometer);
            assert!(read("health", client.health(&car).await).is_some());
            read("notifications", client.notifications(&car).await);
            let status = client.status(&car, Freshness::Cached).await.unwrap();
            assert!(status.value.warnings.is_empty(), "{families:?}");
            assert!(status.value.value.unwrap().updated.is_some());
        }
    }
}

#[tokio::test]
async fn what_only_some_cars_tell_is_read_of_those() {
    for families in FAMILIES {
        let Driver { sim: _sim, client } = Driver::of(families).await;

        for car in [PLUG_IN, ELECTRIC].map(vin) {
            let electric = read("electric", soon(client.electric(&car)).await).unwrap();
            assert!(electric.battery_level.is_some());
            let climate = read("climate status", client.climate_status(&car).await);
            assert!(climate.unwrap().state.is_some());
            let settings = read("climate settings", client.climate_settings(&car).await);
            assert!(settings.unwrap().temperature.is_some());
        }
        let petrol = vin(PETROL);
        let no_battery = client.electric(&petrol).await.unwrap_err();
        assert_eq!(no_battery.status().map(|status| status.as_u16()), Some(403));
        let records = read("service history", client.service_history(&petrol).await);
        assert_eq!(records.map(|history| history.records.len()), Some(4));
        let none = read(
            "service history",
            client.service_history(&vin(ELECTRIC)).await,
        );
        assert!(none.is_none_or(|history| history.records.is_empty()));
    }
}

#[tokio::test]
async fn a_name_that_was_given_is_in_the_list() {
    let Driver { sim: _sim, client } = Driver::of(Families::Both).await;

    soon(client.set_nickname(&vin(PLUG_IN), "Blue one"))
        .await
        .unwrap();

    let vehicles = read("vehicles", client.vehicles().await);
    let names: Vec<Option<&str>> = vehicles.iter().map(name).collect();
    assert_eq!(
        names,
        [Some("Runabout"), Some("Blue one"), Some("Quiet one")]
    );
}

fn name(vehicle: &Vehicle) -> Option<&str> {
    vehicle.nickname.as_deref()
}
