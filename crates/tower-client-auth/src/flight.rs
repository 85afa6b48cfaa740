//! Carries out a ticket: in a task of its own, so that nobody's leaving stops it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};
use tower_client_call::{CallRecord, Principal};

use crate::error::Failure;
use crate::held::Held;
use crate::shared::{Shared, Store};
use crate::slot::Slot;
use crate::state::{Brought, Fetch, Landed, Landing, Stored, Task, Ticket};
use crate::{AuthError, AuthErrorKind, Credential, PersistError};

/// A credential that cannot be kept is tried again after these, then used all the same.
const SAVE_AGAIN: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];

/// Begins to carry out a ticket.
pub(crate) fn spawn(shared: &Arc<Shared>, slot: &Arc<Slot>, ticket: Ticket) {
    let flight = Flight {
        shared: Arc::clone(shared),
        slot: Arc::clone(slot),
        principal: slot.principal().at_epoch(ticket.epoch),
        ticket: Some(ticket),
    };
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(flight.run())),
        Err(_) => flight.land(Err(Failure::Runtime.into())),
    }
}

/// A ticket that is carried out. However it ends, it lands.
struct Flight {
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    principal: Principal,
    ticket: Option<Ticket>,
}

impl Flight {
    async fn run(mut self) {
        loop {
            let Some(ticket) = &self.ticket else { return };
            let brought = self.carry_out(ticket).await;
            if let Some(again) = self.report(brought) {
                tracing::debug!("another credential was refused meanwhile; fetching once more");
                if let Some(ticket) = &mut self.ticket {
                    ticket.task = Task::Fetch(again);
                }
            } else {
                return;
            }
        }
    }

    fn land(mut self, brought: Result<Brought, AuthError>) {
        self.report(brought);
    }

    /// Tells the slot what came of it; returns what to fetch from instead.
    fn report(&mut self, brought: Result<Brought, AuthError>) -> Option<Fetch> {
        let ticket = self.ticket.take()?;
        if let Err(error) = &brought {
            note_failure(error);
        }
        match self.slot.land(ticket.id, brought, self.shared.random()) {
            Landed::Over => None,
            Landed::Again(fetch) => {
                self.ticket = Some(ticket);
                Some(fetch)
            }
        }
    }

    async fn carry_out(&self, ticket: &Ticket) -> Result<Brought, AuthError> {
        if !self.slot.expects(ticket.id) {
            return Ok(Brought::Nothing);
        }
        let store = self.shared.store(&self.principal);
        match &ticket.task {
            Task::Fetch(fetch) => match &store {
                Some(store) => self.fetch_among_others(ticket, fetch, store).await,
                None => {
                    let last = fetch.last.as_deref().map(Held::credential);
                    let fetched = self.ask_source(last, ticket.record.as_ref()).await?;
                    self.bring_fetched(fetched)
                }
            },
            Task::Look(fetch, error) => {
                let Some(store) = &store else {
                    return Err(error.clone());
                };
                match store.load().await {
                    Ok(Some(kept)) if fetch.is_untried(&kept) => return Ok(Brought::Changed),
                    Ok(_) => {}
                    Err(unread) => note_failure(&unread),
                }
                Err(error.clone())
            }
            Task::Keep(credential) => {
                let brought = self.bring((**credential).clone())?;
                if let Some(store) = &store {
                    let _lock = store.lock().await?;
                    if !self.slot.expects(ticket.id) {
                        return Ok(Brought::Nothing);
                    }
                    store.save(credential).await?;
                }
                Ok(brought)
            }
            Task::Forget => {
                if let Some(store) = &store {
                    let _lock = store.lock().await?;
                    if !self.slot.expects(ticket.id) {
                        return Ok(Brought::Nothing);
                    }
                    store.remove().await?;
                }
                Ok(Brought::Forgotten)
            }
        }
    }

