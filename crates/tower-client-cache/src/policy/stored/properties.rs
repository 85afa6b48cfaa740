//! What holds for any response and any request.

use super::given::{Given, at, fields};
use super::{Decision, Served, StaleReason, Stored};
use crate::policy::{RequestDirectives, Timestamp};

const CASES: usize = 20_000;

#[test]
fn no_response_gets_younger_or_better() {
    let mut random = fastrand::Rng::with_seed(5861);
    for _ in 0..CASES {
        let (stored, response) = random_stored(&mut random);
        let (directives, request) = random_request(&mut random);
        let (sooner, later) = two_times(&mut random);
        let rank = |now| rank(stored.decide(&directives, now, true));

        let context = format!("{response}; {request}; {sooner:?} {later:?}");
        assert!(stored.age(sooner) <= stored.age(later), "{context}");
        assert!(
            stored.remaining(sooner) >= stored.remaining(later),
            "{context}"
        );
        assert!(rank(sooner) <= rank(later), "{context}");
        let on_error = |now| stored.may_serve_on_error(&directives, now);
        assert!(on_error(sooner) || !on_error(later), "{context}");
    }
}

#[test]
fn nothing_is_served_that_is_forbidden() {
    let mut random = fastrand::Rng::with_seed(8246);
    for _ in 0..CASES {
        let (stored, response) = random_stored(&mut random);
        let (directives, request) = random_request(&mut random);
        let (now, _) = two_times(&mut random);

        let decision = stored.decide(&directives, now, random.bool());

        let context = format!("{response}; {request}; {now:?}: {decision:?}");
        let served = matches!(decision, Decision::Serve(_));
        let stale = !stored.is_fresh(now);
        let no_cache = response.contains("no-cache");
        let strict = response.contains("must-revalidate");
        assert!(!(served && no_cache), "{context}");
        assert!(!(served && strict && stale), "{context}");
        assert!(!(served && directives.no_cache), "{context}");
        assert_eq!(
            decision == Decision::Serve(Served::Fresh),
            served && !stale,
            "{context}"
        );
        assert_eq!(
            decision == Decision::GatewayTimeout,
            directives.only_if_cached && !served,
            "{context}"
        );
        let on_error = stored.may_serve_on_error(&directives, now);
        assert!(!(on_error && (no_cache || strict && stale)), "{context}");
    }
}

#[test]
fn nothing_is_of_use_after_its_time() {
    let mut random = fastrand::Rng::with_seed(9211);
    let nothing_said = RequestDirectives::default();
    for _ in 0..CASES {
        let (stored, response) = random_stored(&mut random);
        let after = Timestamp(stored.useful_until().0 + 1);
        // Before the receipt it is as old as at the receipt.
        let after = after.max(at(0));

        let decision = stored.decide(&nothing_said, after, true);

        assert_eq!(decision, Decision::Revalidate, "{response}");
        assert!(
            !stored.may_serve_on_error(&nothing_said, after),
            "{response}"
        );
    }
}

fn random_stored(random: &mut fastrand::Rng) -> (Stored, String) {
    let mut text = format!("cache-control: max-age={}", random.u32(..100));
    for (directive, limit) in [
        ("stale-while-revalidate", 100),
        ("stale-if-error", 100),
        ("no-cache", 0),
        ("must-revalidate", 0),
        ("immutable", 0),
    ] {
        if random.u8(..3) == 0 {
            text.push_str(&directive_of(random, directive, limit));
        }
    }
    text.push_str(&format!(" | age: {}", random.u32(..50)));
    (Given::response(&text).get(), text)
}

fn random_request(random: &mut fastrand::Rng) -> (RequestDirectives, String) {
    let mut text = "cache-control: x".to_owned();
    for (directive, limit) in [
        ("max-age", 200),
        ("min-fresh", 50),
        ("max-stale", 100),
        ("stale-if-error", 100),
        ("no-cache", 0),
        ("only-if-cached", 0),
    ] {
        if random.u8(..4) == 0 {
            text.push_str(&directive_of(random, directive, limit));
        }
    }
    (RequestDirectives::of(&fields(&text)), text)
}

fn directive_of(random: &mut fastrand::Rng, name: &str, limit: u32) -> String {
    match limit {
        0 => format!(", {name}"),
        limit => format!(", {name}={}", random.u32(..limit)),
    }
}

fn two_times(random: &mut fastrand::Rng) -> (Timestamp, Timestamp) {
    let (one, other) = (random.i64(0..300), random.i64(0..300));
    (at(one.min(other)), at(one.max(other)))
}

/// The later in time, the greater.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Serve(Served::Fresh) => 0,
        Decision::Serve(Served::Stale(StaleReason::WhileRevalidate)) => 1,
        Decision::Serve(Served::Stale(StaleReason::MaxStale)) => 2,
        Decision::Revalidate | Decision::Fetch | Decision::GatewayTimeout => 3,
    }
}
