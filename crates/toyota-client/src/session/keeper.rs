//! Keeps one account's tokens: who comes first obtains them, the others wait.

use std::sync::Arc;

use http::HeaderValue;
use tokio::sync::Mutex;

use super::account::Account;
use crate::{Config, Credentials, HttpService, Login, LoginError, LoginErrorKind, SignIn, Tokens};

/// One account's tokens, shared by all clones.
#[derive(Clone)]
pub(super) struct Keeper<L> {
    login: Login<L>,
    credentials: Credentials,
    client_version: HeaderValue,
    state: Arc<Mutex<State>>,
}

enum State {
    SignedOut,
    SignedIn(Arc<Account>),
    /// The API has refused the token although it looked good.
    Stale(Arc<Account>),
    /// For good: trying again would be the same again, or lock the account.
    Refused(LoginError),
}

impl<L> Keeper<L> {
    pub(super) fn new(login: Login<L>, credentials: Credentials, config: &Config) -> Self {
        Self {
            login,
            credentials,
            client_version: config.client_version.clone(),
            state: Arc::new(Mutex::new(State::SignedOut)),
        }
    }

    pub(super) fn with_tokens(self, tokens: Tokens) -> Self {
        let state = match Account::new(tokens, &self.client_version) {
            Some(account) => State::SignedIn(Arc::new(account)),
            None => State::SignedOut,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            ..self
        }
    }

    /// Notes that the API refused this account's token; a newer one is left alone.
    pub(super) async fn refused(&self, account: &Arc<Account>) {
        let mut state = self.state.lock().await;
        if let State::SignedIn(current) = &*state
            && Arc::ptr_eq(current, account)
        {
            *state = State::Stale(Arc::clone(account));
        }
    }
}

impl<L: HttpService> Keeper<L> {
    /// Returns the account with a good token, obtaining one where needed.
    pub(super) async fn account(&self) -> Result<Arc<Account>, LoginError> {
        let mut state = Arc::clone(&self.state).lock_owned().await;
        match &*state {
            State::SignedIn(account) if account.tokens.is_fresh() => return Ok(account.clone()),
            State::Refused(error) => return Err(error.clone()),
            State::SignedOut | State::SignedIn(_) | State::Stale(_) => {}
        }
        let keeper = self.clone();
        // The task holds the lock to its end, whether or not its caller stays.
        let renewal = tokio::spawn(async move {
            let renewed = keeper.renew(&state).await;
            match &renewed {
                Ok(account) => *state = State::SignedIn(account.clone()),
                Err(error) if error.is_permanent() => *state = State::Refused(error.clone()),
                Err(_) => {}
            }
            renewed
        });
        match renewal.await {
            Ok(renewed) => renewed,
            Err(ended) => Err(LoginError::transport(ended)),
        }
    }

    async fn renew(&self, state: &State) -> Result<Arc<Account>, LoginError> {
        let tokens = match state {
            State::SignedIn(old) | State::Stale(old) => {
                match self.login.refresh(&old.tokens).await {
                    Ok(tokens) => tokens,
                    Err(error) if error.is_transient() => return self.keep(state, error),
                    Err(error) if error.kind() == LoginErrorKind::InvalidGrant => {
                        self.sign_in_again(error).await?
                    }
                    Err(error) => return Err(error),
                }
            }
            State::SignedOut => self.sign_in().await?,
            State::Refused(error) => return Err(error.clone()),
        };
        tracing::debug!(lifetime = ?tokens.remaining(), "signed in");
        Account::new(tokens, &self.client_version)
            .map(Arc::new)
            .ok_or_else(LoginError::unusable_token)
    }

    /// The refresh failed for a passing reason: the old token serves as long as it is good.
    fn keep(&self, state: &State, error: LoginError) -> Result<Arc<Account>, LoginError> {
        match state {
            State::SignedIn(old) if !old.tokens.remaining().is_zero() => Ok(old.clone()),
            _ => Err(error),
        }
    }

    async fn sign_in_again(&self, invalid_grant: LoginError) -> Result<Tokens, LoginError> {
        match self.credentials.password() {
            Some(_) => self.sign_in().await,
            None => Err(invalid_grant),
        }
    }

    async fn sign_in(&self) -> Result<Tokens, LoginError> {
        match self.login.sign_in(&self.credentials).await? {
            SignIn::Complete(tokens) => Ok(tokens),
            SignIn::CodeRequired(_) => Err(LoginError::code_required()),
        }
    }
}
