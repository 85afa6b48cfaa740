//! Waking and waiting, over a service with one parked car.

mod attended;
mod clocks;
mod counted;
mod mock;
mod refused;
mod waited;
mod whatever;

use std::time::Duration;

use serde_json::json;

use self::mock::{Fault, Mock, at, vin};
use super::*;
use crate::wake::{WakeQuota, WakeSettings};

const NEW_READ: &str = "GET /v1/vehicle/status";
const NEW_WAKE: &str = "POST /v1/remote/status";
const OLD_READ: &str = "GET /v1/global/remote/status";
const OLD_WAKE: &str = "POST /v1/global/remote/refresh-status";
const MINUTE: Duration = Duration::from_secs(60);
