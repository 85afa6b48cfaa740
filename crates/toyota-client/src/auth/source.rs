//! Where credentials come from: a refresh where that is possible, a sign-in where it is not.

use std::fmt;

use tower_client::auth::{Credential, Principal, TokenError, TokenSource};

use crate::{Credentials, HttpService, Login, LoginError, LoginErrorKind, SignIn};

/// Signs in, and refreshes: one account, for the principal of that user name, or for one without a
/// name. For any other there is nothing.
///
/// A refresh that fails for a passing reason never falls back to the password. One that is refused
/// for good does, if there is a password. A one-time code cannot be asked for here: an account that
/// needs one is signed in by [`Login::sign_in`] and
/// [`Provider::set`](tower_client::auth::Provider::set).
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

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io;

    use http::{Request, Response};
    use secrecy::ExposeSecret;

    use super::*;
    use crate::{Body, Config};

    #[tokio::test]
    async fn another_principal_is_given_nothing_of_the_account() {
        let source = source_of("anna@example.com").starting_from(Credential::new("annas"));
        let annas = Credential::new("annas");
        for id in ["bob@example.com", "Anna@example.com"] {
            for previous in [None, Some(&annas)] {
                let fetched = source.fetch(&Principal::new(id), previous).await;

                let error = fetched.unwrap_err();
                assert!(error.is_permanent(), "{id}");
                let cause: &LoginError = error.source().unwrap().downcast_ref().unwrap();
                assert_eq!(cause.kind(), LoginErrorKind::UnknownUser, "{id}");
            }
        }
    }

    #[tokio::test]
    async fn what_an_account_starts_from_serves_until_a_logout() {
        let source = source_of("anna@example.com").starting_from(Credential::new("annas"));
        for id in ["anna@example.com", ""] {
            let anna = Principal::new(id);

            let first = source.fetch(&anna, None).await;
            let after_logout = source.fetch(&anna.at_epoch(1), None).await;

            assert!(first.unwrap().secret().expose_secret() == "annas", "{id}");
            // Signing in was tried.
            assert!(!after_logout.unwrap_err().is_permanent(), "{id}");
        }
    }

    /// The source of an account whose login host cannot be reached.
    fn source_of(username: &str) -> SignInSource<impl HttpService> {
        let down = tower::service_fn(|_: Request<Body>| async {
            Err::<Response<Body>, _>(io::Error::from(io::ErrorKind::ConnectionRefused))
        });
        let login = Login::new(down, &Config::new()).unwrap();
        SignInSource::new(login, Credentials::new(username, "password").unwrap())
    }
}
