//! The store in Redis, on servers that the tests start.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod conformance;
mod crossing;
mod expiry;
mod failing;
mod given;
mod leases;
mod losing;
mod names;
mod reconnecting;
mod round_trips;
mod sharing;
mod tls;
