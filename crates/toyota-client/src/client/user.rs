//! Who the account's user is at the service.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tower_client::auth::Provider;

use crate::Error;
use crate::auth::UserId;

/// Finds out who the user is.
#[derive(Clone)]
pub(super) struct User(Arc<Find>);

type Find = dyn Fn() -> Pin<Box<dyn Future<Output = Result<UserId, Error>> + Send>> + Send + Sync;

impl User {
    /// It is this one.
    pub(super) fn known(user: UserId) -> Self {
        Self(Arc::new(move || {
            let user = user.clone();
            Box::pin(async move { Ok(user) })
        }))
    }

    /// It is whoever is signed in, or then signs in.
    pub(super) fn signed_in(provider: Provider) -> Self {
        Self(Arc::new(move || {
            let provider = provider.clone();
            Box::pin(async move {
                let principal = provider.default_principal();
                let credential = provider.authenticate(&principal).await?;
                credential.get().ok_or_else(Error::unknown_user)
            })
        }))
    }

    pub(super) async fn find(&self) -> Result<UserId, Error> {
        (self.0)().await
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User")
    }
}
