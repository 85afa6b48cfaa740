//! The builder of the layer, which checks its settings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::backoff::is_time;
use crate::cool_down::CoolDowns;
use crate::shared::{Limits, Shared};
use crate::{Backoff, Budget, InvalidSetting, RetryLayer, StandardPolicy, TokenBucket};

/// More attempts than anybody waits for.
const MOST_ATTEMPTS: u32 = 100;
const TIMES: &str = "more than zero, at most a day";

/// Builds a [`RetryLayer`]; made by [`RetryLayer::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct RetryLayerBuilder<P = StandardPolicy> {
    policy: P,
    limits: Limits,
    backoff: Backoff,
    budget: Option<Arc<dyn Budget>>,
    cool_down: Option<Duration>,
    seed: Option<u64>,
}

impl Default for RetryLayerBuilder {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self {
            policy: StandardPolicy::new(),
            limits: Limits {
                max_attempts: 3,
                longest_retry_after: minute,
                attempt_timeout: None,
                call_timeout: None,
                readiness_timeout: Duration::from_secs(5),
                collect_body: None,
            },
            backoff: Backoff::default(),
            budget: Some(Arc::new(TokenBucket::default())),
            cool_down: Some(minute),
            seed: None,
        }
    }
}

impl<P> RetryLayerBuilder<P> {
    /// Decides by this policy instead of the [`StandardPolicy`].
    pub fn policy<Q>(self, policy: Q) -> RetryLayerBuilder<Q> {
        RetryLayerBuilder {
            policy,
            limits: self.limits,
            backoff: self.backoff,
            budget: self.budget,
            cool_down: self.cool_down,
            seed: self.seed,
        }
    }

    /// Attempts a call at most so often, the first time included; 1 to 100. Default 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.limits.max_attempts = attempts;
        self
    }

    /// Waits so long between attempts.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Waits at most so long because a server asks for it; a call that is asked to wait longer
    /// returns what it has. Default 60 s.
    pub fn longest_retry_after(mut self, longest: Duration) -> Self {
        self.limits.longest_retry_after = longest;
        self
    }

    /// Gives up an attempt that takes longer than this, not counting the waits between. Default:
    /// an attempt takes as long as it takes.
    ///
    /// A request that was given up may have been received: only one that may be received twice is
    /// sent again.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = Some(timeout);
        self
    }

    /// Gives up a call that takes longer than this, all attempts and waits together, or than its
    /// [`Deadline`](tower_client_call::Deadline) if that is sooner. Default: a call without a
    /// deadline of its own has none.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.limits.call_timeout = Some(timeout);
        self
    }

    /// Waits at most so long for the service below to become ready for a further attempt. Default
    /// 5 s.
    pub fn readiness_timeout(mut self, timeout: Duration) -> Self {
        self.limits.readiness_timeout = timeout;
        self
    }

    /// Pays for retries from this budget; share an [`Arc`] of one between layers that call the
    /// same service. Default: a [`TokenBucket`] of the layer's own.
    pub fn budget(mut self, budget: impl Budget + 'static) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    /// Repeats calls however many fail.
    pub fn without_budget(mut self) -> Self {
        self.budget = None;
        self
    }

    /// Holds back new calls, to an origin that asks for fewer, as long as it asks for it, but not
    /// for longer than this. Default 60 s.
    pub fn cool_down(mut self, longest: Duration) -> Self {
        self.cool_down = Some(longest);
        self
    }

    /// Sends new calls also to an origin that asks for fewer.
    pub fn without_cool_down(mut self) -> Self {
        self.cool_down = None;
        self
    }

    /// Reads up to this many bytes of a response's body before it counts as one, so that one that
    /// breaks off is repeated too. A longer body is passed on while it arrives. Default: an
    /// attempt ends with the response's head.
    ///
    /// Nothing reaches the caller before that: a stream without an end needs an `attempt_timeout`.
    /// Of a body that breaks off and is not asked for again only the error is left.
    pub fn collect_body(mut self, limit: usize) -> Self {
        self.limits.collect_body = Some(limit);
        self
    }

    /// Makes the jitter the same in every run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Builds the layer.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first setting that cannot be used.
    pub fn build(self) -> Result<RetryLayer<P>, InvalidSetting> {
        self.check()?;
        Ok(self.into_layer())
    }

    /// Builds the layer of settings that are known to be good.
    pub(crate) fn into_layer(self) -> RetryLayer<P> {
        let random = match self.seed {
            Some(seed) => fastrand::Rng::with_seed(seed),
            None => fastrand::Rng::new(),
        };
        RetryLayer::new(Shared {
            policy: self.policy,
            limits: self.limits,
            backoff: self.backoff,
            budget: self.budget,
            cool_downs: self.cool_down.map(CoolDowns::new),
            random: Mutex::new(random),
        })
    }

    fn check(&self) -> Result<(), InvalidSetting> {
        let limits = &self.limits;
        let attempts = limits.max_attempts;
        let good = (1..=MOST_ATTEMPTS).contains(&attempts);
        InvalidSetting::unless(good, "max_attempts", attempts, "from 1 to 100")?;
        self.backoff.check()?;
        for (name, time) in [
            ("longest_retry_after", Some(limits.longest_retry_after)),
            ("attempt_timeout", limits.attempt_timeout),
            ("call_timeout", limits.call_timeout),
            ("readiness_timeout", Some(limits.readiness_timeout)),
            ("cool_down", self.cool_down),
        ] {
            if let Some(time) = time {
                InvalidSetting::unless(is_time(time), name, time, TIMES)?;
            }
        }
        match limits.collect_body {
            Some(0) => InvalidSetting::unless(false, "collect_body", 0, "more than zero"),
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(RetryLayerBuilder) -> RetryLayerBuilder;

    #[test]
    fn absurd_settings_are_refused_by_name() {
        const DAYS: Duration = Duration::from_secs(1_000_000);
        let changes: [(&str, Change); 12] = [
            ("max_attempts", |builder| builder.max_attempts(0)),
            ("max_attempts", |builder| builder.max_attempts(101)),
            ("backoff.base", |builder| {
                builder.backoff(Backoff {
                    base: Duration::ZERO,
                    ..Backoff::default()
                })
            }),
            ("longest_retry_after", |builder| {
                builder.longest_retry_after(DAYS)
            }),
            ("attempt_timeout", |builder| {
                builder.attempt_timeout(Duration::ZERO)
            }),
            ("attempt_timeout", |builder| {
                builder.attempt_timeout(Duration::MAX)
            }),
            ("call_timeout", |builder| {
                builder.call_timeout(Duration::ZERO)
            }),
            ("call_timeout", |builder| builder.call_timeout(DAYS)),
            ("readiness_timeout", |builder| {
                builder.readiness_timeout(Duration::ZERO)
            }),
            ("cool_down", |builder| builder.cool_down(Duration::ZERO)),
            ("cool_down", |builder| builder.cool_down(Duration::MAX)),
            ("collect_body", |builder| builder.collect_body(0)),
        ];
        for (name, change) in changes {
            let refused = change(RetryLayer::builder()).build();

            assert_eq!(refused.unwrap_err().name(), name);
        }
        assert!(RetryLayer::builder().build().is_ok());
    }
}
