//! Looking after a command until it is known what came of it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::super::ToyotaClient;
use super::super::ask::Ask;
use crate::command::{Accepted, ConfirmOptions, Confirmation, Sight, Source, Verdict, Watch};
use crate::model::{ClimateSettings, ClimateStatus, Electric, Notification, Status, Vehicle};
use crate::routes::Feature;
use crate::wake::Wake;
use crate::{Error, HttpService, Kind, Vin};

/// How long the last answer may still take.
const GRACE: Duration = Duration::from_secs(5);
/// How long one look may take: what hangs tells less than the next one.
const MAX_LOOK: Duration = Duration::from_secs(15);
/// Notifications are read every so many times that the car is looked at: they come late.
const NOTIFICATIONS_EVERY: u32 = 2;

/// What has been found out so far.
struct Search<'a> {
    accepted: &'a Accepted,
    watch: Watch,
    looked: u32,
    /// Whether anything was ever read.
    is_blind: bool,
    failure: Option<Error>,
}

impl<S: HttpService> ToyotaClient<S> {
    /// Looks, and looks again, until something is found or time is up.
    pub(crate) async fn confirm(
        &self,
        accepted: &Accepted,
        options: &ConfirmOptions,
    ) -> Result<Confirmation, Error> {
        let begun = Instant::now();
        let end = begun + options.within;
        let mut silence = options.wake_after;
        let mut heard = begun;
        let mut search = Search {
            accepted,
            watch: Watch::new(&accepted.expectation, accepted.there),
            looked: 0,
            is_blind: true,
            failure: None,
        };
        loop {
            let begun = Instant::now();
            let limit = (begun + MAX_LOOK).min(end + GRACE);
            let verdict = match timeout_at(limit, self.look(&mut search, begun >= end)).await {
                Ok(verdict) => verdict?,
                Err(_) => {
                    search.watch.miss();
                    None
                }
            };
            if let Some(verdict) = verdict {
                return Ok(verdict.after(accepted.since.elapsed()));
            }
            if Instant::now() >= end {
                return search.ended();
            }
            if search.watch.has_moved() {
                heard = Instant::now();
            }
            if silence.is_some_and(|silence| heard.elapsed() >= silence) {
                // Once: it costs battery.
                silence = None;
                // What becomes of it will be seen.
                let _ = timeout_at(end, self.nudge(accepted)).await;
            }
            sleep_until((begun + options.every).min(end)).await;
        }
    }

    /// Looks at the car, and at what is said of it, once.
    async fn look(&self, search: &mut Search<'_>, is_last: bool) -> Result<Option<Verdict>, Error> {
        let looked = search.looked;
        search.looked += 1;
        if let Some(source) = search.accepted.expectation.source() {
            let sight = self.sight(search.accepted, source).await;
            let sight = search.read(sight)?.unwrap_or_default();
            if let Some(verdict) = search.watch.see(sight, search.accepted.since.elapsed()) {
                return Ok(Some(verdict));
            }
        }
        if !is_last && !looked.is_multiple_of(NOTIFICATIONS_EVERY) {
            return Ok(None);
        }
        let notifications = self.notifications_now(search.accepted).await;
        let notifications = search.read(notifications)?;
        let elapsed = search.accepted.since.elapsed();
        Ok(notifications.and_then(|it| search.watch.hear(&it, elapsed)))
    }

    /// Reads what the car is like; what the service does not know is not seen.
    async fn sight(&self, accepted: &Accepted, source: Source) -> Result<Sight, Error> {
        let (vin, expectation) = (&accepted.vin, &accepted.expectation);
        let sight = match source {
            Source::Status => {
                let answer = self.ask_anew(Feature::Status, Some(vin)).await?;
                let status = Status::from_answer(answer).value;
                status.map(|it| expectation.in_status(&it))
            }
            Source::Climate => {
                let answer = self.ask_anew(Feature::ClimateStatus, Some(vin)).await?;
                let climate = ClimateStatus::from_answer(answer).value;
                climate.map(|it| expectation.in_climate(&it))
            }
            Source::ClimateSettings => {
                let answer = self.ask_anew(Feature::ClimateSettings, Some(vin)).await?;
                let settings = ClimateSettings::from_answer(answer).value;
                settings.map(|it| expectation.in_climate_settings(&it))
            }
            Source::Electric => {
                let answer = self.ask_anew(Feature::Electric, Some(vin)).await?;
                let electric = Electric::from_answer(answer).value;
                electric.map(|it| expectation.in_electric(&it))
            }
            Source::Vehicles => {
                let answer = self.ask_anew(Feature::Vehicles, None).await?;
                let cars = Vehicle::list_from_answer(answer).value;
                let car = cars.iter().find(|car| car.vin == *vin);
                car.map(|it| expectation.in_vehicle(it))
            }
        };
        Ok(sight.unwrap_or_default())
    }

    /// Has a car report that says nothing by itself, if it may be woken.
    async fn nudge(&self, accepted: &Accepted) {
        let what = match accepted.expectation.source() {
            Some(Source::Status) => Wake::Status,
            Some(Source::Climate) => Wake::Climate,
            Some(Source::Electric) => Wake::Electric,
            Some(Source::ClimateSettings | Source::Vehicles) | None => return,
        };
        match self.wake(&accepted.vin, what).await {
            Ok(outcome) => tracing::debug!(?what, ?outcome, "the car is silent after a command"),
            Err(error) => tracing::debug!(?what, %error, "the car could not be woken"),
        }
    }

    async fn notifications_now(&self, accepted: &Accepted) -> Result<Vec<Notification>, Error> {
        let vin = &accepted.vin;
        let answer = self.ask_anew(Feature::Notifications, Some(vin)).await?;
        let mut notifications = Notification::list_from_answer(answer).value;
        notifications.retain(|it| it.vin.as_ref().is_none_or(|of| of == vin));
        Ok(notifications)
    }

    /// Asks past the cache: what was answered before says nothing of what has happened since.
    async fn ask_anew(&self, feature: Feature, vin: Option<&Vin>) -> Result<Value, Error> {
        let ask = Ask {
            fresh: true,
            ..Ask::of(feature, vin)
        };
        self.ask(ask).await
    }
}

impl Search<'_> {
    /// Takes what was read. A failure is one only if no other look will help: a car that wakes up is
    /// not answered for, and the service has moods.
    fn read<T>(&mut self, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(read) => {
                self.is_blind = false;
                Ok(Some(read))
            }
            Err(error) if error.is(Kind::Authentication) => Err(error),
            Err(error) => {
                self.failure = Some(error);
                Ok(None)
            }
        }
    }

    fn ended(self) -> Result<Confirmation, Error> {
        match (self.watch.last_word(), self.failure) {
            (Some(verdict), _) => Ok(verdict.after(self.accepted.since.elapsed())),
            (None, Some(failure)) if self.is_blind => Err(failure),
            (None, _) => Ok(Confirmation::NotSeen),
        }
    }
}

impl Verdict {
    fn after(self, after: Duration) -> Confirmation {
        match self {
            Self::Done => Confirmation::Done { after },
            Self::Refused { message, category } => Confirmation::Refused { message, category },
        }
    }
}
