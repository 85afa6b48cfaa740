//! How much memory a cache takes, and a page of trips: this program has an allocator that counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod growth;
mod long;
mod meter;
mod origin;
mod shared;
mod trips;
