//! Waking a car, within what is counted of it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ToyotaClient;
use super::ask::{Ask, BodyOf};
use crate::memory::{CarId, NotKept};
use crate::model::Acknowledgement;
use crate::routes::{Family, Route};
use crate::wake::{Spent, Wake, WakeOutcome, WakeRecord, WakeRefusal, WakeSettings, WakeState};
use crate::{Error, HttpService, Vin};

impl<S> ToyotaClient<S> {
    /// Returns how often cars may be woken, and how long their answers are waited for.
    #[must_use]
    pub fn wake_settings(&self) -> &WakeSettings {
        &self.wakes
    }
}

impl<S: HttpService> ToyotaClient<S> {
    /// Returns how a car was woken by all who share the client's [`Memory`](crate::Memory).
    pub async fn wake_record(&self, vin: &Vin) -> WakeRecord {
        let (id, now) = (self.id(vin), self.clock.now());
        // Others may have woken it just now.
        self.memory
            .update(move |it| it.settled_wakes(&id, now))
            .await
    }

    /// Wakes a car, if it may be woken: counts that first, and sends it once.
    ///
    /// # Errors
    ///
    /// [`Error`] when the service did not say what it makes of it. That the car is not woken is none.
    pub(crate) async fn wake(&self, vin: &Vin, what: Wake) -> Result<WakeOutcome, Error> {
        if let Some(outcome) = self.spend(vin, what).await {
            return Ok(outcome);
        }
        let answer = self
            .by_routes(what.feature(), Some(vin), |route| {
                self.wake_by(route, vin, what)
            })
            .await;
        let outcome = match answer {
            Ok(answer) => {
                let said = Acknowledgement::from_answer(answer).value;
                WakeOutcome::of_answer(said.as_ref())
            }
            Err(error) => WakeOutcome::of_error(error)?,
        };
        if what == Wake::Status {
            let is_accepted = outcome == WakeOutcome::Accepted;
            self.tell(vin, move |state, now| match is_accepted {
                true => state.accepted(now),
                false => state.rejected(now),
            })
            .await;
        }
        Ok(outcome)
    }

    /// Remembers something of how a car takes wakes.
    pub(super) async fn tell(
        &self,
        vin: &Vin,
        told: impl FnOnce(&mut WakeState, Timestamp) + Send + 'static,
    ) {
        let (id, now) = (self.id(vin), self.clock.now());
        self.memory
            .update(move |it| told(it.wake_state(&id, now), now))
            .await;
    }

    pub(super) fn id(&self, vin: &Vin) -> CarId {
        CarId::new(self.account.name(), Some(vin))
    }

    /// Counts a wake; returns what came of it if it may not be.
    async fn spend(&self, vin: &Vin, what: Wake) -> Option<WakeOutcome> {
        let (id, now, quotas) = (self.id(vin), self.clock.now(), self.wakes.quotas);
        let spend = move |it: &mut crate::memory::Remembered| it.spend(&id, what, &quotas, now);
        match self.memory.try_update(spend).await {
            (Ok(()), Ok(())) => None,
            (Err(Spent { until }), _) => Some(WakeOutcome::QuotaSpent { until }),
            (Ok(()), Err(NotKept)) => Some(WakeOutcome::Refused(WakeRefusal::NotCounted)),
        }
    }

    async fn wake_by(&self, route: &Route, vin: &Vin, what: Wake) -> Result<Value, Error> {
        let device = |_: &Route, user: &str| {
            Some(json!({
                "deviceId": "toyota-client",
                "deviceType": "Android",
                "guid": user,
                "vin": vin.as_str(),
            }))
        };
        let names_device = what == Wake::Status && route.family() == Family::Old;
        let ask = Ask {
            body: if names_device {
                BodyOf::ByRoute(&device)
            } else {
                BodyOf::None
            },
            ..Ask::of(what.feature(), Some(vin))
        };
        self.ask_by(route, &ask, crate::envelope::read_json).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::wake::{WakeQuota, WakeQuotas};

    #[test]
    fn cars_are_woken_as_often_as_is_configured_unless_code_says_otherwise() {
        let quotas = WakeQuotas {
            status: WakeQuota::NONE,
            ..WakeQuotas::default()
        };
        let config = Config::new().with_wake_quotas(quotas).unwrap();
        let by_code = WakeSettings::default();

        let over = ToyotaClient::new((), &config);
        let built = ToyotaClient::builder().config(config);
        let configured = built.clone().build().unwrap();
        let told = built.wakes(by_code).build().unwrap();

        assert_eq!(over.wake_settings().quotas, quotas);
        assert_eq!(configured.wake_settings().quotas, quotas);
        assert_eq!(told.wake_settings(), &by_code);
    }
}
