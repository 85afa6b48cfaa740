//! The layer between scripted sources, stores and services, with the clock paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod cancelling;
mod challenges;
mod crowds;
mod deadlines;
mod epochs;
mod failures;
mod fresh;
mod lasting;
mod origins;
mod overtaking;
mod permits;
mod principals;
mod providers;
mod readiness;
mod records;
#[cfg(feature = "follow-redirect")]
mod redirects;
mod refusals;
mod rejections;
mod runtimes;
mod saving;
mod script;
mod secrets;
mod setting;
mod sharing;
mod signing_out;
mod single_flight;
mod stores;
mod windows;
