//! What one process forgets, the others do not serve.

use tests::child::Child;

use crate::processes::{LONG_LEASE, Shared, until};

#[tokio::test]
async fn what_one_process_changes_the_others_forget_in_memory() {
    let Some((_shared, mut children)) = Shared::by::<4>(LONG_LEASE).await else {
        return;
    };
    fill(&mut children, "/trip").await;

    let [changing, others @ ..] = &mut children;
    assert_eq!(changing.does("post /trip").await, "200 version 1");

    for other in others {
        until(async || !has(other, "/trip").await).await;
    }
    for child in &mut children {
        assert_eq!(child.does("get /trip 1").await, "200 version 1");
    }
}

#[tokio::test]
async fn what_was_changed_while_nobody_was_told_is_forgotten_once_that_is_over() {
    let Some((shared, mut children)) = Shared::by::<3>(LONG_LEASE).await else {
        return;
    };
    fill(&mut children, "/trip").await;
    fill(&mut children, "/other").await;

    shared.server.command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    let [changing, others @ ..] = &mut children;
    assert_eq!(changing.does("post /trip").await, "200 version 1");

    for other in others {
        // Nobody said anything of the second: it is not known what was said.
        for path in ["/trip", "/other"] {
            until(async || !has(other, path).await).await;
        }
    }
    for child in &mut children {
        assert_eq!(child.does("get /trip 1").await, "200 version 1");
    }
    until(async || shared.subscribers() == 3).await;
}

#[tokio::test]
async fn what_was_asked_for_before_a_change_is_found_by_nobody_after() {
    let Some((shared, [mut late, mut changing, mut other])) = Shared::by::<3>(LONG_LEASE).await
    else {
        return;
    };
    late.ask("get /held/trip 1").await;
    shared.asked("/held/trip").await;
    assert_eq!(changing.does("post /held/trip").await, "200 version 1");

    shared.origin.let_go();

    assert_eq!(late.answer().await, "200 version 0");
    assert_eq!(late.does("flush").await, "flushed");
    for child in [&mut late, &mut changing, &mut other] {
        assert_eq!(child.does("get /held/trip 1").await, "200 version 1");
    }
}

/// Has all of them keep an answer in memory.
async fn fill(children: &mut [Child], path: &str) {
    for child in children {
        until(async || {
            assert_eq!(child.does(&format!("get {path} 1")).await, "200 version 0");
            has(child, path).await
        })
        .await;
    }
}

async fn has(child: &mut Child, path: &str) -> bool {
    child.does(&format!("has {path}")).await == "true"
}
