//! Bringing what is known of a car up to date.

use super::ToyotaClient;
use crate::car::{Car, DataSet, Outcome, Skipped, Update, UpdateReport};
use crate::model::{
    ClimateSettings, ClimateStatus, Decoded, Electric, Health, Location, ServiceHistory, Telemetry,
};
use crate::routes::Feature;
use crate::{Error, HttpService};

impl<S: HttpService> ToyotaClient<S> {
    /// Brings what is known of a car up to date: asks for its data sets one after the other, and tells
    /// what came of each.
    ///
    /// One that fails leaves the others alone, and what was known of it as it was. What the service
    /// refuses the car three times in a row is not asked for again within a day, and what it never
    /// answered not within an hour of the first. The rest is skipped when the
    /// account cannot be signed in or the car is not the account's any more. The car is whole wherever
    /// this is cancelled.
    ///
    /// No car is woken for it: it is what the service has of the car, or had when it was last asked
    /// within the time for which the client's cache keeps answers, unless this is to be
    /// [past the cache](Update::past_cache).
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
        let (of_car, fresh) = (Some(vin), update.is_fresh());
        let now = || self.clock.now();
        Ok(match data_set {
            DataSet::Location => {
                let read = self.read(Feature::Location, of_car, fresh, Location::from_answer);
                car.location
                    .answered(read.await?, now(), |it| it.last_contact.max(it.acquired))
            }
            DataSet::Health => {
                let read = self.read(Feature::Health, of_car, fresh, Health::from_answer);
                // When a light came on is not when the car was last heard of.
                car.health.answered(read.await?, now(), |_| None)
            }
            DataSet::Electric => {
                let read = self.read(Feature::Electric, of_car, fresh, Electric::from_answer);
                car.electric.answered(read.await?, now(), |it| it.updated)
            }
            DataSet::Telemetry => {
                let read = self.read(Feature::Telemetry, of_car, fresh, Telemetry::from_answer);
                car.telemetry
                    .answered(read.await?, now(), |it| it.timestamp)
            }
            DataSet::Notifications => {
                let answer = some(self.notifications_of(vin, fresh).await?);
                car.notifications.answered(answer, now(), |_| None)
            }
            DataSet::Status => {
                let answer = self.read_reported(vin, fresh).await?;
                car.status.answered(answer, now(), |it| it.updated)
            }
            DataSet::ServiceHistory => {
                let read = ServiceHistory::from_answer;
                let read = self.read(Feature::ServiceHistory, of_car, fresh, read);
                car.service_history.answered(read.await?, now(), |_| None)
            }
            DataSet::ClimateSettings => {
                let read = ClimateSettings::from_answer;
                let read = self.read(Feature::ClimateSettings, of_car, fresh, read);
                car.climate_settings.answered(read.await?, now(), |_| None)
            }
            DataSet::ClimateStatus => {
                let read = ClimateStatus::from_answer;
                let read = self.read(Feature::ClimateStatus, of_car, fresh, read);
                car.climate_status
                    .answered(read.await?, now(), |it| it.updated)
            }
            DataSet::Trips => {
                let today = now().to_zoned(update.zone().clone()).date();
                let answer = some(self.overview_of(vin, today, fresh).await?);
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
