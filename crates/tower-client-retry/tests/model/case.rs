//! A case: settings, and calls with all that their callers may do. Made from a number.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::Method;
use http_body_util::Full;
use tower_client_call::{Idempotency, ReplayBody};
use tower_client_retry::{Backoff, Costs, Jitter, RetryLayer, RetryLayerBuilder};

use crate::act::millis;
use crate::body::{Chunks, Payload, Streamed};
use crate::caller::{Story, run};
use crate::ledger::Ledger;
use crate::probe::AnyPolicy;
use crate::server::OPTED_IN;
use crate::stack::Below;

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) below: Below,
    pub(crate) max_attempts: u32,
    pub(crate) backoff: Backoff,
    pub(crate) longest_retry_after: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) call_timeout: Option<Duration>,
    pub(crate) readiness_timeout: Duration,
    pub(crate) cool_down: Option<Duration>,
    pub(crate) collect_body: Option<usize>,
    pub(crate) budget: Option<(u32, Costs)>,
    /// All of one case have bodies of one type.
    pub(crate) streamed: bool,
    pub(crate) plans: Vec<Plan>,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) starts: Duration,
    pub(crate) method: Method,
    pub(crate) keyed: bool,
    pub(crate) fact: Option<Idempotency>,
    pub(crate) operation: Option<&'static str>,
    /// From the moment the request is made.
    pub(crate) deadline: Option<Duration>,
    pub(crate) leaves: Option<Leaves>,
    pub(crate) payload: Payload,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaves {
    /// Before it has looked once.
    AtOnce,
    After(Duration),
}

impl Case {
    pub(crate) fn of(seed: u64) -> Self {
        let random = &mut Rng::with_seed(seed);
        let streamed = random.bool();
        let calls = random.usize(1..=3);
        let capacity = random.u32(10..60);
        Self {
            seed,
            below: match random.u32(..4) {
                0 | 1 => Below::Server,
                2 => Below::Limit(random.usize(1..=3)),
                _ => Below::Buffer(random.usize(1..=3)),
            },
            max_attempts: random.u32(1..=6),
            backoff: backoff(random),
            longest_retry_after: millis(random, 8000),
            attempt_timeout: random.bool().then(|| millis(random, 3000)),
            call_timeout: (random.u32(..4) == 0).then(|| millis(random, 20_000)),
            readiness_timeout: millis(random, 4000),
            cool_down: random.bool().then(|| millis(random, 12_000)),
            collect_body: random.bool().then(|| [4, 1024, 65_536][random.usize(..3)]),
            budget: random.bool().then(|| {
                let costs = Costs {
                    retry: random.u32(1..=10),
                    throttled: random.u32(1..=10),
                    timeout: random.u32(1..=10),
                    refill: random.u32(1..=3),
                };
                (capacity, costs)
            }),
            streamed,
            plans: (0..calls).map(|_| Plan::of(random, streamed)).collect(),
        }
    }

    /// Runs it, with this policy.
    pub(crate) fn run(self, policy: &AnyPolicy) -> Story {
        if self.streamed {
            run(self, policy, Payload::streamed)
        } else {
            run(self, policy, Payload::whole)
        }
    }

    pub(crate) fn layer(&self, ledger: Option<Arc<Ledger>>) -> RetryLayerBuilder {
        let mut builder = RetryLayer::builder()
            .max_attempts(self.max_attempts)
            .backoff(self.backoff)
            .longest_retry_after(self.longest_retry_after)
            .readiness_timeout(self.readiness_timeout)
            .seed(self.seed);
        if let Some(timeout) = self.attempt_timeout {
            builder = builder.attempt_timeout(timeout);
        }
        if let Some(timeout) = self.call_timeout {
            builder = builder.call_timeout(timeout);
        }
        if let Some(limit) = self.collect_body {
            builder = builder.collect_body(limit);
        }
        builder = match self.cool_down {
            Some(longest) => builder.cool_down(longest),
            None => builder.without_cool_down(),
        };
        match ledger {
            Some(ledger) => builder.budget(ledger),
            None => builder.without_budget(),
        }
    }
}

fn backoff(random: &mut Rng) -> Backoff {
    let base = millis(random, 1000);
    Backoff {
        base,
        factor: [1.0, 1.5, 2.0, 3.0][random.usize(..4)],
        max: base + millis(random, 9000),
        jitter: match random.u32(..5) {
            0 => Jitter::None,
            1 => Jitter::Equal,
            2 => Jitter::Full,
            3 => Jitter::Proportional([0.1, 0.25, 1.0][random.usize(..3)]),
            _ => Jitter::Decorrelated,
        },
    }
}

impl Plan {
    fn of(random: &mut Rng, streamed: bool) -> Self {
        let methods = [
            Method::GET,
            Method::PUT,
            Method::DELETE,
            Method::POST,
            Method::POST,
            Method::PATCH,
        ];
        let bytes: Bytes = (0..random.usize(..600)).map(|_| random.u8(..)).collect();
        let streamed = streamed.then(|| Streamed {
            chunk: random.usize(20..200),
            pause: if random.u32(..4) == 0 {
                millis(random, 20)
            } else {
                Duration::ZERO
            },
            fails: random.u32(..10) == 0,
            limit: if random.u32(..5) == 0 { 200 } else { 65_536 },
        });
        Self {
            starts: if random.bool() {
                Duration::ZERO
            } else {
                millis(random, 5000)
            },
            method: methods[random.usize(..methods.len())].clone(),
            keyed: random.u32(..4) == 0,
            fact: match random.u32(..6) {
                0 => Some(Idempotency::Once),
                1 => Some(Idempotency::Repeatable),
                _ => None,
            },
            operation: match random.u32(..4) {
                0 => Some(OPTED_IN),
                1 => Some("status"),
                _ => None,
            },
            deadline: (random.u32(..3) == 0).then(|| millis(random, 15_000)),
            leaves: match random.u32(..20) {
                0 => Some(Leaves::AtOnce),
                1..6 => Some(Leaves::After(millis(random, 6000))),
                _ => None,
            },
            payload: Payload {
                bytes: Arc::new(bytes),
                streamed,
            },
        }
    }

    /// As documented, and found out without asking what is under test.
    pub(crate) fn may_be_received_twice(&self) -> bool {
        match self.fact {
            Some(Idempotency::Once) => false,
            Some(Idempotency::Repeatable | Idempotency::Keyed) => true,
            None => self.keyed || [Method::GET, Method::PUT, Method::DELETE].contains(&self.method),
        }
    }

    pub(crate) fn is_opted_in(&self) -> bool {
        self.operation == Some(OPTED_IN)
    }
}

impl Payload {
    fn whole(&self) -> Full<Bytes> {
        Full::new(Bytes::clone(&self.bytes))
    }

    fn streamed(&self) -> ReplayBody<Chunks> {
        let streamed = self.streamed.unwrap();
        let chunks = Chunks::of(&self.bytes, streamed.chunk, streamed.pause, streamed.fails);
        ReplayBody::new(chunks, streamed.limit)
    }
}
