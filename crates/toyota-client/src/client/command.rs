//! Commands: given once, and looked after until it is known what came of them.

mod confirm;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

use super::ToyotaClient;
use super::ask::{Ask, BodyOf};
use crate::command::{
    Accepted, ChargeCommand, ClimateCommand, ClimateStart, Expectation, Nickname, RemoteOrder,
    There,
};
use crate::envelope::read_json;
use crate::model::{Acknowledgement, ClimateSettings};
use crate::routes::{Family, Feature, Route};
use crate::{Error, HttpService, Vin};

impl<S: HttpService> ToyotaClient<S> {
    /// Has a car do something at once: lock, sound its horn, close its windows.
    ///
    /// It is sent once. What comes of it, [`Accepted::confirm`] finds out.
    ///
    /// # Errors
    ///
    /// [`Error`]; of [`Kind::Vehicle`](crate::Kind::Vehicle) when the car does not take it, and of
    /// [`Kind::ActionNotSupported`](crate::Kind::ActionNotSupported) below that when it never will. After
    /// a [`Kind::Network`](crate::Kind::Network) it may have been carried out all the same, unless
    /// [`Error::delivery`] says otherwise.
    pub async fn command(
        &self,
        vin: &Vin,
        command: impl Into<RemoteOrder>,
    ) -> Result<Accepted, Error> {
        let order = command.into();
        let expectation = Expectation::of_remote(order.command());
        self.order(
            Feature::RemoteCommand,
            vin,
            BodyOf::Value(&order.body()),
            expectation,
        )
        .await
    }

    /// Has a car charge, or set when it does.
    ///
    /// It is sent once. What comes of it, [`Accepted::confirm`] finds out.
    ///
    /// # Errors
    ///
    /// Those of [`command`](Self::command).
    pub async fn charge(&self, vin: &Vin, command: ChargeCommand) -> Result<Accepted, Error> {
        let expectation = Expectation::of_charge(&command);
        self.order(
            Feature::ChargeCommand,
            vin,
            BodyOf::Value(&command.body()),
            expectation,
        )
        .await
    }

    /// Starts or stops a car's climate control. The car has to be locked.
    ///
    /// It is sent once. The older route takes three requests: how the car is set is read, and set, and
    /// then started. What comes of it, [`Accepted::confirm`] finds out.
    ///
    /// # Errors
    ///
    /// Those of [`command`](Self::command).
    pub async fn climate(&self, vin: &Vin, command: ClimateCommand) -> Result<Accepted, Error> {
        let given = self.clock.now();
        let (feature, command) = (Feature::ClimateControl, &command);
        let answer = self
            .by_routes(feature, Some(vin), |route| {
                self.climate_by(route, vin, command)
            })
            .await?;
        let expectation = Expectation::of_climate(command);
        self.accept(given, feature, vin, answer, expectation)
    }

    /// Sets how a car's climate control runs when it is started next, and does not start it: the
    /// temperature and the heaters of the two windows. What is not said stays as it is set.
    ///
    /// It is sent once, by the older route; the newer one sets nothing without a start. There,
    /// [`ClimateStart::saved`] keeps what a start is given. What comes of it, [`Accepted::confirm`] finds
    /// out from the settings.
    ///
    /// # Errors
    ///
    /// Those of [`command`](Self::command): of
    /// [`Kind::ActionNotSupported`](crate::Kind::ActionNotSupported) when the older route is not there
    /// for this car, and of [`Kind::Validation`](crate::Kind::Validation) when anything else is to be set.
    pub async fn set_climate(&self, vin: &Vin, settings: ClimateStart) -> Result<Accepted, Error> {
        settings.check_settings()?;
        let given = self.clock.now();
        let feature = Feature::ClimatePreset;
        let answer = self.put_settings(vin, &settings).await;
        let answer = answer.map_err(|error| match error.is_moved() {
            true => Error::not_offered(feature, Some(vin)),
            false => error,
        })?;
        let expectation = Expectation::ClimateSet(settings);
        self.accept(given, feature, vin, answer, expectation)
    }

