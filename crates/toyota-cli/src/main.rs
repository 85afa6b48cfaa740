//! The `toyota` program: an owner's car data in the terminal.

mod account;
mod args;
mod cache;
mod failure;
mod fault;
mod logging;
mod scrape;
mod settings;
mod show;
mod spinner;
mod store;
mod story;
mod target;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use toyota_client::call::CallRecord;
use toyota_client::metrics::Registry;
use toyota_client::{Config, Error, Vin};

use self::args::{Args, Ask, Command, Reading, Service};
use self::failure::Failure;
use self::logging::{Logging, Secrets};
use self::scrape::Scrape;
use self::show::Show;
use self::spinner::Spinner;
use self::store::Store;
use self::target::{Client, Target};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let show = Show::new(args.json);
    match run(&args, &show).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(args: &Args, show: &Show) -> Result<(), Failure> {
    match &args.command {
        Command::Service(command) => {
            let config = settings::load(args)?;
            // Dropped last: what is logged until then is in the file.
            let log = Logging::of(&config).start()?;
            measure(command, args, config, log.secrets(), show).await
        }
        Command::Cache(command) => {
            let config = settings::load(args)?;
            let _log = Logging::of(&config).start()?;
            cache::obey(command, &config.cache, show).await
        }
        Command::Settings(command) => settings::obey(command, args, show),
    }
}

async fn measure(
    command: &Service,
    args: &Args,
    config: Config,
    secrets: Secrets,
    show: &Show,
) -> Result<(), Failure> {
    // Who asks for measurements has them, whatever the settings say.
    let is_asked_for = args.metrics || args.metrics_listen.is_some();
    let registry = (is_asked_for || config.metrics.enabled).then(Registry::new);
    let _scrape = match &registry {
        Some(registry) => scrape(args, &config, registry).await?,
        None => None,
    };
    let target = Target::new(args, command, config, registry.clone(), secrets).await?;
    let done = serve(command, args, target, show).await;
    match registry.filter(|_| args.metrics) {
        Some(registry) => done.and(show.measured(&registry)),
        None => done,
    }
}

/// Serves what is measured, where that is asked for.
async fn scrape(
    args: &Args,
    config: &Config,
    registry: &Registry,
) -> Result<Option<Scrape>, Failure> {
    let Some(address) = args.metrics_listen.or(config.metrics.listen) else {
        return Ok(None);
    };
    let unusable = |error| {
        let setting = match args.metrics_listen {
            Some(_) => "--metrics-listen".to_owned(),
            None => settings::named(config, "metrics.listen"),
        };
        Failure::usage(format!("{setting} {address} cannot be used: {error}"))
    };
    let serving = Scrape::serve(address, registry.clone()).await;
    let scrape = serving.map_err(unusable)?;
    show::note(&format!("metrics are served at {}", scrape.url()));
    Ok(Some(scrape))
}

async fn serve(command: &Service, args: &Args, target: Target, show: &Show) -> Result<(), Failure> {
    target.script(fault::route(command), &args.fault);
    match command {
        Service::Login => {
            let credential = account::log_in(&target).await?;
            let folder = target.store.as_ref().map(Store::folder);
            show.signed_in(&credential, folder)
        }
        Service::Logout => show.signed_out(account::log_out(&target).await?),
        Service::Ask(ask) => {
            let caller = Caller {
                client: account::signed_in(&target).await?,
                target,
                verbose: args.verbose,
            };
            let answered = answer(ask, &caller, show).await;
            caller.settle().await;
            answered
        }
    }
}

async fn answer(ask: &Ask, caller: &Caller, show: &Show) -> Result<(), Failure> {
    match ask {
        Ask::Vehicles { reading } => {
            let what = "asking for the vehicles";
            let vehicles = caller.read(reading, what, async |client| client.vehicles().await);
            show.vehicles(&vehicles.await?)
        }
        Ask::Location { car, reading } => {
            let vin = find_car(caller, car).await?;
            let what = "asking for the location";
            let location = caller.read(reading, what, async |client| client.location(&vin).await);
            show.location(&vin, &location.await?)
        }
        Ask::Telemetry { car, reading } => {
            let vin = find_car(caller, car).await?;
            let what = "asking for the telemetry";
            let telemetry = caller.read(reading, what, async |client| client.telemetry(&vin).await);
            show.telemetry(&vin, &telemetry.await?)
        }
    }
}

/// Makes the calls of one command.
#[derive(Debug)]
struct Caller {
    client: Client,
    target: Target,
    verbose: bool,
}

impl Caller {
    /// Makes the same call as often as is asked for, and returns the last answer.
    async fn read<T>(
        &self,
        reading: &Reading,
        what: &'static str,
        call: impl AsyncFn(Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        for _ in 1..reading.repeat {
            self.ask(what, &call).await?;
        }
        self.ask(what, &call).await
    }

    /// Makes one call, with a sign of life.
    async fn ask<T>(
        &self,
        what: &'static str,
        call: impl AsyncFnOnce(Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let record = if self.verbose {
            CallRecord::telling()
        } else {
            CallRecord::new()
        };
        let client = self.client.clone().recording(record.clone());
        let spinner = Spinner::start(what);
        let answer = call(client).await;
        drop(spinner);
        if self.verbose {
            story::tell(what, &record);
        }
        answer.map_err(|error| self.target.failed(&error))
    }
}

impl Caller {
    /// Waits for what goes on in the background: a token that is being renewed, and answers that are
    /// being written. What a store takes longer for is not worth waiting for.
    async fn settle(&self) {
        const LONGEST_WRITE: Duration = Duration::from_secs(1);
        let provider = self.client.provider();
        provider.settle(&provider.default_principal()).await;
        let written = tokio::time::timeout(LONGEST_WRITE, self.client.cache().flush()).await;
        if written.is_err() {
            tracing::debug!("the store takes too long to write what was answered");
        }
    }
}

/// A whole VIN is taken as it is; the end of one is looked up among the account's cars.
async fn find_car(caller: &Caller, car: &str) -> Result<Vin, Failure> {
    const WHOLE: usize = 17;
    if car.len() == WHOLE {
        return Vin::new(car).map_err(|error| Failure::usage(error.to_string()));
    }
    let looking = caller.ask("looking for the car", async |client| {
        client.vehicles().await
    });
    let vehicles = looking.await?;
    let suffix = car.to_ascii_uppercase();
    let vins = vehicles.value.into_iter().map(|vehicle| vehicle.vin);
    let mut found = vins.filter(|vin| vin.as_str().to_ascii_uppercase().ends_with(&suffix));
    match (found.next(), found.next()) {
        (Some(vin), None) => Ok(vin),
        (Some(_), Some(_)) => Err(Failure::usage(
            "several cars' VINs end like this; give more of it",
        )),
        (None, _) => Err(Failure::usage(
            "no car of this account has a VIN that ends like this; `toyota vehicles` lists them",
        )),
    }
}