    /// Takes what another process has fetched, or fetches while the others wait.
    async fn fetch_among_others(
        &self,
        ticket: &Ticket,
        fetch: &Fetch,
        store: &Store<'_>,
    ) -> Result<Brought, AuthError> {
        let takes = |kept: &Credential| fetch.is_news(kept) && self.shared.is_good(kept);
        if fetch.stored == Stored::Unseen
            && let Some(kept) = store.load().await?.filter(takes)
        {
            tracing::debug!("a stored credential is good");
            return self.bring(kept);
        }
        let _lock = store.lock().await?;
        // Its refresh token may be another's by now.
        if !self.slot.expects(ticket.id) {
            return Ok(Brought::Nothing);
        }
        let kept = match fetch.stored {
            Stored::Outdated => None,
            Stored::Unseen | Stored::Seen => store.load().await?,
        };
        // Another process has signed out.
        let gone = fetch.stored == Stored::Seen && !fetch.unsaved && kept.is_none();
        // What is older than ours would only be refused, or spend a refresh token twice.
        let kept = kept.filter(|kept| fetch.is_news(kept));
        if let Some(kept) = kept.as_ref().filter(|kept| takes(kept)) {
            tracing::debug!("another process has renewed the credential");
            return self.bring(kept.clone());
        }
        self.slot.note_asked_with(kept.as_ref());
        let last = fetch.last.as_deref().filter(|_| !gone);
        let previous = kept.as_ref().or(last.map(Held::credential));
        let fetched = match self.ask_source(previous, ticket.record.as_ref()).await {
            Ok(fetched) => fetched,
            // It serves to its end, as one of our own would.
            Err(error) => match kept.filter(|kept| !kept.is_expired()) {
                Some(kept) => return Ok(self.bring(kept)?.in_spite_of(error)),
                None => return Err(error),
            },
        };
        let brought = self.bring_fetched(fetched.clone())?;
        // Whose principal has signed out meanwhile must not be found there again.
        if self.slot.principal() != self.principal {
            return Ok(brought);
        }
        match save(store, &fetched).await {
            Ok(()) => Ok(brought),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a new credential could not be stored; it is lost with this process"
                );
                Ok(brought.unsaved())
            }
        }
    }

    async fn ask_source(
        &self,
        previous: Option<&Credential>,
        record: Option<&CallRecord>,
    ) -> Result<Credential, AuthError> {
        if let Some(record) = record {
            record.count_token_fetch();
        }
        let limit = self.shared.fetch_timeout;
        let fetch = self.shared.source.fetch(&self.principal, previous);
        let fetched = timeout(limit, fetch).await;
        let fetched = fetched.map_err(|_| Failure::Timeout(limit))?;
        let fetched = fetched.map_err(Failure::Source)?;
        tracing::debug!(lifetime = ?fetched.lifetime(), "obtained a credential");
        Ok(fetched)
    }

    /// What the source returns and would be asked for again at once is asked for later.
    fn bring_fetched(&self, credential: Credential) -> Result<Brought, AuthError> {
        let brought = self.bring(credential)?;
        if brought.is_fresh() {
            return Ok(brought);
        }
        Ok(brought.in_spite_of(Failure::ShortLived.into()))
    }

    fn bring(&self, credential: Credential) -> Result<Brought, AuthError> {
        let prepared = self.shared.prepare(credential)?;
        self.shared.note_names(prepared.applied());
        Ok(Brought::Credential {
            prepared,
            saved: true,
            failed: None,
        })
    }
}

/// The source panicked, or the runtime ends.
impl Drop for Flight {
    fn drop(&mut self) {
        self.report(Err(Failure::Panicked.into()));
    }
}

async fn save(store: &Store<'_>, credential: &Credential) -> Result<(), AuthError> {
    let mut saved = store.save(credential).await;
    for pause in SAVE_AGAIN {
        // One that takes too long would hold up everybody for as long again.
        if !saved
            .as_ref()
            .is_err_and(|error| error.kind() == AuthErrorKind::Store)
        {
            break;
        }
        sleep(pause).await;
        saved = store.save(credential).await;
    }
    saved
}

fn note_failure(error: &AuthError) {
    tracing::debug!(
        error = error as &dyn std::error::Error,
        permanent = error.is_permanent(),
        "no credential was obtained"
    );
}

impl From<PersistError> for AuthError {
    fn from(error: PersistError) -> Self {
        Failure::Store(error).into()
    }
}

/// What those who wait for a flight are told.
pub(crate) async fn landing(mut landing: tokio::sync::watch::Receiver<Landing>) -> Landing {
    let landed = landing.wait_for(|it| !matches!(it, Landing::Flying)).await;
    match landed {
        Ok(landed) => landed.clone(),
        // Nobody is left to tell: look again.
        Err(_) => Landing::Elsewhere,
    }
}
