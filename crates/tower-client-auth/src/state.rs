//! What is known about one principal's credential, and what is done next.
//!
//! A plain state machine: time is an argument, and what has to be fetched or kept is handed out as
//! a [`Ticket`], of which there is one at a time. Whoever carries it out reports back by
//! [`State::land`].

mod flight;
mod landing;
mod trouble;

use std::sync::Arc;

use tokio::sync::watch;
use tower_client_call::CallRecord;

pub(crate) use self::flight::{
    Brought, Fetch, Landed, Landing, Need, Sent, Step, Stored, Task, Ticket,
};
use self::trouble::{Rejection, Trouble};
use crate::error::Failure;
use crate::held::Held;
use crate::moment::Moment;
use crate::windows::Freshness;
use crate::{AuthError, Credential};

/// What is known about one principal's credential.
#[derive(Debug)]
pub(crate) struct State {
    epoch: u64,
    /// An epoch has ended here, which must not begin again.
    signed_out: bool,
    /// The credential in use: not refused, but possibly expired.
    current: Option<Arc<Held>>,
    /// The last that was obtained, which the next fetch goes on from.
    last: Option<Arc<Held>>,
    /// The last was refused.
    refused: bool,
    /// The last took the place of a refused one, and nobody knows whether it is any better.
    unproved: bool,
    /// The store does not have the last one: it could not be kept.
    unsaved: bool,
    stored: Stored,
    /// The store's credential that the source was asked with.
    asked_with: Option<Credential>,
    flight: Option<Flight>,
    flights: u64,
    generations: u64,
    trouble: Trouble,
    rejection: Option<Rejection>,
}

/// Somebody is fetching.
#[derive(Debug)]
struct Flight {
    id: u64,
    landing: watch::Sender<Landing>,
    fetches: bool,
    /// A credential was refused since it began.
    overtaken: bool,
}

