//! Doors, windows and lights. What is not known is a dash, and never open.

use jiff::Timestamp;
use toyota_client::model::{Door, Light, Lock, Open, Status, Window};

use super::{Facts, Show, columns, or_dash, when};

/// One line for each door and window.
pub(super) fn table(status: &Status) -> String {
    let (doors, windows) = (&status.doors, &status.windows);
    let rows = [
        door("driver's door", &doors.driver),
        door("passenger's door", &doors.passenger),
        door("rear door, driver's side", &doors.rear_driver),
        door("rear door, passenger's", &doors.rear_passenger),
        door("trunk", &doors.trunk),
        door("hood", &status.hood),
        window("driver's window", &windows.driver),
        window("passenger's window", &windows.passenger),
        window("rear window, driver's side", &windows.rear_driver),
        window("rear window, passenger's", &windows.rear_passenger),
    ];
    columns(["WHAT", "IS", "LOCK", "REPORTED"], rows)
}

/// What the status has beside doors and windows.
pub(super) fn facts(status: &Status, show: Show) -> Facts {
    let lights = &status.lights;
    let reminder = status.rear_seat_reminder.as_ref();
    let reminder = reminder.and_then(|reminder| reminder.warning);
    let yes_or_no = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    vec![
        ("overall", status.overall.as_ref().map(ToString::to_string)),
        ("warnings", status.warning_count.map(|it| it.to_string())),
        ("locked", status.is_locked().map(yes_or_no)),
        ("open", status.is_open().map(yes_or_no)),
        ("hazard lights", light(lights.hazard)),
        ("tail lights", light(lights.tail)),
        ("headlights", light(lights.head)),
        ("rear seats", reminder.map(left_behind)),
        ("odometer", status.odometer.map(|it| show.distance(it))),
        ("range", status.range.map(|it| show.distance(it))),
        ("fuel", status.fuel_level.map(|level| format!("{level} %"))),
    ]
}

fn door(name: &str, door: &Door) -> [String; 4] {
    let lock = door.locked.map(|lock| match lock {
        Lock::Locked => "locked".to_owned(),
        Lock::Unlocked => "UNLOCKED".to_owned(),
    });
    row(name, door.open, or_dash(lock), door.updated())
}

fn window(name: &str, window: &Window) -> [String; 4] {
    row(name, window.open, String::new(), window.updated)
}

fn row(name: &str, open: Option<Open>, lock: String, updated: Option<Timestamp>) -> [String; 4] {
    let open = open.map(|open| match open {
        Open::Open => "OPEN".to_owned(),
        Open::Closed => "closed".to_owned(),
    });
    [
        name.to_owned(),
        or_dash(open),
        lock,
        or_dash(updated.map(when)),
    ]
}

fn light(light: Light) -> Option<String> {
    light.on.map(|on| if on { "on" } else { "off" }.to_owned())
}

fn left_behind(warns: bool) -> String {
    if warns {
        "something was left there".to_owned()
    } else {
        "nothing was left there".to_owned()
    }
}
