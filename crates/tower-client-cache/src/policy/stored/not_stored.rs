//! Why a response is not stored.

use std::error::Error;
use std::fmt;

/// Why a response is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotStored {
    /// The method is not `GET`. A response to `HEAD` can only freshen what is stored.
    Method,
    /// The status is not final, means something for this one request only, or is not understood
    /// where `must-understand` demands it.
    Status,
    /// It is a part (206), and the [`Rules`](crate::policy::Rules) do not say that parts are
    /// understood.
    Partial,
    /// The request says `no-store`.
    RequestNoStore,
    /// The response says `no-store`.
    NoStore,
    /// It is for one user, and the cache is shared.
    Private,
    /// The request has a credential, the cache is shared, and the response does not allow that.
    Authorization,
    /// Nothing says that it may be stored: neither its fields nor its status.
    NotCacheable,
    /// It varies by everything (`Vary: *`): no further request would match.
    VaryAny,
}

impl NotStored {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Method,
        Self::Status,
        Self::Partial,
        Self::RequestNoStore,
        Self::NoStore,
        Self::Private,
        Self::Authorization,
        Self::NotCacheable,
        Self::VaryAny,
    ];

    /// Returns its name, for labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Status => "status",
            Self::Partial => "partial",
            Self::RequestNoStore => "request_no_store",
            Self::NoStore => "no_store",
            Self::Private => "private",
            Self::Authorization => "authorization",
            Self::NotCacheable => "not_cacheable",
            Self::VaryAny => "vary_any",
        }
    }
}

impl fmt::Display for NotStored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error for NotStored {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        let mut names = NotStored::ALL.map(NotStored::as_str).to_vec();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), NotStored::ALL.len());
        assert_eq!(NotStored::VaryAny.to_string(), "vary_any");
    }
}
