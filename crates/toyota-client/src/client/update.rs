//! Bringing what is known of a car up to date.

use super::ToyotaClient;
use crate::car::{Car, DataSet, Outcome, Skipped, Update, UpdateReport};
use crate::model::Decoded;
use crate::{Error, HttpService};

impl<S: HttpService> ToyotaClient<S> {
    /// Brings what is known of a car up to date: asks for its data sets one after the other, and tells
    /// what came of each.
    ///
    /// One that fails leaves the others alone, and what was known of it as it was. What the service
    /// refuses the car for good is not asked for again within a day. The rest is skipped when the
    /// account cannot be signed in or the car is not the account's any more. The car is whole wherever
    /// this is cancelled.
    ///
    /// No car is woken for it: it is what the service has of the car.
    pub async fn update(&self, car: &mut Car, update: &Update) -> UpdateReport {
        let mut report = UpdateReport::default();
        for data_set in DataSet::ALL {
            let now = self.clock.now();
            let outcome = match update.skipped(car, data_set, now) {
                Some(why) => Outcome::Skipped(why),
                None if report.is_pointless() => Outcome::Skipped(Skipped::Pointless),
                None => match self.fetch(car, data_set, update).await {
                    Ok(outcome) => outcome,
                    Err(error) => car.failed(data_set, error, self.clock.now()),
                },
            };
            report.add(data_set, outcome);
        }
        report
    }

    /// Asks for a data set. Its age is told from what it says of when the car reported it, if it does.
    async fn fetch(
        &self,
        car: &mut Car,
        data_set: DataSet,
        update: &Update,
    ) -> Result<Outcome, Error> {
        let vin = &car.vin().clone();
        let now = || self.clock.now();
        Ok(match data_set {
            DataSet::Location => {
                let answer = self.location(vin).await?;
                car.location
                    .answered(answer, now(), |it| it.last_contact.max(it.acquired))
            }
            DataSet::Health => {
                let answer = self.health(vin).await?;
                // When a light came on is not when the car was last heard of.
                car.health.answered(answer, now(), |_| None)
            }
            DataSet::Electric => {
                let answer = self.electric(vin).await?;
                car.electric.answered(answer, now(), |it| it.updated)
            }
            DataSet::Telemetry => {
                let answer = self.telemetry(vin).await?;
                car.telemetry.answered(answer, now(), |it| it.timestamp)
            }
            DataSet::Notifications => {
                let answer = some(self.notifications(vin).await?);
                car.notifications.answered(answer, now(), |_| None)
            }
            DataSet::Status => {
                let answer = self.read_reported(vin, false).await?;
                car.status.answered(answer, now(), |it| it.updated)
            }
            DataSet::ServiceHistory => {
                let answer = self.service_history(vin).await?;
                car.service_history.answered(answer, now(), |_| None)
            }
            DataSet::ClimateSettings => {
                let answer = self.climate_settings(vin).await?;
                car.climate_settings.answered(answer, now(), |_| None)
            }
            DataSet::ClimateStatus => {
                let answer = self.climate_status(vin).await?;
                car.climate_status.answered(answer, now(), |it| it.updated)
            }
            DataSet::Trips => {
                let today = now().to_zoned(update.zone().clone()).date();
                let answer = some(self.trip_overview(vin, today).await?);
                car.trips.answered(answer, now(), |_| None)
            }
        })
    }
}

/// An answer that always has a value.
fn some<T>(answer: Decoded<T>) -> Decoded<Option<T>> {
    Decoded {
        value: Some(answer.value),
        warnings: answer.warnings,
    }
}

#[cfg(test)]
mod tests;
