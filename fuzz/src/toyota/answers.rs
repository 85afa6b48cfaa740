//! Every data set, as the client reads it.

use std::fmt::Debug;

use http::StatusCode;
use jiff::civil::date;
use serde::Serialize;
use serde_json::{Value, json};
use toyota_client::car::{Car, Update};
use toyota_client::command::RemoteCommand;
use toyota_client::model::{Decoded, Vehicle, Warning};
use toyota_client::trips::TripQuery;
use toyota_client::wake::Freshness;
use toyota_client::{Error, ToyotaClient, Vin};

use super::client::{Once, client, client_of_all, wait};
use super::{derived, leaks};

/// What is asked for: the first letter of an input, from `a` on.
pub const SETS: [&str; 18] = [
    "vehicles",
    "location",
    "telemetry",
    "health",
    "electric",
    "climate status",
    "climate settings",
    "notifications",
    "service history",
    "odometer",
    "account",
    "status",
    "trips",
    "trip",
    "summaries",
    "overview",
    "command",
    "all of a car",
];
/// How it is answered: the second letter, from `a` on.
const STATUSES: [u16; 8] = [200, 200, 200, 400, 401, 403, 429, 500];

/// A data set, and a body that it is asked for with.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What is asked for.
    pub set: &'static str,
    /// How it is answered.
    pub status: StatusCode,
    /// And with what.
    pub body: &'a [u8],
}

impl<'a> Input<'a> {
    /// Reads two letters, and what comes after them.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let [set, status, body @ ..] = bytes else {
            return None;
        };
        let index = |letter: u8, count: usize| usize::from(letter.wrapping_sub(b'a')) % count;
        let status = STATUSES[index(*status, STATUSES.len())];
        Some(Self {
            set: SETS[index(*set, SETS.len())],
            status: StatusCode::from_u16(status).expect("a status"),
            body,
        })
    }
}

/// What is understood of a body: as JSON, and as whoever looks for a fault sees it.
#[derive(Debug)]
pub struct Told {
    /// What was understood.
    pub value: Value,
    /// What was not.
    pub warnings: Vec<Warning>,
    /// The same as `Debug` shows it.
    pub shown: String,
}

/// Asks for the data set, and for what follows from it.
pub fn read(input: Input<'_>) -> Result<Told, Error> {
    wait(told(input))
}

async fn told(input: Input<'_>) -> Result<Told, Error> {
    let (client, vin) = (&client(input.status, input.body), &vin());
    Ok(match input.set {
        "vehicles" => of(client.vehicles().await?, |it| {
            it.iter().for_each(derived::of_vehicle)
        }),
        "location" => of(client.location(vin).await?, |_| {}),
        "telemetry" => of(client.telemetry(vin).await?, |_| {}),
        "health" => of(client.health(vin).await?, |_| {}),
        "electric" => of_some(client.electric(vin).await?, derived::of_electric),
        "climate status" => of_some(
            client.climate_status(vin).await?,
            derived::of_climate_status,
        ),
        "climate settings" => of_some(
            client.climate_settings(vin).await?,
            derived::of_climate_settings,
        ),
        "notifications" => of(client.notifications(vin).await?, |_| {}),
        "service history" => of_some(client.service_history(vin).await?, derived::of_history),
        "odometer" => of(client.odometer(vin).await?, |_| {}),
        "account" => of(client.account_holder().await?, |_| {}),
        "status" => {
            let reading = client.status(vin, Freshness::Cached).await?;
            of_some(reading.value, derived::of_status)
        }
        "trips" => trips(client).await?,
        "trip" => {
            let id = "a-1".parse().expect("a name");
            of(client.trip(vin, &id).await?, |_| {})
        }
        "summaries" => {
            let days = (date(2026, 1, 1), date(2026, 11, 22));
            let sums = client.trip_summaries(vin, days.0, days.1).await?;
            let periods = [
                sums.value.days().to_vec(),
                sums.value.weeks(),
                sums.value.years(),
            ];
            let value = periods.concat();
            let warnings = sums.warnings;
            of(Decoded { value, warnings }, |periods| {
                periods
                    .iter()
                    .for_each(|it| derived::of_summary(&it.summary));
            })
        }
        "overview" => of(client.trip_overview(vin, date(2026, 11, 22)).await?, |it| {
            derived::of_summary(&it.year.summary);
        }),
        "command" => {
            let accepted = client.command(vin, RemoteCommand::Lock).await?;
            let value = accepted.acknowledgement().clone();
            let warnings = Vec::new();
            let mut told = of(Decoded { value, warnings }, |it| {
                // An answer that says nothing refuses nothing.
                assert!(it.is_accepted() || it.return_code.is_none());
            });
            told.shown += &format!("{accepted:?}");
            told
        }
        _ => all_of_a_car(input).await,
    })
}

async fn trips(client: &ToyotaClient<Once>) -> Result<Told, Error> {
    let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22));
    let mut trips = client.trips(&vin(), &query);
    let mut value = Vec::new();
    while let Some(trip) = trips.next().await {
        value.push(trip?);
    }
    let warnings = trips.warnings().to_vec();
    let mut told = of(Decoded { value, warnings }, |trips| {
        trips
            .iter()
            .filter_map(|it| it.summary.as_ref())
            .for_each(derived::of_summary);
    });
    told.shown += &format!("{trips:?}");
    Ok(told)
}

/// One body for all data sets of a car.
async fn all_of_a_car(input: Input<'_>) -> Told {
    let answer = json!({"payload": [{"vin": leaks::VIN}]});
    let mut car = Car::new(Vehicle::list_from_answer(answer).value.remove(0));
    let client = client_of_all(input.status, input.body);
    let report = client.update(&mut car, &Update::all()).await;
    derived::of_car(&car);
    let value = json!([
        car.dashboard(Default::default()),
        car.location.value(),
        car.trips.value()
    ]);
    Told {
        value,
        warnings: Vec::new(),
        shown: format!("{car:?} {report:?} {client:?}"),
    }
}

fn of<T: Debug + Serialize>(decoded: Decoded<T>, derive: impl FnOnce(&T)) -> Told {
    derive(&decoded.value);
    Told {
        value: serde_json::to_value(&decoded.value).expect("JSON"),
        shown: format!("{decoded:?} {:#?}", decoded.value),
        warnings: decoded.warnings,
    }
}

fn of_some<T: Debug + Serialize>(decoded: Decoded<Option<T>>, derive: impl FnOnce(&T)) -> Told {
    of(decoded, |value| {
        if let Some(value) = value {
            derive(value);
        }
    })
}

fn vin() -> Vin {
    Vin::new(leaks::VIN).expect("a VIN")
}
