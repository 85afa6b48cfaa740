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

mod decode;
mod location;
mod telemetry;
mod value;
mod vehicle;
mod warning;
mod word;

pub use self::location::{Coordinates, Location};
pub use self::telemetry::{Charging, Telemetry};
pub use self::value::{Distance, Extra, Flags, LengthUnit};
pub use self::vehicle::{Capability, Fuel, Powertrain, Subscription, Vehicle, Vehicles};
pub use self::warning::{Decoded, Found, Warning};
pub use self::word::{Vocabulary, Word};
