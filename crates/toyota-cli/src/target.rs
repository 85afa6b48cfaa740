//! Which service a command talks to: the configured one, or a simulated one of its own.

use toyota_client::metrics::Registry;
use toyota_client::{Config, ConfigError, Credentials, Error, ToyotaClient, Transport};
use toyota_sim::{Fault, Route, Simulator};

use crate::args::{Args, Service};
use crate::failure::Failure;
use crate::logging::Secrets;
use crate::prompt;
use crate::settings;
use crate::store::Store;

pub(crate) type Client = ToyotaClient;

/// The service of a command.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) config: Config,
    pub(crate) transport: Transport,
    /// Where it is measured what goes to the service, if it is.
    pub(crate) registry: Option<Registry>,
    /// What is told of secrets that are asked for.
    pub(crate) secrets: Secrets,
    /// Where sign-ins are remembered; a simulated service has none to remember.
    pub(crate) store: Option<Store>,
    repeat: bool,
    cache: bool,
    /// Stops when dropped.
    simulator: Option<Simulator>,
}

impl Target {
    pub(crate) async fn new(
        args: &Args,
        command: &Service,
        config: Config,
        registry: Option<Registry>,
        secrets: Secrets,
    ) -> Result<Self, Failure> {
        let transport = Transport::builder().build().map_err(Failure::usage)?;
        let (repeat, cache) = (!args.no_retry, !args.no_cache);
        if args.simulated {
            let simulator = Simulator::builder().start().await;
            let simulator = simulator.map_err(Failure::internal)?;
            return Ok(Self {
                config: settings::of_simulator(config, &simulator)?,
                transport,
                registry,
                secrets,
                store: None,
                repeat,
                cache,
                simulator: Some(simulator),
            });
        }
        let mut config = config;
        let asks_api = !matches!(command, Service::Logout);
        if asks_api && config.api.key.is_none() {
            config = with_asked_key(config, &secrets)?;
        }
        let store = Store::of(&config)?;
        Ok(Self {
            config,
            transport,
            registry,
            secrets,
            store: Some(store),
            repeat,
            cache,
            simulator: None,
        })
    }

    /// Makes the simulated service fail.
    pub(crate) fn script(&self, route: Route, faults: &[Fault]) {
        if let Some(simulator) = &self.simulator {
            simulator.script(route, faults.iter().cloned());
        }
    }

    /// Returns user name and password of the simulated account.
    pub(crate) fn simulated_owner(&self) -> Option<(String, String)> {
        let account = self.simulator.as_ref()?.account();
        Some((account.username().to_owned(), account.password().to_owned()))
    }

    /// A client of this account, whose tokens may be stored.
    pub(crate) fn client(
        &self,
        credentials: Credentials,
        store: Option<&Store>,
    ) -> Result<Client, Failure> {
        let mut client = ToyotaClient::builder()
            .config(self.config.clone())
            .credentials(credentials);
        client = match &self.registry {
            Some(registry) => client.metrics(registry.clone()),
            None => client.without_metrics(),
        };
        if !self.repeat {
            client = client.without_retry();
        }
        if !self.cache {
            client = client.without_cache();
        }
        if let Some(store) = store {
            client = client.token_store(store.files.clone());
        }
        // Also of somebody whose token cannot be stored: how often a car was woken is not forgotten.
        if let Some(store) = &self.store {
            client = client.memory(store.memory.clone());
        }
        let client = client.service(self.transport.clone()).build();
        client.map_err(Failure::usage)
    }

    /// A failed call, with what was tried.
    pub(crate) fn failed(&self, error: &Error) -> Failure {
        let (what, host) = match error.login_error() {
            Some(_) => ("signing in", &self.config.auth.login_url),
            None => (error.operation(), &self.config.api.base_url),
        };
        // What has no name was refused before it was tried.
        let tried = (!what.is_empty()).then(|| format!("{what} at {host}"));
        Failure::call(error, tried)
    }
}

/// Asks for the API key.
fn with_asked_key(config: Config, secrets: &Secrets) -> Result<Config, Failure> {
    const WHAT: &str = "API key";
    let key = prompt::ask_secret(WHAT, "TOYOTA_API_KEY", secrets)?;
    config
        .with_api_key(key)
        .map_err(|error| refused(WHAT, &error))
}

/// What was typed at a prompt is not allowed.
fn refused(what: &str, error: &ConfigError) -> Failure {
    let mut problems = error.problems().iter();
    let allowed = problems.find_map(|problem| problem.allowed());
    let allowed = allowed.unwrap_or("another one");
    Failure::usage(format!("this {what} is not allowed: {allowed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_key_that_was_typed_is_told_of_by_its_prompt() {
        let error = Config::new().with_api_key("two words").unwrap_err();

        let failure = refused("API key", &error).to_string();

        let expected = "error: this API key is not allowed: 1 to 256 visible ASCII characters\n";
        assert!(failure.starts_with(expected), "{failure}");
    }
}
