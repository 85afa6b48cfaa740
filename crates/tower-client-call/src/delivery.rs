//! Whether a failed request can have reached the server.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use crate::{ResponseError, causes};

/// Whether a failed request can have reached the server.
///
/// This, and not the kind of error, decides whether a request may be sent again: what was
/// [`NotSent`](Self::NotSent) can be repeated whatever it does. Ordered by how much can have
/// happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// The server has not acted on it and will not.
    NotSent,
    /// Nobody knows.
    MaybeSent,
    /// The server has answered.
    Answered,
}

impl Delivery {
    /// Returns what an error says, the outermost that says anything; what nobody knows is
    /// [`MaybeSent`](Self::MaybeSent).
    ///
    /// Understood on the source chain are this crate's [`DeliveryError`] and [`ResponseError`],
    /// the operating system's refusals to connect, and, by the features of the same names:
    ///
    /// - `hyper`: hyper-util's failure to connect (name, TCP, proxy, TLS), hyper's requests that
    ///   were cancelled before they were sent, and HTTP/2's `REFUSED_STREAM` and graceful `GOAWAY`
    ///   (RFC 9113 sections 6.8 and 8.7: such a request was not processed);
    /// - `tower`: a shed load, and a `Buffer` whose service never became ready.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        causes(error).find_map(known).unwrap_or(Self::MaybeSent)
    }

    /// Returns an error that says this of its cause.
    #[must_use]
    pub fn because(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> DeliveryError {
        DeliveryError {
            delivery: self,
            permanent: false,
            after: None,
            source: cause.into(),
        }
    }
}

/// An error whose request's delivery is known.
///
/// A layer that fails before it calls the service below says so by
/// `Delivery::NotSent.because(error)`, and by `.permanent()` that the next attempt would fail in
/// the same way: a refused password, a setting that cannot be used.
#[derive(Debug)]
pub struct DeliveryError {
    delivery: Delivery,
    permanent: bool,
    after: Option<Duration>,
    source: Box<dyn Error + Send + Sync>,
}

impl DeliveryError {
    /// Returns what is known.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Marks the failure as permanent: the same request would fail again, whenever it is sent.
    #[must_use]
    pub fn permanent(self) -> Self {
        let permanent = true;
        Self { permanent, ..self }
    }

    /// Notes that another attempt is of use only after this time: somebody who was asked for the
    /// call, such as a login host, wants to be left alone for so long.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        let after = Some(time);
        Self { after, ..self }
    }

    /// Returns after what time another attempt is of use, if an error on this chain says so.
    #[must_use]
    pub fn wait_of(error: &(dyn Error + 'static)) -> Option<Duration> {
        let mut said = causes(error).filter_map(|error| error.downcast_ref::<Self>());
        said.find_map(|error| error.after)
    }

    /// Tells whether an error on this chain says that it is permanent.
    #[must_use]
    pub fn is_permanent(error: &(dyn Error + 'static)) -> bool {
        let mut said = causes(error).filter_map(|error| error.downcast_ref::<Self>());
        said.any(|error| error.permanent)
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.delivery {
            Delivery::NotSent => "the request was not sent",
            Delivery::MaybeSent => "the request may have been sent",
            Delivery::Answered => "the request was answered",
        })
    }
}

