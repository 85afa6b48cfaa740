//! Faults that requests meet by chance, and the end of all faults.

use std::collections::BTreeMap;

use http::StatusCode;
use toyota_sim::{Fault, Route, Simulator};

use super::get_unknown;
use crate::support::{Owner, PETROL, log_in, start, within};

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

    let of_a_route = sim.fail_randomly(Route::Unknown, 1.5, Fault::pass());
    let of_the_api = sim.fail_api_randomly(-0.5, &[Fault::pass()]);

    assert_eq!(
        of_a_route.unwrap_err().to_string(),
        "a probability lies between 0 and 1, but 1.5 does not"
    );
    assert!(of_the_api.is_err());
}

#[tokio::test]
async fn a_part_of_what_the_api_is_asked_can_fail_in_one_way_or_another() {
    let owner = Owner::new().await;
    let faults = [502, 503, 504].map(|status| Fault::status(status.try_into().unwrap()));
    owner.sim.fail_api_randomly(0.6, &faults).unwrap();

    let mut met = BTreeMap::new();
    for path in ["/v1/location", "/v3/telemetry"] {
        for _ in 0..200 {
            let status = owner.get(path, PETROL).await.status.as_u16();
            *met.entry(status).or_insert(0) += 1;
        }
    }
    log_in(&owner.sim).await;

    // 400 times one in five, and two in five.
    assert!((130..190).contains(&met[&200]), "{met:?}");
    for status in [502, 503, 504] {
        assert!((50..110).contains(&met[&status]), "{met:?}");
    }
}

#[tokio::test]
async fn all_that_the_api_is_asked_can_fail() {
    let owner = Owner::new().await;
    let faults = [502, 503, 504].map(|status| Fault::status(status.try_into().unwrap()));
    owner.sim.fail_api_randomly(1.0, &faults).unwrap();

    for _ in 0..50 {
        assert_ne!(owner.get("/v1/location", PETROL).await.status, 200);
    }
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
