//! Trips: a list, sums of periods, a file, or one of them.

mod export;
mod file;
mod one;

use jiff::Zoned;
use jiff::civil::Date;
use toyota_client::model::Warning;
use toyota_client::trips::{Range, Trip, TripQuery};
use toyota_client::{Error, Vin};

use self::export::export;
pub(crate) use self::one::tell_one;
use crate::args::{ExportFormat, PeriodArg, TripsArgs};
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::show::Show;
use crate::target::Client;

/// What a list holds.
struct Listed {
    trips: Vec<Trip>,
    warnings: Vec<Warning>,
    range: Option<Range>,
}

/// Tells of trips in the form that is asked for.
pub(crate) async fn tell(args: &TripsArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let (from, to) = args.days(Zoned::now().date());
    if from > to {
        return Err(Failure::usage(format!("--from {from} is after {to}")));
    }
    let vin = car::find(caller, args.car.as_ref()).await?.vin;
    if let Some(period) = args.summary {
        return summaries(&vin, (from, to), period, caller, show).await;
    }
    let query = TripQuery::new(from, to);
    let with_routes = args.routes || args.export == Some(ExportFormat::Gpx);
    let query = if with_routes {
        query.with_routes()
    } else {
        query
    };
    let most = args.limit.and_then(|limit| usize::try_from(limit).ok());
    let most = most.unwrap_or(usize::MAX);
    match args.export {
        Some(format) => export(&vin, query, most, format, args.file(), caller).await,
        None => list(&vin, query, most, caller, show).await,
    }
}

async fn list(
    vin: &Vin,
    query: TripQuery,
    most: usize,
    caller: &Caller,
    show: Show,
) -> Result<(), Failure> {
    let progress = Progress::over("asking for trips", query.range());
    let asking = caller.follow("asking for trips", async |client| {
        read(&client, vin, query, most, progress).await
    });
    let listed = asking.await?;
    show.trips(vin, listed.range, &listed.trips, &listed.warnings)
}

/// Reads so many trips, page by page.
async fn read(
    client: &Client,
    vin: &Vin,
    query: TripQuery,
    most: usize,
    progress: Progress,
) -> Result<Listed, Error> {
    let mut pages = client.trips(vin, &query);
    let mut trips = Vec::new();
    while trips.len() < most
        && let Some(trip) = pages.next().await
    {
        let trip = trip?;
        progress.reaches(&trip);
        trips.push(trip);
    }
    Ok(Listed {
        trips,
        warnings: pages.warnings().to_vec(),
        range: pages.range(),
    })
}

async fn summaries(
    vin: &Vin,
    (from, to): (Date, Date),
    period: PeriodArg,
    caller: &Caller,
    show: Show,
) -> Result<(), Failure> {
    let what = "asking for the summaries of trips";
    let asking = caller.ask(what, async |client| {
        client.trip_summaries(vin, from, to).await
    });
    let summaries = asking.await?;
    let interval = period.into();
    let periods = summaries.value.by(interval);
    let range = summaries.value.range();
    show.summaries(vin, range, interval, &periods, &summaries.warnings)
}
