//! When a credential is renewed.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use tower_client_auth::{AuthErrorKind, Credential};

use crate::script::{
    Api, HOUR, MILLISECOND, SECOND, Source, auth, busy, client, fail, get, hang, living, made,
    over, pass, secret, send, settle, succeed, token,
};

/// The default jitter makes the soft window of an hour's token 6 to 7.5 minutes long.
const SOFT: Duration = Duration::from_secs(3600 - 350);

#[tokio::test(start_paused = true)]
async fn a_credential_that_is_good_for_long_is_left_alone() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;

    pass(HOUR - 451 * SECOND).await;
    succeed(&client).await;
    settle().await;

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_ends_soon_is_renewed_while_it_serves() {
    let (source, api) = (
        Source::of([token(), token().after(10 * SECOND)]),
        Api::new(),
    );
    let client = client(&source, &api);
    succeed(&client).await;
    pass(SOFT).await;
    let before = api.elapsed();

    for _ in 0..3 {
        succeed(&client).await;
    }
    let waited = api.elapsed() - before;
    pass(10 * SECOND).await;
    succeed(&client).await;

    assert_eq!(waited, Duration::ZERO);
    assert_eq!(
        api.tokens()[1..],
        ["token-1", "token-1", "token-1", "token-2"]
    );
    assert_eq!(source.count(), 2);
    let previous = source.asked()[1].previous.clone().unwrap();
    assert_eq!((secret(&previous), previous.generation()), ("token-1", 1));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_renewed_that_nobody_uses() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;

    pass(100 * HOUR).await;

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn in_the_last_five_seconds_callers_wait_for_the_next() {
    for rest in [5 * SECOND, MILLISECOND] {
        let (source, api) = (Source::of([token(), token().after(SECOND)]), Api::new());
        let client = client(&source, &api);
        succeed(&client).await;
        pass(HOUR - rest).await;

        succeed(&client).await;

        assert_eq!(api.tokens(), ["token-1", "token-2"]);
        assert_eq!(api.seen()[1].at - api.seen()[0].at, HOUR - rest + SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn before_the_last_five_seconds_nobody_waits() {
    let (source, api) = (Source::of([token(), token().after(SECOND)]), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 5 * SECOND - 100 * MILLISECOND).await;

    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn an_expired_credential_is_not_sent() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR).await;

    succeed(&client).await;
    source.add(busy());
    pass(2 * HOUR).await;

    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Unavailable);
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn short_lives_work_and_are_renewed_once_each() {
    for seconds in [1, 10, 20] {
        let lifetime = Duration::from_secs(seconds);
        let (source, api) = (Source::living(lifetime), Api::new());
        let client = client(&source, &api);

        // Ten lives, a hundred calls in each.
        for _ in 0..1000 {
            succeed(&client).await;
            pass(lifetime / 100).await;
        }

        let fetched = source.count();
        assert!((10..=21).contains(&fetched), "{seconds} s: {fetched}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_life_serves_half_of_it_before_it_is_renewed() {
    for seconds in [1, 10, 20] {
        let lifetime = Duration::from_secs(seconds);
        let (source, api) = (Source::living(lifetime), Api::new());
        let client = client(&source, &api);
        succeed(&client).await;

        pass(lifetime * 49 / 100).await;
        succeed(&client).await;
        settle().await;
        assert_eq!(source.count(), 1, "{seconds} s");
        pass(lifetime / 50).await;
        succeed(&client).await;
        settle().await;

        assert_eq!(source.count(), 2, "{seconds} s");
        assert_eq!(api.tokens(), ["token-1"; 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn seeds_spread_the_renewals_over_a_quarter_of_the_window() {
    let mut windows = BTreeSet::new();
    for seed in 0..60 {
        windows.insert(window_of(seed).await);
    }

    let (shortest, longest) = (windows.first().unwrap(), windows.last().unwrap());
    assert!((360..370).contains(shortest), "{shortest}");
    assert!((440..=450).contains(longest), "{longest}");
    assert!(windows.len() > 30, "{windows:?}");
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_window() {
    assert_eq!(window_of(42).await, window_of(42).await);
}

#[tokio::test(start_paused = true)]
async fn one_that_had_expired_on_arrival_is_a_failure_that_passes_and_no_storm() {
    let (source, api) = (Source::living(Duration::ZERO), Api::new());
    let client = client(&source, &api);

    let error = fail(&client).await;
    for _ in 0..100 {
        fail(&client).await;
    }

    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(!error.is_permanent());
    assert_eq!(source.count(), 1);
    source.add(living(HOUR));
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_is_old_on_arrival_serves_and_the_source_is_not_asked_by_every_call() {
    let now = SystemTime::now();
    for rest in [300 * SECOND, 4 * SECOND] {
        let issued = now + rest - HOUR;
        let old = || made(move |old| old.valid_between(issued, now + rest));
        let source = Source::of(std::iter::repeat_with(old).take(100));
        let client = client(&source, &Api::new());

        for _ in 0..50 {
            succeed(&client).await;
            settle().await;
        }

        assert!(source.count() <= 2, "{rest:?}: {}", source.count());
    }
}

#[tokio::test(start_paused = true)]
async fn the_wall_clock_may_say_when_a_credential_ends() {
    let (source, api) = (Source::new(), Api::new());
    let now = SystemTime::now();
    source.add(made(move |_| {
        Credential::new("old").valid_between(now - HOUR, now + 10 * SECOND)
    }));
    let client = client(&source, &api);

    succeed(&client).await;
    pass(6 * SECOND).await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["old", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn in_the_hard_window_a_source_that_hangs_does_not_cost_a_good_credential() {
    let (source, api) = (Source::of([token(), hang()]), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 4 * SECOND).await;

    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-1"]);
    assert_eq!(source.count(), 2);
}

/// How many seconds before the end of an hour's token it is renewed.
async fn window_of(seed: u64) -> u64 {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).seed(seed), &api);
    succeed(&client).await;
    pass(HOUR - 452 * SECOND).await;
    for rest in (350..452).rev() {
        pass(SECOND).await;
        send(&client, get()).await.unwrap();
        settle().await;
        if source.count() == 2 {
            return rest;
        }
    }
    panic!("it was not renewed in time");
}
