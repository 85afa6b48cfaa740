//! A simulated Toyota Connected Services Europe, on a real port, with faults on request.
//!
//! Tests of a client, and developers without a car, need a service that logs in, refreshes tokens
//! and answers about cars as the real one does, and that fails when told to. A [`Simulator`] is
//! the login host and the API host in one, over HTTP/1.1 and HTTP/2, with or without TLS. It is
//! strict: cookies, header signatures, one-use codes and rotating refresh tokens are checked.
//!
//! It shares no code with any client, so that the two cannot agree on the same mistake. Its user,
//! its keys and its cars are invented; it is no way to learn what Toyota's servers do beyond what
//! clients have seen them do.
//!
//! ```
//! use http::StatusCode;
//! use tokio::{
//!     io::{AsyncReadExt, AsyncWriteExt},
//!     net::TcpStream,
//! };
//! use toyota_sim::{Fault, Route, Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder().start().await?;
//! sim.script(
//!     Route::Vehicles,
//!     [Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_seconds(2)],
//! );
//!
//! let address = sim.api_url().trim_start_matches("http://");
//! let mut stream = TcpStream::connect(address).await?;
//! stream
//!     .write_all(b"GET /v2/vehicle/guid HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n\r\n")
//!     .await?;
//! let mut answer = String::new();
//! stream.read_to_string(&mut answer).await?;
//!
//! assert!(answer.starts_with("HTTP/1.1 503"));
//! assert!(answer.contains("retry-after: 2"));
//! assert_eq!(sim.counters().requests(Route::Vehicles), 1);
//! # Ok(())
//! # }
//! ```

mod account;
mod accounts;
mod api;
mod bounded;
mod builder;
mod clock;
mod counters;
mod delivery;
mod environment;
mod error;
mod exchange;
mod fault;
pub mod garage;
mod gzip;
mod jwt;
mod login;
mod number;
mod oauth;
mod payload;
mod random;
mod realm;
mod record;
mod registration;
mod reply;
mod route;
mod routing;
mod server;
mod sessions;
mod simulator;
mod world;

pub use self::{
    account::{Account, Car, Payload},
    api::CarriedOut,
    builder::Builder,
    clock::Clock,
    counters::{CarCounters, Counters},
    error::{InvalidProbability, StartError, UnknownFault},
    fault::Fault,
    garage::{CarState, PlannedDrive, Position, Routine, WakeBehaviour},
    login::LoginFlow,
    oauth::{AuthorizeFlow, TokenFlow},
    record::RecordedRequest,
    route::{Families, Route},
    simulator::Simulator,
};
