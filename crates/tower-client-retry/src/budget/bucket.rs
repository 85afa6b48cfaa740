//! A bucket of tokens.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::Budget;
use crate::{InvalidSetting, RetryKind};

/// A bucket of tokens: retries empty it, calls that succeed fill it again.
///
/// Unlike a rate it needs no clock, and what it allows is bounded however long an origin is down:
/// a full bucket of 500 pays for 100 retries, then there is none until calls succeed.
#[derive(Debug)]
pub struct TokenBucket {
    tokens: AtomicU32,
    capacity: u32,
    costs: Costs,
}

/// What a [`TokenBucket`] takes and gets, in tokens. Each is from 1 to the capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// What a retry takes. 5.
    pub retry: u32,
    /// What a retry takes after the server asked for fewer calls. 10.
    pub throttled: u32,
    /// What a retry takes after a timeout. 10.
    pub timeout: u32,
    /// What a call that succeeds gives. 1.
    pub refill: u32,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            retry: 5,
            throttled: 10,
            timeout: 10,
            refill: 1,
        }
    }
}

/// A full bucket of 500 tokens, with the default [`Costs`].
impl Default for TokenBucket {
    fn default() -> Self {
        let capacity = 500;
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
            costs: Costs::default(),
        }
    }
}

impl TokenBucket {
    /// Creates a full bucket.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if one of the costs is 0 or more than `capacity`.
    pub fn new(capacity: u32, costs: Costs) -> Result<Self, InvalidSetting> {
        for (name, cost) in [
            ("costs.retry", costs.retry),
            ("costs.throttled", costs.throttled),
            ("costs.timeout", costs.timeout),
            ("costs.refill", costs.refill),
        ] {
            let good = (1..=capacity).contains(&cost);
            InvalidSetting::unless(good, name, cost, "from 1 to the capacity")?;
        }
        Ok(Self {
            tokens: AtomicU32::new(capacity),
            capacity,
            costs,
        })
    }

    /// Returns the tokens that are in it now.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens.load(Relaxed)
    }

    fn cost(&self, kind: RetryKind) -> u32 {
        match kind {
            RetryKind::Throttled => self.costs.throttled,
            RetryKind::Timeout => self.costs.timeout,
            RetryKind::NotSent | RetryKind::Interrupted | RetryKind::ServerError => {
                self.costs.retry
            }
        }
    }

    fn add(&self, more: u32) {
        // A full bucket, the usual one, is not written to: nobody contends for it.
        let fuller = |tokens: u32| {
            let sum = tokens.saturating_add(more).min(self.capacity);
            (sum > tokens).then_some(sum)
        };
        let _unless_full: Result<u32, u32> = self.tokens.fetch_update(Relaxed, Relaxed, fuller);
    }
}

impl Budget for TokenBucket {
    fn withdraw(&self, kind: RetryKind) -> bool {
        let cost = self.cost(kind);
        let left = |tokens: u32| tokens.checked_sub(cost);
        self.tokens.fetch_update(Relaxed, Relaxed, left).is_ok()
    }

    fn refund(&self, kind: RetryKind) {
        self.add(self.cost(kind));
    }

    fn deposit(&self) {
        self.add(self.costs.refill);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_full_bucket_pays_for_so_many_retries() {
        for (kind, retries) in [
            (RetryKind::NotSent, 100),
            (RetryKind::Interrupted, 100),
            (RetryKind::ServerError, 100),
            (RetryKind::Throttled, 50),
            (RetryKind::Timeout, 50),
        ] {
            let bucket = TokenBucket::default();

            let paid = (0..1000).filter(|_| bucket.withdraw(kind)).count();

            assert_eq!((paid, bucket.tokens()), (retries, 0), "{kind}");
        }
    }

    #[test]
    fn refunds_and_successes_fill_it_to_the_brim_and_no_further() {
        let bucket = TokenBucket::default();
        bucket.deposit();
        assert_eq!(bucket.tokens(), 500);

        assert!(bucket.withdraw(RetryKind::Throttled));
        bucket.deposit();
        assert_eq!(bucket.tokens(), 491);

        bucket.refund(RetryKind::Throttled);
        assert_eq!(bucket.tokens(), 500);
    }

    #[test]
    fn what_it_cannot_pay_it_does_not_take() {
        let costs = Costs {
            retry: 2,
            ..Costs::default()
        };
        let bucket = TokenBucket::new(11, costs).unwrap();
        assert!(bucket.withdraw(RetryKind::NotSent));

        assert!(!bucket.withdraw(RetryKind::Timeout));

        assert_eq!(bucket.tokens(), 9);
    }

    #[test]
    fn costs_that_make_no_sense_are_refused_by_name() {
        let costs = Costs {
            retry: 0,
            ..Costs::default()
        };
        let error = TokenBucket::new(500, costs).unwrap_err();
        assert_eq!(
            error.to_string(),
            "costs.retry is 0; allowed is from 1 to the capacity"
        );

        let error = TokenBucket::new(9, Costs::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "costs.throttled is 10; allowed is from 1 to the capacity"
        );
    }

    /// Each thread takes and gives, and counts what it has; at the end every token is somewhere.
    #[test]
    fn no_token_is_lost_or_made_under_contention() {
        let capacity = 1000;
        let bucket = TokenBucket::new(capacity, Costs::default()).unwrap();
        let kinds = [
            RetryKind::NotSent,
            RetryKind::Timeout,
            RetryKind::Interrupted,
        ];

        let spent: u32 = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|seed| {
                    let bucket = &bucket;
                    let mut random = fastrand::Rng::with_seed(seed);
                    scope.spawn(move || {
                        let mut held = Vec::new();
                        for _ in 0..50_000 {
                            let kind = kinds[random.usize(..kinds.len())];
                            if random.bool() && bucket.withdraw(kind) {
                                held.push(kind);
                            } else if let Some(kind) = held.pop() {
                                bucket.refund(kind);
                            }
                        }
                        held.into_iter().map(|kind| bucket.cost(kind)).sum::<u32>()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });

        assert_eq!(bucket.tokens() + spent, capacity);
    }
}
