//! The settings that a simulator starts with.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;

use crate::{
    account::Account,
    accounts::Accounts,
    clock::Clock,
    error::StartError,
    registration::Registration,
    route::Families,
    server::{self, Identity, Incoming, Listener},
    simulator::Simulator,
    world::{Shared, World},
};

const TOKEN_LIFETIME: Duration = Duration::from_secs(3599);

/// The settings of a [`Simulator`] that is yet to start.
#[derive(Clone, Debug)]
#[must_use = "a simulator does nothing until it is started"]
pub struct Builder {
    port: u16,
    tls: bool,
    seed: u64,
    token_lifetime: Duration,
    families: Families,
    accounts: Accounts,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            port: 0,
            tls: false,
            seed: 0,
            token_lifetime: TOKEN_LIFETIME,
            families: Families::default(),
            accounts: Accounts::new(Account::demo()),
        }
    }

    /// Listens on this port of 127.0.0.1; 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Speaks TLS, with a certificate for `localhost` and 127.0.0.1 that the simulator makes
    /// itself, and offers HTTP/2.
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Seeds the random faults and the lives of the cars; the same seed fails the same requests of
    /// each route.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how long an access token lives; 3599 seconds by default.
    ///
    /// A refresh token lives 90 days.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Chooses which routes answer of those that have moved; all by default.
    pub fn families(mut self, families: Families) -> Self {
        self.families = families;
        self
    }

    /// Serves this account in place of [`Account::demo`].
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.first = account;
        self
    }

    /// Serves this account beside the others: with a user name, a password and a garage of its own.
    ///
    /// A token speaks for the account that signed in for it, and for no other. Faults, flows and
    /// counters are common to all.
    pub fn another_account(mut self, account: Account) -> Self {
        self.accounts.add(account);
        self
    }

    /// Starts the simulator on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails if the port cannot be listened on or no certificate can be made.
    ///
    /// # Panics
    ///
    /// Panics outside a Tokio runtime with I/O and time enabled.
    pub async fn start(mut self) -> Result<Simulator, StartError> {
        let identity = self
            .tls
            .then(Identity::generate)
            .transpose()
            .map_err(StartError::Tls)?;
        let (listener, port) = Listener::bind(self.port).await.map_err(StartError::Bind)?;
        let base_url = match identity {
            Some(_) => format!("https://localhost:{port}"),
            None => format!("http://127.0.0.1:{port}"),
        };
        let registration = Registration::new(base_url, self.token_lifetime);
        let clock = Clock::start();
        self.accounts.remember(clock.now());
        let mut world = World::new(registration.clone(), self.accounts, self.seed, port);
        world.set_families(self.families);
        let shared = Arc::new(Shared::new(world, clock));
        let acceptor = identity.as_ref().map(|identity| identity.acceptor.clone());
        let (connections, in_memory) = mpsc::unbounded_channel();
        let incoming = Incoming {
            listener: listener.clone(),
            in_memory,
        };
        let server = tokio::spawn(server::run(incoming, Arc::clone(&shared), acceptor));
        Ok(Simulator::new(
            shared,
            registration,
            identity,
            listener,
            connections,
            server.abort_handle(),
        ))
    }
}