    /// Names a car, for the app and all others who ask.
    ///
    /// # Errors
    ///
    /// [`Error`]; of [`Kind::Validation`](crate::Kind::Validation) when it is no name, or it is not known
    /// who the user is.
    pub async fn set_nickname(&self, vin: &Vin, name: &str) -> Result<Accepted, Error> {
        let name = Nickname::new(name)?;
        let body = |_: &Route, user: &str| Some(name.body(user, vin));
        let expectation = Expectation::of_nickname(name.clone());
        self.order(Feature::Nickname, vin, BodyOf::ByRoute(&body), expectation)
            .await
    }

    async fn order(
        &self,
        feature: Feature,
        vin: &Vin,
        body: BodyOf<'_>,
        expectation: Expectation,
    ) -> Result<Accepted, Error> {
        let given = self.clock.now();
        let ask = Ask {
            body,
            ..Ask::of(feature, Some(vin))
        };
        let answer = self
            .by_routes(feature, Some(vin), |route| self.order_by(route, &ask))
            .await?;
        self.accept(given, feature, vin, answer, expectation)
    }

    async fn order_by(&self, route: &Route, ask: &Ask<'_>) -> Result<(Family, Value), Error> {
        let answer = self.ask_by(route, ask, read_json).await?;
        Ok((route.family(), answer))
    }

    /// Starts or stops climate control by one route. The older one starts what was set before.
    async fn climate_by(
        &self,
        route: &Route,
        vin: &Vin,
        command: &ClimateCommand,
    ) -> Result<(Family, Value), Error> {
        let body = match route.family() {
            Family::New => command.body(),
            Family::Old => {
                self.preset(vin, command).await?;
                command.old_body()
            }
        };
        let ask = Ask {
            body: BodyOf::Value(&body),
            ..Ask::of(Feature::ClimateControl, Some(vin))
        };
        self.order_by(route, &ask).await
    }

    /// Sets what the older route is to start, if it is said.
    async fn preset(&self, vin: &Vin, command: &ClimateCommand) -> Result<(), Error> {
        match command {
            ClimateCommand::Start(start) if start.has_settings() => {
                let (_, answer) = self.put_settings(vin, start).await?;
                acknowledged(Feature::ClimatePreset, vin, answer).map(drop)
            }
            ClimateCommand::Start(_) | ClimateCommand::Stop => Ok(()),
        }
    }

    /// Sets what is said, and the rest as the car is set, as the route takes all or nothing.
    async fn put_settings(
        &self,
        vin: &Vin,
        start: &ClimateStart,
    ) -> Result<(Family, Value), Error> {
        let set = self.ask(Ask {
            fresh: true,
            ..Ask::of(Feature::ClimateSettings, Some(vin))
        });
        // A car that does not tell takes what is said.
        let set = set.await.map(ClimateSettings::from_answer);
        let set = set.ok().and_then(|decoded| decoded.value);
        let settings = start.old_settings(&set.unwrap_or_default());
        let ask = Ask {
            body: BodyOf::Value(&settings),
            ..Ask::of(Feature::ClimatePreset, Some(vin))
        };
        self.by_routes(ask.feature, ask.vin, |route| self.order_by(route, &ask))
            .await
    }

    fn accept(
        &self,
        given: Timestamp,
        feature: Feature,
        vin: &Vin,
        (family, answer): (Family, Value),
        expectation: Expectation,
    ) -> Result<Accepted, Error> {
        Ok(Accepted {
            vin: vin.clone(),
            feature,
            family,
            acknowledgement: acknowledged(feature, vin, answer)?,
            expectation,
            given,
            there: There {
                given: self.skew.there(given),
                accepted: self.skew.there(self.clock.now()),
            },
            since: Instant::now(),
        })
    }
}

/// Returns what the gateway said, unless it is a refusal. An answer that says nothing is none.
fn acknowledged(feature: Feature, vin: &Vin, answer: Value) -> Result<Acknowledgement, Error> {
    let said = Acknowledgement::from_answer(answer)
        .value
        .unwrap_or_default();
    match &said.return_code {
        Some(code) if !said.is_accepted() => Err(Error::not_accepted(feature, vin, code)),
        _ => Ok(said),
    }
}
