//! The builder of the layer.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use tower_client_call::Principal;

use crate::origins::Origins;
use crate::persist::AnyPersist;
use crate::principals::Principals;
use crate::shared::Shared;
use crate::source::AnySource;
use crate::{Apply, AuthLayer, Bearer, Challenge, Issuer, Persist, TokenSource, Unauthorized};

const FETCH_TIMEOUT: Duration = Duration::from_secs(30);
const MOST_PRINCIPALS: usize = 10_000;

/// Builds an [`AuthLayer`]; made by [`AuthLayer::builder`].
#[must_use]
pub struct AuthLayerBuilder {
    source: Box<dyn AnySource>,
    origins: Origins,
    refuse_elsewhere: bool,
    apply: Box<dyn Apply>,
    challenge: Box<dyn Challenge>,
    store: Option<(Box<dyn AnyPersist>, Issuer)>,
    principal: Principal,
    fetch_timeout: Duration,
    most_principals: usize,
    seed: Option<u64>,
}

impl AuthLayerBuilder {
    pub(crate) fn new(source: impl TokenSource, origins: Origins) -> Self {
        Self {
            source: Box::new(source),
            origins,
            refuse_elsewhere: false,
            apply: Box::new(Bearer),
            challenge: Box::new(Unauthorized),
            store: None,
            principal: Principal::new(""),
            fetch_timeout: FETCH_TIMEOUT,
            most_principals: MOST_PRINCIPALS,
            seed: None,
        }
    }

    /// Puts credentials on requests in this way. Default [`Bearer`].
    pub fn apply(mut self, apply: impl Apply) -> Self {
        self.apply = Box::new(apply);
        self
    }

    /// Takes these responses for a refusal of the credential. Default [`Unauthorized`].
    pub fn challenge(mut self, challenge: impl Challenge) -> Self {
        self.challenge = Box::new(challenge);
        self
    }

    /// Keeps credentials here, under who issues them. Default: they end with the process.
    pub fn persist(mut self, store: impl Persist, issuer: Issuer) -> Self {
        self.store = Some((Box::new(store), issuer));
        self
    }

    /// Takes requests that do not say whose they are for this principal's. Default: one whose
    /// identifier is empty.
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = principal;
        self
    }

    /// Fails requests that go where credentials may not, instead of sending them without.
    pub fn refuse_elsewhere(mut self) -> Self {
        self.refuse_elsewhere = true;
        self
    }

    /// Gives the source, and the store, so long for each answer. Default 30 s.
    ///
    /// A refresh token may have been rotated by an answer that comes too late: make it rather too
    /// long than too short.
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.fetch_timeout = timeout;
        self
    }

    /// Keeps about so many principals in memory beside the default one, and of as many that an
    /// epoch of theirs has ended; beyond, those who were not asked for longest are forgotten, and
    /// found again where they are stored. Default 10,000.
    pub fn most_principals(mut self, most: usize) -> Self {
        self.most_principals = most;
        self
    }

    /// Makes the jitter the same in each run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Builds the layer. Reads nothing and asks nobody before the first request.
    pub fn build(self) -> AuthLayer {
        let random = self
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        AuthLayer::of(Shared {
            source: self.source,
            origins: self.origins,
            refuse_elsewhere: self.refuse_elsewhere,
            apply: self.apply,
            challenge: self.challenge,
            store: self.store,
            fetch_timeout: self.fetch_timeout,
            principals: Principals::new(&self.principal, self.most_principals),
            random: Mutex::new(random),
            names: Mutex::default(),
        })
    }
}

impl fmt::Debug for AuthLayerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthLayerBuilder")
            .field("origins", &self.origins)
            .field("refuse_elsewhere", &self.refuse_elsewhere)
            .field("fetch_timeout", &self.fetch_timeout)
            .field("most_principals", &self.most_principals)
            .finish_non_exhaustive()
    }
}
