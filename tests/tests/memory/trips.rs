//! The largest page of trips that there is: fifty, with their routes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Method;
use http_body::{Body, Frame};
use tests::trips::{client, page, trips, vin};

use crate::meter::Meter;

const MIB: usize = 1024 * 1024;
const TRIPS: usize = 50;
const POINTS: usize = 1600;

#[tokio::test(start_paused = true)]
async fn a_page_takes_less_than_three_times_its_length() {
    // What is to be read is made where nobody else measures.
    let mut meter = Meter::start();
    let page = page(TRIPS, POINTS);
    let length = page.len();
    assert!(length > 8 * MIB, "{length}");
    let client = client(move || Sent(page.clone()));
    meter.begin_anew();

    let mut trips = trips(&client);
    let mut points = 0;
    let mut first = None;
    while let Some(trip) = trips.next().await {
        let trip = trip.unwrap();
        points += trip
            .route()
            .inspect(|_| {
                meter.look();
            })
            .count();
        first.get_or_insert(trip);
    }

    assert_eq!(points, TRIPS * POINTS);
    let peak = meter.peak();
    assert!(peak < 3 * length, "{peak} for {length}");
    // Who keeps one trip keeps no more than that.
    drop(trips);
    let kept = meter.look();
    assert!(kept < 2 * length / TRIPS, "{kept} for {length}");
    assert!(first.unwrap().has_route());
}

/// What there is to compare: the measure can fail.
#[tokio::test(start_paused = true)]
async fn as_json_values_a_page_takes_several_times_as_much() {
    // What is to be read is made where nobody else measures.
    let mut meter = Meter::start();
    let page = page(TRIPS, POINTS);
    let length = page.len();
    let client = client(move || Sent(page.clone()));
    meter.begin_anew();

    let vin = vin();
    let request = client.request(Method::GET, "/v1/trips", Some(&vin), None);
    let value = request.await.unwrap();

    let peak = meter.peak();
    assert!(peak > 6 * length, "{peak} for {length}");
    assert!(value["payload"]["trips"].is_array());
}

/// A body that comes in copies of pieces, as from a connection.
struct Sent(Bytes);

impl Body for Sent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        const PIECE: usize = 16 * 1024;
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.0.len().min(PIECE);
        let piece = self.0.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(&piece)))))
    }
}
