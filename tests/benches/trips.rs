//! Times the reading of the largest page of trips, over 8 MB, against `serde_json::Value` made of the same
//! bytes, taking turns in one run: `cargo bench -p tests --bench trips`, with the number of rounds as an
//! argument.
//!
//! What else the machine does meanwhile hits all of a round, so the ratio of a round means something
//! where a time does not. Prints the medians of the ratios.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program, whose figures are for people"
)]

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use serde_json::Value;
use tests::ratios::summary;
use tests::trips::{client, page, trips};
use tokio::runtime;
use tokio::time::Instant;
use toyota_client::{HttpService, ToyotaClient};

const TRIPS: usize = 50;
const POINTS: usize = 1600;
const ROUNDS: usize = 31;

fn main() {
    let rounds = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let page = page(TRIPS, POINTS);
    let length = page.len();
    println!("{rounds} rounds of a page of {length} bytes; time over serde_json::Value:");
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let (all, heads) = runtime.expect("a runtime").block_on(compare(page, rounds));
    println!("by the client, each trip with each point: {}", summary(all));
    println!(
        "by the client, each trip without its points: {}",
        summary(heads)
    );
}

/// Returns, for each round, the times of the client over that of `Value`.
async fn compare(page: Bytes, rounds: usize) -> (Vec<f64>, Vec<f64>) {
    let answered = page.clone();
    let client = client(move || Full::new(answered.clone()));
    let (mut all, mut heads) = (Vec::new(), Vec::new());
    // What is made once is made before.
    value(&page);
    read(&client, true).await;
    for round in 0..rounds {
        let (value, with, without) = if round % 2 == 0 {
            let value = value(&page);
            (value, read(&client, true).await, read(&client, false).await)
        } else {
            let (without, with) = (read(&client, false).await, read(&client, true).await);
            (value(&page), with, without)
        };
        all.push(with.as_secs_f64() / value.as_secs_f64());
        heads.push(without.as_secs_f64() / value.as_secs_f64());
    }
    (all, heads)
}

/// Returns how long it takes to make a `Value` of the bytes, and to drop it.
fn value(page: &[u8]) -> Duration {
    let begun = Instant::now();
    let value: Value = serde_json::from_slice(page).expect("JSON");
    drop(black_box(value));
    begun.elapsed()
}

/// Returns how long a whole call takes, from the request to the last trip.
async fn read(client: &ToyotaClient<impl HttpService>, points: bool) -> Duration {
    let begun = Instant::now();
    let mut trips = trips(client);
    let mut count = 0;
    while let Some(trip) = trips.next().await {
        let trip = black_box(trip.expect("a trip"));
        if points {
            count += trip.route().map(black_box).count();
        }
    }
    drop(trips);
    let elapsed = begun.elapsed();
    assert!(!points || count == TRIPS * POINTS, "{count}");
    elapsed
}
