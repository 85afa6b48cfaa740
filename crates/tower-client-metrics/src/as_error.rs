//! How the errors of a service are looked at.

use std::error::Error;

use tower::BoxError;

/// Shows an error for what it is, also in a box.
///
/// A [`BoxError`] is no [`Error`] itself, and layers stand over services with either. So each has
/// an implementation of its own, told apart by the marker `V`, which is inferred: nobody has to
/// name it. Errors of any other type become one of the two by `.map_err(BoxError::from)`.
///
/// A future that owns a service with boxed errors often cannot be spawned, since rustc cannot show
/// that it is `Send` ([rust-lang/rust#102211]; tower's own `Timeout` has the same trouble). Spawn
/// `service.oneshot(request)` itself, or box the service: `BoxCloneSyncService::new(service)`.
///
/// [rust-lang/rust#102211]: https://github.com/rust-lang/rust/issues/102211
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that metrics can look at",
    note = "errors have to implement `std::error::Error` or be a `tower::BoxError`: try `.map_err(tower::BoxError::from)`"
)]
pub trait AsError<V> {
    /// Returns the error.
    fn as_error(&self) -> &(dyn Error + 'static);
}

/// The marker of errors that have a type.
#[derive(Clone, Copy, Debug)]
pub enum Typed {}

/// The marker of errors in a box.
#[derive(Clone, Copy, Debug)]
pub enum Boxed {}

impl<E: Error + 'static> AsError<Typed> for E {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError<Boxed> for BoxError {
    fn as_error(&self) -> &(dyn Error + 'static) {
        &**self
    }
}
