//! Ten thousand cases that nobody thought of: a server that counts what it did, callers of every
//! kind, and rules that hold whatever happens.
//!
//! A case is made by its number alone and runs in a runtime of its own, in paused time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod act;
mod body;
mod caller;
mod case;
mod ledger;
mod log;
mod oracle;
mod probe;
mod rules;
mod server;
mod stack;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tokio::time::timeout;
use tower::{Layer, ServiceExt, service_fn};
use tower_client_call::StopReason;
use tower_client_retry::{Decision, Policy, RetryKind, RetryLayer, StandardPolicy, from_fn};

use crate::body::Stalled;
use crate::caller::{How, Story};
use crate::case::Case;
use crate::probe::AnyPolicy;
use crate::rules::Rule;
use crate::server::OPTED_IN;

const CASES: u64 = 10_000;

#[test]
fn no_case_breaks_a_rule() {
    let mut seen = Seen::default();
    for seed in 0..CASES {
        let story = Case::of(seed).run(&standard());

        let broken = rules::broken(&story);

        assert!(broken.is_empty(), "case {seed}: {broken:#?}\n{story:#?}");
        seen.look_at(&story);
    }
    seen.check();
}

#[test]
fn a_case_is_the_same_every_time() {
    for seed in 0..100 {
        let [first, second] = [(); 2].map(|()| Case::of(seed).run(&standard()));

        assert_eq!(format!("{first:?}"), format!("{second:?}"), "case {seed}");
    }
}

#[test]
fn a_policy_that_repeats_everything_is_caught() {
    let reckless: AnyPolicy = Arc::new(from_fn(|attempted| {
        match attempted.status().is_some_and(|it| it.is_success()) {
            true => Decision::Done,
            false => Decision::Retry {
                kind: RetryKind::ServerError,
                after: None,
            },
        }
    }));

    let caught = cases_that_break(Rule::SentAgain, &reckless, 1000);
    let counted = cases_that_break(Rule::DoneTwice, &reckless, 1000);

    assert!(caught > 100, "{caught} cases");
    assert!(counted > 50, "{counted} cases");
}

#[test]
fn a_policy_that_believes_in_one_status_too_many_is_caught() {
    let careless: AnyPolicy = Arc::new(StandardPolicy::new().or_retry(|attempted| {
        let bad_gateway = attempted.status() == Some(StatusCode::BAD_GATEWAY);
        bad_gateway.then_some(RetryKind::ServerError)
    }));

    let caught = cases_that_break(Rule::SentAgain, &careless, 1000);

    assert!(caught > 5, "{caught} cases");
}

#[test]
fn a_policy_that_ignores_retry_after_is_caught() {
    let hasty: AnyPolicy = Arc::new(from_fn(|attempted| {
        match StandardPolicy::new().decide(attempted) {
            Decision::Retry { kind, .. } => Decision::Retry { kind, after: None },
            decision => decision,
        }
    }));

    let caught = cases_that_break(Rule::Delay, &hasty, 1000);

    assert!(caught > 5, "{caught} cases");
}

/// A policy may want to see what a failure says: that is no reason to wait for one that stalls.
#[tokio::test(start_paused = true)]
async fn a_failure_that_stalls_is_peeked_at_for_a_second_also_where_bodies_are_collected() {
    for collect in [None, Some(1024)] {
        let mut builder = RetryLayer::builder();
        if let Some(limit) = collect {
            builder = builder.collect_body(limit);
        }
        let layer = builder.policy(standard()).build().unwrap();
        let service = layer.layer(service_fn(|_| async {
            let mut response = Response::new(Stalled);
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            Ok::<_, Infallible>(response)
        }));

        let request = Request::new(Full::<Bytes>::default());
        let answer = timeout(Duration::from_secs(60), service.oneshot(request)).await;

        let stop = answer.map(|answer| answer.unwrap().extensions().get().copied());
        assert_eq!(stop, Ok(Some(StopReason::Attempts)), "{collect:?}");
    }
}

fn cases_that_break(rule: Rule, policy: &AnyPolicy, cases: u64) -> usize {
    let breaks = |seed: &u64| {
        let broken = rules::broken(&Case::of(*seed).run(policy));
        broken.iter().any(|broken| broken.rule == rule)
    };
    (0..cases).filter(breaks).count()
}

/// The standard policy, with all that can be set of it in use.
fn standard() -> AnyPolicy {
    let policy = StandardPolicy::new().throttled_operations([OPTED_IN]);
    Arc::new(policy.peeking(64, |status| status == StatusCode::SERVICE_UNAVAILABLE))
}

/// What happened in all cases together: rules about what never happens prove nothing.
#[derive(Debug, Default)]
struct Seen {
    stops: BTreeMap<String, u32>,
    kinds: BTreeMap<&'static str, u32>,
    repeated: u32,
    left_while_waiting: u32,
    held: u32,
    kept_from_repeating: u32,
    refunds: u32,
}

impl Seen {
    fn look_at(&mut self, story: &Story) {
        for (plan, log, end) in story.calls() {
            if end.called.is_none() {
                continue;
            }
            if let Some(stop) = end.record.stop {
                *self.stops.entry(stop.to_string()).or_default() += 1;
            }
            let sends = log.sends.len();
            self.repeated += u32::from(sends > 1);
            self.held += u32::from(log.sends.first().is_some_and(|it| Some(it.at) > end.called));
            let left = matches!(end.how, How::Left);
            self.left_while_waiting += u32::from(left && log.in_flight_at_end == 0 && sends > 0);
            let forbidden = end.record.stop == Some(StopReason::NotRetryable);
            self.kept_from_repeating += u32::from(forbidden && !plan.may_be_received_twice());
            for kind in oracle::retries(&story.case, plan, log) {
                *self.kinds.entry(kind.as_str()).or_default() += 1;
            }
        }
        self.refunds += u32::try_from(story.refunds()).unwrap();
    }

    fn check(&self) {
        let stops: u32 = self.stops.values().sum();
        assert!(stops > 15_000, "{self:#?}");
        for stop in StopReason::ALL {
            let count = self.stops.get(&stop.to_string());
            assert!(count.is_some_and(|count| *count > 50), "{stop}: {self:#?}");
        }
        for kind in RetryKind::ALL {
            let count = self.kinds.get(kind.as_str());
            assert!(count.is_some_and(|count| *count > 100), "{kind}: {self:#?}");
        }
        let rare = [
            self.repeated,
            self.left_while_waiting,
            self.held,
            self.kept_from_repeating,
            self.refunds,
        ];
        assert!(rare.iter().all(|count| *count > 100), "{self:#?}");
    }
}
