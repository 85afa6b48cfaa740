//! Commands to the climate control: one of the new route, or settings and a start of the old ones.

mod options;

use serde_json::{Value, json};

use super::{
    command::{Kind, Wish},
    envelope,
    live::Call,
    refusal::Refusal,
};
use crate::{
    account::Car,
    garage::{ClimateSettings, Task},
};

pub(super) static CONTROL: Kind = Kind {
    read: control,
    envelope: envelope::service,
};
pub(super) static OLD_CONTROL: Kind = Kind {
    read: old_control,
    envelope: envelope::remote,
};

fn control(body: &Value, car: &Car) -> Result<Wish, Refusal> {
    let command = text(body, "command")?;
    let settings = options::settings(body, saved(car))?;
    let task = match command {
        "start" => Task::StartClimate(settings.clone()),
        "stop" => Task::StopClimate,
        _ => return Err(Refusal::UnknownCommand),
    };
    let keep = body.get("saveSettings") == Some(&Value::Bool(true));
    Ok(Wish {
        saved: keep.then_some(settings),
        ..Wish::new(command, Some(task))
    })
}

fn old_control(body: &Value, car: &Car) -> Result<Wish, Refusal> {
    let command = text(body, "command")?;
    let task = match command {
        "engine-start" | "ac-settings-on" => {
            let minutes = body.pointer("/remoteHvac/engineStartTime");
            Task::StartClimate(options::with_minutes(saved(car), minutes)?)
        }
        "engine-stop" => Task::StopClimate,
        _ => return Err(Refusal::UnknownCommand),
    };
    Ok(Wish::new(command, Some(task)))
}

/// Changes what the climate control is to do, by the old route.
pub(super) fn change(call: Call<'_>) -> Result<Value, Refusal> {
    let body: Value = serde_json::from_slice(call.exchange.body())
        .ok()
        .filter(Value::is_object)
        .ok_or(Refusal::InvalidBody)?;
    let number = call.random.uuid();
    let car = call.car()?;
    let settings = options::old_settings(&body, saved(car))?;
    if let Some(twin) = car.twin_mut() {
        if twin.spec.climate.is_none() {
            return Err(Refusal::Interrupted);
        }
        twin.saved = settings;
    }
    Ok(envelope::remote(Some(json!({
        "appRequestNo": number.to_string(),
        "returnCode": "000000",
    }))))
}

fn saved(car: &Car) -> ClimateSettings {
    car.twin()
        .map(|twin| twin.saved.clone())
        .unwrap_or_default()
}

fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    body.get(name)
        .and_then(Value::as_str)
        .ok_or(Refusal::InvalidBody)
}
