//! What a client finds out of what cars did, on a clock that goes on when there is nothing to do.

use std::time::Duration;

use tests::cars::{ELECTRIC, FAMILIES, PETROL, PLUG_IN};
use toyota_client::command::{
    ChargeCommand, ChargingTime, ClimateCommand, ClimateStart, Confirmation, Heater, RemoteCommand,
};
use toyota_client::model::Temperature;
use toyota_client::routes::Family;
use toyota_client::{Kind, Vin};
use toyota_sim::{Families, WakeBehaviour, garage};

use crate::garage::Garage;

#[tokio::test(start_paused = true)]
async fn doors_that_are_locked_are_seen_to_be() {
    for families in FAMILIES {
        let garage = Garage::new(families).await;
        let car = garage.bench.parked(PETROL);
        let locked = |garage: &Garage| garage.state(&car).doors.driver.locked;

        for (command, is_locked) in [(RemoteCommand::Unlock, false), (RemoteCommand::Lock, true)] {
            let name = command.as_str().to_owned();
            let given = garage.client.command(&car, command).await;
            let confirmation = garage.confirm(given).await;

            assert!(confirmation.is_done(), "{families:?}: {confirmation:?}");
            assert_eq!(locked(&garage), is_locked);
            assert_eq!(garage.carried_out(), [(name, 1)]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_door_is_told_as_the_reason() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PLUG_IN);
    garage.edit(&car, |state| {
        state.doors.set_locked(false);
        state.doors.rear_right.open = true;
    });

    let given = garage.client.command(&car, RemoteCommand::Lock).await;
    let confirmation = garage.confirm(given).await;

    let Confirmation::Refused { message, category } = confirmation else {
        panic!("{confirmation:?}");
    };
    assert!(message.unwrap().contains("a door is open"));
    assert_eq!(category.as_deref(), Some("RemoteCommand"));
}

#[tokio::test(start_paused = true)]
async fn a_car_in_a_deep_garage_is_woken_once_and_not_seen() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PETROL);
    garage
        .bench
        .sim
        .set_wakes(car.as_str(), WakeBehaviour::silent());

    let given = garage.client.command(&car, RemoteCommand::Unlock).await;
    let confirmation = garage.confirm(given).await;

    assert_eq!(confirmation, Confirmation::NotSeen);
    assert_eq!(garage.bench.wakes(&car), 1);
    assert_eq!(garage.carried_out().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_moody_service_does_not_hide_what_was_done() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PETROL);
    let moody = WakeBehaviour::responsive().throttled(0.5).unwrap();
    garage.bench.sim.set_wakes(car.as_str(), moody);

    for command in [RemoteCommand::Unlock, RemoteCommand::Lock] {
        let given = garage.client.command(&car, command).await;
        assert!(garage.confirm(given).await.is_done());
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_only_be_heard_is_told_by_the_service() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PETROL);

    let given = garage.client.command(&car, RemoteCommand::Horn).await;

    assert!(garage.confirm(given).await.is_done());
}

