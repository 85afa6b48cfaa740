//! How the invented cars are, on the day on which they were last heard of.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::garage::{
    Battery, CarState, ChargingSchedule, Outcome, Plug, Position, STATUS, Spec, Subject, Tank,
    TimeOfDay, Traction, Twin, View, Window,
};

/// When the cars were last heard of, in seconds since 1970.
const PETROL_HEARD: u64 = 1_788_108_302;
const HYBRID_HEARD: u64 = 1_788_160_800;
const ELECTRIC_HEARD: u64 = 1_788_238_800;

pub(super) fn petrol(seed: u64) -> Twin {
    let spec = Spec {
        tank: Some(Tank {
            litres: 42.0,
            range_km: 418.0 / 0.62,
        }),
        traction: None,
        climate: None,
        windows: false,
        tailgate: false,
    };
    let mut state = CarState::parked_at(Position::new(50.8949, 4.3415));
    state.odometer_km = 43_087.0;
    state.fuel = Some(62.0);
    heard(Twin::new(spec, state, seed), at(PETROL_HEARD))
}

pub(super) fn plug_in_hybrid(seed: u64) -> Twin {
    let spec = Spec {
        tank: Some(Tank {
            litres: 55.0,
            range_km: 1177.0,
        }),
        traction: Some(Traction {
            range_km: 65.4,
            minutes_per_percent: 3.3,
            no_time: 65_335,
        }),
        climate: Some("full"),
        windows: false,
        tailgate: false,
    };
    let mut state = CarState::parked_at(Position::new(48.858_093, 2.294_694));
    state.odometer_km = 21_954.6;
    state.fuel = Some(41.0);
    state.windows.rear_right = Window::Open;
    state.battery = Some(Battery {
        schedules: vec![ChargingSchedule {
            id: 1,
            enabled: true,
            start: time(1, 30),
            end: None,
            days: [true, true, true, true, true, false, false],
        }],
        ..Battery::new(78.0)
    });
    let mut twin = heard(Twin::new(spec, state, seed), at(HYBRID_HEARD));
    let evening = at(HYBRID_HEARD - 12 * 3600);
    let told = (Subject::Status, Outcome::Told);
    twin.tell(evening, told, "a window was left open");
    twin
}

pub(super) fn electric(seed: u64) -> Twin {
    let spec = Spec {
        tank: None,
        traction: Some(Traction {
            range_km: 212.0 / 0.56,
            minutes_per_percent: 4.0,
            no_time: 65_535,
        }),
        climate: Some("full"),
        windows: true,
        tailgate: true,
    };
    let mut state = CarState::parked_at(Position::new(52.379_189, 4.899_431));
    state.odometer_km = 8120.0;
    state.left_hand_drive = false;
    state.windows.rear_left = Window::Unknown;
    state.battery = Some(Battery {
        plug: Plug::Charging,
        schedules: vec![
            ChargingSchedule {
                id: 1,
                enabled: true,
                start: time(23, 0),
                end: Some(time(6, 15)),
                days: [true, true, true, true, true, false, false],
            },
            ChargingSchedule {
                id: 2,
                enabled: false,
                start: time(9, 30),
                end: None,
                days: [false, false, false, false, false, true, true],
            },
        ],
        ..Battery::new(56.0)
    });
    let mut twin = heard(Twin::new(spec, state, seed), at(ELECTRIC_HEARD));
    let day = 24 * 3600;
    let interrupted = (Subject::Command, Outcome::Interrupted);
    let message = "could not lock the doors: a door is open";
    twin.tell(at(ELECTRIC_HEARD - 3 * day), interrupted, message);
    let charged = (Subject::Charging, Outcome::Completed);
    twin.tell(at(ELECTRIC_HEARD - day), charged, "the battery is full");
    twin.notices.read_all(at(ELECTRIC_HEARD - day + 600));
    let started = (Subject::Charging, Outcome::Told);
    twin.tell(at(ELECTRIC_HEARD), started, "charging has begun");
    twin
}

/// Has the service know all of a car but what its data files tell.
fn heard(mut twin: Twin, at: SystemTime) -> Twin {
    let known = [&[View::Electric, View::Climate], STATUS].concat();
    twin.seen.take(&known, &twin.state, at);
    twin
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn time(hour: u8, minute: u8) -> TimeOfDay {
    TimeOfDay { hour, minute }
}
