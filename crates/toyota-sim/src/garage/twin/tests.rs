//! Whatever happens to a car, it stays a car.

use std::time::UNIX_EPOCH;

use super::*;
use crate::{
    account::Account,
    garage::{ClimatePhase, Plug, Position, STATUS, TimeOfDay},
};

const LIVES: u64 = 24;
const STEPS: usize = 300;
/// A Monday, far from the beginning of time.
const BEGINNING: Duration = Duration::from_secs(1_799_625_600);

#[test]
fn no_life_leads_to_an_impossible_car() {
    for seed in 0..LIVES {
        let mut life = Life::new(seed);

        for _ in 0..STEPS {
            let before = life.twin.clone();
            life.step();
            check(&before, &life.twin, life.now);
        }
    }
}

#[test]
fn a_life_is_the_same_however_often_it_is_looked_at() {
    for seed in 0..LIVES {
        let (mut watched, mut alone) = (Life::new(seed), Life::new(seed));
        for life in [&mut watched, &mut alone] {
            life.twin.set_routine(Routine::Habitual);
            life.live(Duration::ZERO);
        }

        for _ in 0..96 {
            watched.live(Duration::from_secs(1800));
        }
        alone.live(Duration::from_secs(96 * 1800));

        let drives = |life: &Life| life.drives.iter().cloned().collect::<Vec<_>>();
        assert_eq!(drives(&watched), drives(&alone));
        assert_eq!(watched.twin.notices, alone.twin.notices);
        assert_eq!(watched.twin.state.doors, alone.twin.state.doors);
        assert_eq!(
            watched.twin.seen.newest(STATUS),
            alone.twin.seen.newest(STATUS)
        );
    }
}

#[test]
fn a_later_reservation_takes_the_place_of_an_earlier_one() {
    let mut life = Life::new(2);
    let reserve = |weekday| {
        let start = TimeOfDay { hour: 3, minute: 0 };
        Task::Reserve(ChargingReservation {
            weekday,
            start: Some(start),
            end: None,
        })
    };
    let plug = |life: &Life| life.twin.state.battery.as_ref().unwrap().plug;
    assert_eq!(plug(&life), Plug::Charging);

    for weekday in [2, 4] {
        life.twin.command(reserve(weekday), life.now);
        life.live(Duration::from_secs(60));
    }
    life.live(days(2));
    let wednesday = plug(&life);
    life.live(days(2));

    assert_eq!(wednesday, Plug::Waiting);
    assert_ne!(plug(&life), Plug::Waiting);
}

#[test]
fn hazard_lights_flash_for_a_minute_from_the_last_command() {
    let mut life = Life::new(0);
    let hazard = |life: &Life| life.twin.state.lights.hazard;

    life.twin.command(Task::Hazard, life.now);
    life.live(Duration::from_secs(50));
    life.twin.command(Task::Hazard, life.now);
    life.live(Duration::from_secs(50));
    let after_the_first = hazard(&life);
    life.live(Duration::from_secs(20));

    assert!(after_the_first);
    assert!(!hazard(&life));
}

/// A car in the hands of chance.
struct Life {
    twin: Twin,
    habits: Habits,
    drives: Drives,
    dice: Random,
    now: SystemTime,
}

impl Life {
    fn new(seed: u64) -> Self {
        let account = Account::demo();
        let cars: Vec<Twin> = account
            .cars()
            .iter()
            .filter_map(|car| car.twin().cloned())
            .collect();
        let mut twin = cars[usize::try_from(seed).unwrap() % cars.len()].clone();
        twin.reseed(seed);
        let habits = Habits {
            seed,
            home: twin.home,
            powertrain: crate::garage::Powertrain::Electric,
            commute_metres: Some(20_000),
        };
        let mut life = Self {
            twin,
            habits,
            drives: Drives::default(),
            dice: Random::new(seed),
            now: UNIX_EPOCH + BEGINNING,
        };
        life.live(Duration::ZERO);
        life
    }

    fn live(&mut self, time: Duration) {
        self.now += time;
        let habits = Some(&self.habits);
        self.twin.live_until(self.now, habits, &mut self.drives);
    }

    /// Does something to the car, and lets some time pass.
    fn step(&mut self) {
        let now = self.now;
        match self.dice.below(16) {
            0 => self.twin.wake(Wake::Status, now),
            1 => self.twin.wake(Wake::Electric, now),
            2 => self.twin.wake(Wake::Climate, now),
            3 => {
                let kilometres = f64::from(self.dice.below(900));
                let lasts = Duration::from_secs(self.dice.below(9000).into());
                let to = Position::new(self.dice.unit() * 80.0, self.dice.unit() * 80.0);
                let drive = PlannedDrive::new(now, lasts, kilometres, to);
                self.twin.drive(drive, now);
            }
            4 => self.twin.set_routine(Routine::Habitual),
            5 => self.twin.set_routine(Routine::Parked),
            6 => self.twin.behaviour = WakeBehaviour::silent(),
            7 => self.twin.behaviour = WakeBehaviour::responsive(),
            8 => {
                if let Some(battery) = &mut self.twin.state.battery {
                    battery.plug = Plug::Charging;
                }
            }
            _ => {
                let task = self.task();
                if task.suits(&self.twin.spec) {
                    self.twin.command(task, now);
                }
            }
        }
        let longest = [20, 600, 40_000, 3_000_000][usize::from(self.dice.bytes::<1>()[0] % 4)];
        let time = Duration::from_secs(self.dice.below(longest).into());
        self.live(time);
    }

    fn task(&mut self) -> Task {
        let settings = ClimateSettings {
            minutes: self.dice.between(1, 21),
            ..ClimateSettings::default()
        };
        match self.dice.below(9) {
            0 => Task::Lock,
            1 => Task::Unlock,
            2 => Task::Hazard,
            3 => Task::CloseWindows,
            4 | 5 => Task::StartClimate(settings),
            6 => Task::StopClimate,
            7 => Task::Charge,
            _ => Task::Reserve(ChargingReservation {
                weekday: 3,
                start: None,
                end: Some(TimeOfDay { hour: 7, minute: 0 }),
            }),
        }
    }
}

/// Checks that a car is possible, and that nothing went back that only goes forward.
fn check(before: &Twin, after: &Twin, now: SystemTime) {
    let state = &after.state;
    let percents = state.battery.as_ref().map(|battery| battery.percent);
    for percent in [percents, state.fuel].into_iter().flatten() {
        assert!((0.0..=100.0).contains(&percent), "{percent}");
    }
    assert!(state.odometer_km >= before.state.odometer_km);
    let climate = &state.climate;
    let off = climate.phase == ClimatePhase::Stopped;
    assert_eq!(off, climate.started.is_none(), "{:?}", climate.phase);
    assert!(!state.driving || off, "the drive has its own climate");
    assert!(after.climate_used <= Duration::from_secs(20 * 60 + 15));
    assert!((0.0..30.0).contains(&climate.cabin));
    for view in album::EVERYTHING {
        let taken = |twin: &Twin| twin.seen.of(*view).map(|picture| picture.taken);
        assert!(taken(after) >= taken(before), "{view:?} went back");
        assert!(taken(after) <= Some(now), "{view:?} lies ahead");
    }
    assert!(after.notices.iter().count() <= 100);
}

fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}
