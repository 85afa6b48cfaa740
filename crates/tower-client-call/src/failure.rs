//! In what way a call failed that brought no answer.

use std::error::Error;
use std::io;

use crate::causes;

/// In what way a call failed that brought no answer, for labels and for people.
///
/// Whether it may be repeated is another question: see [`Delivery`](crate::Delivery).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// Something took too long: connecting, or the answer.
    Timeout,
    /// No connection came up.
    Connect,
    /// The connection or the protocol broke.
    Transport,
    /// None of these: a layer's own error, or a defect.
    Unknown,
}

impl Failure {
    /// Returns what an error's source chain tells. A timeout anywhere on it is a timeout.
    ///
    /// Understood are the timeouts of tokio and (feature `tower`) of tower, io errors, and
    /// (feature `hyper`) the errors of hyper, h2 and hyper-util's client.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let mut found = Self::Unknown;
        for failure in causes(error).map(by_type) {
            match failure {
                Self::Timeout => return Self::Timeout,
                Self::Connect => found = Self::Connect,
                Self::Transport if found == Self::Unknown => found = Self::Transport,
                Self::Transport | Self::Unknown => {}
            }
        }
        found
    }
}

fn by_type(error: &(dyn Error + 'static)) -> Failure {
    if error.is::<tokio::time::error::Elapsed>() || is_tower_timeout(error) {
        return Failure::Timeout;
    }
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::TimedOut) => Failure::Timeout,
        Some(
            io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::NetworkUnreachable,
        ) => Failure::Connect,
        // A wrapper: what is inside tells.
        Some(io::ErrorKind::Other) => Failure::Unknown,
        Some(_) => Failure::Transport,
        None => by_hyper(error),
    }
}

#[cfg(feature = "tower")]
fn is_tower_timeout(error: &(dyn Error + 'static)) -> bool {
    error.is::<tower::timeout::error::Elapsed>()
}

#[cfg(not(feature = "tower"))]
fn is_tower_timeout(_: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(feature = "hyper")]
fn by_hyper(error: &(dyn Error + 'static)) -> Failure {
    if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
        return if error.is_connect() {
            Failure::Connect
        } else {
            Failure::Transport
        };
    }
    match error.downcast_ref::<hyper::Error>() {
        Some(error) if error.is_timeout() => Failure::Timeout,
        Some(_) => Failure::Transport,
        None if error.is::<h2::Error>() => Failure::Transport,
        None => Failure::Unknown,
    }
}

#[cfg(not(feature = "hyper"))]
fn by_hyper(_: &(dyn Error + 'static)) -> Failure {
    Failure::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Delivery;

    #[test]
    fn the_chain_tells_and_a_timeout_anywhere_is_one() {
        let io = |kind| io::Error::from(kind);
        for (error, failure) in [
            (io(io::ErrorKind::ConnectionRefused), Failure::Connect),
            (io(io::ErrorKind::NetworkDown), Failure::Connect),
            (io::Error::other("a defect"), Failure::Unknown),
            (io(io::ErrorKind::BrokenPipe), Failure::Transport),
            (io(io::ErrorKind::TimedOut), Failure::Timeout),
            (
                io::Error::other(io(io::ErrorKind::TimedOut)),
                Failure::Timeout,
            ),
            (
                io::Error::other(io(io::ErrorKind::ConnectionRefused)),
                Failure::Connect,
            ),
        ] {
            assert_eq!(Failure::of(&error), failure, "{error:?}");
            assert_eq!(Failure::of(&Delivery::NotSent.because(error)), failure);
        }
        assert_eq!(
            Failure::of(&Delivery::NotSent.because("no token")),
            Failure::Unknown
        );
    }
}
