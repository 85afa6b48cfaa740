//! On whose behalf a call is made.

use std::fmt;
use std::sync::Arc;

use http::Request;

/// On whose behalf a call is made.
///
/// Credentials and cached answers are kept apart by it. The epoch moves when the principal's
/// rights may have changed (a logout, another user on the same machine), not when a token rotates:
/// what was kept under an older epoch is nobody's. Absent, a call is nobody's in particular.
///
/// `Debug` shows the epoch alone: the identifier may be a mail address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    id: Arc<str>,
    epoch: u64,
}

impl Principal {
    /// Creates a principal in its first epoch.
    #[must_use]
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        let id = id.into();
        Self { id, epoch: 0 }
    }

    /// Returns the same principal in another epoch.
    #[must_use]
    pub fn at_epoch(&self, epoch: u64) -> Self {
        let id = Arc::clone(&self.id);
        Self { id, epoch }
    }

    /// Returns the identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the epoch.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the principal of a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get()
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_epoch_is_another_principal() {
        let principal = Principal::new("owner@example.com");

        assert_ne!(principal, principal.at_epoch(1));
        assert_eq!(principal, principal.at_epoch(1).at_epoch(0));
    }

    #[test]
    fn debug_does_not_name_anyone() {
        let shown = format!("{:?}", Principal::new("owner@example.com"));

        assert_eq!(shown, "Principal { epoch: 0, .. }");
    }
}
