//! A store that fails while callers call: none of them fails with it, none is told what is wrong or
//! old, and none waits for it again and again.
//!
//! Each fault happens to a server that two caches use, one over `Guarded<RedisStore>` and one over a
//! store in memory above such a one, with 64 callers each; 64 more ask the same origin without a
//! cache, on the same thread at the same time: they say how long calls take without a store on a
//! machine that does other things meanwhile. `STORE_FAULTS_CALLS` says how many calls each fault's
//! caches are asked at least (1,500). The long run:
//! `STORE_FAULTS_CALLS=200000 cargo test -p tests --test store_faults -- --nocapture`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking, and these tell their figures"
)]

mod caches;
mod commands;
mod faults;
mod load;
mod origin;
mod outage;
mod proxy;
mod site;
mod times;
mod warnings;