impl State {
    pub(crate) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            signed_out: false,
            current: None,
            last: None,
            refused: false,
            unproved: false,
            unsaved: false,
            stored: Stored::Unseen,
            asked_with: None,
            flight: None,
            flights: 0,
            generations: 0,
            trouble: Trouble::None,
            rejection: None,
        }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the credential in use: not refused, but possibly expired.
    pub(crate) fn current(&self) -> Option<&Arc<Held>> {
        self.current.as_ref()
    }

    /// Tells whether the credential in use has yet to be accepted by somebody.
    pub(crate) fn is_unproved(&self) -> bool {
        self.unproved
    }

    /// Tells whether this credential of the store would be used, if it is good.
    pub(crate) fn would_take(&self, kept: &Credential) -> bool {
        self.fetch().is_news(kept)
    }

    /// Tells whether a logout has ended an epoch here.
    pub(crate) fn has_signed_out(&self) -> bool {
        self.signed_out
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.flight.is_none()
    }

    /// Enters the epoch of a request: a newer one ends what was; an older one is over.
    pub(crate) fn enter(&mut self, epoch: u64) -> Result<(), AuthError> {
        if epoch < self.epoch {
            return Err(Failure::SignedOut.into());
        }
        if epoch > self.epoch {
            self.begin_epoch(epoch);
        }
        Ok(())
    }

    fn begin_epoch(&mut self, epoch: u64) {
        self.call_off();
        *self = Self {
            stored: Stored::Outdated,
            flights: self.flights,
            generations: self.generations,
            signed_out: true,
            ..Self::new(epoch)
        };
    }

    /// Nobody waits for what is under way any more.
    fn call_off(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.landing.send_replace(Landing::Elsewhere);
        }
    }

    /// Decides what a caller does who needs a credential.
    pub(crate) fn step(&mut self, need: Need, now: Moment, record: Option<&CallRecord>) -> Step {
        let current = self.current().filter(|held| need.is_met_by(held)).cloned();
        let freshness = current.as_ref().map(|held| held.freshness_at(now));
        let good = current.filter(|_| freshness > Some(Freshness::Expired));
        if freshness >= Some(Freshness::Soft)
            && let Some(held) = good
        {
            return Step::Use(held);
        }
        if let Some(flight) = &self.flight {
            return Step::Wait(flight.landing.subscribe());
        }
        let task = match self.trouble.hinders(now.monotonic) {
            Some(error) => match good {
                Some(held) => return Step::Use(held),
                None => match self.trouble.looks_again(now.monotonic) {
                    true => Task::Look(self.fetch(), error),
                    false => return Step::Fail(error),
                },
            },
            None => Task::Fetch(self.fetch()),
        };
        let (ticket, landing) = self.take_off(task, record);
        Step::Start(ticket, landing)
    }

    /// Returns a ticket to renew a credential that is good for a while, if nobody does.
    pub(crate) fn renew(&mut self, now: Moment, record: Option<&CallRecord>) -> Option<Ticket> {
        let hindered = || self.trouble.hinders(now.monotonic).is_some();
        let due = self.current()?.freshness_at(now) < Freshness::Fresh;
        if !due || self.flight.is_some() || hindered() {
            return None;
        }
        let fetch = Task::Fetch(self.fetch());
        Some(self.take_off(fetch, record).0)
    }

    /// The API has refused the credential of this generation. Returns whether another is to be had:
    /// one that was refused as soon as it came is not replaced at once again.
    pub(crate) fn refuse(&mut self, generation: u64, sent: Sent, now: Moment) -> bool {
        let current = self.current.as_ref();
        if current.is_none_or(|held| held.generation() != generation) {
            return true;
        }
        let known = self.rejection.as_ref().filter(|it| it.is_of(generation));
        if known.is_some_and(|it| it.holds_back(now.monotonic)) {
            return false;
        }
        let rejected = match sent {
            Sent::Again => true,
            // There will be no replay to tell.
            Sent::Once => self.unproved,
            Sent::First => false,
        };
        if rejected {
            self.reject(generation, now);
            return false;
        }
        // One that others may use stays until there is another.
        if known.is_none() {
            self.current = None;
            self.refused = true;
            if let Some(flight) = &mut self.flight {
                flight.overtaken = flight.fetches;
            }
        }
        true
    }

    /// The API has accepted the credential of this generation.
    pub(crate) fn prove(&mut self, generation: u64) {
        let current = self.current.as_ref();
        if current.is_some_and(|held| held.generation() == generation) {
            self.unproved = false;
            // An endpoint that takes this one says nothing of another that did not.
            self.rejection.take_if(|it| !it.is_of(generation));
        }
    }

    fn reject(&mut self, generation: u64, now: Moment) {
        self.unproved = false;
        let last = self.rejection.take();
        self.rejection = Some(Rejection::after(last, generation, now.monotonic));
    }

    /// Ends the epoch that is current: nothing of it is used, and what the store has is to be
    /// removed.
    pub(crate) fn sign_out(&mut self, stores: bool) -> Option<(Ticket, watch::Receiver<Landing>)> {
        self.begin_epoch(self.epoch.saturating_add(1));
        stores.then(|| self.take_off(Task::Forget, None))
    }

    /// Somebody brings a credential. A flight that is under way is not waited for any more.
    pub(crate) fn bring(&mut self, credential: Credential) -> (Ticket, watch::Receiver<Landing>) {
        self.take_off(Task::Keep(Box::new(credential)), None)
    }

    /// Somebody says that the credentials have changed: what was refused may be tried again.
    pub(crate) fn try_again(&mut self) {
        self.trouble = Trouble::None;
    }

    /// Returns what tells when the flight under way has landed.
    pub(crate) fn flight(&self) -> Option<watch::Receiver<Landing>> {
        Some(self.flight.as_ref()?.landing.subscribe())
    }

    /// Tells whether what this flight brings is still wanted.
    pub(crate) fn expects(&self, flight: u64) -> bool {
        self.flight.as_ref().is_some_and(|it| it.id == flight)
    }

    /// Notes what the store has while the source is asked.
    pub(crate) fn note_asked_with(&mut self, kept: Option<&Credential>) {
        self.asked_with = kept.cloned();
    }

    fn fetch(&self) -> Fetch {
        Fetch {
            last: self.last.clone(),
            stored: self.stored,
            unsaved: self.unsaved,
            asked_with: self.asked_with.clone(),
        }
    }

    fn take_off(
        &mut self,
        task: Task,
        record: Option<&CallRecord>,
    ) -> (Ticket, watch::Receiver<Landing>) {
        self.call_off();
        let (sender, landing) = watch::channel(Landing::Flying);
        self.flights += 1;
        self.flight = Some(Flight {
            id: self.flights,
            landing: sender,
            fetches: matches!(task, Task::Fetch(_)),
            overtaken: false,
        });
        let ticket = Ticket {
            id: self.flights,
            epoch: self.epoch,
            task,
            record: record.cloned(),
        };
        (ticket, landing)
    }
}
