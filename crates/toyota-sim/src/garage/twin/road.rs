//! A drive, from setting out to parking.

use std::time::{Duration, SystemTime};

use super::{Event, Twin};
use crate::{
    clock::later,
    garage::{
        Drive, Drives, PlannedDrive, Plug, Windows, album,
        notice::{Outcome, Subject},
    },
    number::whole,
};

/// What is left in a battery when the engine takes over, in per cent.
const RESERVE: f64 = 8.0;
/// How empty a tank is when it is filled up, in per cent.
const LOW: f64 = 12.0;
/// How often a car is left with its doors unlocked.
const FORGETFUL: f64 = 0.05;

/// What a drive takes.
struct Spent {
    electric_km: f64,
    fuel_litres: Option<f64>,
}

impl Twin {
    pub(super) fn set_out(&mut self, drive: PlannedDrive, now: SystemTime) {
        if self.state.driving {
            return;
        }
        self.climate_renewed(now);
        let state = &mut self.state;
        state.driving = true;
        state.doors.set_locked(true);
        state.windows = Windows::default();
        state.lights.hazard = false;
        if let Some(battery) = &mut state.battery {
            battery.plug = Plug::Out;
        }
        if state.fuel.is_some_and(|percent| percent < LOW) {
            state.fuel = Some(100.0);
        }
        self.tell_service(album::DEPARTURE, now);
        let end = later(now, drive.lasts.max(Duration::from_secs(1)));
        self.agenda.plan(end, Event::DriveEnds(drive, now));
    }

    pub(super) fn arrive(
        &mut self,
        drive: PlannedDrive,
        started: SystemTime,
        now: SystemTime,
        drives: &mut Drives,
    ) {
        let spent = self.spend(drive.kilometres);
        let from = std::mem::replace(&mut self.state.position, drive.to);
        self.state.odometer_km += drive.kilometres;
        self.state.driving = false;
        let electric = spent.electric_km / drive.kilometres.max(f64::MIN_POSITIVE);
        let lasted = now.duration_since(started).unwrap_or_default();
        drives.push(Drive {
            id: self.random.uuid(),
            start: started,
            end: now,
            metres: whole(drive.kilometres * 1000.0),
            fuel_ml: spent.fuel_litres.map(|litres| whole(litres * 1000.0)),
            ev_seconds: whole(lasted.as_secs_f64() * electric),
            ev_metres: whole(spent.electric_km * 1000.0),
            from,
            to: drive.to,
            seed: self.random.word(),
        });
        self.park(now);
    }

    fn park(&mut self, now: SystemTime) {
        let forgotten = self.random.unit() < FORGETFUL;
        self.state.doors.set_locked(!forgotten);
        if self.state.position == self.home {
            self.plug_in(now);
        }
        self.tell_service(album::EVERYTHING, now);
        if forgotten {
            let message = "the doors are not locked";
            self.notify(now, Subject::Status, Outcome::Told, message);
        }
    }

    /// Takes from the battery, and then from the tank, what so many kilometres cost.
    fn spend(&mut self, kilometres: f64) -> Spent {
        let state = &mut self.state;
        let mut electric_km = 0.0;
        if let (Some(battery), Some(traction)) = (&mut state.battery, self.spec.traction) {
            let reserve = if self.spec.tank.is_some() {
                RESERVE
            } else {
                0.0
            };
            let usable = (battery.percent - reserve).max(0.0) / 100.0 * traction.range_km;
            electric_km = usable.min(kilometres);
            let spent = electric_km / traction.range_km * 100.0;
            battery.percent = (battery.percent - spent).max(0.0);
        }
        let fuel_litres = self.spec.tank.map(|tank| {
            let burnt_km = kilometres - electric_km;
            let percent = burnt_km / tank.range_km * 100.0;
            state.fuel = state.fuel.map(|fuel| (fuel - percent).max(0.0));
            percent / 100.0 * tank.litres
        });
        Spent {
            electric_km,
            fuel_litres,
        }
    }
}
