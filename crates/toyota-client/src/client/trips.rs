//! What can be read of a car's trips.

use std::sync::Arc;

use http::StatusCode;
use jiff::civil::Date;

use super::ask::Ask;
use super::{MAX_RAW_ANSWER_BYTES, ToyotaClient};
use crate::model::Decoded;
use crate::routes::Feature;
use crate::trips::page::{Page, read_trip};
use crate::trips::query::PageQuery;
use crate::trips::{Overview, Range, Summaries, Trip, TripId, TripQuery, Trips};
use crate::{Error, HttpService, Vin};

impl<S: HttpService> ToyotaClient<S> {
    /// Returns a car's trips, the latest first, which are asked for as they are read.
    ///
    /// The service has those of about twelve months: [`Trips::range`] tells which days are asked for.
    pub fn trips(&self, vin: &Vin, query: &TripQuery) -> Trips {
        let (client, car) = (self.clone(), vin.clone());
        let ask = move |query: PageQuery| {
            let (client, vin) = (client.clone(), car.clone());
            let page = async move { client.trips_page(&vin, &query).await };
            Box::pin(page) as _
        };
        let (client, car) = (self.clone(), vin.clone());
        let ask_trip = move |id: TripId| {
            let (client, vin) = (client.clone(), car.clone());
            let trip = async move { client.trip(&vin, &id).await };
            Box::pin(trip) as _
        };
        let range = query.range().known(self.clock.now());
        Trips::new(*query, range, Arc::new(ask), Arc::new(ask_trip))
    }

    /// Returns one trip, with its route; `None` if the service has none of that name.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn trip(&self, vin: &Vin, id: &TripId) -> Result<Decoded<Option<Trip>>, Error> {
        let ask = &Ask {
            segment: Some(id.as_str()),
            max_answer_bytes: MAX_RAW_ANSWER_BYTES,
            ..Ask::of(Feature::Trip, Some(vin))
        };
        self.by_routes(ask.feature, ask.vin, |route| async move {
            match self.ask_by(route, ask, read_trip).await {
                // The trip is not there: that says nothing against the route.
                Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(Decoded {
                    value: None,
                    warnings: Vec::new(),
                }),
                answer => answer,
            }
        })
        .await
    }

    /// Returns summaries of all trips of these days, both included, by one request.
    ///
    /// The service has those of about twelve months: [`Summaries::range`] tells which days were asked
    /// for.
    ///
    /// # Errors
    ///
    /// [`Error`]; of [`Kind::Validation`](crate::Kind::Validation) when the first day is after the
    /// last. A part of the answer that cannot be read is a warning and no error.
    pub async fn trip_summaries(
        &self,
        vin: &Vin,
        from: Date,
        to: Date,
    ) -> Result<Decoded<Summaries>, Error> {
        let range = Range { from, to };
        range.check()?;
        let (range, page) = self.summaries_page(vin, range, false).await?;
        Ok(Decoded {
            value: Summaries::of(page.value, range),
            warnings: page.warnings,
        })
    }

    /// Returns summaries of today's trips, and of those of this week, month and year until today, and
    /// the last trip, by one request. The car's owner knows which day it is where they are.
    ///
    /// # Errors
    ///
    /// [`Error`]; a part of the answer that cannot be read is a warning and no error.
    pub async fn trip_overview(&self, vin: &Vin, today: Date) -> Result<Decoded<Overview>, Error> {
        self.overview_of(vin, today, false).await
    }

    /// Returns the summaries and the last trip, where asked for past the cache.
    pub(super) async fn overview_of(
        &self,
        vin: &Vin,
        today: Date,
        fresh: bool,
    ) -> Result<Decoded<Overview>, Error> {
        let range = Overview::range(today);
        let (range, page) = self.summaries_page(vin, range, fresh).await?;
        Ok(Decoded {
            value: Overview::of(page.value, range, today),
            warnings: page.warnings,
        })
    }

    /// Asks for summaries of what the service has of a range; of nothing it need not be asked.
    async fn summaries_page(
        &self,
        vin: &Vin,
        range: Range,
        fresh: bool,
    ) -> Result<(Option<Range>, Decoded<Option<Page>>), Error> {
        let range = range.known(self.clock.now());
        let page = match range {
            Some(range) => {
                let query = PageQuery {
                    fresh,
                    ..range.summary()
                };
                self.trips_page(vin, &query).await?
            }
            None => Decoded {
                value: None,
                warnings: Vec::new(),
            },
        };
        Ok((range, page))
    }

    async fn trips_page(
        &self,
        vin: &Vin,
        query: &PageQuery,
    ) -> Result<Decoded<Option<Page>>, Error> {
        let ask = Ask {
            query: Some(&query.text),
            fresh: query.fresh,
            max_answer_bytes: MAX_RAW_ANSWER_BYTES,
            ..Ask::of(Feature::Trips, Some(vin))
        };
        self.ask_as(ask, Page::read).await
    }
}

#[cfg(test)]
mod tests;
