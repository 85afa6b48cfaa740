//! The settings: where they are read, and the commands about them.

mod init;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde_json::json;
use toyota_client::config::{Origin, keys};
use toyota_client::{Config, ConfigError, Units};
use toyota_sim::Simulator;

use crate::args::{Args, Settings, StoreArg};
use crate::failure::Failure;
use crate::show::{self, Show};

/// Reads the settings, and tells on stderr what looks like a slip. A simulated service has its own
/// hosts, keys and owner: it takes only those that say how calls are made
/// and told.
pub(crate) fn load(args: &Args) -> Result<Config, Failure> {
    let mut loader = Config::loader();
    if let Some(path) = &args.config {
        loader = loader.file(path);
    }
    if args.simulated {
        loader = loader.only(is_of_calls);
    }
    let config = loader.load().map_err(|error| Failure::settings(&error))?;
    let config = with_stores(config, &args.stores)?;
    for warning in config.warnings() {
        show::note(&warning.to_string());
    }
    Ok(config)
}

/// The units that are asked for, or set.
pub(crate) fn units(args: &Args, config: &Config) -> Units {
    args.units.map_or(config.display.units, Units::from)
}

/// What is invented does not go where the owner's answers are, unless it is told to.
fn is_of_calls(path: &str) -> bool {
    let sections = [
        "cache.", "retry.", "wake.", "display.", "metrics.", "logging.",
    ];
    let is_of_section = sections.iter().any(|section| path.starts_with(section));
    path == "api.timeout" || (is_of_section && path != "cache.store")
}

/// Keeps answers where the command line says, if it does.
fn with_stores(config: Config, stores: &[StoreArg]) -> Result<Config, Failure> {
    if stores.is_empty() {
        return Ok(config);
    }
    if stores.iter().any(StoreArg::has_credentials) {
        return Err(Failure::usage(
            "--cache with a user or a password can be read by others on this machine: say it by \
             TOYOTA_CACHE_STORE",
        ));
    }
    let stores: Vec<_> = stores.iter().map(StoreArg::as_str).collect();
    let config = config.with_cache_store(&stores);
    config.map_err(|error| {
        let mut problems = error.problems().iter();
        let allowed = problems.find_map(|problem| problem.allowed());
        let allowed = allowed.unwrap_or("another store");
        Failure::usage(format!("--cache is not allowed: {allowed}"))
    })
}

/// Leads a client to a simulated service.
pub(crate) fn of_simulator(config: Config, simulator: &Simulator) -> Result<Config, Failure> {
    let api = simulator.api_url().parse().map_err(Failure::internal)?;
    let login = simulator.login_url().parse().map_err(Failure::internal)?;
    let config = config.with_api_url(api).with_login_url(login);
    let config = config.with_api_key(simulator.api_key());
    let config = config.and_then(|config| config.with_client_secret(simulator.client_secret()));
    config.map_err(Failure::internal)
}

/// Names a setting by where its value comes from.
pub(crate) fn named(config: &Config, path: &str) -> String {
    match config.origin(path) {
        Some(origin @ Origin::Variable(_)) => origin.to_string(),
        Some(origin @ Origin::File { .. }) => format!("{origin}: {path}"),
        _ => path.to_owned(),
    }
}

/// Obeys a command about settings.
pub(crate) fn obey(command: &Settings, args: &Args, show: Show) -> Result<(), Failure> {
    match command {
        Settings::Show { origin } => tell(&load(args)?, *origin, show),
        Settings::Check => check(&load(args)?, show),
        Settings::Init { path } => {
            // As it is where the settings are read.
            let named = std::env::var_os("TOYOTA_CONFIG").map(PathBuf::from);
            let named = named.filter(|path| !path.to_string_lossy().trim().is_empty());
            let path = path.as_ref().or(args.config.as_ref()).or(named.as_ref());
            init::init(path.map(PathBuf::as_path), show)
        }
    }
}

fn tell(config: &Config, with_origins: bool, show: Show) -> Result<(), Failure> {
    let origin = |path: &str| config.origin(path).unwrap_or(&Origin::Default).to_string();
    if show.is_json() {
        let mut document = json!({ "file": file_of(config), "settings": config });
        if with_origins {
            let origins = keys().map(|key| (key.path().to_owned(), origin(key.path()).into()));
            document["origins"] = serde_json::Value::Object(origins.collect());
        }
        return show::print_json(&document);
    }
    let heading = ["KEY", "VALUE", "FROM"];
    let rows = keys().map(|key| {
        let unset = || format!("({})", key.default());
        let value = config.value(key).unwrap_or_else(unset);
        [key.path().to_owned(), value, origin(key.path())]
    });
    let columns = if with_origins { 3 } else { 2 };
    let rows = rows.map(|row| row.into_iter().take(columns));
    show::print(&show::columns(heading.into_iter().take(columns), rows))
}

fn check(config: &Config, show: Show) -> Result<(), Failure> {
    let incomplete = |error: ConfigError| Failure::settings(&error);
    config.client_id().map_err(incomplete)?;
    let set = keys().filter(|key| config.origin(key.path()) != Some(&Origin::Default));
    let set = set.count();
    if show.is_json() {
        let warnings = config.warnings().iter().map(ToString::to_string);
        let warnings: Vec<_> = warnings.collect();
        return show::print_json(
            &json!({ "file": file_of(config), "set": set, "warnings": warnings }),
        );
    }
    let file = file_of(config).unwrap_or("no file".into());
    show::print(&format!("The settings are good: {set} set, {file}."))
}

/// The file that was read, as it can be shown: not all that names a file is text.
fn file_of(config: &Config) -> Option<Cow<'_, str>> {
    config.file().map(Path::to_string_lossy)
}
