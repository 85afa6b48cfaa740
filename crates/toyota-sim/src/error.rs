//! What can go wrong before and beside the simulated service.

use std::{error::Error, io};

use thiserror::Error;

/// Why a simulator did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port could not be listened on: it may be taken, or reserved.
    #[error("could not listen on 127.0.0.1")]
    Bind(#[source] io::Error),
    /// The certificate could not be made, or TLS could not be set up with it.
    #[error("could not prepare TLS")]
    Tls(#[source] Box<dyn Error + Send + Sync>),
}

/// A probability below 0, above 1, or not a number.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("a probability lies between 0 and 1, but {0} does not")]
pub struct InvalidProbability(pub(crate) f64);

/// A word that names no [`Fault`](crate::Fault).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "a fault is a status from 200 to 599, reset, truncated, garbage, noise, html, endless or silence"
)]
pub struct UnknownFault;
