//! What goes wrong: with requests, with connections, with tokens.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use http::StatusCode;
use tokio::time::Instant;
use toyota_sim::{Fault, Route, Simulator};

use crate::clients::TIMEOUT;

pub(crate) const API: [Route; 4] = [
    Route::Vehicles,
    Route::Location,
    Route::Telemetry,
    Route::Command,
];
pub(crate) const LOGIN: [Route; 3] = [Route::Authenticate, Route::Authorize, Route::Token];

/// Lets requests fail from now on: of the API one in six, of the login host one in twenty.
pub(crate) fn begin(sim: &Simulator) {
    for route in API {
        add(sim, route, 1.0, passing());
        add(sim, route, 1.0, of_the_api());
        add(sim, route, 1.0, slow());
    }
    for route in LOGIN {
        // A sign-in is six requests, and whoever fails waits a second.
        add(sim, route, 0.35, passing());
        add(sim, route, 1.0, slow());
    }
}

/// What may be over the next time, wherever it comes.
fn passing() -> Vec<(f64, Fault)> {
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    let too_many = || Fault::status(StatusCode::TOO_MANY_REQUESTS);
    vec![
        (0.030, unavailable()),
        (0.010, unavailable().retry_after_seconds(0)),
        (0.020, too_many().retry_after_seconds(0)),
        // All calls of the account wait for so long.
        (0.001, too_many().retry_after_seconds(1)),
        (0.020, Fault::reset_before_read()),
        (0.020, Fault::reset_after_read()),
        (0.015, Fault::truncated()),
        (0.010, Fault::garbage_wire()),
        (0.010, Fault::html(StatusCode::BAD_GATEWAY)),
    ]
}

/// What is an answer and none. Of a login host it would be permanent.
fn of_the_api() -> Vec<(f64, Fault)> {
    vec![
        (0.010, Fault::html(StatusCode::OK)),
        (0.010, Fault::garbage_body()),
        (0.001, Fault::pass().after(2 * TIMEOUT)),
    ]
}

/// No fault: it takes a while.
fn slow() -> Vec<(f64, Fault)> {
    let millis = Duration::from_millis;
    vec![
        (0.05, Fault::pass().after_between(millis(20)..=millis(200))),
        (0.50, Fault::pass().after_between(millis(1)..=millis(10))),
    ]
}

fn add(sim: &Simulator, route: Route, part: f64, faults: Vec<(f64, Fault)>) {
    for (probability, fault) in faults {
        let added = sim.fail_randomly(route, part * probability, fault);
        added.expect("a probability");
    }
}

/// Now and then tokens expire, new connections are reset, and old ones are closed.
pub(crate) async fn now_and_then(sim: Arc<Simulator>, mut random: Rng, end: Instant) {
    loop {
        let pause = Duration::from_millis(random.u64(200..1200));
        if tokio::time::timeout_at(end, tokio::time::sleep(pause))
            .await
            .is_err()
        {
            return;
        }
        match random.u8(..4) {
            0 | 1 => sim.expire_access_tokens(),
            2 => sim.reset_next_connections(random.usize(1..4)),
            _ => sim.close_connections(),
        }
    }
}
