//! Which responses say that a credential is refused.

use http::{HeaderMap, StatusCode};
use tower_client_call::Captured;

/// What the head of a response says about the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It was not refused, whatever else the response says.
    Accepted,
    /// It was refused.
    Refused,
    /// The body tells: up to 64 KiB of it are read, within five seconds.
    Peek,
}

/// Says which responses refuse a credential.
///
/// A refused credential is replaced once and the request sent once more, so only what another
/// credential would cure counts: a 403 usually means that the user may not, whoever vouches.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use tower_client_auth::{Captured, Challenge, Verdict};
///
/// /// An API whose 403 says in the body what it is about.
/// struct Told;
///
/// impl Challenge for Told {
///     fn inspect(&self, status: StatusCode, _: &HeaderMap) -> Verdict {
///         match status {
///             StatusCode::UNAUTHORIZED => Verdict::Refused,
///             StatusCode::FORBIDDEN => Verdict::Peek,
///             _ => Verdict::Accepted,
///         }
///     }
///
///     fn refuses(&self, _: StatusCode, body: &Captured) -> bool {
///         body.bytes.starts_with(b"token expired")
///     }
/// }
///
/// assert_eq!(Told.inspect(StatusCode::FORBIDDEN, &HeaderMap::new()), Verdict::Peek);
/// ```
pub trait Challenge: Send + Sync + 'static {
    /// Decides by the head of a response.
    fn inspect(&self, status: StatusCode, headers: &HeaderMap) -> Verdict;

    /// Decides by what was read of the body, after a [`Verdict::Peek`].
    fn refuses(&self, status: StatusCode, body: &Captured) -> bool {
        let _ = (status, body);
        false
    }
}

/// A 401 refuses the credential (RFC 9110 section 15.5.2), and nothing else does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unauthorized;

impl Challenge for Unauthorized {
    #[inline]
    fn inspect(&self, status: StatusCode, _: &HeaderMap) -> Verdict {
        if status == StatusCode::UNAUTHORIZED {
            Verdict::Refused
        } else {
            Verdict::Accepted
        }
    }
}
