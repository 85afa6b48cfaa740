//! The `toyota` program: an owner's car data in the terminal.

mod account;
mod act;
mod args;
mod ask;
mod cache;
mod caller;
mod car;
mod chart;
mod completions;
mod dashboard;
mod failure;
mod fault;
mod logging;
mod progress;
mod prompt;
mod raw;
mod scrape;
mod settings;
mod show;
mod simulate;
mod spinner;
mod stopped;
mod store;
mod story;
mod target;
mod trips;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use toyota_client::Config;
use toyota_client::metrics::Registry;

use self::args::{Args, ClimateVerb, Command, Service, Task};
use self::caller::Caller;
use self::failure::Failure;
use self::logging::{Logging, Secrets};
use self::scrape::Scrape;
use self::show::Show;
use self::store::Store;
use self::target::Target;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let show = Show::new(args.json);
    match run(&args, show).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(args: &Args, show: Show) -> Result<(), Failure> {
    match &args.command {
        Command::Service(command) => {
            let config = settings::load(args)?;
            let show = show.in_units(settings::units(args, &config));
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
        Command::Simulate(simulation) => simulate::run(simulation, show).await,
        Command::Completions { shell } => completions::print(*shell),
    }
}

async fn measure(
    command: &Service,
    args: &Args,
    config: Config,
    secrets: Secrets,
    show: Show,
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

async fn serve(command: &Service, args: &Args, target: Target, show: Show) -> Result<(), Failure> {
    match fault::route(command) {
        Some(route) => target.script(route, &args.fault),
        None if args.fault.is_empty() => {}
        None => return Err(Failure::usage("--fault is for commands of one route")),
    }
    match command {
        Service::Login => {
            let credential = account::log_in(&target).await?;
            let folder = target.store.as_ref().map(Store::folder);
            show.signed_in(&credential, folder)
        }
        Service::Logout => show.signed_out(account::log_out(&target).await?),
        Service::Task(task) => {
            let caller = Caller {
                client: account::signed_in(&target).await?,
                target,
                verbose: args.verbose,
            };
            // Boxed: of all that can be asked for, the longest would be carried along by everything.
            let done = Box::pin(attend(task, &caller, show)).await;
            caller.settle().await;
            done
        }
    }
}

/// Does what needs somebody who is signed in.
async fn attend(task: &Task, caller: &Caller, show: Show) -> Result<(), Failure> {
    match task {
        Task::Ask(ask) => ask::answer(ask, caller, show).await,
        Task::Act(act) => act::obey(act, caller, show).await,
        Task::Climate(climate) => match &climate.command {
            None => ask::climate(&climate.look, caller, show).await,
            Some(ClimateVerb::Status(look)) => ask::climate(look, caller, show).await,
            Some(ClimateVerb::Start { comfort, at }) => {
                act::start_climate(comfort, at, caller, show).await
            }
            Some(ClimateVerb::Set { preset, at }) => {
                act::set_climate(preset, at, caller, show).await
            }
            Some(ClimateVerb::Stop { at }) => act::stop_climate(at, caller, show).await,
        },
    }
}
