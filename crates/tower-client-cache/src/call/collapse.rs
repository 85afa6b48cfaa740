//! Waiting for what another call is fetching.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tokio::time::Instant;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, Deadline, RepeatBody};

use super::fetch::Fetch;
use super::{Call, Outcome};
use crate::flight::{Landed, Nothing, Role};
use crate::plan::Look;
use crate::policy::{Answer, Decision, Vary};
use crate::recording::Recording;
use crate::serve::{Validated, serve, serve_arriving};
use crate::status::Told;
use crate::{CacheBody, CacheError, Entry, Head};

/// What a call has learnt by looking, and by waiting for others.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// How often it waited: at last it goes alone.
    taken: u32,
    /// Until when it waits, all in all.
    until: Option<Instant>,
    /// Whether the store did not answer: it is not asked again for this call.
    pub(super) is_store_out: bool,
    /// What selects among variants that are not stored yet.
    pub(super) selecting: Option<Vary>,
}

impl Turns {
    const MOST: u32 = 8;

    fn take(&mut self) -> bool {
        self.taken += 1;
        self.taken <= Self::MOST
    }

    fn is_first(&self) -> bool {
        self.taken == 1
    }
}

/// What comes of the wish to share a fetch.
pub(super) enum Sharing<R> {
    /// Another call's answer, or its error.
    Shared(Outcome<R>),
    /// This call fetches, for itself or for others too.
    Fetch(Fetch),
    /// To be looked up once more.
    Again(Look),
}

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Joins the fetch of another call, or begins one that others can join.
    pub(super) async fn share(&mut self, mut fetch: Fetch, turns: &mut Turns) -> Sharing<R> {
        if !self.may_share(&fetch) || !turns.take() {
            return Sharing::Fetch(fetch);
        }
        let flight = fetch.flight(&self.head.headers, turns.selecting.as_ref());
        let follower = match self.shared.flights.join(flight, fetch.epoch) {
            Role::Leads(leader) => {
                fetch.leader = Some(Arc::new(leader));
                if self.has_news(&fetch, turns).await {
                    return Sharing::Again(fetch.look);
                }
                fetch.collapsed = (!turns.is_first()).then_some(false);
                return Sharing::Fetch(fetch);
            }
            Role::Follows(follower) => follower,
        };
        // What was readied may be a permit that the leader needs.
        self.release();
        fetch.collapsed = Some(false);
        match follower.landing(self.until(turns)).await {
            Ok(landed) => self.follow(fetch, landed, turns),
            Err(Nothing::Abandoned) => Sharing::Again(fetch.look),
            Err(Nothing::TooLong) => Sharing::Fetch(fetch),
        }
    }

    /// Returns until when this call waits for others, all in all.
    pub(super) fn until(&self, turns: &mut Turns) -> Instant {
        let own = self.head.extensions.get().copied().map(Deadline::remaining);
        *turns.until.get_or_insert_with(|| self.shared.patience(own))
    }

    /// Tells whether somebody has landed since it was looked up what is stored.
    async fn has_news(&mut self, fetch: &Fetch, turns: &Turns) -> bool {
        let (shared, key) = (Arc::clone(&self.shared), &fetch.look.key);
        match shared.store.peek(key) {
            Some(found) if shared.store.peeks_all() => !found.is_same(&fetch.variants),
            Some(found) => !found.is_part_of(&fetch.variants),
            // The lease will tell.
            None if shared.has_peers() || turns.is_store_out => false,
            None => {
                self.release();
                // In a box, as calls of stores in memory do without.
                !Box::pin(shared.get(key)).await.is_same(&fetch.variants)
            }
        }
    }

    /// Whether the answer to this call may be another's, and the other way round.
    fn may_share(&self, fetch: &Fetch) -> bool {
        let look = &fetch.look;
        self.shared.settings.collapse
            && self.head.method == http::Method::GET
            && !look.is_conditional
            && !look.directives.no_store
            && !look.directives.no_cache
            && !self.shared.uncacheable.has(&look.key, fetch.now)
    }

    fn follow(&self, mut fetch: Fetch, landed: Landed, turns: &mut Turns) -> Sharing<R> {
        match landed {
            // Another variant: now it is known what selects this call's.
            Landed::Stored(entry) if !entry.is_for(&self.head.headers) => {
                turns.selecting = Some(entry.head().vary.clone());
                Sharing::Again(fetch.look)
            }
            Landed::Arriving(head, _) if !head.vary.matches(&self.head.headers) => {
                turns.selecting = Some(head.vary.clone());
                Sharing::Again(fetch.look)
            }
            Landed::Stored(entry) => self.share_stored(fetch, &entry),
            Landed::Arriving(head, recording) => self.share_arriving(fetch, &head, &recording),
            Landed::Refused(status) => {
                fetch.collapsed = Some(true);
                match self.instead_of_error(&fetch, Some(status)) {
                    Some(response) => Sharing::Shared(Ok(response)),
                    None => {
                        fetch.collapsed = Some(false);
                        Sharing::Fetch(fetch)
                    }
                }
            }
            Landed::Failed(error) => {
                fetch.collapsed = Some(true);
                self.share_error(&fetch, error)
            }
            Landed::Unshared => Sharing::Fetch(fetch),
        }
    }

    fn share_stored(&self, fetch: Fetch, entry: &Entry) -> Sharing<R> {
        let now = self.shared.now();
        let decision = entry.stored().decide(&fetch.look.directives, now, true);
        if !matches!(decision, Decision::Serve(_)) {
            return Sharing::Fetch(fetch);
        }
        let response = serve(entry, Answer::Full, &self.head.method, now, Validated::No);
        entry.note_use(now);
        self.shared_answer(&fetch, response, entry.head())
    }

    fn share_arriving(&self, fetch: Fetch, head: &Head, recording: &Recording) -> Sharing<R> {
        let now = self.shared.now();
        let decision = head.stored.decide(&fetch.look.directives, now, true);
        if !matches!(decision, Decision::Serve(_)) {
            return Sharing::Fetch(fetch);
        }
        match recording.reader() {
            Some(reader) => {
                let response = serve_arriving(head, reader, now);
                self.shared_answer(&fetch, response, head)
            }
            None => Sharing::Again(fetch.look),
        }
    }

    fn shared_answer(
        &self,
        fetch: &Fetch,
        mut response: Response<CacheBody<R>>,
        head: &Head,
    ) -> Sharing<R> {
        let told = Told {
            fwd: Some(fetch.why),
            collapsed: Some(true),
            ttl: Some(head.stored.remaining(self.shared.now())),
            key: Some(&fetch.look.key),
            ..Told::default()
        };
        self.report
            .answered(&mut response, CacheOutcome::Collapsed, &told);
        Sharing::Shared(Ok(response))
    }

    fn share_error(&self, fetch: &Fetch, error: CacheError) -> Sharing<R> {
        Sharing::Shared(match self.instead_of_error(fetch, None) {
            Some(response) => Ok(response),
            None => {
                self.report.noted(CacheOutcome::Collapsed);
                Err(error)
            }
        })
    }
}
