//! Where the cars have been.

use jiff::{ToSpan as _, civil::Date};
use tests::cars::{ELECTRIC, FAMILIES, PETROL, PLUG_IN, vin};
use tests::soon;
use toyota_client::trips::{End, Trip, TripQuery, TripSummary};
use toyota_sim::Families;

use crate::driver::{Driver, read};

#[tokio::test]
async fn the_trips_of_some_weeks_are_read_to_the_last() {
    for families in FAMILIES {
        let driver = Driver::of(families).await;
        for car in [PETROL, PLUG_IN, ELECTRIC] {
            let trips = driver.trips(car, driver.month()).await;

            assert!(trips.len() > 5, "{}", trips.len());
            assert!(trips.is_sorted_by(|newer, older| started(newer) > started(older)));
            assert!(trips.iter().all(|trip| !trip.has_route()));
        }
    }
}

#[tokio::test]
async fn sums_are_those_of_the_trips() {
    let driver = Driver::of(Families::Both).await;
    for car in [PETROL, PLUG_IN, ELECTRIC] {
        let month = driver.month();
        let trips = driver.trips(car, month).await;

        let summaries = driver
            .client
            .trip_summaries(&vin(car), month.0, month.1)
            .await;

        let summaries = read("summaries", summaries);
        let of_trips =
            |figure: fn(&Trip) -> Option<f64>| trips.iter().filter_map(figure).sum::<f64>();
        let of_days = summaries.days().iter().map(|day| &day.summary);
        let of_weeks = summaries.weeks().into_iter().map(|week| week.summary);
        let length = of_trips(|trip| trip.summary.as_ref()?.length);
        let duration = of_trips(|trip| trip.summary.as_ref()?.duration);
        assert_eq!(
            of_days.clone().filter_map(|day| day.length).sum::<f64>(),
            length
        );
        assert_eq!(
            of_days.filter_map(|day| day.duration).sum::<f64>(),
            duration
        );
        assert_eq!(of_weeks.filter_map(|week| week.length).sum::<f64>(), length);
        for day in summaries.days() {
            let TripSummary {
                length, duration, ..
            } = day.summary;
            let speed = length.unwrap() / duration.unwrap() * 3.6;
            assert!((day.summary.average_speed().unwrap() - speed).abs() < 0.006);
        }
    }
}

#[tokio::test]
async fn an_overview_is_one_request() {
    let driver = Driver::of(Families::NewOnly).await;
    soon(driver.client.vehicles()).await.unwrap();
    let before = driver.sim.counters().requests_total();

    let overview = driver
        .client
        .trip_overview(&vin(PETROL), driver.today())
        .await;

    let overview = read("overview", overview);
    assert_eq!(driver.sim.counters().requests_total(), before + 1);
    assert!(overview.year.summary.length >= overview.month.summary.length);
}

#[tokio::test]
async fn a_trip_that_is_asked_for_alone_has_its_way() {
    for families in FAMILIES {
        let driver = Driver::of(families).await;
        let trips = driver.trips(PLUG_IN, driver.month()).await;
        let listed = &trips[0];

        let alone = driver
            .client
            .trip(&vin(PLUG_IN), listed.id.as_ref().unwrap())
            .await;

        let alone = read("trip", alone).unwrap();
        assert_eq!(alone.summary, listed.summary);
        let seconds = alone.summary.as_ref().unwrap().duration.unwrap();
        assert_eq!(
            f64::from(u32::try_from(alone.route().count()).unwrap()),
            seconds.min(3000.0)
        );
    }
}

#[tokio::test]
async fn routes_are_read_by_whichever_way_the_service_tells_them() {
    let mut read = Vec::new();
    for families in [Families::OldOnly, Families::NewOnly] {
        let driver = Driver::of(families).await;
        let (_, yesterday) = driver.month();
        let query = TripQuery::new(yesterday - 9_i32.days(), yesterday).with_routes();
        let mut trips = driver.client.trips(&vin(PETROL), &query);

        let mut points = Vec::new();
        while let Some(trip) = soon(trips.next()).await {
            points.push(trip.unwrap().route().count());
        }

        assert!(points.len() > 3, "{families:?}: {points:?}");
        assert!(
            points.iter().all(|count| *count > 1),
            "{families:?}: {points:?}"
        );
        assert!(trips.warnings().is_empty());
        read.push(points);
    }
    assert_eq!(read[0], read[1]);
}

impl Driver {
    /// Returns the thirty days before today.
    fn month(&self) -> (Date, Date) {
        let today = self.today();
        (today - 30_i32.days(), today - 1_i32.day())
    }

    async fn trips(&self, car: &str, (from, to): (Date, Date)) -> Vec<Trip> {
        let mut trips = self.client.trips(&vin(car), &TripQuery::new(from, to));
        let mut read = Vec::new();
        while let Some(trip) = soon(trips.next()).await {
            read.push(trip.unwrap());
        }
        assert_eq!(trips.warnings().len(), 0);
        assert_eq!(trips.end(), Some(End::Complete));
        read
    }
}

fn started(trip: &Trip) -> jiff::Timestamp {
    trip.summary.as_ref().unwrap().started.unwrap()
}
