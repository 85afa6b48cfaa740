//! The grants of OAuth 2.0: what they send, what they make of answers, and how the layer uses them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod answers;
mod failures;
mod fuzz;
mod grants;
mod login;
mod requests;
mod secrets;
mod server;
mod settings;
mod sockets;
