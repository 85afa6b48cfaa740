//! What the origin's answer means for what is stored.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, RepeatBody};

use super::Call;
use super::fetch::{Asking, Candidate, Fetch, Times};
use crate::flight::Landed;
use crate::policy::{
    self, EntityTag, Exchange, HeadOutcome, NotStored, Stored, Validation, after_validation,
    is_for_client, on_head, to_update, update_fields,
};
use crate::serve::{Validated, serve};
use crate::status::Told;
use crate::{CacheBody, Entry, Fields, Head};

/// What the origin's answer means.
pub(super) enum Settled<R> {
    /// The call is answered.
    Answer(Response<CacheBody<R>>),
    /// It is an answer of its own, which may be stored.
    Keep(Response<R>),
    /// It helps nobody: the request has to be sent again without conditions of the cache.
    Unconditionally,
}

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    pub(super) fn settle(
        &self,
        fetch: &Fetch,
        asking: &Asking,
        response: Response<R>,
        times: Times,
    ) -> Settled<R> {
        let is_asked = !asking.conditions.is_empty();
        match after_validation(response.status()) {
            Validation::NotModified if is_asked => {
                self.not_modified(fetch, asking, response, times)
            }
            Validation::Full if self.head.method == Method::HEAD => {
                self.compare(fetch, response.status(), response.headers(), times);
                Settled::Keep(response)
            }
            _ => Settled::Keep(response),
        }
    }

    /// Makes of a 304 what it says of what is stored (RFC 9111 sections 4.3.3 and 4.3.4).
    fn not_modified(
        &self,
        fetch: &Fetch,
        asking: &Asking,
        response: Response<R>,
        times: Times,
    ) -> Settled<R> {
        let updated = asking.updated_by(response.headers());
        let Some((first, others)) = updated.split_first() else {
            return if is_for_client(&self.head.headers, response.headers(), true) {
                Settled::Keep(response)
            } else {
                Settled::Unconditionally
            };
        };
        // Before it is copied, so that the store's copy knows.
        first.entry.note_use(self.shared.now());
        let good = self.freshen(fetch, first, response.headers(), times);
        fetch.land(|| match &good {
            Ok(entry) => Landed::Stored(Arc::clone(entry)),
            Err(_) => Landed::Unshared,
        });
        // Others of the same validator are good, too.
        for other in others {
            drop(self.freshen(fetch, other, response.headers(), times));
        }
        let (Ok(good) | Err(good)) = good;
        Settled::Answer(self.validated(fetch, &good))
    }

    /// Answers with what the origin has confirmed.
    fn validated(&self, fetch: &Fetch, entry: &Entry) -> Response<CacheBody<R>> {
        let now = self.shared.now();
        let wanted = fetch.look.wanted(&self.head.method, &self.head.headers);
        let answer = wanted.answer(entry);
        let mut response = serve(entry, answer, &self.head.method, now, Validated::Yes);
        let told = Told {
            fwd: Some(fetch.why),
            fwd_status: Some(StatusCode::NOT_MODIFIED),
            ttl: Some(entry.stored().remaining(now)),
            collapsed: fetch.collapsed,
            key: Some(&fetch.look.key),
            ..Told::default()
        };
        self.report
            .answered(&mut response, CacheOutcome::Revalidated, &told);
        response
    }

    /// Updates what is stored by an answer that says that it is still good. What may not be stored
    /// any more is an error: it is forgotten, and good for this one call.
    fn freshen(
        &self,
        fetch: &Fetch,
        candidate: &Candidate,
        not_modified: &HeaderMap,
        times: Times,
    ) -> Result<Arc<Entry>, Arc<Entry>> {
        let old = &candidate.entry;
        let mut fields = candidate.fields.clone();
        update_fields(&mut fields, not_modified, self.shared.settings.shared);
        let head = self.read_again(fetch, old.stored(), not_modified, &fields, times);
        let key = fetch.look.key.clone();
        match head {
            Ok(head) => {
                let entry = Arc::new(old.with_head(head));
                self.note_use_of(fetch, entry.stored());
                if !fetch.look.directives.no_store {
                    self.keep_freshened(fetch, old, &entry);
                }
                Ok(entry)
            }
            Err(_) => {
                // Another variant may be good for others all the same.
                if old.is_for(&self.head.headers) {
                    self.shared.drop_variant(key, old.variant());
                }
                let head = self.last_time(old, not_modified, &fields, times);
                Err(Arc::new(old.with_head(head)))
            }
        }
    }

    fn keep_freshened(&self, fetch: &Fetch, old: &Entry, entry: &Arc<Entry>) {
        let shared = &self.shared;
        let (key, epoch) = (fetch.look.key.clone(), fetch.epoch);
        if entry.variant() == old.variant() {
            let after = (fetch.lease.clone(), fetch.leader.clone());
            return shared.keep_head(key, Arc::clone(entry), epoch, after);
        }
        // It is what this request selects from now on. Where the old one was that before, by other
        // fields, it is not needed any more.
        if old.is_for(&self.head.headers) {
            shared.drop_variant(key.clone(), old.variant());
        }
        let (lease, leader) = (fetch.lease.clone(), fetch.leader.clone());
        shared.keep(key, Arc::clone(entry), epoch, lease, leader);
    }

    fn read_again(
        &self,
        fetch: &Fetch,
        old: &Stored,
        answer: &HeaderMap,
        fields: &HeaderMap,
        times: Times,
    ) -> Result<Head, NotStored> {
        let exchange = times.not_modified(answer);
        let is_shared = self.shared.settings.shared;
        let stored = fetch
            .look
            .rule
            .read_again(old, &exchange, fields, is_shared)?;
        self.head_of(&fetch.look.key, stored, fields)
    }

    /// Returns the head of what may not be stored any more, and answers this one call.
    fn last_time(&self, old: &Entry, answer: &HeaderMap, fields: &HeaderMap, times: Times) -> Head {
        let head = old.head();
        Head {
            stored: head.stored.validated_by(&times.not_modified(answer)),
            vary: head.vary.clone(),
            fields: Fields::of(fields).unwrap_or_else(|_| head.fields.clone()),
        }
    }

    /// Learns from an answer to HEAD about what is stored (RFC 9111 section 4.3.5).
    fn compare(&self, fetch: &Fetch, status: StatusCode, answer: &HeaderMap, times: Times) {
        let stored = fetch.variants.as_slice().iter();
        for old in stored.filter(|entry| entry.is_for(&self.head.headers)) {
            let fields = old.head().fields.to_map();
            let length = (!old.is_part()).then(|| old.content().len());
            let stale = || {
                let stored = old.stored().invalidated();
                Head {
                    stored,
                    ..old.head().clone()
                }
            };
            let head = match on_head(old.status(), &fields, length, status, answer) {
                HeadOutcome::Nothing => continue,
                HeadOutcome::Stale => stale(),
                // RFC 9111 section 5.2.1.5.
                HeadOutcome::Update if fetch.look.directives.no_store => continue,
                HeadOutcome::Update => {
                    let mut updated = fields;
                    update_fields(&mut updated, answer, self.shared.settings.shared);
                    let head = self.read_again(fetch, old.stored(), answer, &updated, times);
                    head.unwrap_or_else(|_| stale())
                }
            };
            let entry = Arc::new(old.with_head(head));
            self.keep_freshened(fetch, old, &entry);
        }
    }

    /// Returns what may stand in for an error of the origin (RFC 5861 section 4).
    pub(super) fn instead_of_error(
        &self,
        fetch: &Fetch,
        status: Option<StatusCode>,
    ) -> Option<Response<CacheBody<R>>> {
        let now = self.shared.now();
        let wanted = fetch.look.wanted(&self.head.method, &self.head.headers);
        let (entry, answer) = wanted.choose(&fetch.variants)?;
        let stored = entry.stored();
        let is_forgotten = self.shared.epochs.of(&fetch.look.key) != fetch.epoch;
        if is_forgotten || !stored.may_serve_on_error(&fetch.look.directives, now) {
            return None;
        }
        let mut response = serve(entry, answer, &self.head.method, now, Validated::No);
        entry.note_use(now);
        let told = Told {
            fwd: Some(fetch.why),
            fwd_status: status,
            ttl: Some(stored.remaining(now)),
            collapsed: fetch.collapsed,
            detail: Some("stale-if-error"),
            key: Some(&fetch.look.key),
            ..Told::default()
        };
        self.report
            .answered(&mut response, CacheOutcome::Stale, &told);
        Some(response)
    }
}

