//! What is handed out to be carried out, and what comes back.

use std::sync::Arc;

use tokio::sync::watch;
use tower_client_call::CallRecord;

use crate::held::{Held, Prepared};
use crate::{AuthError, Credential};

/// What the store's credential is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// Not looked at yet.
    Unseen,
    /// Looked at before; another process may have changed it.
    Seen,
    /// Of an older epoch: not to be used, only to be replaced.
    Outdated,
}

/// What came of a flight, for those who wait for it.
#[derive(Clone, Debug)]
pub(crate) enum Landing {
    /// Nothing yet.
    Flying,
    /// A credential.
    Here(Arc<Held>),
    /// None.
    Failed(AuthError),
    /// Something else happened meanwhile: look again.
    Elsewhere,
}

/// How a request was sent whose credential was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// For the first time, and it can be sent once more.
    First,
    /// It cannot be sent again.
    Once,
    /// For the second time.
    Again,
}

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// One that is good.
    Any,
    /// One of a later generation than this.
    After(u64),
}

impl Need {
    /// Tells whether a credential is what is needed, if it is good.
    pub(crate) fn is_met_by(self, held: &Held) -> bool {
        match self {
            Self::Any => true,
            Self::After(generation) => held.generation() > generation,
        }
    }
}

/// What a caller who needs a credential does.
#[derive(Debug)]
pub(crate) enum Step {
    Use(Arc<Held>),
    Wait(watch::Receiver<Landing>),
    Start(Ticket, watch::Receiver<Landing>),
    Fail(AuthError),
}

/// The right and the duty to do something about a principal's credential.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) id: u64,
    pub(crate) epoch: u64,
    pub(crate) task: Task,
    /// Of the call that began it.
    pub(crate) record: Option<CallRecord>,
}

#[derive(Debug)]
pub(crate) enum Task {
    /// Obtain one, from the store or the source.
    Fetch(Fetch),
    /// See whether the store has another one; if not, all stays as this says.
    Look(Fetch, AuthError),
    /// Keep one that somebody has brought.
    Keep(Box<Credential>),
    /// Remove what the store has.
    Forget,
}

/// What a fetch goes on from.
#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    pub(crate) last: Option<Arc<Held>>,
    pub(crate) stored: Stored,
    /// The last is newer than what the store has.
    pub(crate) unsaved: bool,
    /// The store's credential that the source was asked with last.
    pub(crate) asked_with: Option<Credential>,
}

/// What a flight brought.
#[derive(Debug)]
pub(crate) enum Brought {
    /// A credential; whether the store has it; and why it is not a newer one, if it should be.
    Credential {
        prepared: Prepared,
        saved: bool,
        failed: Option<AuthError>,
    },
    /// The store has another credential than the last.
    Changed,
    /// The store has none any more.
    Forgotten,
    /// Nothing, and nobody expects anything any more.
    Nothing,
}

impl Brought {
    /// Whether it need not be fetched again for a while.
    pub(crate) fn is_fresh(&self) -> bool {
        match self {
            Self::Credential { prepared, .. } => prepared.is_fresh(),
            Self::Changed | Self::Forgotten | Self::Nothing => true,
        }
    }

    /// The same, which the store does not have.
    pub(crate) fn unsaved(mut self) -> Self {
        if let Self::Credential { saved, .. } = &mut self {
            *saved = false;
        }
        self
    }

    /// The same, which is not what it should be.
    pub(crate) fn in_spite_of(mut self, error: AuthError) -> Self {
        if let Self::Credential { failed, .. } = &mut self {
            *failed = Some(error);
        }
        self
    }
}

/// What becomes of a flight that has landed.
#[derive(Debug)]
pub(crate) enum Landed {
    /// It is over, and those who wait were told.
    Over,
    /// What it brought may have been refused already: fetch again, from this.
    Again(Fetch),
}

impl Fetch {
    /// Tells whether a stored credential is another than the last, and may be newer.
    pub(crate) fn is_news(&self, kept: &Credential) -> bool {
        let last = self.last.as_ref();
        let known = last.is_some_and(|last| last.credential().has_secret_of(kept));
        self.stored != Stored::Outdated && !self.unsaved && !known
    }

    /// Tells whether a stored credential is one that the source was not asked with yet.
    pub(crate) fn is_untried(&self, kept: &Credential) -> bool {
        let tried = self.asked_with.as_ref();
        self.is_news(kept) && !tried.is_some_and(|tried| tried.has_secret_of(kept))
    }
}
