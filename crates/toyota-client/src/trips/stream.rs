//! Trips one after the other, page by page.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::alone::{Alone, AskTrip};
use super::page::Page;
use super::paging::{End, Paging};
use super::query::{PageQuery, Range, TripQuery};
use super::trip::Trip;
use crate::Error;
use crate::model::{Decoded, Warning};

/// As many as of one answer: nobody reads more.
const MAX_WARNINGS: usize = 256;

/// A page that is on its way.
pub(crate) type Asked = Pin<Box<dyn Future<Output = Result<Decoded<Option<Page>>, Error>> + Send>>;

/// Asks for a page.
pub(crate) type AskPage = Arc<dyn Fn(PageQuery) -> Asked + Send + Sync>;

/// Trips, the latest first: a [`Stream`] that asks for a page when the one before has been read.
///
/// An error ends it. What is on its way when it is dropped is given up. Where routes are asked for and
/// the list has none, each trip's is asked for when that trip is; one that cannot be had is warned of.
///
/// ```
/// use jiff::civil::date;
/// use toyota_client::trips::TripQuery;
/// use toyota_client::{Error, ToyotaClient, Vin};
///
/// async fn metres(client: &ToyotaClient, vin: &Vin) -> Result<f64, Error> {
///     let mut trips = client.trips(vin, &TripQuery::new(date(2026, 11, 1), date(2026, 11, 22)));
///     let mut metres = 0.0;
///     while let Some(trip) = trips.next().await {
///         metres += trip?.summary.and_then(|summary| summary.length).unwrap_or(0.0);
///     }
///     Ok(metres)
/// }
/// ```
#[must_use = "nothing is asked for until trips are"]
pub struct Trips {
    query: TripQuery,
    range: Option<Range>,
    ask: AskPage,
    alone: Alone,
    paging: Paging,
    read: VecDeque<Trip>,
    state: State,
    warnings: Vec<Warning>,
}

enum State {
    /// The next page is not asked for yet.
    Idle,
    /// It is on its way.
    Asked(Asked),
    /// There is none.
    Ended(Option<End>),
    /// It is not to be asked for.
    Refused(Option<Error>),
}

impl Trips {
    /// Creates the trips of a query, of which the service has this range.
    pub(crate) fn new(
        query: TripQuery,
        range: Option<Range>,
        ask: AskPage,
        ask_trip: AskTrip,
    ) -> Self {
        let state = match (query.check(), range) {
            (Err(error), _) => State::Refused(Some(error.into())),
            (Ok(()), None) => State::Ended(Some(End::Complete)),
            (Ok(()), Some(_)) => State::Idle,
        };
        Self {
            query,
            range,
            ask,
            alone: Alone::new(ask_trip, query.has_routes()),
            paging: Paging::default(),
            read: VecDeque::new(),
            state,
            warnings: Vec::new(),
        }
    }

    /// Returns the next trip; `None` after the last one.
    ///
    /// # Cancellation
    ///
    /// Nothing is lost by giving it up: what was on its way is waited for by the next call.
    pub async fn next(&mut self) -> Option<Result<Trip, Error>> {
        poll_fn(|cx| self.poll_trip(cx)).await
    }

    /// Returns the days that are asked for: of those of the query, the ones that the service has.
    /// `None` if it has none.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        self.range
    }

    /// Returns what could not be used of the pages until here: at most 256 warnings.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns why there are no more, once the last one was returned; `None` after an error.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        match self.state {
            State::Ended(end) if self.read.is_empty() && !self.alone.is_asking() => end,
            State::Ended(_) | State::Idle | State::Asked(_) | State::Refused(_) => None,
        }
    }

    fn poll_trip(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Trip, Error>>> {
        loop {
            if let Some(trip) = ready!(self.alone.poll(cx)) {
                return Poll::Ready(Some(self.completed(trip)));
            }
            if let Some(trip) = self.read.pop_front() {
                match self.alone.ask(trip) {
                    Some(trip) => return Poll::Ready(Some(Ok(trip))),
                    None => continue,
                }
            }
            match &mut self.state {
                State::Idle => {
                    let Some(range) = self.range else {
                        self.state = State::Ended(Some(End::Complete));
                        continue;
                    };
                    let query = self.query.page(range, self.paging.offset);
                    self.state = State::Asked((self.ask)(query));
                }
                State::Asked(asked) => match ready!(asked.as_mut().poll(cx)) {
                    Ok(page) => self.take(page),
                    Err(error) => self.state = State::Refused(Some(error)),
                },
                State::Refused(error) => {
                    let error = error.take().map(Err);
                    self.state = State::Ended(None);
                    return Poll::Ready(error);
                }
                State::Ended(_) => return Poll::Ready(None),
            }
        }
    }

    fn completed(&mut self, trip: Result<Decoded<Trip>, Error>) -> Result<Trip, Error> {
        match trip {
            Ok(Decoded { value, warnings }) => {
                self.warn(warnings);
                Ok(value)
            }
            Err(error) => {
                self.read.clear();
                self.state = State::Ended(None);
                Err(error)
            }
        }
    }

    fn warn(&mut self, warnings: Vec<Warning>) {
        let room = MAX_WARNINGS - self.warnings.len();
        self.warnings.extend(warnings.into_iter().take(room));
    }

    fn take(&mut self, page: Decoded<Option<Page>>) {
        let (trips, end) = self.paging.take(page.value);
        self.alone.see(&trips);
        self.read.extend(trips);
        self.warn(page.warnings);
        self.state = match end {
            Some(end) => {
                if end.is_early() {
                    tracing::warn!(?end, "there may be more trips than the service lists");
                }
                State::Ended(Some(end))
            }
            None => State::Idle,
        };
    }
}

impl Stream for Trips {
    type Item = Result<Trip, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_trip(cx)
    }
}

impl fmt::Debug for Trips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trips")
            .field("query", &self.query)
            .field("range", &self.range)
            .field("end", &self.end())
            .finish_non_exhaustive()
    }
}
