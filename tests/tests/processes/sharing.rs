//! Two processes that call at the same time.

use tests::child::Child;
use tests::simulator;

use crate::child::{self, CALL, OK};
use crate::kept::Kept;

const EXPIRIES: u64 = 200;

#[tokio::test]
async fn two_processes_with_one_file_refresh_once_between_them() {
    let sim = simulator().await;
    let kept = Kept::new(&sim);
    let mut children = [(); 2].map(|()| child::start(&sim, kept.dir()));
    call_both(&mut children).await;

    for expiry in 1..=EXPIRIES {
        sim.expire_access_tokens();
        call_both(&mut children).await;

        assert_eq!(sim.counters().refreshes, expiry);
    }

    for child in children {
        child.end().await;
    }
    let counters = sim.counters();
    assert_eq!((counters.logins_completed, counters.password_posts), (1, 1));
    assert_eq!(counters.refresh_reuses_detected, 0);
    assert_eq!(counters.families_revoked, 0);
}

/// Both are told before either has answered.
async fn call_both(children: &mut [Child; 2]) {
    for child in children.iter_mut() {
        child.ask(CALL).await;
    }
    for child in children {
        assert_eq!(child.answer().await, OK);
    }
}
