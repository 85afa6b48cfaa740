//! One call: whose it is, and what is sent again.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderMap, Request, StatusCode};
use tower::Service;
use tower_client_call::{CallRecord, Captured, Deadline, Principal, RepeatBody, RequestHead};

use crate::AuthError;
use crate::acquire::Wanted;
use crate::challenge::Verdict;
use crate::flight::spawn;
use crate::held::Held;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::state::{Need, Sent, Step};

/// A wait for a credential. Boxed: it is rare.
pub(crate) type Acquiring = Pin<Box<dyn Future<Output = Result<Arc<Held>, AuthError>> + Send>>;

/// A call that is given a credential.
pub(crate) struct Call<S, B: RepeatBody> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) slot: Arc<Slot>,
    /// For a request that is sent later; not ready.
    service: S,
    head: RequestHead,
    body: B::Kept,
    /// Of the credential that was sent; 0 before.
    generation: u64,
    /// In which that was; before, what the request says, if it does.
    epoch: Option<u64>,
    replay: bool,
}

impl<S, B: RepeatBody> Call<S, B> {
    #[inline(always)] // built where it stays: moving it costs more than making it
    pub(crate) fn new(
        shared: Arc<Shared>,
        slot: Arc<Slot>,
        service: S,
        request: &Request<B>,
        held: Option<&Held>,
    ) -> Self {
        let own = Principal::of(request).map(Principal::epoch);
        Self {
            shared,
            slot,
            service,
            head: RequestHead::of(request),
            body: request.body().keep(),
            generation: held.map_or(0, Held::generation),
            epoch: held.map_or(own, |held| Some(held.epoch())),
            replay: false,
        }
    }

    /// Decides by its head whether a response refuses the credential.
    #[inline]
    pub(crate) fn inspect(&self, status: StatusCode, headers: &HeaderMap) -> Verdict {
        self.shared.challenge.inspect(status, headers)
    }

    pub(crate) fn refuses(&self, status: StatusCode, body: &Captured) -> bool {
        self.shared.challenge.refuses(status, body)
    }

    pub(crate) fn is_replay(&self) -> bool {
        self.replay
    }

    /// Begins to wait for a first credential.
    pub(crate) fn acquire(&self) -> Acquiring {
        self.wait_for(Need::Any)
    }

    /// The credential was refused. Begins to wait for another, if the request can be sent again
    /// with one.
    pub(crate) fn replace(&self) -> Option<Acquiring> {
        let sent = match B::again(&self.body) {
            _ if self.replay => Sent::Again,
            Ok(_) => Sent::First,
            Err(_) => Sent::Once,
        };
        let another = self.slot.refuse(self.generation, sent);
        let need = Need::After(self.generation);
        match sent {
            Sent::First if another => return Some(self.wait_for(need)),
            Sent::Once if another => {}
            Sent::First | Sent::Once | Sent::Again => return None,
        }
        // For those who come.
        let record = self.head.get();
        if let Step::Start(ticket, _) = self.slot.step(self.epoch, need, record) {
            spawn(&self.shared, &self.slot, ticket);
        }
        None
    }

    /// The credential was accepted.
    #[inline]
    pub(crate) fn accepted(&self) {
        self.slot.prove(self.generation);
    }

    fn wait_for(&self, need: Need) -> Acquiring {
        let wanted = Wanted {
            shared: Arc::clone(&self.shared),
            slot: Arc::clone(&self.slot),
            epoch: self.epoch,
            need,
            record: self.head.get().cloned(),
        };
        Box::pin(wanted.by(self.head.get::<Deadline>().copied()))
    }

    /// The request once more, for another credential; `None` if that has the secret that was
    /// refused, or the body is not to be had again after all.
    pub(crate) fn again(&mut self, held: &Held) -> Option<Request<B>> {
        if held.first() <= self.generation {
            return None;
        }
        let body = B::again(&self.body).ok()?;
        tracing::debug!("the credential was refused; sending the request again with another");
        self.replay = true;
        if let Some(record) = self.head.get::<CallRecord>() {
            record.count_replay();
        }
        Some(self.head.with(body))
    }
}

impl<S, B> Call<S, B>
where
    S: Service<Request<B>>,
    B: RepeatBody,
{
    pub(crate) fn poll_service(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    /// Sends a request with this credential.
    pub(crate) fn send(&mut self, mut request: Request<B>, held: &Held) -> S::Future {
        held.put_on(request.headers_mut());
        self.generation = held.generation();
        self.epoch = Some(held.epoch());
        self.service.call(request)
    }
}
