//! The client against the simulator, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod auth;
mod cache;
mod canary;
mod car;
mod composition;
mod faults;
mod headers;
mod login;
mod metrics;
mod redirects;
mod retry;
mod tls;
