//! Times hits over each kind of store, beside memory, in one run: `cargo bench -p tests --bench
//! stores`, with the number of hits as an argument.
//!
//! Each hit is timed by itself, one after the other, on one thread. Times are those of one machine and
//! one moment: what can be compared is the rows of one run. Of Redis it also counts the round trips.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program, whose figures are for people"
)]

use std::time::Duration;

use tests::cost::stores::{self, Hits};
use tests::redis::RedisServer;
use tokio::time::Instant;
use tower_client_cache::{MemoryStore, Store, Tiered};

const HITS: u32 = 10_000;
/// Hits that pay for what is made once.
const WARM_UP: u32 = 200;

fn main() {
    let hits = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let hits = hits.unwrap_or(HITS);
    println!("{hits} hits each");
    println!(
        "{:24} {:>10} {:>10} {:>12}",
        "store", "median", "p99", "round trips"
    );
    row("memory", hits, MemoryStore::new(), None);
    row("boxed", hits, stores::boxed(), None);
    row("memory over memory", hits, stores::tiered(), None);
    let (store, _folder) = stores::on_disk();
    row("disk", hits, store, None);
    if let Some(server) = RedisServer::start() {
        let store = stores::on_server(&server);
        row("redis", hits, store.clone(), Some(&server));
        let tiers = Tiered::new(MemoryStore::new(), store);
        row("memory over redis", hits, tiers, Some(&server));
    }
}

fn row(name: &str, hits: u32, store: impl Store, server: Option<&RedisServer>) {
    let (times, trips) = stores::runtime().block_on(async {
        let mut calls = Hits::over(store).await;
        for _ in 0..WARM_UP {
            calls.one().await;
        }
        let before = server.map(stores::reads);
        let times = times(&mut calls, hits).await;
        let reads = before.zip(server.map(stores::reads));
        (times, reads.map(|(before, after)| after - before))
    });
    let [median, p99] = [50, 99].map(|percent| quantile(&times, percent));
    let trips = trips.map_or_else(String::new, |trips| {
        format!(
            "{:.2}",
            f64::from(u32::try_from(trips).unwrap_or(u32::MAX)) / f64::from(hits)
        )
    });
    println!("{name:24} {median:>10.1?} {p99:>10.1?} {trips:>12}");
}

/// Returns how long each hit took, the shortest first.
async fn times(calls: &mut Hits, hits: u32) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..hits {
        let begun = Instant::now();
        calls.one().await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times
}

fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get(last * percent / 100)
        .copied()
        .unwrap_or_default()
}
