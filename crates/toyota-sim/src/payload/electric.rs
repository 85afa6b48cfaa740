//! Battery, charging and ranges; both families of routes say much the same.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::{date, km, miles, telemetry};
use crate::{
    garage::{Battery, ChargingSchedule, Plug, TimeOfDay, Twin, View},
    number::whole,
};

/// How much of its range a car keeps with its air conditioning on.
const WITH_AC: f64 = 0.92;
/// How full a hybrid's battery looks to its driver, when it is full.
const USABLE: f64 = 0.935;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Returns the payload of the new route, or of the old one, which lacks a member.
pub(super) fn render(vin: &str, twin: &Twin, new: bool) -> Option<Value> {
    let traction = twin.spec.traction?;
    let picture = twin.seen.of(View::Electric)?;
    let battery = picture.state.battery.as_ref()?;
    let range = traction.range_km * battery.percent / 100.0;
    let minutes = twin.minutes_to_full(battery).map(f64::ceil).map(whole);
    let mut answer = json!({
        "batteryLevel": whole(battery.percent),
        "chargingStatus": charging(battery),
        "remainingChargeTime": minutes.unwrap_or(traction.no_time),
        "evRange": km(range),
        "evRangeWithAc": km(range * WITH_AC),
        "canSetNextChargingEvent": battery.plug != Plug::Out,
        "chargingSchedules": battery.schedules.iter().map(schedule).collect::<Vec<_>>(),
        "nextChargingEvent": next_event(battery, picture.taken),
        "lastUpdateTimestamp": date(picture.taken),
    });
    if let (Some(level), Some(fuel)) =
        (picture.state.fuel, twin.spec.fuel_range(picture.state.fuel))
    {
        answer["fuelLevel"] = json!(whole(level));
        answer["fuelRange"] = miles(fuel);
        answer["totalRangeWithAc"] = miles(fuel + range * WITH_AC);
        if new {
            answer["phevUsableBatteryLevel"] = json!(whole(battery.percent * USABLE));
        }
    }
    if new {
        answer["vin"] = json!(vin);
        answer["dcmTimestamp"] = json!(date(picture.taken));
    }
    Some(answer)
}

fn charging(battery: &Battery) -> &'static str {
    match battery.plug {
        Plug::Waiting if battery.reserved.is_some() => "connected",
        plug => telemetry::plug(plug),
    }
}

fn schedule(schedule: &ChargingSchedule) -> Value {
    let days: Map<String, Value> = DAYS
        .iter()
        .zip(schedule.days)
        .map(|(day, on)| ((*day).to_owned(), json!(u8::from(on))))
        .collect();
    let mut answer = json!({
        "id": schedule.id,
        "enabled": schedule.enabled,
        "type": kind(schedule.end),
        "startTime": time(schedule.start),
        "days": days,
    });
    if let Some(end) = schedule.end {
        answer["endTime"] = time(end);
    }
    answer
}

/// Returns what was reserved, or else the next charge by a schedule, as the car saw it then.
fn next_event(battery: &Battery, then: SystemTime) -> Value {
    if let Some(reserved) = battery.reserved {
        let mut event = json!({
            "type": kind(reserved.end),
            "weekDay": reserved.weekday,
        });
        for (name, at) in [("startTime", reserved.start), ("endTime", reserved.end)] {
            if let Some(at) = at {
                event[name] = time(at);
            }
        }
        return event;
    }
    let next = battery.next_scheduled(then).map(|next| {
        json!({
            "type": kind(next.schedule.end),
            "weekDay": next.weekday,
            "startTime": time(next.schedule.start),
        })
    });
    next.unwrap_or_default()
}

fn kind(end: Option<TimeOfDay>) -> &'static str {
    if end.is_some() {
        "startEnd"
    } else {
        "startOnly"
    }
}

fn time(time: TimeOfDay) -> Value {
    json!({"hour": time.hour, "minute": time.minute})
}
