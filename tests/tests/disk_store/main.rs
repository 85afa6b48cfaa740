//! The store in a folder: processes that share it, are killed and stopped in it, and folders that
//! are not as they should be.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod child;
mod files;
mod full;
mod given;
mod killed;
mod odd;
mod private;
mod sharing;
mod stopped;
mod unusable;
