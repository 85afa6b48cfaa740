//! The climate control, as the old routes put it.

use serde_json::{Value, json};

use super::date;
use crate::{
    garage::{ClimatePhase, Twin, View},
    number::tenth,
};

pub(super) fn status(twin: &Twin) -> Option<Value> {
    let kind = twin.spec.climate?;
    let picture = twin.seen.of(View::Climate)?;
    let climate = &picture.state.climate;
    if climate.phase == ClimatePhase::Stopped {
        return Some(json!({"type": kind, "status": 0}));
    }
    Some(json!({
        "type": kind,
        "status": 1,
        "startedAt": climate.started.map(date),
        "duration": climate.settings.minutes,
        "currentTemperature": {
            "value": tenth(climate.cabin),
            "unit": "C",
            "timestamp": date(picture.taken),
        },
        "targetTemperature": {"value": climate.settings.celsius, "unit": "C"},
        "options": {
            "frontDefogger": climate.settings.front_defrost,
            "rearDefogger": climate.settings.rear_defog,
        },
    }))
}

pub(super) fn settings(twin: &Twin) -> Option<Value> {
    twin.spec.climate?;
    let saved = &twin.saved;
    Some(json!({
        "settingsOn": saved.on,
        "temperature": saved.celsius,
        "temperatureUnit": "C",
        "minTemp": 18,
        "maxTemp": 29,
        "tempInterval": 1,
        "acOperations": [{
            "available": true,
            "categoryName": "defrost",
            "categoryDisplayName": "Defrost",
            "acParameters": [
                parameter("frontDefrost", "Front", saved.front_defrost),
                parameter("rearDefrost", "Rear", saved.rear_defog),
            ],
        }],
    }))
}

fn parameter(name: &str, display_name: &str, enabled: bool) -> Value {
    json!({
        "available": true,
        "displayName": display_name,
        "enabled": enabled,
        "iconUrl": format!("https://example.com/icons/{name}.png"),
        "name": name,
    })
}
