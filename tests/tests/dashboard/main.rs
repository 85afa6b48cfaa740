//! The dashboard and the guide name what is measured, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod dashboard;
mod described;
mod everything;
mod guide;
mod names;
mod page;
mod promql;
mod promtool;
mod shape;
mod words;
