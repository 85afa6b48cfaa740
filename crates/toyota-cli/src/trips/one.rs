//! One trip.

use jiff::{ToSpan, Zoned};
use toyota_client::model::Decoded;
use toyota_client::trips::{Trip, TripQuery};
use toyota_client::{Error, Vin};

use crate::args::TripArgs;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::Show;
use crate::target::Client;

/// Tells all of the trip that is meant.
pub(crate) async fn tell_one(args: &TripArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let vin = car::find(caller, args.car.as_ref()).await?.vin;
    let asking = caller.ask("asking for the trip", async |client| match &args.id {
        Some(id) => client.trip(&vin, id).await,
        None => latest(&client, &vin).await,
    });
    show.trip(&vin, &asking.await?)
}

/// Asks for the latest trip that the service has.
async fn latest(client: &Client, vin: &Vin) -> Result<Decoded<Option<Trip>>, Error> {
    let today = Zoned::now().date();
    let year = TripQuery::new(today.saturating_sub(12.months()), today);
    let mut trips = client.trips(vin, &year.with_routes().in_pages_of(1));
    let value = trips.next().await.transpose()?;
    let warnings = trips.warnings().to_vec();
    Ok(Decoded { value, warnings })
}
