//! Commands by name: locks, lights, horn and windows.

use serde_json::Value;

use super::{
    command::{Kind, Wish},
    envelope,
    refusal::Refusal,
};
use crate::{account::Car, garage::Task};

/// The longest command, in bytes.
const LIMIT: usize = 64;

pub(super) static COMMAND: Kind = Kind {
    read,
    envelope: envelope::remote,
};

/// Returns what is wanted of a car; one that has no life takes any short text.
fn read(body: &Value, car: &Car) -> Result<Wish, Refusal> {
    let command = body
        .get("command")
        .and_then(Value::as_str)
        .filter(|command| (1..=LIMIT).contains(&command.len()))
        .ok_or(Refusal::InvalidBody)?;
    let task = match car.twin() {
        Some(_) => Some(task(command)?),
        None => None,
    };
    Ok(Wish::new(command, task))
}

/// Returns what a command means, as far as clients have seen one obeyed.
fn task(command: &str) -> Result<Task, Refusal> {
    Ok(match command {
        "door-lock" => Task::Lock,
        "door-unlock" => Task::Unlock,
        "trunk-lock" => Task::LockTailgate,
        "trunk-unlock" => Task::UnlockTailgate,
        "hazard-on" => Task::Hazard,
        "sound-horn" | "buzzer-warning" => Task::Sound,
        "power-window-close" => Task::CloseWindows,
        "headlight-on" => return Err(Refusal::UnsupportedCommand),
        _ => return Err(Refusal::UnknownCommand),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::account::Account;

    #[test]
    fn a_command_is_a_short_text_in_an_object() {
        let car = Car::new("any");
        let long = |length| json!({"command": "x".repeat(length)});
        for (body, expected) in [
            (json!({"command": "door-lock"}), Some(9)),
            (json!({"command": "buzzer", "beepCount": 3}), Some(6)),
            (long(LIMIT), Some(LIMIT)),
            (long(LIMIT + 1), None),
            (long(0), None),
            (json!({"command": 7}), None),
            (json!({"order": "door-lock"}), None),
            (json!(["command"]), None),
            (Value::Null, None),
        ] {
            let found = read(&body, &car).ok().map(|wish| wish.command.len());

            assert_eq!(found, expected, "{body:.80}");
        }
    }

    #[test]
    fn a_living_car_knows_its_commands() {
        let account = Account::demo();
        let car = &account.cars()[0];
        for (command, refusal) in [
            ("door-lock", None),
            ("buzzer-warning", None),
            ("power-window-close", None),
            ("power-window-on", Some(Refusal::UnknownCommand)),
            ("find-vehicle", Some(Refusal::UnknownCommand)),
            ("hazard-off", Some(Refusal::UnknownCommand)),
            ("engine-start", Some(Refusal::UnknownCommand)),
            ("headlight-on", Some(Refusal::UnsupportedCommand)),
        ] {
            let refused = read(&json!({"command": command}), car).err();

            assert_eq!(refused, refusal, "{command}");
        }
    }
}
