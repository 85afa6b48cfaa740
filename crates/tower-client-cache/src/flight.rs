//! One fetch for all calls that want the same at the same time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;
use http::StatusCode;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::epochs::Epoch;
use crate::recording::Recording;
use crate::{CacheError, Entry, Head, Key};

/// The fetches that calls can wait for.
///
/// The first call that wants something leads: it fetches. Others follow: they wait for what it
/// [lands](Leader::land), and have it too. A leader that is dropped without landing hands over: its
/// followers come back, and the first of them leads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<FlightKey, Flight>>>);

/// What calls have to have in common to wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FlightKey {
    pub(crate) key: Key,
    /// A number for the request fields that are known to select among variants.
    pub(crate) selection: u64,
}

#[derive(Debug)]
struct Flight {
    epoch: Epoch,
    landed: watch::Receiver<Option<Landed>>,
}

/// What came of a fetch.
#[derive(Clone, Debug)]
pub(crate) enum Landed {
    /// It is stored.
    Stored(Arc<Entry>),
    /// It is arriving, and will be stored.
    Arriving(Arc<Head>, Recording),
    /// Nobody else can have it: it may not be stored, or not be used again.
    Unshared,
    /// The origin failed with this status.
    Refused(StatusCode),
    /// There was no answer.
    Failed(CacheError),
}

/// What a call does that needs something from the origin.
pub(crate) enum Role {
    Leads(Leader),
    Follows(Follower),
}

impl Flights {
    /// Joins the fetch of a key, or begins it. One that began before something was forgotten is
    /// not joined: what it brings may be what was to be forgotten.
    pub(crate) fn join(&self, key: FlightKey, epoch: Epoch) -> Role {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(&key)
            && flight.epoch == epoch
        {
            let landed = flight.landed.clone();
            return Role::Follows(Follower { landed });
        }
        let (sender, landed) = watch::channel(None);
        let before = flights.insert(key.clone(), Flight { epoch, landed });
        drop(flights);
        drop(before);
        Role::Leads(Leader {
            flights: self.clone(),
            key,
            landed: sender,
        })
    }

    /// Begins the fetch of a key unless there is one.
    pub(crate) fn lead(&self, key: FlightKey, epoch: Epoch) -> Option<Leader> {
        match self.join(key, epoch) {
            Role::Leads(leader) => Some(leader),
            Role::Follows(_) => None,
        }
    }

    /// Returns how many fetches there are.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The right and the duty to fetch. Others can join until it is dropped.
pub(crate) struct Leader {
    flights: Flights,
    key: FlightKey,
    landed: watch::Sender<Option<Landed>>,
}

impl Leader {
    /// Tells all followers what came of it.
    pub(crate) fn land(&self, landed: Landed) {
        self.landed.send_replace(Some(landed));
    }

    /// Returns what can tell them after this leader is gone.
    pub(crate) fn landing(&self) -> Landing {
        Landing(self.landed.clone())
    }
}

/// Tells all followers what came of a fetch.
pub(crate) struct Landing(watch::Sender<Option<Landed>>);

impl Landing {
    pub(crate) fn land(self, landed: Landed) {
        self.0.send_replace(Some(landed));
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let mut flights = self
            .flights
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // A later flight of the same key may have taken its place.
        let own = self.landed.subscribe();
        let is_own = |flight: &Flight| own.same_channel(&flight.landed);
        let is_there = flights.get(&self.key).is_some_and(is_own);
        let ended = is_there.then(|| flights.remove(&self.key));
        drop(flights);
        drop(ended);
    }
}

impl fmt::Debug for Leader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leader").finish_non_exhaustive()
    }
}

/// A place among those who wait.
pub(crate) struct Follower {
    landed: watch::Receiver<Option<Landed>>,
}

/// Why a follower has nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// The leader left.
    Abandoned,
    /// It took too long.
    TooLong,
}

impl Follower {
    /// Waits for what comes of the fetch, at most until then.
    pub(crate) async fn landing(mut self, until: Instant) -> Result<Landed, Nothing> {
        let landed = self.landed.wait_for(Option::is_some);
        match timeout_at(until, landed).await {
            Ok(Ok(landed)) => landed.clone().ok_or(Nothing::Abandoned),
            Ok(Err(_)) => Err(Nothing::Abandoned),
            Err(_) => Err(Nothing::TooLong),
        }
    }
}
