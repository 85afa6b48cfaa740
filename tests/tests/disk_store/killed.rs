//! Processes that are killed (SIGKILL) at any point, while another goes on.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::sleep;
use tower_client_cache::Store;

use crate::child::Child;
use crate::files::bytes_and_left_over_files;
use crate::given::{KEYS, MAX_BYTES, entry, key, number, store};

const RUNS: usize = 200;
/// How long a child writes at most: some dozen entries.
const GRACE: Duration = Duration::from_millis(30);

#[tokio::test]
async fn whenever_a_process_is_killed_entries_are_whole_and_all_is_within_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let (store, mut random) = (store(dir.path()), Rng::with_seed(0xd15c));
    let mut survivor = Child::start("writer", dir.path()).await;
    store.put(&key(0), entry(0, 0)).await.unwrap();
    let (mut found, mut most, mut left_behind) = (0, 0, 0);

    for _ in 0..RUNS {
        let child = Child::start("writer", dir.path()).await;
        // The point of it is to be killed at any time, not after anything.
        sleep(GRACE.mul_f64(random.f64())).await;
        child.kill().await;

        let (bytes, left_over) = bytes_and_left_over_files(dir.path());
        assert!(bytes <= MAX_BYTES, "{bytes}");
        most = most.max(bytes);
        left_behind += usize::from(left_over > 0);
        for key in 0..KEYS {
            found += usize::from(number(&store, key).await.is_some());
        }
        assert!(survivor.is_alive(), "what it read was right");
    }

    println!("found {found}, most {most} bytes, left files behind {left_behind} times");
    assert!(found > RUNS && most > MAX_BYTES / 2 && left_behind > 0);
    survivor.kill().await;
    store.put(&key(0), entry(0, 1)).await.unwrap();
    assert_eq!(number(&store, 0).await, Some(1));
}
