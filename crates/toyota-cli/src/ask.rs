//! What only reads.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::wake::Freshness;
use toyota_client::{Error, Vin};

use crate::args::{Ask, ClimateLook, Of};
use crate::caller::Caller;
use crate::car;
use crate::dashboard;
use crate::failure::Failure;
use crate::raw;
use crate::show::{self, Show};
use crate::target::Client;
use crate::trips;
use crate::watch;

/// Answers what is asked of the service.
pub(crate) async fn answer(ask: &Ask, caller: &Caller, show: Show) -> Result<(), Failure> {
    match ask {
        Ask::Vehicles(reading) => {
            let what = "asking for the vehicles";
            let vehicles = caller.read(reading, what, async |client| client.vehicles().await);
            show.vehicles(&vehicles.await?)
        }
        Ask::Account(reading) => {
            let what = "asking whose account it is";
            let call = async |client: Client| client.account_holder().await;
            show.account(&caller.read(reading, what, call).await?)
        }
        Ask::Dashboard(asked) => dashboard::tell(asked, caller, show).await,
        Ask::Watch(asked) => watch::run(asked, caller, show).await,
        Ask::Location(of) => {
            let what = "asking for the location";
            let call = async |client: Client, vin: &Vin| client.location(vin).await;
            let (vin, location) = read_of(of, caller, what, call).await?;
            show.location(&vin, &location)
        }
        Ask::Telemetry(of) => {
            let what = "asking for the telemetry";
            let call = async |client: Client, vin: &Vin| client.telemetry(vin).await;
            let (vin, telemetry) = read_of(of, caller, what, call).await?;
            show.telemetry(&vin, &telemetry)
        }
        Ask::Odometer(of) => {
            let what = "asking for the odometer";
            let call = async |client: Client, vin: &Vin| client.odometer(vin).await;
            let (vin, odometer) = read_of(of, caller, what, call).await?;
            show.odometer(&vin, &odometer)
        }
        Ask::Health(of) => {
            let what = "asking for warnings";
            let call = async |client: Client, vin: &Vin| client.health(vin).await;
            let (vin, health) = read_of(of, caller, what, call).await?;
            show.health(&vin, &health)
        }
        Ask::Electric { wake: false, of } => {
            let what = "asking for the battery";
            let call = async |client: Client, vin: &Vin| client.electric(vin).await;
            let (vin, electric) = read_of(of, caller, what, call).await?;
            show.electric(&vin, &electric, Timestamp::now())
        }
        Ask::Electric { wake: true, of } => {
            let what = "waking the car for its battery";
            let call = async |client: Client, vin: &Vin| client.wake_electric(vin).await;
            let (vin, reading) = read_of(of, caller, what, call).await?;
            show.woken_electric(&vin, &reading, Timestamp::now())
        }
        Ask::Status { fresh, wake, of } => {
            let (what, freshness) = freshness(*fresh, *wake);
            let call = async |client: Client, vin: &Vin| client.status(vin, freshness).await;
            let (vin, reading) = read_of(of, caller, what, call).await?;
            show.status(&vin, &reading, Timestamp::now())
        }
        Ask::Trips(asked) => trips::tell(asked, caller, show).await,
        Ask::Trip(asked) => trips::tell_one(asked, caller, show).await,
        Ask::Notifications { limit, of } => {
            let what = "asking for notifications";
            let call = async |client: Client, vin: &Vin| client.notifications(vin).await;
            let (vin, told) = read_of(of, caller, what, call).await?;
            show.notifications(&vin, &told, (*limit).into())
        }
        Ask::ServiceHistory(of) => {
            let what = "asking for the service history";
            let call = async |client: Client, vin: &Vin| client.service_history(vin).await;
            let (vin, history) = read_of(of, caller, what, call).await?;
            show.service_history(&vin, &history)
        }
        Ask::Raw(raw) => raw::send(raw, caller).await,
    }
}

/// What it does now, and what it is set to. Not every car tells the latter, which is worth a note
/// and no failure.
pub(crate) async fn climate(
    look: &ClimateLook,
    caller: &Caller,
    show: Show,
) -> Result<(), Failure> {
    if look.wake {
        let what = "waking the car for its climate";
        let call = async |client: Client, vin: &Vin| client.wake_climate(vin).await;
        let (vin, reading) = read_of(&look.of, caller, what, call).await?;
        return show.woken_climate(&vin, &reading);
    }
    let what = "asking for the climate";
    let call = async |client: Client, vin: &Vin| client.climate_status(vin).await;
    let (vin, status) = read_of(&look.of, caller, what, call).await?;
    let what = "asking for the climate's settings";
    let settings = caller.ask(what, async |client| client.climate_settings(&vin).await);
    match settings.await {
        Ok(settings) => show.climate(&vin, &status, Some(&settings)),
        Err(failure) => {
            show.climate(&vin, &status, None)?;
            show::note(&format!("what it is set to is not known\n{failure}"));
            Ok(())
        }
    }
}

fn freshness(fresh: Option<u16>, wake: bool) -> (&'static str, Freshness) {
    const MINUTE: u64 = 60;
    match fresh {
        _ if wake => ("waking the car", Freshness::Wake),
        Some(minutes) => {
            let limit = Duration::from_secs(u64::from(minutes) * MINUTE);
            ("asking for the status", Freshness::WakeIfOlderThan(limit))
        }
        None => ("asking for the status", Freshness::Cached),
    }
}

/// Reads something of one car.
async fn read_of<T>(
    of: &Of,
    caller: &Caller,
    what: &'static str,
    call: impl AsyncFn(Client, &Vin) -> Result<T, Error>,
) -> Result<(Vin, T), Failure> {
    let vin = car::find(caller, of.car.as_ref()).await?.vin;
    let read = caller.read(&of.reading, what, async |client| call(client, &vin).await);
    let answer = read.await?;
    Ok((vin, answer))
}
