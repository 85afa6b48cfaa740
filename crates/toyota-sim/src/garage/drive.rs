//! One drive, as the car remembers it.

use std::time::SystemTime;

use uuid::Uuid;

use super::Position;

/// What is known of a drive; all that a trip says beside it follows from `seed`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drive {
    pub(crate) id: Uuid,
    pub(crate) start: SystemTime,
    pub(crate) end: SystemTime,
    pub(crate) metres: u32,
    /// The fuel that was burnt, in millilitres; none of a car without an engine.
    pub(crate) fuel_ml: Option<u32>,
    pub(crate) ev_seconds: u32,
    pub(crate) ev_metres: u32,
    pub(crate) from: Position,
    pub(crate) to: Position,
    pub(crate) seed: u64,
}
