//! What is worked out from what was read: nothing fails, and every number is one.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use toyota_client::Units;
use toyota_client::car::{Car, DataSet};
use toyota_client::command::{ClimateCommand, ClimateStart, Heater};
use toyota_client::model::{
    ClimateSettings, ClimateStatus, Distance, Electric, ServiceHistory, Status, Temperature,
    Vehicle,
};
use toyota_client::trips::TripSummary;

const UNITS: [Units; 3] = [Units::Metric, Units::ImperialUk, Units::ImperialUs];

fn times() -> [Timestamp; 4] {
    let change = "2026-10-25T00:59:59Z".parse().expect("a time");
    [
        Timestamp::MIN,
        Timestamp::UNIX_EPOCH,
        change,
        Timestamp::MAX,
    ]
}

fn zones() -> [TimeZone; 3] {
    let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
    let east = TimeZone::fixed(jiff::tz::offset(25));
    [TimeZone::UTC, berlin, east]
}

/// When the car charges next.
pub fn of_electric(electric: &Electric) {
    for now in times() {
        for zone in zones() {
            for schedule in electric.schedules.iter().flatten() {
                if let Some(window) = schedule.next(now, &zone) {
                    assert!(window.start.timestamp() > now, "{window:?}");
                    let _ = (window.duration(), window.contains(now));
                }
                if let Some(window) = schedule.current(now, &zone) {
                    assert!(window.contains(now), "{window:?}");
                }
            }
            if let Some(event) = &electric.next_event {
                let next = event.next(now, &zone);
                assert!(next.is_none_or(|next| next.timestamp() > now));
            }
            let _ = electric.next_window(now, &zone);
            let _ = electric.current_window(now, &zone);
        }
    }
    let _ = (electric.is_charging(), electric.has_active_schedule());
    let _ = electric.remaining_charge_time();
    let ranges = [
        electric.ev_range,
        electric.ev_range_with_ac,
        electric.fuel_range,
    ];
    distances(ranges.into_iter().flatten());
}

/// What is locked and open.
pub fn of_status(status: &Status) {
    let _ = (status.is_locked(), status.is_open());
    distances([status.odometer, status.range].into_iter().flatten());
    for door in status.doors.iter() {
        let _ = door.updated();
    }
}

/// When it ends.
pub fn of_climate_status(status: &ClimateStatus) {
    let _ = (status.is_on(), status.ends());
    for it in [status.current, status.target].into_iter().flatten() {
        assert!(it.celsius().is_finite());
    }
}

/// How it can be set.
pub fn of_climate_settings(settings: &ClimateSettings) {
    let (min, max, step) = (settings.min(), settings.max(), settings.step());
    assert!(min.celsius().is_finite() && max.celsius().is_finite() && step > 0.0);
    let start = ClimateStart::new().with_heater(Heater::RearDefogger, true);
    for temperature in [min, max, Temperature::from_celsius(21.0)] {
        if let Ok(start) = start.clone().with_temperature_of(temperature, settings) {
            let command = ClimateCommand::Start(start);
            assert!(command.old_settings(settings).is_some());
            let _ = (command.old_body(), command.body());
        }
    }
}

/// What is shown of a trip.
pub fn of_summary(summary: &TripSummary) {
    distances(summary.distance());
    for units in UNITS {
        let speed = summary.average_speed().map(|it| units.speed(it));
        let fuel = summary.fuel().map(|it| units.volume(it));
        let consumption = summary.average_fuel().map(|it| units.consumption(it));
        for number in [speed, fuel, consumption].into_iter().flatten() {
            assert!(number.is_finite(), "{summary:?}");
        }
    }
    let _ = summary.time();
}

/// The latest record.
pub fn of_history(history: &ServiceHistory) {
    let _ = history.latest();
}

/// What a car is said to be.
pub fn of_vehicle(vehicle: &Vehicle) {
    let _ = (vehicle.name(), vehicle.powertrain());
    let car = Car::new(vehicle.clone());
    for data_set in DataSet::ALL {
        let _ = (car.supports(data_set), car.history(data_set));
    }
    let _ = (car.has_battery(), car.seen());
}

/// What is seen of it at a glance.
pub fn of_car(car: &Car) {
    for units in UNITS {
        let dashboard = car.dashboard(units);
        let ranges = [dashboard.odometer, dashboard.range, dashboard.range_with_ac];
        distances(ranges.into_iter().flatten());
        serde_json::to_string(&dashboard).expect("JSON");
    }
    for now in times() {
        for data_set in DataSet::ALL {
            let _ = car.state(data_set, now, std::time::Duration::MAX);
            let _ = car.history(data_set).age(now);
        }
    }
    let _ = (car.has_battery(), car.seen());
}

fn distances(distances: impl IntoIterator<Item = Distance>) {
    for distance in distances {
        assert!(distance.kilometres().is_finite(), "{distance:?}");
        for units in UNITS {
            assert!(units.distance(distance).value.is_finite(), "{distance:?}");
        }
    }
}
