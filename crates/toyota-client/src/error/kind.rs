//! The kinds of failed calls, and which is a case of which.

/// What kind of failure a call had. Kinds have parents: [`Error::is`](crate::Error::is) holds for those too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The service refused the call; the parent of all kinds below but [`Validation`](Self::Validation).
    Api,
    /// The account could not be authenticated.
    Authentication,
    /// Signing in failed. Below [`Authentication`](Self::Authentication). Repeating it can lock the account.
    Login,
    /// A token was refused or could not be renewed. Below [`Authentication`](Self::Authentication).
    Token,
    /// The service could not be reached, or the connection broke. A read may be repeated.
    Network,
    /// No whole answer in time. Below [`Network`](Self::Network).
    Timeout,
    /// Too many requests. Repeat later.
    RateLimit,
    /// The service failed (5xx). A read may be repeated.
    Server,
    /// This car is refused: other cars of the account may go on.
    Vehicle,
    /// The car does not support it. Below [`Vehicle`](Self::Vehicle). A repeat does not help.
    ActionNotSupported,
    /// The call or the configuration is wrong. A repeat does not help.
    Validation,
}

impl Kind {
    /// Returns the kind that this one is a case of.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Api | Self::Validation => None,
            Self::Login | Self::Token => Some(Self::Authentication),
            Self::Timeout => Some(Self::Network),
            Self::ActionNotSupported => Some(Self::Vehicle),
            Self::Authentication
            | Self::Network
            | Self::RateLimit
            | Self::Server
            | Self::Vehicle => Some(Self::Api),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(kind: Kind) -> Vec<Kind> {
        std::iter::successors(kind.parent(), |kind| kind.parent()).collect()
    }

    #[test]
    fn a_kind_is_all_of_its_parents() {
        for (kind, expected) in [
            (Kind::Api, &[][..]),
            (Kind::Login, &[Kind::Authentication, Kind::Api]),
            (Kind::Token, &[Kind::Authentication, Kind::Api]),
            (Kind::Timeout, &[Kind::Network, Kind::Api]),
            (Kind::RateLimit, &[Kind::Api]),
            (Kind::Server, &[Kind::Api]),
            (Kind::ActionNotSupported, &[Kind::Vehicle, Kind::Api]),
            (Kind::Validation, &[]),
        ] {
            assert_eq!(parents(kind), expected, "{kind:?}");
        }
    }
}
