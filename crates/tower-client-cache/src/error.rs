//! What a call through a cache, or the body of its answer, can fail with.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use tower::BoxError;
use tower_client_call::Delivery;

/// A call, or the body of its answer, failed; or it waited for what another call was fetching, and
/// that failed.
///
/// Its source is the error of the service below, or of its body, so that what layers say of an error
/// is on its chain. Calls that waited for the same fetch share it.
#[derive(Clone)]
pub struct CacheError(Arc<Inner>);

struct Inner {
    kind: Kind,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Failed,
    NotReady,
    Body,
    LeftBehind,
}

/// Others were faster by more than is kept of a long answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("an answer that several calls read was read too slowly")]
struct TooSlow;

impl CacheError {
    fn new(kind: Kind, source: BoxError) -> Self {
        Self(Arc::new(Inner { kind, source }))
    }

    /// The service below failed.
    pub(crate) fn failed(error: BoxError) -> Self {
        Self::new(Kind::Failed, error)
    }

    /// The service below did not become ready: nothing was sent.
    pub(crate) fn not_ready(error: BoxError) -> Self {
        let source = Delivery::NotSent.because(error);
        Self::new(Kind::NotReady, source.into())
    }

    /// The body of an answer broke off.
    pub(crate) fn body(error: BoxError) -> Self {
        Self::new(Kind::Body, error)
    }

    /// The body of an answer was read too slowly.
    pub(crate) fn left_behind() -> Self {
        let source = Delivery::Answered.because(TooSlow);
        Self::new(Kind::LeftBehind, source.into())
    }

    /// Tells whether it is the body of an answer that failed.
    #[must_use]
    pub fn is_body(&self) -> bool {
        matches!(self.0.kind, Kind::Body | Kind::LeftBehind)
    }

    /// Tells whether the service below did not become ready: nothing was sent, a repeat is safe.
    #[must_use]
    pub fn is_not_ready(&self) -> bool {
        self.0.kind == Kind::NotReady
    }

    /// Returns what the service below, or its body, failed with, if no other call shares it.
    ///
    /// # Errors
    ///
    /// The error itself if another call has it too.
    pub fn try_into_source(self) -> Result<BoxError, Self> {
        Arc::try_unwrap(self.0)
            .map(|inner| inner.source)
            .map_err(Self)
    }
}

impl fmt::Debug for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheError")
            .field("kind", &self.0.kind)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            Kind::Failed => "the call failed",
            Kind::NotReady => "the service was not ready",
            Kind::Body => "the body of the answer broke off",
            Kind::LeftBehind => "the body of the answer was given up",
        })
    }
}

impl Error for CacheError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0.source)
    }
}
