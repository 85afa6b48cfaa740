//! Which service a command talks to: the configured one, or a simulated one of its own.

use toyota_client::metrics::Registry;
use toyota_client::{Config, Credentials, Error, ToyotaClient, Transport};
use toyota_sim::{Fault, Route, Simulator};

use crate::args::{Args, Service};
use crate::failure::Failure;
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
                store: None,
                repeat,
                cache,
                simulator: Some(simulator),
            });
        }
        let mut config = config;
        let asks_api = !matches!(command, Service::Logout);
        if asks_api && config.api.key.is_none() {
            let key = crate::account::ask_secret("API key", "TOYOTA_API_KEY")?;
            config = config.with_api_key(key).map_err(Failure::usage)?;
        }
        let store = Store::of(&config)?;
        Ok(Self {
            config,
            transport,
            registry,
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
        let client = client.service(self.transport.clone()).build();
        client.map_err(Failure::usage)
    }

    /// A failed call, with what was tried.
    pub(crate) fn failed(&self, error: &Error) -> Failure {
        let (what, host) = match error.login_error() {
            Some(_) => ("signing in", &self.config.auth.login_url),
            None => (error.operation(), &self.config.api.base_url),
        };
        Failure::call(error, format!("{what} at {host}"))
    }
}
