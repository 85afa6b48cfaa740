//! One of all processes fetches, and the others go on when it does not come back.

use std::time::Duration;

use tokio::time::Instant;

use crate::processes::{LONG_LEASE, Shared, until};

/// What machines take that do other things.
const SLACK: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_thousand_calls_of_four_processes_are_one_request() {
    let Some((shared, mut children)) = Shared::by::<4>(LONG_LEASE).await else {
        return;
    };

    for child in &mut children {
        child.ask("get /slow/trip 250").await;
    }

    for child in &mut children {
        assert_eq!(child.answer().await, "200 version 0");
    }
    assert_eq!(shared.origin.reads("/slow/trip"), 1);
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_fetches_costs_a_lease_and_one_request_more() {
    let lease = Duration::from_secs(1);
    let Some((shared, [mut holder, mut others @ ..])) = Shared::by::<4>(lease).await else {
        return;
    };
    holder.ask("get /held/trip 250").await;
    shared.asked("/held/trip").await;
    for other in &mut others {
        other.ask("get /held/trip 250").await;
    }
    let begun = Instant::now();

    holder.kill().await;

    for other in &mut others {
        assert_eq!(other.answer().await, "200 version 0");
    }
    assert!(begun.elapsed() < lease + SLACK, "{:?}", begun.elapsed());
    assert_eq!(shared.origin.reads("/held/trip"), 2);
}

#[tokio::test]
async fn who_waits_for_a_fetch_that_fails_tries_at_once() {
    let Some((shared, [mut holder, mut other])) = Shared::by::<2>(LONG_LEASE).await else {
        return;
    };
    holder.ask("get /failing/trip 1").await;
    shared.asked("/failing/trip").await;
    let before = shared.scripts();
    other.ask("get /failing/trip 250").await;
    // It asks again and again whether the other has done.
    until(async || shared.scripts() > before + 3).await;
    let begun = Instant::now();

    shared.origin.let_go();

    assert_eq!(holder.answer().await, "503 version 0");
    assert_eq!(other.answer().await, "200 version 0");
    assert!(begun.elapsed() < SLACK, "{:?}", begun.elapsed());
    assert_eq!(shared.origin.reads("/failing/trip"), 2);
}

#[tokio::test]
async fn nobody_waits_for_a_lease_of_what_may_not_be_stored() {
    let Some((_shared, mut children)) = Shared::by::<4>(LONG_LEASE).await else {
        return;
    };
    let begun = Instant::now();

    for _ in 0..10 {
        for child in &mut children {
            child.ask("get /private/trip 5").await;
        }
        for child in &mut children {
            assert_eq!(child.answer().await, "200 version 0");
        }
    }

    assert!(begun.elapsed() < SLACK, "{:?}", begun.elapsed());
}
