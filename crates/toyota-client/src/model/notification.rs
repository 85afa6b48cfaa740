//! What the service tells the car's owner.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, OBJECT, object};
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};
use super::word::{Vocabulary, Word};
use crate::Vin;

/// A message of the service about a car. Why a command failed is told here and nowhere else.
///
/// `Debug` shows no text: it holds the car's name.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notification {
    /// The message's identifier.
    pub id: Option<String>,
    /// The car that it is about.
    pub vin: Option<Vin>,
    /// When it was sent.
    pub date: Option<Timestamp>,
    /// Whether it was read in the app.
    pub is_read: Option<bool>,
    /// When it was read in the app.
    pub read_at: Option<Timestamp>,
    /// The text, in the account's language.
    pub message: Option<String>,
    /// How what it is about went; also written as a number whose meaning is not known.
    pub status: Option<Word<NotificationStatus>>,
    /// What kind of message it is, such as `alert`.
    pub kind: Option<String>,
    /// What it is about.
    pub category: Option<Word<NotificationCategory>>,
    /// The heading that the app shows it under.
    pub display_category: Option<String>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// How what a notification is about went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotificationStatus {
    /// It was done.
    Completed,
    /// It was not.
    Interrupted,
}

impl Vocabulary for NotificationStatus {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "completed" => Some(Self::Completed),
            "interrupted" => Some(Self::Interrupted),
            _ => None,
        }
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotificationCategory {
    /// A door, a window or a light that was left as it should not be.
    VehicleStatusAlert,
    /// A command that was sent to the car.
    RemoteCommand,
    /// Charging.
    Charging,
}

impl Vocabulary for NotificationCategory {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "vehiclestatusalert" => Some(Self::VehicleStatusAlert),
            "remotecommand" | "remotecontrol" => Some(Self::RemoteCommand),
            "chargingalert" => Some(Self::Charging),
            _ => None,
        }
    }
}

impl Notification {
    /// Reads the answer of `GET /v2/notification/history`: the messages of all of its cars, newest
    /// first. Without a payload there are none.
    #[must_use]
    pub fn list_from_answer(answer: Value) -> Decoded<Vec<Self>> {
        let Decoded { value, warnings } = super::decode::payload::<Vec<OfCar>>(answer);
        let cars = value.unwrap_or_default().into_iter();
        let mut value: Vec<_> = cars.flat_map(OfCar::notifications).collect();
        // Messages without a date go last; the sort keeps the order of the service otherwise.
        value.sort_by_key(|notification| std::cmp::Reverse(notification.date));
        Decoded { value, warnings }
    }
}

/// The messages of one car, as the answer has them.
struct OfCar {
    vin: Option<Vin>,
    notifications: Vec<Notification>,
}

impl OfCar {
    fn notifications(self) -> impl Iterator<Item = Notification> {
        let Self { vin, notifications } = self;
        notifications
            .into_iter()
            .map(move |notification| Notification {
                vin: notification.vin.or_else(|| vin.clone()),
                ..notification
            })
    }
}

impl Decode for OfCar {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                vin: members.take("vin"),
                notifications: members.take("notifications").unwrap_or_default(),
            })
        })
    }
}

impl Decode for Notification {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                id: members.take("messageId"),
                vin: members.take("vin"),
                date: members.take("notificationDate"),
                is_read: members.take("isRead"),
                read_at: members.take("readTimestamp"),
                message: members.take("message"),
                status: members.take("status"),
                kind: members.take("type"),
                category: members.take("category"),
                display_category: members.take("displayCategory"),
                extra: members.rest(),
            })
        })
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("vin", &self.vin)
            .field("date", &self.date)
            .field("is_read", &self.is_read)
            .field("status", &self.status)
            .field("kind", &self.kind)
            .field("category", &self.category)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_messages_of_all_cars_come_newest_first() {
        let of = |date: &str| json!({"notificationDate": date, "messageId": date});
        let answer = json!({"payload": [
            {"vin": "V1", "notifications": [of("2026-11-20T10:00:00Z"), {"messageId": "none"}]},
            {"vin": "V2", "notifications": [of("2026-11-21T10:00:00Z"), of("2026-11-19T10:00:00Z")]},
        ]});

        let Decoded { value, warnings } = Notification::list_from_answer(answer);

        let vins: Vec<_> = value
            .iter()
            .map(|it| it.vin.as_ref().unwrap().as_str())
            .collect();
        assert_eq!(vins, ["V2", "V1", "V2", "V1"]);
        assert_eq!(value[3].id.as_deref(), Some("none"));
        assert!(warnings.is_empty());
    }

    #[test]
    fn the_status_is_a_number_or_a_word() {
        for (status, text, meaning) in [
            (json!(0), "0", None),
            (
                json!("Completed"),
                "Completed",
                Some(NotificationStatus::Completed),
            ),
            (
                json!("interrupted"),
                "interrupted",
                Some(NotificationStatus::Interrupted),
            ),
            (json!("new"), "new", None),
        ] {
            let answer = json!({"payload": [{"notifications": [{"status": status}]}]});

            let it = Notification::list_from_answer(answer).value.remove(0);

            let status = it.status.unwrap();
            assert_eq!((status.as_str(), status.meaning()), (text, meaning));
        }
    }

    #[test]
    fn debug_shows_no_text() {
        let answer = json!({"payload": [{"notifications": [{"message": "s3cret"}]}]});

        let list = Notification::list_from_answer(answer).value;

        assert!(!format!("{list:?}").contains("s3cret"));
    }
}
