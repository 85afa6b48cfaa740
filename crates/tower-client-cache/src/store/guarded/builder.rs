//! How long a guarded store may take, and how often it may fail.

use std::time::Duration;

use tower_client_call::InvalidSetting;

use super::Guarded;
use super::breaker::Limits;
use crate::store::Store;

/// What is longer is no limit, and too long for a clock.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Builds a [`Guarded`] store.
#[derive(Clone, Debug)]
#[must_use = "builds nothing before `build`"]
pub struct GuardedBuilder<S> {
    store: S,
    times: Times,
    limits: Limits,
}

/// How long accesses may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) read: Duration,
    pub(super) write: Duration,
    pub(super) owner: Duration,
}

impl<S: Store> GuardedBuilder<S> {
    pub(super) fn new(store: S) -> Self {
        Self {
            store,
            times: Times {
                read: Duration::from_millis(50),
                write: Duration::from_millis(200),
                owner: Duration::from_secs(10),
            },
            limits: Limits {
                failures: 5,
                pause: Duration::from_secs(1),
                longest_pause: Duration::from_secs(30),
            },
        }
    }

    /// Sets how long reading a key, or asking for a lease, may take. 50 ms.
    pub fn read_timeout(mut self, longest: Duration) -> Self {
        self.times.read = longest;
        self
    }

    /// Sets how long writing or forgetting a key may take. 200 ms.
    pub fn write_timeout(mut self, longest: Duration) -> Self {
        self.times.write = longest;
        self
    }

    /// Sets how long it may take to look through all entries: to list or count them, or to forget
    /// a selection. 10 s.
    pub fn owner_timeout(mut self, longest: Duration) -> Self {
        self.times.owner = longest;
        self
    }

    /// Sets after how many failures in a row the store is left alone. 5.
    pub fn failures(mut self, failures: u32) -> Self {
        self.limits.failures = failures;
        self
    }

    /// Sets for how long it is left alone at first. After each try that fails it is twice as long.
    /// 1 s.
    pub fn pause(mut self, pause: Duration) -> Self {
        self.limits.pause = pause;
        self
    }

    /// Sets for how long it is left alone at most; no shorter than at first. 30 s.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.limits.longest_pause = pause;
        self
    }

    /// Builds the store.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if one cannot be used.
    pub fn build(self) -> Result<Guarded<S>, InvalidSetting> {
        let Limits {
            failures,
            pause,
            longest_pause,
        } = self.limits;
        for (name, time) in [
            ("read_timeout", self.times.read),
            ("write_timeout", self.times.write),
            ("owner_timeout", self.times.owner),
            ("pause", pause),
        ] {
            let good = Duration::ZERO < time && time <= LONGEST;
            InvalidSetting::unless(good, name, time, "more than zero, up to a day")?;
        }
        let good = pause <= longest_pause && longest_pause <= LONGEST;
        let allowed = "from the first pause to a day";
        InvalidSetting::unless(good, "longest_pause", longest_pause, allowed)?;
        InvalidSetting::unless(failures > 0, "failures", failures, "more than zero")?;
        Ok(self.build_as_is())
    }

    /// Builds the store with settings that are known to be good.
    pub(super) fn build_as_is(self) -> Guarded<S> {
        Guarded::with(self.store, self.times, self.limits)
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::MemoryStore;

    #[test]
    fn what_cannot_be_used_is_refused() {
        let builder = Guarded::builder(MemoryStore::new());
        let (zero, long) = (Duration::ZERO, LONGEST + Duration::from_secs(1));
        for (builder, expected) in [
            (
                builder.clone().read_timeout(zero),
                "read_timeout is 0ns; allowed is more than zero, up to a day",
            ),
            (
                builder.clone().write_timeout(long),
                "write_timeout is 86401s; allowed is more than zero, up to a day",
            ),
            (
                builder.clone().owner_timeout(zero),
                "owner_timeout is 0ns; allowed is more than zero, up to a day",
            ),
            (
                builder.clone().pause(zero),
                "pause is 0ns; allowed is more than zero, up to a day",
            ),
            (
                builder.clone().longest_pause(Duration::from_millis(999)),
                "longest_pause is 999ms; allowed is from the first pause to a day",
            ),
            (
                builder.clone().longest_pause(Duration::MAX),
                "longest_pause is 18446744073709551615.999999999s; \
                 allowed is from the first pause to a day",
            ),
            (
                builder.clone().failures(0),
                "failures is 0; allowed is more than zero",
            ),
        ] {
            assert_eq!(builder.build().unwrap_err().to_string(), expected);
        }
        assert!(
            builder
                .read_timeout(LONGEST)
                .failures(1)
                .pause(LONGEST)
                .longest_pause(LONGEST)
                .build()
                .is_ok()
        );
    }
}
