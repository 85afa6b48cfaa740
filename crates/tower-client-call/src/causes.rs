//! An error and all that caused it.

use std::error::Error;
use std::io;

/// Returns an error and its causes, the outermost first.
///
/// An io error that wraps another shows what it wraps; its own `source` passes over that, and with
/// it over the facts that layers leave on the chain.
///
/// ```
/// use std::io;
///
/// use tower_client_call::{Delivery, DeliveryError, causes};
///
/// let error = io::Error::other(Delivery::NotSent.because("no token"));
///
/// assert!(causes(&error).any(|cause| cause.is::<DeliveryError>()));
/// ```
pub fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|wrapped| wrapped as _),
            None => (*error).source(),
        }
    })
}
