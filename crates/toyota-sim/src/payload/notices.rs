//! What the driver's phone was told.

use serde_json::{Value, json};

use super::date;
use crate::garage::{Notice, Outcome, Subject, Twin};

/// Returns the notifications of the car of this name, newest first.
pub(crate) fn render(vin: &str, twin: &Twin, name: &str) -> Value {
    twin.notices
        .iter()
        .map(|notice| notification(vin, name, notice))
        .collect()
}

fn notification(vin: &str, name: &str, notice: &Notice) -> Value {
    let (category, display_category) = match notice.subject {
        Subject::Status => ("VehicleStatusAlert", "Vehicle Alerts"),
        Subject::Charging => ("ChargingAlert", "General"),
        Subject::Command => ("RemoteCommand", "Remote Commands"),
        Subject::Control => ("RemoteControl", "Remote Commands"),
    };
    let mut answer = json!({
        "messageId": notice.id,
        "vin": vin,
        "notificationDate": date(notice.date),
        "isRead": notice.read.is_some(),
        "iconUrl": "https://example.com/icons/notification.png",
        "message": format!("{name}: {}.", notice.message),
        "status": match notice.outcome {
            Outcome::Told => json!(0),
            Outcome::Completed => json!("completed"),
            Outcome::Interrupted => json!("interrupted"),
        },
        "type": "alert",
        "category": category,
        "displayCategory": display_category,
    });
    if let Some(read) = notice.read {
        answer["readTimestamp"] = json!(date(read));
    }
    answer
}
