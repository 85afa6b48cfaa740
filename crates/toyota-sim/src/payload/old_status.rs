//! Doors and windows, as the old route puts them: in sections, by the driver's side.

use serde_json::{Value, json};

use super::date;
use crate::{
    garage::{CarState, Door, STATUS, Twin, View, Window},
    number::{tenth, whole},
};

pub(super) fn render(twin: &Twin) -> Option<Value> {
    let doors = twin.seen.of(View::Doors)?;
    let occurred = twin.seen.newest(STATUS)?;
    let mut seen = doors.state.clone();
    seen.windows = twin.seen.of(View::Windows)?.state.windows;
    let parked = twin.seen.of(View::Location);
    let at = parked.map_or(seen.position, |picture| picture.state.position);
    let acquired = parked.map_or(doors.taken, |picture| picture.taken);
    Some(json!({
        "vehicleStatus": categories(&seen),
        "telemetry": telemetry(twin, &seen),
        "occurrenceDate": date(occurred),
        "cautionOverallCount": seen.warnings(),
        "latitude": at.latitude,
        "longitude": at.longitude,
        "locationAcquisitionDatetime": date(acquired),
    }))
}

fn telemetry(twin: &Twin, seen: &CarState) -> Value {
    let mut telemetry = json!({
        "odo": {"value": tenth(seen.odometer_km), "unit": "Km"},
    });
    if let (Some(fuel), Some(range)) = (seen.fuel, twin.spec.fuel_range(seen.fuel)) {
        telemetry["fugage"] = json!({"value": whole(fuel), "unit": "%"});
        telemetry["rage"] = json!({"value": tenth(range), "unit": "Km"});
    }
    telemetry
}

fn categories(seen: &CarState) -> Value {
    let (doors, windows) = (seen.doors, seen.windows);
    let left = (doors.rear_left, windows.rear_left);
    let right = (doors.rear_right, windows.rear_right);
    let (driver_rear, passenger_rear) = if seen.left_hand_drive {
        (left, right)
    } else {
        (right, left)
    };
    json!([
        {
            "category": "carstatus_category_driver",
            "displayOrder": 1,
            "sections": [
                section("driver_door", door(doors.driver)),
                section("driver_rear_door", door(driver_rear.0)),
                section("driver_window", window(windows.driver)),
                section("driver_rear_window", window(driver_rear.1)),
            ],
        },
        {
            "category": "carstatus_category_passenger",
            "displayOrder": 2,
            "sections": [
                section("passenger_door", door(doors.passenger)),
                section("passenger_rear_door", door(passenger_rear.0)),
                section("passenger_window", window(windows.passenger)),
                section("passenger_rear_window", window(passenger_rear.1)),
            ],
        },
        {
            "category": "carstatus_category_other",
            "displayOrder": 3,
            "sections": [
                section("rear_hatch", door(doors.tailgate)),
                section("hood", vec![closed(!seen.hood_open)]),
            ],
        },
    ])
}

fn section(name: &str, values: Vec<Value>) -> Value {
    json!({"section": format!("carstatus_item_{name}"), "values": values})
}

fn door(door: Door) -> Vec<Value> {
    let lock = if door.locked {
        json!({"value": "carstatus_locked", "status": 0})
    } else {
        json!({"value": "carstatus_unlocked", "status": 1})
    };
    vec![closed(!door.open), lock]
}

fn window(window: Window) -> Vec<Value> {
    match window {
        Window::Closed => vec![closed(true)],
        Window::Open => vec![closed(false)],
        Window::Unknown => Vec::new(),
    }
}

fn closed(closed: bool) -> Value {
    json!({"value": "carstatus_closed", "status": u8::from(!closed)})
}
