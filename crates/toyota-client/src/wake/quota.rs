//! How often a car may be woken, and how often it was.

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tower_client::call::InvalidSetting;

/// One every quarter of an hour: more is a car that never sleeps. Also the most that a ledger remembers.
pub(crate) const MOST_PER_DAY: usize = 96;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How often a car may be woken for one purpose. The hour and the day are the last ones, and begin anew
/// at no time of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WakeQuota {
    /// The most within an hour, at most 96; with 0 a car is never woken.
    pub per_hour: usize,
    /// The most within 24 hours, at most 96; with 0 a car is never woken.
    pub per_day: usize,
}

/// How often a car may be woken for what. One purpose takes nothing from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WakeQuotas {
    /// For doors, windows and lights. 4 an hour, 24 a day: twice after each of several stops a day, and
    /// some more that a person asks for.
    pub status: WakeQuota,
    /// For the state of the climate. 12 an hour, 36 a day: every two minutes while it runs, which is 20
    /// minutes between two drives at most, and meanwhile the car is awake.
    pub climate: WakeQuota,
    /// For battery and charging. 4 an hour, 32 a day: each quarter of an hour while a car is charged
    /// overnight, and meanwhile it is awake.
    pub electric: WakeQuota,
}

impl WakeQuota {
    /// A quota by which a car is never woken.
    pub const NONE: Self = Self {
        per_hour: 0,
        per_day: 0,
    };

    fn check(self, name: &'static str) -> Result<(), InvalidSetting> {
        let most = self.per_hour.max(self.per_day);
        InvalidSetting::unless(most <= MOST_PER_DAY, name, most, "at most 96")
    }
}

impl WakeQuotas {
    /// Fails if a car could be woken more often than any battery bears.
    pub(crate) fn check(&self) -> Result<(), InvalidSetting> {
        self.status.check("wakes.status")?;
        self.climate.check("wakes.climate")?;
        self.electric.check("wakes.electric")
    }
}

impl Default for WakeQuotas {
    fn default() -> Self {
        let of = |per_hour, per_day| WakeQuota { per_hour, per_day };
        Self {
            status: of(4, 24),
            climate: of(12, 36),
            electric: of(4, 32),
        }
    }
}

/// When a car was woken for one purpose.
///
/// A pure value: whoever keeps it says what time it is. It remembers the last 96 wakes, however long ago,
/// so that a clock that runs ahead for a while does not wipe it out; and a wake that a clock that was set
/// back has in its future counts as one of just now, so that nothing is blocked for longer than a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WakeLedger {
    /// Oldest first.
    wakes: Vec<Timestamp>,
}

/// A quota that is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// When the car may be woken again; `None` if never, by a quota of 0.
    pub until: Option<Timestamp>,
}

impl WakeLedger {
    /// Counts a wake that is about to be sent.
    ///
    /// # Errors
    ///
    /// [`Spent`] when there may be none now. Nothing is counted then, but the ledger can have changed: a
    /// clock that was set back is noted.
    pub fn spend(&mut self, quota: WakeQuota, now: Timestamp) -> Result<(), Spent> {
        self.settle(now);
        self.look(quota, now)?;
        self.wakes.push(now);
        self.bound();
        Ok(())
    }

    /// Returns how many wakes there may be at this moment.
    #[must_use]
    pub fn left(&self, quota: WakeQuota, now: Timestamp) -> usize {
        let mut settled = self.clone();
        settled.settle(now);
        let left =
            |most: usize, window| bounded(most).saturating_sub(settled.within(window, now).len());
        left(quota.per_hour, HOUR).min(left(quota.per_day, DAY))
    }

    /// Returns when a car was woken last.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.wakes.last().copied()
    }

    fn look(&self, quota: WakeQuota, now: Timestamp) -> Result<(), Spent> {
        let hour = self.free_at(quota.per_hour, HOUR, now);
        let day = self.free_at(quota.per_day, DAY, now);
        match (hour, day) {
            (Ok(hour), Ok(day)) if hour.max(day) <= now => Ok(()),
            (Ok(hour), Ok(day)) => Err(Spent {
                until: Some(hour.max(day)),
            }),
            _ => Err(Spent { until: None }),
        }
    }

    /// Returns when there may be a wake, by one of the limits.
    fn free_at(
        &self,
        most: usize,
        window: SignedDuration,
        now: Timestamp,
    ) -> Result<Timestamp, Never> {
        let (most, within) = (bounded(most), self.within(window, now));
        if most == 0 {
            return Err(Never);
        }
        // Of those within, all but the last `most - 1` have to grow old.
        let blocking = within.len().checked_sub(most);
        let blocking = blocking.and_then(|index| within.get(index));
        Ok(blocking.map_or(now, |wake| later(*wake, window)))
    }

    /// Returns the wakes that are younger than the window.
    fn within(&self, window: SignedDuration, now: Timestamp) -> &[Timestamp] {
        let old = self
            .wakes
            .partition_point(|wake| later(*wake, window) <= now);
        self.wakes.get(old..).unwrap_or_default()
    }

    /// Makes sense of a ledger that another clock, or another hand, has written.
    fn settle(&mut self, now: Timestamp) {
        for wake in &mut self.wakes {
            *wake = (*wake).min(now);
        }
        self.wakes.sort_unstable();
        self.bound();
    }

    fn bound(&mut self) {
        let surplus = self.wakes.len().saturating_sub(MOST_PER_DAY);
        self.wakes.drain(..surplus);
    }
}

/// A quota of zero.
struct Never;

/// More than a ledger remembers cannot be counted.
fn bounded(most: usize) -> usize {
    most.min(MOST_PER_DAY)
}

/// Returns a later time, or the last that there is.
pub(super) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Returns how long ago something was; what is still to come was just now.
pub(crate) fn age(since: Timestamp, now: Timestamp) -> Duration {
    now.duration_since(since)
        .try_into()
        .unwrap_or(Duration::ZERO)
}
