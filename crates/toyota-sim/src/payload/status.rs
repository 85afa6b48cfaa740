//! Doors, windows and lights, as the new route puts them.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::date;
use crate::garage::{Door, STATUS, Twin, View, Window};

pub(super) fn render(vin: &str, twin: &Twin) -> Option<Value> {
    let [doors, windows, lights] =
        [View::Doors, View::Windows, View::Lights].map(|view| twin.seen.of(view));
    let (doors, windows, lights) = (doors?, windows?, lights?);
    let updated = twin.seen.newest(STATUS)?;
    let mut seen = doors.state.clone();
    seen.windows = windows.state.windows;
    seen.lights = lights.state.lights;
    let warnings = seen.warnings();
    Some(json!({
        "vin": vin,
        "lastUpdateTimestamp": date(updated),
        "overallStatus": if warnings == 0 { "ok" } else { "warning" },
        "overallWarningCounts": warnings,
        "leftHandDrive": seen.left_hand_drive,
        "doors": {
            "driver": door(seen.doors.driver, doors.taken),
            "passenger": door(seen.doors.passenger, doors.taken),
            "rearLeft": door(seen.doors.rear_left, doors.taken),
            "rearRight": door(seen.doors.rear_right, doors.taken),
            "rearBack": door(seen.doors.tailgate, doors.taken),
            "hood": {
                "openStatus": item(if seen.hood_open { "open" } else { "close" }, doors.taken),
            },
        },
        "windows": {
            "driver": item(window(seen.windows.driver), windows.taken),
            "passenger": item(window(seen.windows.passenger), windows.taken),
            "rearLeft": item(window(seen.windows.rear_left), windows.taken),
            "rearRight": item(window(seen.windows.rear_right), windows.taken),
        },
        "lights": {
            "hazard": item(light(seen.lights.hazard), lights.taken),
            "tail": item(light(seen.lights.tail), lights.taken),
            "head": item(light(seen.lights.head), lights.taken),
        },
        "rearSeatReminder": {
            "warning": seen.rear_seat_warning,
            "reason": if seen.rear_seat_warning { "detected" } else { "notDetected" },
            "lastUpdateTimestamp": date(doors.taken),
        },
    }))
}

fn door(door: Door, taken: SystemTime) -> Value {
    json!({
        "lockStatus": item(if door.locked { "locked" } else { "unlocked" }, taken),
        "openStatus": item(if door.open { "open" } else { "closed" }, taken),
    })
}

fn item(status: &str, taken: SystemTime) -> Value {
    json!({"status": status, "lastUpdateTimestamp": date(taken)})
}

fn window(window: Window) -> &'static str {
    match window {
        Window::Closed => "close",
        Window::Open => "open",
        Window::Unknown => "unknown",
    }
}

fn light(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
