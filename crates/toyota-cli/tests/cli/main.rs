//! The program as its user meets it: a process, its output, its exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod acts;
mod caching;
mod cars;
mod climate_set;
mod config;
mod failures;
mod guide;
mod logging;
mod metrics;
mod proxy;
mod raw;
mod reads;
mod run;
mod simulate;
mod stores;
mod story;
mod tokens;
mod trips;
mod usage;
mod waking;
mod watching;
mod whole;

use self::run::{Run, against, simulator, suffix, toyota, vars};
