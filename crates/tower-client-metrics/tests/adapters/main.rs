//! The adapters, up to what an exporter of theirs says on a socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod collector;
mod facade;
mod opentelemetry;
mod scrape;
