//! Where credentials come from: a refresh where that is possible, a sign-in where it is not.

use std::fmt;

use tower_client_auth::{Credential, Principal, TokenError, TokenSource};

use crate::{Credentials, HttpService, Login, LoginError, LoginErrorKind, SignIn};

/// Signs in, and refreshes: one account, for the principal of that user name, or for one without a
/// name. For any other there is nothing.
///
/// A refresh that fails for a passing reason never falls back to the password. One that is refused
/// for good does, if there is a password. A one-time code cannot be asked for here: an account that
/// needs one is signed in by [`Login::sign_in`] and
/// [`Provider::set`](tower_client_auth::Provider::set).
pub struct SignInSource<S> {
    login: Login<S>,
    credentials: Credentials,
    initial: Option<Credential>,
}

impl<S> SignInSource<S> {
    /// Creates the source of one account's credentials.
    #[must_use]
    pub fn new(login: Login<S>, credentials: Credentials) -> Self {
        Self {
            login,
            credentials,
            initial: None,
        }
    }

    /// Starts from the credential of an earlier sign-in, until a logout.
    #[must_use]
    pub fn starting_from(self, credential: Credential) -> Self {
        let initial = Some(credential);
        Self { initial, ..self }
    }
}

impl<S: HttpService> SignInSource<S> {
    async fn renew(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, LoginError> {
        if !["", self.credentials.username()].contains(&principal.id()) {
            return Err(LoginError::another_account());
        }
        let initial = self.initial.as_ref().filter(|_| principal.epoch() == 0);
        match (previous, initial) {
            (Some(previous), _) => self.refresh(previous).await,
            (None, Some(initial)) if !initial.is_expired() => Ok(initial.clone()),
            (None, Some(initial)) => self.refresh(initial).await,
            (None, None) => self.sign_in().await,
        }
    }

    async fn refresh(&self, previous: &Credential) -> Result<Credential, LoginError> {
        match self.login.refresh(previous).await {
            Err(error)
                if error.kind() == LoginErrorKind::InvalidGrant
                    && self.credentials.password().is_some() =>
            {
                tracing::debug!("the refresh token is of no more use; signing in");
                self.sign_in().await
            }
            refreshed => refreshed,
        }
    }

    async fn sign_in(&self) -> Result<Credential, LoginError> {
        match self.login.sign_in(&self.credentials).await? {
            SignIn::Complete(credential) => Ok(credential),
            SignIn::CodeRequired(_) => Err(LoginError::code_required()),
        }
    }
}

impl<S: HttpService> TokenSource for SignInSource<S> {
    async fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        self.renew(principal, previous).await.map_err(|error| {
            let wait = error.retry_after();
            match wait {
                _ if error.is_permanent() => TokenError::permanent(error),
                Some(wait) => TokenError::transient(error).after(wait),
                None => TokenError::transient(error),
            }
        })
    }
}

impl<S: fmt::Debug> fmt::Debug for SignInSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInSource")
            .field("login", &self.login)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
