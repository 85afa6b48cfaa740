//! Toyota Connected Services Europe as tower services and a typed client.
//!
//! [`Config`] has all settings, from a file, from variables, from code ([`mod@config`]).
//!
//! From the bottom up, each usable without the next:
//!
//! - [`Transport`]: a pooled HTTP/1.1 and HTTP/2 client over TLS.
//! - [`mod@auth`]: the signed-in user on every request, by [`Login`].
//! - [`ToyotaService`]: base URL, the app's identity headers, redirects.
//! - [`mod@pace`]: one request of an account at a time, commands first.
//! - [`mod@stack`]: the order of all of these and of the layers around them, the places for layers of
//!   one's own between, and [`operations`], what is known of each operation.
//! - [`ToyotaClient`]: the typed API, generic over the service that it talks through.
//!
//! What the typed API is made of:
//!
//! - [`model`]: the data sets, read leniently; [`Units`] to show them in.
//! - [`mod@routes`]: by which paths each function is asked, which the service moves.
//! - [`mod@wake`]: status, battery and climate control as new as is asked for; when a parked car is woken
//!   for that, and how often.
//! - [`mod@command`]: what a car can be told, once, and what shows that it did it.
//! - [`mod@trips`]: pages of trips, their routes, sums and exports.
//! - [`mod@car`]: all that is known of one car over time; [`mod@watch`]: cars that are kept in view.
//! - [`mod@redact`]: answers without what tells people, cars, places and sessions.
//! - [`Memory`]: what outlives a call, in the process or in a file; [`Clock`]: what time it is.
//!
//! A client that is [built](ToyotaClient::builder) repeats what is safe to repeat, and answers again
//! for some minutes what it was answered: to the same account, about the same car. What wakes a car or
//! changes something is sent once.
//!
//! The service is not documented by its maker and changes without notice, so every field of
//! [`model`] is optional, and what could not be read is told as warnings beside the value.
//!
//! # Example
//!
//! ```no_run
//! use toyota_client::{Config, Credentials, ToyotaClient};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = ToyotaClient::builder()
//!     .config(Config::from_env()?)
//!     .credentials(Credentials::new("owner@example.com", "password")?)
//!     .build()?;
//!
//! for car in client.vehicles().await?.value {
//!     println!("{:?}: {:?}", car.name(), client.telemetry(&car.vin).await?.value);
//! }
//! # Ok(())
//! # }
//! ```

pub mod auth;
mod base_url;
mod body;
mod brand;
pub mod car;
mod client;
mod clock;
pub mod command;
pub mod config;
mod credentials;
mod document;
mod envelope;
mod error;
mod exchange;
#[cfg(test)]
mod hostile;
mod http_service;
pub mod login;
mod memory;
pub mod metrics;
pub mod model;
pub mod operations;
pub mod pace;
pub mod redact;
mod refusals;
pub mod routes;
mod secret;
pub mod service;
pub mod stack;
mod text;
pub mod transport;
pub mod trips;
mod units;
mod vin;
pub mod wake;
pub mod watch;

/// How answers are cached.
pub use tower_client::cache;
/// What layers know of a call: its record, its deadline, whether it may be repeated.
pub use tower_client::call;
/// How calls are repeated.
pub use tower_client::retry;

pub use self::base_url::{BaseUrl, InvalidBaseUrl};
pub use self::body::{Body, KeptBody};
pub use self::brand::Brand;
pub use self::car::Car;
pub use self::client::{ToyotaClient, ToyotaClientBuilder};
pub use self::clock::Clock;
pub use self::config::{Config, ConfigError};
pub use self::credentials::{Credentials, InvalidUsername};
pub use self::error::{Error, Kind, ToyotaErrors};
pub use self::http_service::HttpService;
pub use self::login::{Login, LoginError, LoginErrorKind, PendingLogin, SignIn};
pub use self::memory::Memory;
pub use self::service::{InvalidTarget, ToyotaLayer, ToyotaService};
pub use self::stack::Stack;
pub use self::transport::{TlsError, Transport, TransportBuilder};
pub use self::units::Units;
pub use self::vin::{InvalidVin, Vin};
