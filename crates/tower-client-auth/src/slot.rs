//! One principal's place: the credential in force for every call to read, the rest behind a lock.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwapOption, Guard};
use tokio::sync::watch;
use tower_client_call::{CallRecord, Principal};

use crate::held::Held;
use crate::moment::Moment;
use crate::state::{Brought, Landed, Landing, Need, Sent, State, Step, Ticket};
use crate::{AuthError, Credential};

/// One principal's place.
#[derive(Debug)]
pub(crate) struct Slot {
    principal: Principal,
    /// What the state says is in use, for those who only read it.
    current: ArcSwapOption<Held>,
    /// Somebody has to tell whether that is any better than the last.
    unproved: AtomicBool,
    state: Mutex<State>,
}

impl Slot {
    pub(crate) fn new(principal: &Principal) -> Self {
        Self {
            principal: principal.clone(),
            current: ArcSwapOption::empty(),
            unproved: AtomicBool::new(false),
            state: Mutex::new(State::new(principal.epoch())),
        }
    }

    /// Returns the principal in the epoch that is current.
    pub(crate) fn principal(&self) -> Principal {
        let epoch = self.lock().epoch();
        self.principal.at_epoch(epoch)
    }

    pub(crate) fn id(&self) -> &str {
        self.principal.id()
    }

    /// Returns the credential in use. Waits for nobody.
    #[inline]
    pub(crate) fn current(&self) -> Guard<Option<Arc<Held>>> {
        self.current.load()
    }

    /// Decides what a caller of this epoch does who needs a credential.
    pub(crate) fn step(&self, epoch: Option<u64>, need: Need, record: Option<&CallRecord>) -> Step {
        self.change(|state| {
            if let Some(epoch) = epoch
                && let Err(error) = state.enter(epoch)
            {
                return Step::Fail(error);
            }
            state.step(need, Moment::now(), record)
        })
    }

    /// Returns a ticket to renew what is in use, if it is time and nobody does. Does not wait:
    /// whoever holds the lock is asking the same.
    pub(crate) fn renew(&self, record: Option<&CallRecord>) -> Option<Ticket> {
        let mut state = self.state.try_lock().ok()?;
        state.renew(Moment::now(), record)
    }

    pub(crate) fn refuse(&self, generation: u64, sent: Sent) -> bool {
        self.change(|state| state.refuse(generation, sent, Moment::now()))
    }

    /// The API has accepted the credential of this generation.
    #[inline]
    pub(crate) fn prove(&self, generation: u64) {
        // Nearly always known already.
        if self.unproved.load(Relaxed) {
            self.change(|state| state.prove(generation));
        }
    }

    /// Ends this epoch, unless it has ended already.
    pub(crate) fn sign_out(
        &self,
        epoch: u64,
        stores: bool,
    ) -> Option<(Ticket, watch::Receiver<Landing>)> {
        self.change(|state| {
            state.enter(epoch).ok()?;
            state.sign_out(stores)
        })
    }

    pub(crate) fn bring(
        &self,
        epoch: u64,
        credential: Credential,
    ) -> Result<(Ticket, watch::Receiver<Landing>), AuthError> {
        self.change(|state| {
            state.enter(epoch)?;
            Ok(state.bring(credential))
        })
    }

    pub(crate) fn would_take(&self, kept: &Credential) -> bool {
        self.lock().would_take(kept)
    }

    pub(crate) fn has_signed_out(&self) -> bool {
        self.lock().has_signed_out()
    }

    /// Somebody of this epoch says that the credentials have changed.
    pub(crate) fn try_again(&self, epoch: u64) -> Result<(), AuthError> {
        self.change(|state| {
            state.enter(epoch)?;
            state.try_again();
            Ok(())
        })
    }

    /// Returns what tells when the flight under way has landed.
    pub(crate) fn flight(&self) -> Option<watch::Receiver<Landing>> {
        self.lock().flight()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.lock().is_idle()
    }

    pub(crate) fn expects(&self, flight: u64) -> bool {
        self.lock().expects(flight)
    }

    pub(crate) fn note_asked_with(&self, kept: Option<&Credential>) {
        self.lock().note_asked_with(kept);
    }

    pub(crate) fn land(
        &self,
        flight: u64,
        brought: Result<Brought, AuthError>,
        random: f64,
    ) -> Landed {
        self.change(|state| state.land(flight, brought, Moment::now(), random))
    }

    /// Changes the state, and publishes what is in use after that.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let changed = change(&mut state);
        let current = state.current();
        let published = self.current.load();
        if current.map(Arc::as_ptr) != published.as_ref().map(Arc::as_ptr) {
            self.current.store(current.cloned());
        }
        self.unproved.store(state.is_unproved(), Relaxed);
        changed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in there is half done when a caller's closure panics: there are none.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
