//! The battery at its plug.

use std::time::{Duration, SystemTime};

use super::{Event, Twin};
use crate::{
    clock::{epoch_seconds, later},
    garage::{Battery, ChargingReservation, ChargingSchedule, Plug, TimeOfDay, album},
};

const DAY: u64 = 24 * 60 * 60;
const WEEK: u64 = 7 * DAY;

impl Twin {
    /// Returns the minutes until the battery is full, if it is being charged.
    pub(crate) fn minutes_to_full(&self, battery: &Battery) -> Option<f64> {
        let pace = self.spec.traction?.minutes_per_percent;
        let missing = (100.0 - battery.percent).clamp(0.0, 100.0);
        (battery.plug == Plug::Charging).then_some(missing * pace)
    }

    pub(super) fn full_at(&self, now: SystemTime) -> Option<SystemTime> {
        let minutes = self.minutes_to_full(self.state.battery.as_ref()?)?;
        let time = Duration::try_from_secs_f64(minutes * 60.0);
        Some(later(now, time.unwrap_or_default()))
    }

    pub(super) fn charge_for(&mut self, time: Duration) {
        let pace = self.spec.traction.map(|it| it.minutes_per_percent);
        if let (Some(battery), Some(pace)) = (&mut self.state.battery, pace)
            && battery.plug == Plug::Charging
        {
            let gained = time.as_secs_f64() / 60.0 / pace;
            battery.percent = (battery.percent + gained).min(100.0);
        }
    }

    pub(super) fn fill(&mut self) {
        if let Some(battery) = &mut self.state.battery {
            battery.percent = 100.0;
            battery.plug = Plug::Full;
        }
    }

    /// Begins a charge, unless another was reserved in its place.
    pub(super) fn charge_begins(&mut self, reserved: Option<ChargingReservation>, now: SystemTime) {
        let Some(battery) = &mut self.state.battery else {
            return;
        };
        if battery.reserved != reserved {
            return;
        }
        battery.reserved = None;
        if battery.plug == Plug::Waiting {
            battery.plug = Plug::Charging;
            self.tell_service(album::ELECTRIC, now);
        }
    }

    /// Has the charge begin at its time: at once, if only its end was said.
    pub(super) fn reserve(&mut self, reservation: ChargingReservation, now: SystemTime) {
        let at = match reservation.start {
            Some(start) => next(now, reservation.weekday, start),
            None => now,
        };
        self.agenda.plan(at, Event::ChargeBegins(Some(reservation)));
    }

    /// Plugs the car in; it charges at once, or at the next time that is set.
    pub(super) fn plug_in(&mut self, now: SystemTime) {
        let Some(battery) = &mut self.state.battery else {
            return;
        };
        let scheduled = battery.next_scheduled(now).map(|next| next.at);
        if let Some(at) = scheduled {
            battery.plug = Plug::Waiting;
            self.agenda.plan(at, Event::ChargeBegins(None));
        } else {
            battery.plug = Plug::Charging;
        }
    }
}

/// A charge that a schedule lets begin.
pub(crate) struct Scheduled<'a> {
    pub(crate) at: SystemTime,
    /// The day of the week; Monday is 1.
    pub(crate) weekday: u8,
    pub(crate) schedule: &'a ChargingSchedule,
}

impl Battery {
    /// Returns the soonest charge that any of the schedules lets begin.
    pub(crate) fn next_scheduled(&self, now: SystemTime) -> Option<Scheduled<'_>> {
        let enabled = self.schedules.iter().filter(|schedule| schedule.enabled);
        enabled
            .flat_map(|schedule| {
                let days = (1_u8..).zip(schedule.days).filter(|(_, on)| *on);
                days.map(move |(weekday, _)| Scheduled {
                    at: next(now, weekday, schedule.start),
                    weekday,
                    schedule,
                })
            })
            .min_by_key(|scheduled| scheduled.at)
    }
}

/// Returns when this weekday, of which Monday is 1, next has this time of day.
fn next(now: SystemTime, weekday: u8, time: TimeOfDay) -> SystemTime {
    let seconds = epoch_seconds(now);
    // The first of January 1970 was a Thursday, three days after a Monday.
    let monday = (seconds + 3 * DAY) / WEEK * WEEK;
    let days = u64::from(weekday.clamp(1, 7)) - 1;
    let at = monday + days * DAY + u64::from(time.hour) * 3600 + u64::from(time.minute) * 60;
    let ahead = (at + 2 * WEEK - (seconds + 3 * DAY) - 1) % WEEK + 1;
    later(now, Duration::from_secs(ahead))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_weekday_comes_again_within_a_week() {
        // A Thursday, at midnight.
        let now = UNIX_EPOCH;
        for (weekday, hour, hours) in [
            (4, 1, 1),
            (4, 0, 7 * 24),
            (5, 0, 24),
            (7, 23, 3 * 24 + 23),
            (1, 0, 4 * 24),
            (3, 23, 6 * 24 + 23),
            (0, 0, 4 * 24),
        ] {
            let at = next(now, weekday, TimeOfDay { hour, minute: 0 });

            let expected = now + Duration::from_secs(hours * 3600);
            assert_eq!(at, expected, "day {weekday} at {hour}");
        }
    }
}
