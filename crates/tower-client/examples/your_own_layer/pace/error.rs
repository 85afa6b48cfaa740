//! Why a request was not sent.

use std::fmt;
use std::time::Duration;

use tower::BoxError;
use tower_client::call::Delivery;

/// The turn of a request comes after its deadline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLate(());

impl TooLate {
    /// Returns the error of a request that would have to wait so long.
    ///
    /// Layers further out are told that nothing was sent, so that whatever it is can be sent again,
    /// and how long to wait before that.
    pub(super) fn by(wait: Duration) -> BoxError {
        Delivery::NotSent.because(Self(())).after(wait).into()
    }
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the turn of the request comes after its deadline")
    }
}

impl std::error::Error for TooLate {}
