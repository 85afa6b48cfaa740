//! Waking parked cars: when it is worth it, and how often it may be done.
//!
//! The service answers from what a car last told it, and a parked car tells nothing until it is woken.
//! Each wake takes from its 12 V battery, which nothing fills while it stands. So wakes are counted for
//! each car before they are sent ([`WakeQuota`]), and what a program does by itself is decided by
//! [`decide`]: a car is asked after it has stopped, rather than again and again.
//!
//! ```no_run
//! use toyota_client::wake::{Freshness, How};
//! # async fn show(client: toyota_client::ToyotaClient, vin: toyota_client::Vin) -> Result<(), toyota_client::Error> {
//!
//! let reading = client.status(&vin, Freshness::Wake).await?;
//! match reading.how {
//!     How::Woken { after } => println!("the car answered after {after:?}"),
//!     how => println!("reported {:?} ago: {how:?}", reading.age),
//! }
//! println!("locked: {:?}", reading.value.value.and_then(|status| status.is_locked()));
//! # Ok(())
//! # }
//! ```
//!
//! What is counted has to outlive a program that runs for seconds: it is in the client's
//! [`Memory`](crate::Memory), which can be [in a file](crate::Memory::in_file).

mod news;
mod outcome;
mod quota;
mod reading;
mod record;
mod settings;
mod strategy;

use crate::routes::Feature;

pub(crate) use self::news::{Before, News};
pub(crate) use self::outcome::WakeOutcome;
pub use self::outcome::WakeRefusal;
pub(crate) use self::quota::{MOST_PER_DAY as MOST_WAKES_PER_DAY, age};
pub use self::quota::{Spent, WakeLedger, WakeQuota, WakeQuotas};
pub(crate) use self::reading::Wakeable;
pub use self::reading::{Attended, Freshness, How, Reading, StatusReading};
pub use self::record::WakeRecord;
pub use self::settings::WakeSettings;
pub(crate) use self::strategy::is_plausible;
pub use self::strategy::{
    Action, Decision, Inputs, Seen, Standing, Trigger, WakeOptions, WakeState, decide,
};

/// What a car is woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Doors, windows and lights.
    Status,
    /// The state of the climate.
    Climate,
    /// Battery and charging.
    Electric,
}

impl Wake {
    pub(crate) fn feature(self) -> Feature {
        match self {
            Self::Status => Feature::StatusWake,
            Self::Climate => Feature::ClimateWake,
            Self::Electric => Feature::ElectricWake,
        }
    }
}
