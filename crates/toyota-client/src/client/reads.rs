//! What can be read of an account and its cars.

use super::ToyotaClient;
use super::ask::Ask;
use crate::model::{Decoded, Location, Telemetry, Vehicle, Vehicles};
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
}
