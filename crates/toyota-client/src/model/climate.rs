//! The air conditioning: what it does now, and what it is set to.

mod options;
mod settings;
mod status;
mod temperature;

pub use self::options::{Heating, SeatHeat, Seats};
pub use self::settings::{ClimateOperation, ClimateParameter, ClimateSettings};
pub use self::status::{ClimateState, ClimateStatus};
pub use self::temperature::{Temperature, TemperatureUnit};
