//! Faults that requests meet by chance, and the end of all faults.

use http::StatusCode;
use toyota_sim::{Fault, Route, Simulator};

use super::get_unknown;
use crate::support::{start, within};

#[tokio::test]
async fn random_faults_come_back_with_their_seed() {
    let failures = async || {
        let sim = within(Simulator::builder().seed(5).start()).await.unwrap();
        sim.fail_randomly(Route::Unknown, 0.5, Fault::status(StatusCode::BAD_GATEWAY))
            .unwrap();
        let mut failures = Vec::new();
        for _ in 0..16 {
            failures.push(get_unknown(&sim).await.status == StatusCode::BAD_GATEWAY);
        }
        failures
    };

    let first = failures().await;

    assert_eq!(first, failures().await);
    assert!(first.contains(&true));
    assert!(first.contains(&false));
}

#[tokio::test]
async fn what_is_no_probability_is_refused() {
    let sim = start().await;

    let refused = sim.fail_randomly(Route::Unknown, 1.5, Fault::pass());

    assert_eq!(
        refused.unwrap_err().to_string(),
        "a probability lies between 0 and 1, but 1.5 does not"
    );
}

#[tokio::test]
async fn cleared_faults_are_gone() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::status(StatusCode::BAD_GATEWAY)]);
    sim.fail_randomly(Route::Unknown, 1.0, Fault::status(StatusCode::BAD_GATEWAY))
        .unwrap();
    sim.reset_next_connections(1);

    sim.clear_faults();

    assert_eq!(get_unknown(&sim).await.status, StatusCode::FORBIDDEN);
}
