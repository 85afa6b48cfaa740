//! What the service's answers say, read leniently.
//!
//! The service drops and retypes fields without notice. So every field is optional, a value of
//! another kind than expected becomes `None` and a [`Warning`] that names its path and never its
//! value, lists are read element by element, and what is not known is kept in [`Extra`]. A member
//! that is absent or `null` is nothing to warn of: both occur everywhere in healthy answers.
//!
//! ```
//! use toyota_client::model::{Decoded, Telemetry};
//!
//! let answer = serde_json::json!({"payload": {"fuelLevel": 41.5, "odometer": "far"}});
//!
//! let Decoded { value, warnings } = Telemetry::from_answer(answer);
//!
//! assert_eq!(value.unwrap().fuel_level, Some(41.5));
//! assert_eq!(warnings[0].to_string(), "payload.odometer: expected an object, found a text");
//! ```

mod account;
mod acknowledgement;
#[cfg(test)]
mod canary;
mod climate;
pub(crate) mod decode;
mod electric;
mod health;
mod location;
mod notification;
mod odometer;
mod service;
mod status;
mod telemetry;
mod untyped;
mod value;
mod vehicle;
pub(crate) mod warning;
mod word;

pub use self::account::{AcceptedTerms, AccountHolder, EmailAddress, PhoneNumber, Terms};
pub use self::acknowledgement::Acknowledgement;
pub use self::climate::{
    ClimateOperation, ClimateParameter, ClimateSettings, ClimateState, ClimateStatus, Heating,
    SeatHeat, Seats, Temperature, TemperatureUnit,
};
pub use self::electric::{
    ChargingEvent, ChargingSchedule, ChargingWindow, Electric, ScheduleKind, Weekdays,
};
pub use self::health::{Health, WarningLight};
pub use self::location::{Coordinates, Location};
pub use self::notification::{Notification, NotificationCategory, NotificationStatus};
pub use self::odometer::Odometer;
pub use self::service::{ServiceCategory, ServiceHistory, ServiceRecord};
pub use self::status::{
    Door, Doors, Light, Lights, Lock, Open, Overall, RearSeatReminder, Status, Window, Windows,
};
pub use self::telemetry::{Charging, Telemetry};
pub use self::untyped::Untyped;
pub use self::value::{Distance, Extra, Flags, LengthUnit};
pub use self::vehicle::{Capability, Fuel, Powertrain, Subscription, Vehicle, Vehicles};
pub use self::warning::{Decoded, Found, Warning};
pub use self::word::{Vocabulary, Word};
