//! Cars that are kept in view, for as long as somebody wants it.

use std::time::Duration;

use jiff::tz::TimeZone;
use toyota_client::wake::WakeOptions;
use toyota_client::watch::{Cadence, Cycle, Watch};
use toyota_client::{Error, Kind};

use crate::args::WatchArgs;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::{self, Show};
use crate::spinner::Spinner;

const MINUTE: u64 = 60;

/// Tells of each round, until Ctrl-C or so many rounds.
pub(crate) async fn run(args: &WatchArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let mut watch = begin(args, caller).await?;
    let mut left = args.rounds;
    while left != Some(0) {
        let waiting = Spinner::start("watching; Ctrl-C ends it");
        let cycle = tokio::select! {
            cycle = watch.next() => cycle,
            stopped = tokio::signal::ctrl_c() => return stopped.map_err(Failure::internal),
        };
        drop(waiting);
        tell(&watch, &cycle, show)?;
        if let Some(error) = refused(&cycle) {
            return Err(caller.target.failed(error));
        }
        left = left.map(|left| left - 1);
    }
    Ok(())
}

async fn begin(args: &WatchArgs, caller: &Caller) -> Result<Watch, Failure> {
    let mut vins = Vec::new();
    for name in &args.cars {
        vins.push(car::find(caller, Some(name)).await?.vin);
    }
    let usual = Cadence::default();
    let cadence = Cadence {
        cycle: Duration::from_secs(u64::from(args.every) * MINUTE),
        charge: usual.charge.filter(|_| args.wake),
        ..usual
    };
    let wakes = WakeOptions {
        enabled: args.wake,
        ..WakeOptions::default()
    };
    let watch = Watch::new(caller.client.clone()).in_zone(TimeZone::system());
    let watch = watch.cadence(cadence).and_then(|watch| watch.wakes(wakes));
    let watch = watch.map_err(Failure::usage)?;
    Ok(if vins.is_empty() {
        watch
    } else {
        watch.only(vins)
    })
}

/// A line for each car that something was done about.
fn tell(watch: &Watch, cycle: &Cycle, show: Show) -> Result<(), Failure> {
    if let Some(error) = &cycle.unlisted {
        show::note(&format!("the list of cars is not known: {error}"));
    }
    for of_car in &cycle.cars {
        if let Some(car) = watch.cars().find(|car| *car.vin() == of_car.vin) {
            show.round(car, of_car, cycle.began)?;
        }
    }
    Ok(())
}

/// Nothing more can be asked for by somebody who is not signed in any more.
fn refused(cycle: &Cycle) -> Option<&Error> {
    let failures = cycle.failures().map(|(_, error)| error);
    let mut all = cycle.unlisted.iter().chain(failures);
    all.find(|error| error.is(Kind::Authentication))
}