impl Error for DeliveryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// What this error says by itself.
fn known(error: &(dyn Error + 'static)) -> Option<Delivery> {
    if let Some(error) = error.downcast_ref::<DeliveryError>() {
        return Some(error.delivery);
    }
    if error.is::<ResponseError>() {
        return Some(Delivery::Answered);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return by_io(error);
    }
    by_hyper(error).or_else(|| by_tower(error))
}

/// Only connecting fails in these ways. Not so with what names a route: Linux reports it on an
/// established connection too, when the other side is lost.
fn by_io(error: &io::Error) -> Option<Delivery> {
    match error.kind() {
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::ConnectionRefused => {
            Some(Delivery::NotSent)
        }
        _ => None,
    }
}

#[cfg(feature = "hyper")]
fn by_hyper(error: &(dyn Error + 'static)) -> Option<Delivery> {
    if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
        return error.is_connect().then_some(Delivery::NotSent);
    }
    // A connection that was up: whatever its io says is not about connecting.
    let not_sent = if let Some(error) = error.downcast_ref::<hyper::Error>() {
        error.is_canceled() || causes(error).any(is_h2_not_processed)
    } else if error.is::<h2::Error>() {
        is_h2_not_processed(error)
    } else {
        return None;
    };
    Some(if not_sent {
        Delivery::NotSent
    } else {
        Delivery::MaybeSent
    })
}

#[cfg(feature = "hyper")]
fn is_h2_not_processed(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref().is_some_and(is_not_processed)
}

#[cfg(feature = "hyper")]
fn is_not_processed(error: &h2::Error) -> bool {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    // Only streams after the last one that the server processed get the error of a GOAWAY.
    let going = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
    error.is_remote() && (refused || going)
}

#[cfg(not(feature = "hyper"))]
fn by_hyper(_: &(dyn Error + 'static)) -> Option<Delivery> {
    None
}

#[cfg(feature = "tower")]
fn by_tower(error: &(dyn Error + 'static)) -> Option<Delivery> {
    let not_sent = error.is::<tower::load_shed::error::Overloaded>()
        || error.is::<tower::buffer::error::ServiceError>();
    not_sent.then_some(Delivery::NotSent)
}

#[cfg(not(feature = "tower"))]
fn by_tower(_: &(dyn Error + 'static)) -> Option<Delivery> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_may_have_been_sent() {
        for error in [
            io::Error::from(io::ErrorKind::ConnectionReset),
            io::Error::from(io::ErrorKind::TimedOut),
            // Established connections fail in these ways too.
            io::Error::from(io::ErrorKind::HostUnreachable),
            io::Error::from(io::ErrorKind::NetworkUnreachable),
            io::Error::from(io::ErrorKind::NetworkDown),
            io::Error::other("anything"),
        ] {
            assert_eq!(Delivery::of(&error), Delivery::MaybeSent, "{error}");
        }
    }

    #[test]
    fn the_outermost_that_knows_is_believed() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(Delivery::of(&refused()), Delivery::NotSent);

        let overruled = Delivery::MaybeSent.because(refused());
        assert_eq!(Delivery::of(&overruled), Delivery::MaybeSent);
        assert_eq!(
            overruled.source().unwrap().to_string(),
            refused().to_string()
        );
    }

    #[test]
    fn what_is_permanent_is_so_in_any_wrapping() {
        let passing = Delivery::NotSent.because("unavailable");
        let lasting = Delivery::NotSent.because("refused").permanent();

        assert!(!DeliveryError::is_permanent(&passing));
        assert!(DeliveryError::is_permanent(&lasting));
        let wrapped = Delivery::Answered.because(io::Error::other(lasting));
        assert!(DeliveryError::is_permanent(&wrapped));
        assert_eq!(wrapped.delivery(), Delivery::Answered);
    }

    #[test]
    fn how_long_to_wait_is_found_in_any_wrapping() {
        let wait = Duration::from_secs(3);
        let asked = Delivery::NotSent.because("too many sign-ins").after(wait);
        assert_eq!(DeliveryError::wait_of(&asked), Some(wait));

        let wrapped = Delivery::NotSent.because(io::Error::other(asked));
        assert_eq!(DeliveryError::wait_of(&wrapped), Some(wait));
        let silent = Delivery::NotSent.because("unavailable");
        assert_eq!(DeliveryError::wait_of(&silent), None);
    }

    #[test]
    fn an_error_inside_an_io_error_is_found() {
        let wrapped = io::Error::other(Delivery::NotSent.because("not ready"));

        assert_eq!(Delivery::of(&wrapped), Delivery::NotSent);
    }

    #[test]
    fn an_answer_that_became_an_error_was_answered() {
        let error = ResponseError::new(http::StatusCode::BAD_GATEWAY, http::HeaderMap::new());

        assert_eq!(Delivery::of(&io::Error::other(error)), Delivery::Answered);
    }
}
