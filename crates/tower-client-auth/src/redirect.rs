//! A policy for tower-http's redirects: credentials stay behind where a redirect leads elsewhere.

use std::sync::{Arc, PoisonError};

use http::Request;
use tower_http::follow_redirect::policy::{Action, Attempt, Policy};

use crate::shared::Shared;

/// Takes every header that the layer ever wrote off a request that a redirect leads elsewhere.
///
/// For a layer that stands outside of the redirects; inside, which is the better place, each hop is
/// given a credential, or not, by itself. Follows every redirect: join it with a policy that says
/// how many, by [`PolicyExt::and`](tower_http::follow_redirect::policy::PolicyExt::and).
///
/// ```
/// use tower_client_auth::{AuthLayer, Origins, StaticToken};
/// use tower_http::follow_redirect::FollowRedirectLayer;
/// use tower_http::follow_redirect::policy::{Limited, PolicyExt};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = AuthLayer::new(StaticToken::new("s3cret"), Origins::new(["https://api.example"])?);
/// let policy = PolicyExt::and::<_, (), ()>(Limited::default(), auth.redirect_policy());
/// let stack = tower::ServiceBuilder::new()
///     .layer(auth)
///     .layer(FollowRedirectLayer::with_policy(policy));
/// # let _ = stack;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RedirectPolicy {
    shared: Arc<Shared>,
    redirected: bool,
}

impl RedirectPolicy {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            redirected: false,
        }
    }
}

impl<B, E> Policy<B, E> for RedirectPolicy {
    fn redirect(&mut self, _: &Attempt<'_>) -> Result<Action, E> {
        self.redirected = true;
        Ok(Action::Follow)
    }

    fn on_request(&mut self, request: &mut Request<B>) {
        // What a caller sends elsewhere by himself is his own.
        if !self.redirected || self.shared.origins.contain(request.uri()) {
            return;
        }
        let names = self.shared.names.lock();
        for name in names.unwrap_or_else(PoisonError::into_inner).iter() {
            request.headers_mut().remove(name);
        }
    }
}
