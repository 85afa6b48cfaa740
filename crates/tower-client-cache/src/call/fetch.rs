//! Asking the origin.

use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use http::{HeaderMap, Request, Response};
use http_body::Body;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, Failure, RepeatBody};

use super::answered::Settled;
use super::collapse::Turns;
use super::{Call, Outcome};
use crate::epochs::Epoch;
use crate::flight::{FlightKey, Landed, Leader};
use crate::lease::HeldLease;
use crate::plan::Look;
use crate::policy::{Answer, EntityTag, Timestamp, Vary, is_error_for_stale, revalidation_headers};
use crate::serve::Wanted;
use crate::status::Fwd;
use crate::store::Variants;
use crate::{CacheError, Entry};

/// What is asked of the origin, why, and for whom.
pub(super) struct Fetch {
    pub(super) look: Look,
    /// What is stored for the key.
    pub(super) variants: Variants,
    pub(super) why: Fwd,
    /// When it was looked up: what was forgotten since is not stored.
    pub(super) epoch: Epoch,
    /// When that was.
    pub(super) now: Timestamp,
    /// What its answer can be kept under, where other processes have the store too.
    pub(super) lease: Option<Arc<HeldLease>>,
    /// Who waits for it.
    pub(super) leader: Option<Arc<Leader>>,
    /// Whether it could have been, and was not, another call's answer.
    pub(super) collapsed: Option<bool>,
}

/// A stored answer that the origin is asked about.
pub(super) struct Candidate {
    pub(super) entry: Arc<Entry>,
    pub(super) fields: HeaderMap,
}

/// What the origin is asked about.
#[derive(Default)]
pub(super) struct Asking {
    /// What the request selects, and what would answer it; the latest first.
    pub(super) candidates: Vec<Candidate>,
    /// Other variants: the origin may say that one of them is what this request gets, too.
    pub(super) others: Vec<Candidate>,
    /// What asks about them; nothing if they have no validators.
    pub(super) conditions: HeaderMap,
}

/// When a request was sent and its answer came.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) requested: Timestamp,
    pub(super) received: Timestamp,
}

impl Fetch {
    pub(super) fn new(
        look: Look,
        variants: Variants,
        why: Fwd,
        epoch: Epoch,
        now: Timestamp,
    ) -> Self {
        Self {
            look,
            variants,
            why,
            epoch,
            now,
            lease: None,
            leader: None,
            collapsed: None,
        }
    }

    /// Returns what this fetch has in common with those that it can be shared with: the key, and
    /// the fields that are known to matter, by what is stored or by `selecting`.
    pub(super) fn flight(&self, request: &HeaderMap, selecting: Option<&Vary>) -> FlightKey {
        let stored = self.variants.as_slice().first();
        let stored = stored.map(|entry| &entry.head().vary);
        let selecting = selecting.or(stored).filter(|vary| !vary.is_empty());
        FlightKey {
            key: self.look.key.clone(),
            selection: selecting.map_or(0, |vary| vary.in_request(request).digest()),
        }
    }

    /// Returns what other processes have in common with it, if others may wait for it.
    pub(super) fn leased_flight(&self, request: &HeaderMap, turns: &Turns) -> Option<u64> {
        self.leader.as_ref()?;
        Some(self.flight(request, turns.selecting.as_ref()).selection)
    }

    /// Tells those who wait what came of it.
    pub(super) fn land(&self, landed: impl FnOnce() -> Landed) {
        if let Some(leader) = &self.leader {
            leader.land(landed());
        }
    }

    fn asking(&self, wanted: Wanted<'_>) -> Asking {
        let mut asking = Asking::default();
        for entry in self.variants.as_slice() {
            let candidate = || Candidate {
                entry: Arc::clone(entry),
                fields: entry.head().fields.to_map(),
            };
            if entry.is_for(wanted.headers) {
                if wanted.answer(entry) != Answer::Origin {
                    asking.candidates.push(candidate());
                } else if !entry.is_part() {
                    // Only the origin can evaluate the request's conditions, and on these alone.
                    return Asking::default();
                }
            } else if !entry.is_part() {
                asking.others.push(candidate());
            }
        }
        let first = asking.candidates.first();
        if first.is_some_and(|first| EntityTag::of(&first.fields).is_none()) {
            // Beside the tags of others its date would not count.
            asking.others.clear();
        }
        let all = asking.candidates.iter().chain(&asking.others);
        let fields = all.map(|candidate| &candidate.fields);
        asking.conditions = revalidation_headers(wanted.headers, fields);
        asking
    }
}

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Asks the origin, and makes of its answer what it means for what is stored.
    pub(super) async fn fetch(&mut self, fetch: Fetch) -> Outcome<R> {
        let wanted = fetch.look.wanted(&self.head.method, &self.head.headers);
        let mut asking = fetch.asking(wanted);
        loop {
            let (response, times) = match self.ask(&asking.conditions).await {
                Ok(answered) => answered,
                Err(error) => return self.failed(fetch, error),
            };
            if is_error_for_stale(response.status())
                && let Some(stale) = self.instead_of_error(&fetch, Some(response.status()))
            {
                fetch.land(|| Landed::Refused(response.status()));
                return Ok(stale);
            }
            match self.settle(&fetch, &asking, response, times) {
                Settled::Answer(response) => return Ok(response),
                Settled::Keep(response) => return Ok(self.keep(fetch, response, times)),
                // What the origin said is good is not what is stored: it has to be had as a whole.
                // Without conditions it does not come to this again.
                Settled::Unconditionally => asking = Asking::default(),
            }
        }
    }

    /// Answers with what may stand in for an answer that did not come, or with the error.
    fn failed(&self, fetch: Fetch, error: CacheError) -> Outcome<R> {
        // That this call's time was up says nothing of those who wait: one of them leads on.
        let is_own = self.has_deadline && Failure::of(&error) == Failure::Timeout;
        if !is_own {
            fetch.land(|| Landed::Failed(error.clone()));
        }
        match self.instead_of_error(&fetch, None) {
            Some(response) => Ok(response),
            None => {
                self.report.noted(CacheOutcome::Miss);
                // The others' copies go first: a caller can have the source of an error alone.
                drop(fetch);
                Err(error)
            }
        }
    }

    /// Sends the request with these conditions in place of those that ask for the same.
    async fn ask(&mut self, conditions: &HeaderMap) -> Result<(Response<R>, Times), CacheError> {
        let mut headers = self.head.headers.clone();
        let extensions = if conditions.is_empty() {
            // It is not sent again after this.
            mem::take(&mut self.head.extensions)
        } else {
            headers.remove(IF_NONE_MATCH);
            headers.remove(IF_MODIFIED_SINCE);
            headers.extend(conditions.clone());
            self.head.extensions.clone()
        };
        let requested = self.shared.now();
        let response = self.send(headers, extensions).await?;
        let received = self.shared.now();
        Ok((
            response,
            Times {
                requested,
                received,
            },
        ))
    }
}