#[tokio::test(start_paused = true)]
async fn climate_control_runs_as_it_was_told_by_either_route() {
    for families in FAMILIES {
        let garage = Garage::new(families).await;
        let car = garage.bench.parked(PLUG_IN);
        let phase = |garage: &Garage| garage.state(&car).climate.phase;
        let start = ClimateStart::new()
            .with_temperature(Temperature::from_celsius(24.0))
            .and_then(|start| start.with_duration(Duration::from_secs(600)))
            .unwrap()
            .with_heater(Heater::RearDefogger, true);

        let given = garage
            .client
            .climate(&car, ClimateCommand::Start(start))
            .await;
        let family = given.as_ref().unwrap().family();
        assert_eq!(family == Family::Old, families == Families::OldOnly);
        assert!(garage.confirm(given).await.is_done(), "{families:?}");

        let settings = garage.state(&car).climate.settings;
        assert!((settings.celsius - 24.0).abs() < 1e-9);
        assert_eq!((settings.minutes, settings.rear_defog), (10, true));
        assert_ne!(phase(&garage), garage::ClimatePhase::Stopped);

        let given = garage.client.climate(&car, ClimateCommand::Stop).await;
        assert!(garage.confirm(given).await.is_done(), "{families:?}");
        let off = [
            garage::ClimatePhase::Stopping,
            garage::ClimatePhase::Stopped,
        ];
        assert!(off.contains(&phase(&garage)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_heater_alone_leaves_the_temperature_of_an_older_route_as_it_was() {
    let garage = Garage::new(Families::OldOnly).await;
    let car = garage.bench.parked(PLUG_IN);
    let before = garage.client.climate_settings(&car).await.unwrap().value;
    let start = ClimateStart::new().with_heater(Heater::FrontDefroster, true);

    let given = garage
        .client
        .climate(&car, ClimateCommand::Start(start))
        .await;
    assert!(garage.confirm(given).await.is_done());

    let settings = garage.state(&car).climate.settings;
    let before = before.unwrap().temperature.unwrap().celsius();
    assert!((settings.celsius - before).abs() < 1e-9);
    assert!(settings.front_defrost);
}

#[tokio::test(start_paused = true)]
async fn climate_control_of_an_unlocked_car_is_refused_with_the_reason() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PLUG_IN);
    garage.edit(&car, |state| state.doors.set_locked(false));
    let start = ClimateCommand::Start(ClimateStart::new());

    let given = garage.client.climate(&car, start).await;
    let confirmation = garage.confirm(given).await;

    let Confirmation::Refused { message, category } = confirmation else {
        panic!("{confirmation:?}");
    };
    assert!(message.unwrap().contains("the car is not locked"));
    assert_eq!(category.as_deref(), Some("RemoteControl"));
}

#[tokio::test(start_paused = true)]
async fn a_battery_is_charged_now_and_then_at_night() {
    use jiff::civil::{Weekday, time};

    for families in FAMILIES {
        let garage = Garage::new(families).await;
        let car = garage.bench.parked(ELECTRIC);
        garage.edit(&car, |state| {
            state.battery.as_mut().unwrap().plug = garage::Plug::Waiting;
        });
        let plug = |garage: &Garage| garage.state(&car).battery.unwrap().plug;

        let given = garage.client.charge(&car, ChargeCommand::Now).await;
        assert!(garage.confirm(given).await.is_done(), "{families:?}");
        assert_eq!(plug(&garage), garage::Plug::Charging);

        let (ten, six) = (time(22, 0, 0, 0), time(6, 0, 0, 0));
        let night = ChargingTime::between(Weekday::Tuesday, ten, six).unwrap();
        let given = garage
            .client
            .charge(&car, ChargeCommand::SetTime(night))
            .await;
        assert!(garage.confirm(given).await.is_done(), "{families:?}");
        assert_eq!(plug(&garage), garage::Plug::Waiting);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_name_is_everybody_s_at_once() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PETROL);

    let given = garage.client.set_nickname(&car, "Štěpánka").await;
    let confirmation = garage.confirm(given).await;

    assert!(confirmation.is_done());
    // What was read past the cache is in it.
    let cars = garage.client.vehicles().await.unwrap().value;
    let named = cars.iter().find(|it| it.vin == car).unwrap();
    assert_eq!(named.name(), Some("Štěpánka"));
}

#[tokio::test(start_paused = true)]
async fn what_no_car_takes_is_refused_at_once() {
    let garage = Garage::new(Families::Both).await;
    let car = garage.bench.parked(PETROL);
    let commands = [RemoteCommand::HazardOff, RemoteCommand::HeadlightsOn];
    let other: RemoteCommand = "sunroof-open".parse().unwrap();

    for command in commands.into_iter().chain([other]) {
        let error = garage.client.command(&car, command).await.unwrap_err();

        assert_eq!(error.kind(), Kind::ActionNotSupported);
    }
    assert!(garage.carried_out().is_empty());
    let stranger = Vin::new("JTSIM00000XXX9999").unwrap();
    let error = garage.client.command(&stranger, RemoteCommand::Lock).await;
    assert!(error.is_err());
}
