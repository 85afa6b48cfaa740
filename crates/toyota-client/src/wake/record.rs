//! What is remembered of how a car was woken.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::quota::later;
use super::{Spent, Wake, WakeLedger, WakeQuotas, WakeState};

/// How long nothing is woken when it is not known how often it was.
const LOST_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How a car was woken: how often for what, and how it took it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WakeRecord {
    /// For doors, windows and lights.
    pub status: WakeLedger,
    /// For the state of the climate.
    pub climate: WakeLedger,
    /// For battery and charging.
    pub electric: WakeLedger,
    /// How the wakes for the status went.
    pub state: WakeState,
}

impl WakeRecord {
    /// Counts a wake that is about to be sent; `lost` is when earlier ones were forgotten.
    pub(crate) fn spend(
        &mut self,
        what: Wake,
        quotas: &WakeQuotas,
        lost: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Spent> {
        let known = lost.map(|lost| later(lost, LOST_FOR));
        if let Some(until) = known.filter(|known| now < *known) {
            return Err(Spent { until: Some(until) });
        }
        let (ledger, quota) = match what {
            Wake::Status => (&mut self.status, quotas.status),
            Wake::Climate => (&mut self.climate, quotas.climate),
            Wake::Electric => (&mut self.electric, quotas.electric),
        };
        ledger.spend(quota, now)
    }
}
