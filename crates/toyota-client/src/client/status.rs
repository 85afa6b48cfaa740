//! What a car says of itself, woken for it or not.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use super::ToyotaClient;
use super::ask::Ask;
use crate::model::{ClimateStatus, Decoded, Electric};
use crate::wake::{
    Before, Freshness, How, News, Reading, Standing, StatusReading, Wake, WakeOptions, WakeOutcome,
    WakeRefusal, WakeState, Wakeable, age, is_plausible,
};
use crate::{Error, HttpService, Kind, Vin};

/// The least time that a look for an answer may take, also if it ends after the patience.
const LOOK: Duration = Duration::from_secs(5);

/// What was read; `None` if the service has nothing, or does not say.
type Read<T> = Option<Decoded<Option<T>>>;

impl<S: HttpService> ToyotaClient<S> {
    /// Returns a car's doors, windows and lights, as new as is asked for.
    ///
    /// The service knows what the car said last. A car that is woken ([`Freshness`]) says something new
    /// within half a minute or so; until then the service is asked every ten seconds, for as long as the
    /// [settings](crate::wake::WakeSettings) say. What is returned tells how it was come by, and how old
    /// it is: that a car was not woken, or has not answered, is no error. To be left off at any time.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn status(&self, vin: &Vin, freshness: Freshness) -> Result<StatusReading, Error> {
        self.reading(vin, freshness).await
    }

    /// Wakes a car for what its battery and charger do, and returns that as soon as it has answered:
    /// while it is charged, the service knows nothing new without. Otherwise as
    /// [`status`](Self::status), with a quota of its own.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn wake_electric(&self, vin: &Vin) -> Result<Reading<Electric>, Error> {
        self.reading(vin, Freshness::Wake).await
    }

    /// Wakes a car for what its climate control does, and returns that as soon as it has answered.
    /// Otherwise as [`status`](Self::status), with a quota of its own.
    ///
    /// What is said of a climate control that is stopped has no date. If that is as it was, and a car has
    /// had the 25 seconds that it takes to answer, it is returned as [`How::Undated`].
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn wake_climate(&self, vin: &Vin) -> Result<Reading<ClimateStatus>, Error> {
        self.reading(vin, Freshness::Wake).await
    }

    async fn reading<T: Wakeable>(
        &self,
        vin: &Vin,
        freshness: Freshness,
    ) -> Result<Reading<T>, Error> {
        let limit = match freshness {
            Freshness::Cached => return self.unwoken(vin, false).await,
            Freshness::WakeIfOlderThan(limit) => limit,
            Freshness::Wake => {
                let before = self.read_if_any(vin, true).await?;
                return self
                    .wake_and_wait(vin, before, self.wakes.patience_asked)
                    .await;
            }
        };
        let before = self.read_if_any(vin, true).await?;
        let state = self.state::<T>(vin).await;
        let (now, patience) = (self.clock.now(), self.wakes.patience);
        if last_report(&before, &state, now).is_some_and(|last| age(last, now) <= limit) {
            return Ok(self.as_it_was(before));
        }
        match state.standing(&WakeOptions::default(), now) {
            Standing::Rejected { until } => {
                let refusal = WakeRefusal::RejectedBefore { until };
                Ok(self.told(before, How::WakeRefused(refusal)))
            }
            Standing::Silent => Ok(self.told(before, How::WakeRefused(WakeRefusal::Silent))),
            // Somebody else woke it: its answer will do.
            Standing::Active
                if state
                    .woken()
                    .is_some_and(|woken| age(woken, now) < patience) =>
            {
                self.wait(vin, before, patience).await
            }
            Standing::Active | Standing::Off => self.wake_and_wait(vin, before, patience).await,
        }
    }

    /// Returns what the service has, and wakes nothing.
    pub(super) async fn unwoken<T: Wakeable>(
        &self,
        vin: &Vin,
        fresh: bool,
    ) -> Result<Reading<T>, Error> {
        let read = self.read_if_any(vin, fresh).await?;
        Ok(self.as_it_was(read))
    }

    /// Wakes a car of which this was known, and waits for its answer.
    pub(super) async fn wake_and_wait<T: Wakeable>(
        &self,
        vin: &Vin,
        before: Read<T>,
        patience: Duration,
    ) -> Result<Reading<T>, Error> {
        let how = match self.wake(vin, T::WAKE).await {
            Ok(WakeOutcome::Accepted) => {
                let reading = self.wait(vin, before, patience).await?;
                if T::WAKE == Wake::Status && !matches!(reading.how, How::Woken { .. }) {
                    self.tell(vin, |state, _| state.unanswered()).await;
                }
                return Ok(reading);
            }
            Ok(WakeOutcome::QuotaSpent { until }) => How::QuotaSpent { until },
            Ok(WakeOutcome::Refused(refusal)) => How::WakeRefused(refusal),
            Err(error) if before.is_some() => How::WakeFailed(Arc::new(error)),
            Err(error) => return Err(error),
        };
        Ok(self.told(before, how))
    }

    /// Looks again and again whether a car that was woken has answered.
    async fn wait<T: Wakeable>(
        &self,
        vin: &Vin,
        mut latest: Read<T>,
        patience: Duration,
    ) -> Result<Reading<T>, Error> {
        let start = Instant::now();
        let state = self.state::<T>(vin).await;
        let woken = self.clock.now();
        let mut before = Before {
            reported: last_report(&latest, &state, woken),
            woken,
        };
        while let left = patience.saturating_sub(start.elapsed())
            && !left.is_zero()
        {
            sleep(left.min(self.wakes.poll_every)).await;
            let looked = start.elapsed();
            let left = patience.saturating_sub(looked);
            let Some(read) = self.poll::<T>(vin, left.max(LOOK)).await? else {
                continue;
            };
            let last = latest.as_ref().and_then(|read| read.value.as_ref());
            let answer = read.value.as_ref();
            let news = answer.map_or(News::None, |answer| before.news(answer, last, looked));
            let after = start.elapsed();
            match news {
                News::Answer => return Ok(self.told(Some(read), How::Woken { after })),
                News::Undated => return Ok(self.told(Some(read), How::Undated { after })),
                News::None => latest = Some(read),
            }
        }
        Ok(self.told(latest, How::NotYet))
    }

    /// Looks once; what may be otherwise the next time is nothing.
    async fn poll<T: Wakeable>(&self, vin: &Vin, within: Duration) -> Result<Read<T>, Error> {
        match timeout(within, self.read_reported(vin, true)).await {
            Ok(Ok(read)) => Ok(Some(read)),
            Ok(Err(error)) if is_passing(&error) => Ok(None),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Looks what the service has; nothing if it has nothing.
    pub(super) async fn read_if_any<T: Wakeable>(
        &self,
        vin: &Vin,
        fresh: bool,
    ) -> Result<Read<T>, Error> {
        match self.read_reported(vin, fresh).await {
            Ok(read) => Ok(Some(read)),
            Err(error) if is_cold(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads what the service has, and remembers when the car reported it.
    pub(super) async fn read_reported<T: Wakeable>(
        &self,
        vin: &Vin,
        fresh: bool,
    ) -> Result<Decoded<Option<T>>, Error> {
        let ask = Ask {
            fresh,
            ..Ask::of(T::READ, Some(vin))
        };
        let read = T::from_answer(self.ask(ask).await?);
        if T::WAKE == Wake::Status
            && let Some(reported) = read.value.as_ref().and_then(T::reported)
        {
            self.note(vin, reported).await;
        }
        Ok(read)
    }

    /// Remembers when a car reported its status, if that is news.
    async fn note(&self, vin: &Vin, reported: Timestamp) {
        let id = self.id(vin);
        let known = self.memory.read(|it| it.wakes(&id).state.reported()).await;
        if known.is_none_or(|known| reported > known) {
            self.tell(vin, move |state, now| state.reports(reported, now))
                .await;
        }
    }

    /// Returns what is remembered of how a car takes being woken for this.
    async fn state<T: Wakeable>(&self, vin: &Vin) -> WakeState {
        match T::WAKE {
            Wake::Status => self.wake_record(vin).await.state,
            Wake::Climate | Wake::Electric => WakeState::default(),
        }
    }

    fn as_it_was<T: Wakeable>(&self, read: Read<T>) -> Reading<T> {
        let how = match read {
            Some(_) => How::Cached,
            None => How::Cold,
        };
        self.told(read, how)
    }

    fn told<T: Wakeable>(&self, read: Read<T>, how: How) -> Reading<T> {
        let nothing = Decoded {
            value: None,
            warnings: Vec::new(),
        };
        Reading::new(read.unwrap_or(nothing), how, self.clock.now())
    }
}

/// Returns when a car last reported, by what was read or else by what is remembered.
fn last_report<T: Wakeable>(
    read: &Read<T>,
    state: &WakeState,
    now: Timestamp,
) -> Option<Timestamp> {
    let value = read.as_ref().and_then(|read| read.value.as_ref());
    let reported = value.and_then(T::reported);
    let reported = reported.filter(|at| is_plausible(*at, now));
    reported.max(state.reported())
}

/// Tells whether the service says that it has nothing of a car, which it says as it refuses a hurry.
fn is_cold(error: &Error) -> bool {
    error.is(Kind::RateLimit) && error.status().is_some()
}

/// Tells whether a look can go better the next time.
fn is_passing(error: &Error) -> bool {
    [Kind::RateLimit, Kind::Network, Kind::Server]
        .into_iter()
        .any(|kind| error.is(kind))
}
