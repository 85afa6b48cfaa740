//! A car again and again: what changes, and as little asked for as that takes.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval};
use toyota_client::Kind;
use toyota_client::car::{Car, DataSet, Update, UpdateReport};
use toyota_client::wake::{Seen, WakeOptions};

use crate::args::WatchArgs;
use crate::caller::Caller;
use crate::car;
use crate::dashboard;
use crate::failure::Failure;
use crate::show::{self, Show};
use crate::target::Client;

const MINUTE: u64 = 60;

/// Asks, tells and waits, until Ctrl-C or so many rounds.
pub(crate) async fn run(args: &WatchArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let wanted = &args.dashboard;
    let mut car = Car::new(car::find_vehicle(caller, wanted.car.as_ref()).await?);
    let mut update = dashboard::wanted(wanted);
    if args.wake {
        // It is attended to after the others, by what they tell.
        update = update.skip([DataSet::Status]);
    }
    let mut rounds = interval(Duration::from_secs(u64::from(args.every) * MINUTE));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut left = args.rounds;
    while left != Some(0) {
        tokio::select! {
            _ = rounds.tick() => {}
            stopped = tokio::signal::ctrl_c() => return stopped.map_err(Failure::internal),
        }
        let round = tokio::select! {
            report = once(&mut car, &update, args.wake, caller) => report?,
            stopped = tokio::signal::ctrl_c() => return stopped.map_err(Failure::internal),
        };
        show.round(&car, &round)?;
        if let Some(failure) = signed_out(&round, caller) {
            return Err(failure);
        }
        left = left.map(|left| left - 1);
    }
    Ok(())
}

/// Nothing more can be asked for by somebody who is not signed in any more.
fn signed_out(round: &UpdateReport, caller: &Caller) -> Option<Failure> {
    let mut failures = round.failures().map(|(_, error)| error);
    let refused = failures.find(|error| error.is(Kind::Authentication))?;
    Some(caller.target.failed(refused))
}

/// One round. What fails is told, and asked for again in the next.
async fn once(
    car: &mut Car,
    update: &Update,
    wake: bool,
    caller: &Caller,
) -> Result<UpdateReport, Failure> {
    let updating = caller.ask("asking for everything", async |client: Client| {
        Ok(client.update(car, update).await)
    });
    let report = updating.await?;
    if wake {
        attend(car, caller).await;
    }
    Ok(report)
}

/// Wakes the car where that is worth it, and reads its status.
async fn attend(car: &mut Car, caller: &Caller) {
    let vin = car.vin().clone();
    let seen = seen(car);
    let options = WakeOptions::default();
    let attending = caller.ask("attending to the status", async |client: Client| {
        client.attend(&vin, seen, false, &options).await
    });
    match attending.await {
        Ok(attended) => {
            if let Some(reading) = attended.reading {
                car.status
                    .take(reading.value, reading.reported, Timestamp::now());
            }
        }
        Err(failure) => show::note(&format!("the status is not known\n{failure}")),
    }
}

/// What this round tells of whether the car moves.
fn seen(car: &Car) -> Seen {
    let telemetry = car.telemetry.value();
    let location = car.location.value();
    Seen {
        odometer: telemetry.and_then(|it| it.odometer),
        telemetry: telemetry.and_then(|it| it.timestamp),
        contact: location.and_then(|it| it.last_contact),
        status: car.status.value().and_then(|it| it.updated),
    }
}
