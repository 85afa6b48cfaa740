//! The simulator as a client meets it: over real sockets, with no client code of its workspace.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod accounts;
mod api;
mod authorize;
mod brands;
mod charging;
mod climate;
mod commands;
mod families;
mod faults;
mod garage;
mod hostile;
mod in_memory;
mod life;
mod lifetime;
mod login;
mod notices;
mod program;
mod record;
mod remote;
mod status;
mod support;
mod tls;
mod token;
mod trips;
mod upkeep;
