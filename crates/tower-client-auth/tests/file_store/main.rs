//! Credentials in files, on a real file system and in real time.

#![cfg(feature = "file")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod common;
mod damage;
mod format;
mod keys;
mod layers;
mod locking;
mod principals;
#[cfg(unix)]
mod private;
mod processes;
mod replacing;
mod round_trip;
mod writing;
