//! Which service a command talks to: the configured one, or a simulated one of its own.

use toyota_client::retry::RetryLayer;
use toyota_client::{Config, Error, Tokens, ToyotaClient, Transport};
use toyota_sim::{Fault, Route, Simulator};

use crate::account::Owner;
use crate::failure::Failure;

pub(crate) type Client = ToyotaClient;

/// The service of a command, and who signs in there.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) config: Config,
    pub(crate) transport: Transport,
    pub(crate) owner: Owner,
    /// Stops when dropped.
    simulator: Option<Simulator>,
}

impl Target {
    pub(crate) async fn new(simulated: bool) -> Result<Self, Failure> {
        let transport = Transport::builder().build().map_err(Failure::usage)?;
        if simulated {
            let simulator = Simulator::builder().start().await;
            let simulator = simulator.map_err(Failure::internal)?;
            let timeout = std::env::var("TOYOTA_TIMEOUT").ok();
            let config = Config::from_vars(|name| match name {
                "TOYOTA_TIMEOUT" => timeout.clone(),
                name => simulator.variable(name),
            });
            let account = simulator.account();
            return Ok(Self {
                config: config.map_err(Failure::usage)?,
                transport,
                owner: Owner::known(account.username(), account.password()),
                simulator: Some(simulator),
            });
        }
        let mut config = Config::from_env().map_err(Failure::usage)?;
        if !config.has_api_key() {
            let key = crate::account::ask_secret("API key", "TOYOTA_API_KEY")?;
            config = config.with_api_key(key).map_err(Failure::usage)?;
        }
        Ok(Self {
            config,
            transport,
            owner: Owner::from_env()?,
            simulator: None,
        })
    }

    /// Makes the simulated service fail.
    pub(crate) fn script(&self, route: Route, faults: &[Fault]) {
        if let Some(simulator) = &self.simulator {
            simulator.script(route, faults.iter().cloned());
        }
    }

    /// A client that starts with these tokens, and repeats what fails or does not.
    pub(crate) fn client(&self, tokens: Tokens, repeat: bool) -> Result<Client, Failure> {
        let retry = RetryLayer::builder();
        let retry = if repeat { retry } else { retry.max_attempts(1) };
        let client = ToyotaClient::builder()
            .config(self.config.clone())
            .credentials(self.owner.credentials()?)
            .tokens(tokens)
            .retry(retry)
            .build_over(self.transport.clone());
        client.map_err(Failure::usage)
    }

    /// A failed call, with what was tried.
    pub(crate) fn failed(&self, error: &Error) -> Failure {
        let (what, host) = match error.login_error() {
            Some(_) => ("signing in", self.config.login_url()),
            None => (error.operation(), self.config.api_url()),
        };
        Failure::call(error, format!("{what} at {host}"))
    }
}
