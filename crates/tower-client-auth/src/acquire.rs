//! Waiting for a credential.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};
use tower_client_call::{CallRecord, Deadline};

use crate::AuthError;
use crate::error::Failure;
use crate::flight::{landing, spawn};
use crate::held::Held;
use crate::moment::Moment;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::state::{Landing, Need, Step};
use crate::windows::Freshness;

/// Who waits, and for what.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) shared: Arc<Shared>,
    pub(crate) slot: Arc<Slot>,
    /// `None` is whichever is current.
    pub(crate) epoch: Option<u64>,
    pub(crate) need: Need,
    pub(crate) record: Option<CallRecord>,
}

impl Wanted {
    /// Waits for a credential, until the deadline if there is one.
    pub(crate) async fn by(self, deadline: Option<Deadline>) -> Result<Arc<Held>, AuthError> {
        // Without one there is no timer either.
        if Handle::try_current().is_err() {
            return Err(Failure::Runtime.into());
        }
        let began = Instant::now();
        let record = self.record.clone();
        let held = match deadline {
            None => self.get().await,
            Some(deadline) => match timeout_at(deadline.instant(), self.get()).await {
                Ok(held) => held,
                Err(_) => Err(Failure::Deadline.into()),
            },
        };
        if let Some(record) = record {
            record.add_credential_wait(began.elapsed());
        }
        held
    }

    /// Waits for a credential, without an end but that of the source's time.
    pub(crate) async fn get(&self) -> Result<Arc<Held>, AuthError> {
        loop {
            let waiting = match self.slot.step(self.epoch, self.need, self.record.as_ref()) {
                Step::Use(held) => return Ok(held),
                Step::Fail(error) => return Err(error),
                Step::Wait(waiting) => waiting,
                Step::Start(ticket, waiting) => {
                    spawn(&self.shared, &self.slot, ticket);
                    waiting
                }
            };
            match self.hear(waiting).await {
                Landing::Here(held) => return Ok(held),
                Landing::Failed(error) => return self.make_do().ok_or(error),
                Landing::Elsewhere | Landing::Flying => {}
            }
        }
    }

    /// Waits until a flight lands. Whoever has a credential that ends in a moment waits for half of
    /// that moment: then it is better than none.
    async fn hear(&self, waiting: watch::Receiver<Landing>) -> Landing {
        let ending = self.make_do();
        if let Some(left) = ending.and_then(|held| held.credential().remaining()) {
            match timeout(left / 2, landing(waiting.clone())).await {
                Ok(landed) => return landed,
                Err(_) => {
                    if let Some(held) = self.make_do() {
                        return Landing::Here(held);
                    }
                }
            }
        }
        landing(waiting).await
    }

    /// The credential that is there still serves until its very end.
    fn make_do(&self) -> Option<Arc<Held>> {
        let current = self.slot.current();
        let held = current.as_ref()?;
        let fits = self.need.is_met_by(held);
        let own = self.epoch.is_none_or(|epoch| epoch == held.epoch());
        let good = held.freshness_at(Moment::now()) > Freshness::Expired;
        (fits && own && good).then(|| Arc::clone(held))
    }
}