impl Times {
    /// Returns the exchange of a validation that says that what is stored is good.
    fn not_modified(self, answer: &HeaderMap) -> Exchange<'_> {
        static NONE: LazyLock<HeaderMap> = LazyLock::new(HeaderMap::new);
        Exchange {
            method: &Method::GET,
            // Whether the request lets it be stored is not the question here.
            request_headers: &NONE,
            status: StatusCode::NOT_MODIFIED,
            headers: answer,
            requested: self.requested,
            received: self.received,
            authenticated: false,
        }
    }
}

impl Asking {
    /// Returns what a 304 is about.
    fn updated_by(&self, not_modified: &HeaderMap) -> Vec<&Candidate> {
        let candidates: Vec<_> = self
            .candidates
            .iter()
            .map(|candidate| policy::Candidate {
                headers: &candidate.fields,
                date: candidate.entry.stored().date(),
            })
            .collect();
        let asked = (self.candidates.len() == 1 && self.others.is_empty()).then_some(0);
        let updated = to_update(&candidates, asked, not_modified);
        let updated: Vec<_> = updated
            .filter_map(|index| self.candidates.get(index))
            .collect();
        if !updated.is_empty() {
            return updated;
        }
        // The origin may give this request the same as another.
        let tag = EntityTag::of(not_modified);
        let other = |other: &&Candidate| tag.is_some() && EntityTag::of(&other.fields) == tag;
        self.others.iter().find(other).into_iter().collect()
    }
}
