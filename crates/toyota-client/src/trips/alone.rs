//! Routes that a list of trips lacks: the service of today tells one only of a trip that is asked for
//! alone.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use serde_json::Value;

use super::id::TripId;
use super::trip::Trip;
use crate::model::Decoded;
use crate::model::warning::{Path, Warnings};
use crate::{Error, Kind};

/// So many trips one after the other whose routes nobody has, and the service has none.
const MAX_MISSED: u32 = 3;

/// A trip that is on its way.
pub(crate) type AskedTrip =
    Pin<Box<dyn Future<Output = Result<Decoded<Option<Trip>>, Error>> + Send>>;

/// Asks for one trip.
pub(crate) type AskTrip = Arc<dyn Fn(TripId) -> AskedTrip + Send + Sync>;

/// Asks for the routes that a list lacks, one trip at a time.
pub(super) struct Alone {
    ask: AskTrip,
    is_wanted: bool,
    /// How many trips in a row nothing was told of.
    missed: u32,
    /// The trip whose route is asked for.
    asked: Option<(Trip, AskedTrip)>,
}

impl Alone {
    /// Asks only if routes are wanted.
    pub(super) fn new(ask: AskTrip, is_wanted: bool) -> Self {
        Self {
            ask,
            is_wanted,
            missed: 0,
            asked: None,
        }
    }

    /// Looks at a page: where the list has one route it has all that there are.
    pub(super) fn see(&mut self, trips: &[Trip]) {
        self.is_wanted &= !trips.iter().any(Trip::has_route);
    }

    /// Asks for the route of a trip, or returns the trip if there is nothing to ask.
    pub(super) fn ask(&mut self, trip: Trip) -> Option<Trip> {
        let id = trip.id.clone().filter(|_| self.is_wanted);
        let Some(id) = id else {
            return Some(trip);
        };
        self.asked = Some((trip, (self.ask)(id)));
        None
    }

    /// Tells whether a route is on its way.
    pub(super) fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Waits for the route that is on its way, and returns its trip; `None` if none is.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Decoded<Trip>, Error>>> {
        let Some((_, asked)) = &mut self.asked else {
            return Poll::Ready(None);
        };
        let answer = ready!(asked.as_mut().poll(cx));
        let trip = self.asked.take().map(|(trip, _)| trip);
        Poll::Ready(trip.map(|trip| self.complete(trip, answer)))
    }

    /// Adds what a trip's own answer has to what the list has. One that cannot be had spoils no other.
    fn complete(
        &mut self,
        listed: Trip,
        answer: Result<Decoded<Option<Trip>>, Error>,
    ) -> Result<Decoded<Trip>, Error> {
        let (alone, warnings) = match answer {
            Ok(Decoded { value, warnings }) => (value, warnings),
            Err(error) => {
                self.bear(error)?;
                (None, Vec::new())
            }
        };
        let is_same = |alone: &Trip| alone.id.is_none() || alone.id == listed.id;
        if let Some(alone) = alone.filter(is_same) {
            self.missed = 0;
            let value = listed.with_lists_of(alone);
            return Ok(Decoded { value, warnings });
        }
        self.missed += 1;
        self.is_wanted &= self.missed < MAX_MISSED;
        let mut missed = Warnings::default();
        let at = Path::Root("trip");
        missed.add(&Path::Member(&at, "route"), "a list", &Value::Null);
        let mut missed = missed.into_decoded(listed);
        missed.warnings.extend(warnings);
        Ok(missed)
    }

    /// Goes on after what is wrong with one trip, or with asking for one; not after what would be wrong
    /// with the next page, too.
    fn bear(&mut self, error: Error) -> Result<(), Error> {
        if error.is_moved() || error.is(Kind::ActionNotSupported) {
            self.is_wanted = false;
            return Ok(());
        }
        let is_bearable = match error.kind() {
            Kind::Api | Kind::Vehicle => true,
            Kind::Server => self.missed + 1 < MAX_MISSED,
            _ => false,
        };
        if is_bearable { Ok(()) } else { Err(error) }
    }
}

impl fmt::Debug for Alone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alone")
            .field("is_wanted", &self.is_wanted)
            .field("missed", &self.missed)
            .finish_non_exhaustive()
    }
}
