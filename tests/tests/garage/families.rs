//! Routes of before the move, of after it, and some of both: the same answers.

use serde_json::{Value, json};
use tests::cars::{PLUG_IN, vin};
use tests::{client, simulator, soon};
use toyota_client::model::{ClimateSettings, ClimateStatus, Electric, Status, Temperature};
use toyota_client::wake::Freshness;
use toyota_client::{ToyotaClient, Vin};
use toyota_sim::garage::Window;
use toyota_sim::{CarState, Families, Route, Simulator};

/// The routes that are there twice, the newer one first.
const MOVED: [[Route; 2]; 7] = [
    [Route::Electric, Route::OldElectric],
    [Route::Status, Route::OldStatus],
    [Route::StatusWake, Route::OldStatusWake],
    [Route::ClimateStatus, Route::OldClimateStatus],
    [Route::ClimateSettings, Route::OldClimateSettings],
    [Route::ClimateWake, Route::OldClimateWake],
    [Route::ClimateControl, Route::OldClimateControl],
];

/// Each way in which each of the routes can have moved or not: `true` is moved.
fn half_moved() -> impl Iterator<Item = [bool; 7]> {
    (0_u8..128).map(|bits| std::array::from_fn(|at| bits >> at & 1 == 1))
}

fn fence(sim: &Simulator, moved: [bool; 7]) {
    sim.set_families(Families::Both);
    for ([new, old], is_moved) in MOVED.into_iter().zip(moved) {
        sim.fence(if is_moved { old } else { new });
    }
}

/// A car in which no two things of a kind are alike.
fn motley(state: &mut CarState, left_hand_drive: bool) {
    state.left_hand_drive = left_hand_drive;
    state.doors.driver.locked = false;
    state.doors.rear_left.open = true;
    state.doors.rear_right.locked = false;
    state.windows.passenger = Window::Open;
    state.windows.rear_left = Window::Unknown;
    state.windows.rear_right = Window::Open;
    state.hood_open = true;
    state.climate.settings.celsius = 23.0;
    state.climate.settings.front_defrost = true;
}

/// What both families tell.
async fn told<S: toyota_client::HttpService>(client: &ToyotaClient<S>, vin: &Vin) -> Value {
    let status = client.status(vin, Freshness::Cached).await.unwrap();
    let electric = client.electric(vin).await.unwrap();
    let climate = client.climate_status(vin).await.unwrap();
    let settings = client.climate_settings(vin).await.unwrap();
    for warnings in [
        &status.value.warnings,
        &electric.warnings,
        &climate.warnings,
        &settings.warnings,
    ] {
        assert!(warnings.is_empty(), "{warnings:?}");
    }
    json!({
        "status": of_status(&status.value.value.unwrap()),
        "electric": of_electric(&electric.value.unwrap()),
        "climate": of_climate(&climate.value.unwrap()),
        "settings": of_settings(&settings.value.unwrap()),
    })
}

fn of_status(status: &Status) -> Value {
    let doors = status.doors.iter().chain([&status.hood]);
    let doors: Vec<_> = doors.map(|door| (door.open, door.locked)).collect();
    let windows: Vec<_> = status.windows.iter().map(|window| window.open).collect();
    let (updated, count) = (status.updated, status.warning_count);
    json!({"doors": format!("{doors:?}"), "windows": format!("{windows:?}"), "updated": updated, "count": count})
}

fn of_electric(electric: &Electric) -> Value {
    let mut all = serde_json::to_value(electric).unwrap();
    for of_the_newer_one in ["usableBatteryLevel", "dcmTimestamp"] {
        all.as_object_mut().unwrap().remove(of_the_newer_one);
    }
    all
}

fn of_climate(climate: &ClimateStatus) -> Value {
    let state = climate.state.as_ref().and_then(|word| word.meaning());
    let target = climate.target.map(Temperature::celsius);
    json!({"state": format!("{state:?}"), "target": target, "duration": climate.duration.map(|it| it.as_secs())})
}

fn of_settings(settings: &ClimateSettings) -> Value {
    let heating = settings.heating.as_ref();
    let defrost = heating.map(|it| (it.front_defroster, it.rear_defogger));
    let temperature = settings.temperature.map(Temperature::celsius);
    json!({"temperature": temperature, "defrost": defrost, "min": settings.min().celsius()})
}

async fn settled(left_hand_drive: bool) -> (Simulator, Vin) {
    let sim = simulator().await;
    sim.edit_car_state(PLUG_IN, |state| motley(state, left_hand_drive));
    sim.report(PLUG_IN);
    (sim, vin(PLUG_IN))
}

#[tokio::test]
async fn all_old_all_new_and_every_mixture_say_the_same_of_a_car() {
    let (sim, vin) = settled(true).await;
    sim.set_families(Families::NewOnly);
    let new = soon(told(&client(&sim), &vin)).await;
    sim.set_families(Families::OldOnly);
    let old = soon(told(&client(&sim), &vin)).await;

    assert_eq!(new, old);
    for moved in half_moved() {
        fence(&sim, moved);

        let mixed = soon(told(&client(&sim), &vin)).await;

        assert_eq!(mixed, new, "{moved:?}");
    }
}

#[tokio::test]
async fn where_the_driver_sits_on_the_right_the_sides_are_the_driver_s_all_the_same() {
    let (sim, vin) = settled(false).await;
    sim.set_families(Families::NewOnly);
    let new = soon(told(&client(&sim), &vin)).await;
    sim.set_families(Families::OldOnly);
    let old = soon(told(&client(&sim), &vin)).await;

    assert_eq!(new, old);
}

#[tokio::test]
async fn a_service_that_moves_while_it_is_used_is_followed_without_a_failed_call() {
    let (sim, vin) = settled(true).await;
    let client = client(&sim);
    let mut told_before = None;
    for families in [Families::OldOnly, Families::Both, Families::NewOnly] {
        sim.set_families(families);
        client.cache().clear().await.unwrap();

        let now = soon(told(&client, &vin)).await;

        assert_eq!(*told_before.get_or_insert_with(|| now.clone()), now);
    }
}
