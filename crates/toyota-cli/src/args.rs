//! What can be said on the command line.

mod act;
mod ask;
mod climate;
mod own;
mod stores;
mod trips;
mod units;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;
use toyota_sim::Fault;

pub(crate) use self::act::{Act, At};
pub(crate) use self::ask::{Ask, Of, Raw, Reading};
pub(crate) use self::climate::{Climate, ClimateLook, ClimateVerb, Comfort, Preset};
pub(crate) use self::own::{Cache, Settings, Simulation};
pub(crate) use self::stores::StoreArg;
pub(crate) use self::trips::{ExportFormat, PeriodArg, TripArgs, TripsArgs};
pub(crate) use self::units::UnitsArg;
pub(crate) use self::watch::{DashboardArgs, WatchArgs};

const AFTER_HELP: &str = "\
Settings, later wins: the file, variables, options. The file is the one of --config, or of
TOYOTA_CONFIG, or config.toml, .yaml, .yml or .json in the folder toyota where the platform keeps
settings (~/.config). `toyota config init` begins one.

Variables (never arguments: other users can see those), each also a key of the file:
  TOYOTA_USERNAME, TOYOTA_PASSWORD  what you sign in with in the app; asked for if not set and
                                    nobody is signed in
  TOYOTA_TOKEN_DIR                  where tokens are stored, and how often cars were woken,
                                    readable by you alone (the platform's place for a
                                    program's state)
  TOYOTA_API_KEY                    the app's gateway key; asked for if not set
  TOYOTA_OAUTH_CLIENT_SECRET        the secret of the app's OAuth client
  TOYOTA_OAUTH_CLIENT_ID            its identifier, if not the brand's (oneapp)
  TOYOTA_BRAND                      T (default), L or S
  TOYOTA_CLIENT_VERSION             the app version to claim (2.14.0)
  TOYOTA_TIMEOUT                    seconds for one call (60)
  TOYOTA_API_URL, TOYOTA_LOGIN_URL  other hosts, such as those of toyota-sim
  TOYOTA_LOG_LEVEL                  error, warn, info (default), debug, trace or off; or levels by
                                    target, such as warn,toyota_client=debug
  TOYOTA_LOG_FORMAT                 json (default) or pretty
  TOYOTA_LOG_FILE                   a file to log to, readable by you alone (stderr)
  TOYOTA_LOG_ROTATION               when a new file begins, in UTC: daily (default), hourly, never
  TOYOTA_LOG_KEEP                   how many files are kept (7)
  TOYOTA_CACHE_STORE                where answers are kept: memory (default), disk:DIR,
                                    redis://USER:PASSWORD@HOST; several are tiers
  TOYOTA_UNITS                      metric (default), uk or us
  and more: `toyota config init -` tells all, and what they take
  HTTPS_PROXY, NO_PROXY, NO_COLOR   as everywhere; not in the file

Exit codes:
  0  done
  1  the program, its output or the store of its cache failed
  2  usage: the command line or a setting is wrong
  3  signing in failed
  4  network: the service could not be reached, or did not answer in time
  5  rate limit: too many requests
  6  the service failed or refused the call, or the car a command
  7  a command was accepted, and the car was not seen to do it";

/// Your car's data from Toyota Connected Services Europe.
#[derive(Debug, Parser)]
#[command(name = "toyota", version, after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Reads the settings from this file, TOML, YAML or JSON, instead of the usual one
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// Prints one JSON document instead of a table
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The units of tables and of the dashboard, instead of those that are set (metric); JSON keeps those
    /// of the service elsewhere
    #[arg(long, global = true, value_name = "UNITS")]
    pub(crate) units: Option<UnitsArg>,
    /// Tells on stderr what each call took: the cache's part, attempts, waits, why it ended
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// Tells on stderr, after the command, what was measured: as Prometheus text, or as JSON with
    /// --json
    #[arg(long, global = true)]
    pub(crate) metrics: bool,
    /// Serves what is measured at http://ADDRESS/metrics while the command runs, for Prometheus
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Asks once, and does not repeat what fails
    #[arg(long, global = true)]
    pub(crate) no_retry: bool,
    /// Asks the service for everything, also for what it has just answered
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,
    /// Keeps answers here: memory, disk:DIR or redis://HOST; given several times these are tiers, the
    /// first uppermost. A password goes into TOYOTA_CACHE_STORE
    #[arg(long = "cache", global = true, value_name = "STORE")]
    pub(crate) stores: Vec<StoreArg>,
    /// Talks to a simulated service with invented cars, started for this command
    #[arg(long, global = true)]
    pub(crate) simulated: bool,
    /// Makes the simulated service fail, once per fault given: a status such as 503, or reset,
    /// truncated, garbage, noise, html, endless, silence
    #[arg(
        long,
        global = true,
        requires = "simulated",
        value_name = "FAULT",
        value_delimiter = ','
    )]
    pub(crate) fault: Vec<Fault>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Service(Service),
    /// Looks into the store of answers, and forgets what is in it, without asking the service
    #[command(subcommand)]
    Cache(Cache),
    /// Shows, checks or begins the settings
    #[command(subcommand, name = "config")]
    Settings(Settings),
    /// Runs the simulated service for other clients, until Ctrl-C, and prints what they need
    Simulate(Simulation),
    /// Prints what completes this program's command line in a shell
    Completions {
        /// The shell that is to read it
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
}

/// What needs the service.
#[derive(Debug, Subcommand)]
pub(crate) enum Service {
    #[command(flatten)]
    Task(Task),
    /// Signs in and stores the token; asks for a one-time code if one is sent
    Login,
    /// Removes the stored token, and what the account was answered
    Logout,
}

/// What needs somebody who is signed in.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    #[command(flatten)]
    Ask(Ask),
    /// Tells what the climate control does and is set to; starts and stops it
    Climate(Climate),
    #[command(flatten)]
    Act(Act),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }
}
