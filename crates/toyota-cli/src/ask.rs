//! What only reads.

use toyota_client::{Error, Vin};

use crate::args::{Ask, Of};
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::Show;
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
