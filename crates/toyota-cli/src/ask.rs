//! What only reads.

use jiff::Timestamp;
use toyota_client::{Error, Vin};

use crate::args::{Ask, Of};
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::raw;
use crate::show::{self, Show};
use crate::target::Client;

/// Answers what is asked of the service.
pub(crate) async fn answer(ask: &Ask, caller: &Caller, show: Show) -> Result<(), Failure> {
    match ask {
        Ask::Vehicles(reading) => {
            let what = "asking for the vehicles";
            let vehicles = caller.read(reading, what, async |client| client.vehicles().await);
            show.vehicles(&vehicles.await?)
        }
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
        Ask::Health(of) => {
            let what = "asking for warnings";
            let call = async |client: Client, vin: &Vin| client.health(vin).await;
            let (vin, health) = read_of(of, caller, what, call).await?;
            show.health(&vin, &health)
        }
        Ask::Electric(of) => {
            let what = "asking for the battery";
            let call = async |client: Client, vin: &Vin| client.electric(vin).await;
            let (vin, electric) = read_of(of, caller, what, call).await?;
            show.electric(&vin, &electric, Timestamp::now())
        }
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
pub(crate) async fn climate(of: &Of, caller: &Caller, show: Show) -> Result<(), Failure> {
    let what = "asking for the climate";
    let call = async |client: Client, vin: &Vin| client.climate_status(vin).await;
    let (vin, status) = read_of(of, caller, what, call).await?;
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
