//! What can be read of an account and its cars.

use serde_json::Value;

use super::ToyotaClient;
use super::ask::Ask;
use crate::model::{
    AccountHolder, ClimateSettings, ClimateStatus, Decoded, Electric, Health, Location,
    Notification, Odometer, ServiceHistory, Telemetry, Vehicle, Vehicles,
};
use crate::routes::Feature;
use crate::{Error, HttpService, Vin};

impl<S: HttpService> ToyotaClient<S> {
    /// Returns the cars of the account.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn vehicles(&self) -> Result<Decoded<Vehicles>, Error> {
        let answer = self.ask(Ask::of(Feature::Vehicles, None)).await?;
        Ok(Vehicle::list_from_answer(answer))
    }

    /// Returns where a car was parked last; `None` if the service has no position.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn location(&self, vin: &Vin) -> Result<Decoded<Option<Location>>, Error> {
        let answer = self.ask(Ask::of(Feature::Location, Some(vin))).await?;
        Ok(Location::from_answer(answer))
    }

    /// Returns a car's odometer, fuel and battery; `None` if the service has none.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn telemetry(&self, vin: &Vin) -> Result<Decoded<Option<Telemetry>>, Error> {
        let answer = self.ask(Ask::of(Feature::Telemetry, Some(vin))).await?;
        Ok(Telemetry::from_answer(answer))
    }

    /// Returns a car's warning lights; `None` if the service has nothing of them.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn health(&self, vin: &Vin) -> Result<Decoded<Option<Health>>, Error> {
        let answer = self.ask(Ask::of(Feature::Health, Some(vin))).await?;
        Ok(Health::from_answer(answer))
    }

    /// Returns a car's battery, ranges and charging as the service has them; `None` if it has none. While a
    /// car is charged they stand still until it is woken.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn electric(&self, vin: &Vin) -> Result<Decoded<Option<Electric>>, Error> {
        let answer = self.ask(Ask::of(Feature::Electric, Some(vin))).await?;
        Ok(Electric::from_answer(answer))
    }

    /// Returns what a car's climate control does as far as the service knows; `None` if it does not.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn climate_status(&self, vin: &Vin) -> Result<Decoded<Option<ClimateStatus>>, Error> {
        let answer = self.ask(Ask::of(Feature::ClimateStatus, Some(vin))).await?;
        Ok(ClimateStatus::from_answer(answer))
    }

    /// Returns what a car's climate control is set to; `None` if the service has none of it.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn climate_settings(
        &self,
        vin: &Vin,
    ) -> Result<Decoded<Option<ClimateSettings>>, Error> {
        let answer = self
            .ask(Ask::of(Feature::ClimateSettings, Some(vin)))
            .await?;
        Ok(ClimateSettings::from_answer(answer))
    }

    /// Returns the notifications about a car, newest first, why a command was refused among them.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn notifications(&self, vin: &Vin) -> Result<Decoded<Vec<Notification>>, Error> {
        self.notifications_of(vin, false).await
    }

    /// Returns the notifications about a car, where asked for past the cache.
    pub(super) async fn notifications_of(
        &self,
        vin: &Vin,
        fresh: bool,
    ) -> Result<Decoded<Vec<Notification>>, Error> {
        let read = Notification::list_from_answer;
        let mut decoded = self
            .read(Feature::Notifications, Some(vin), fresh, read)
            .await?;
        // The answer can hold those of the account's other cars.
        let is_own = |it: &Notification| it.vin.as_ref().is_none_or(|known| known == vin);
        decoded.value.retain(is_own);
        Ok(decoded)
    }

    /// Returns what workshops did to a car; `None` if the service has nothing of it.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn service_history(
        &self,
        vin: &Vin,
    ) -> Result<Decoded<Option<ServiceHistory>>, Error> {
        let answer = self
            .ask(Ask::of(Feature::ServiceHistory, Some(vin)))
            .await?;
        Ok(ServiceHistory::from_answer(answer))
    }

    /// Returns a car's odometer alone; `None` if the service has none.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn odometer(&self, vin: &Vin) -> Result<Decoded<Option<Odometer>>, Error> {
        let answer = self.ask(Ask::of(Feature::Odometer, Some(vin))).await?;
        Ok(Odometer::from_answer(answer))
    }

    /// Returns who holds the account; `None` if the service does not say. All of it is personal.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn account_holder(&self) -> Result<Decoded<Option<AccountHolder>>, Error> {
        let answer = self.ask(Ask::of(Feature::Account, None)).await?;
        Ok(AccountHolder::from_answer(answer))
    }

    /// Asks for a feature, past the cache if the answer is to be the service's own.
    pub(crate) async fn read<T>(
        &self,
        feature: Feature,
        vin: Option<&Vin>,
        fresh: bool,
        read: fn(Value) -> T,
    ) -> Result<T, Error> {
        let ask = Ask {
            fresh,
            ..Ask::of(feature, vin)
        };
        Ok(read(self.ask(ask).await?))
    }
}
