//! What is put around the layer to watch it: a service right below it, and a policy.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, StatusCode};
use tower::Service;
use tower_client_call::Operation;
use tower_client_retry::{Attempted, Decision, Policy};

use crate::log::{Model, Readied, Sent, id_of};

pub(crate) type AnyPolicy = Arc<dyn Policy + Send + Sync>;

/// Notes when the layer asks for readiness, and what it sends.
pub(crate) struct Probe<S> {
    inner: S,
    model: Arc<Model>,
    asked: Option<Duration>,
    readied: Option<Readied>,
}

impl<S> Probe<S> {
    pub(crate) fn new(inner: S, model: &Arc<Model>) -> Self {
        let model = Arc::clone(model);
        Self {
            inner,
            model,
            asked: None,
            readied: None,
        }
    }
}

impl<S: Clone> Clone for Probe<S> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), &self.model)
    }
}

impl<S, B> Service<Request<B>> for Probe<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.asked.get_or_insert_with(|| self.model.now());
        let ready = self.inner.poll_ready(cx);
        if let Poll::Ready(Ok(())) = ready {
            self.readied
                .get_or_insert_with(|| Readied::new(&self.model));
        }
        ready
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        let at = self.model.now();
        let asked = self.asked.take();
        self.readied = None;
        self.model.change(id_of(request.headers()), |log| {
            log.sends.push(Sent {
                decided: log.decided,
                asked,
                at,
                received: None,
                told: None,
                reply_read: 0,
                reply_ended: false,
            });
        });
        self.inner.call(request)
    }
}

/// Notes when the policy is asked.
pub(crate) struct Watched {
    policy: AnyPolicy,
    model: Arc<Model>,
}

impl Watched {
    pub(crate) fn new(policy: &AnyPolicy, model: &Arc<Model>) -> Self {
        let (policy, model) = (Arc::clone(policy), Arc::clone(model));
        Self { policy, model }
    }
}

impl Policy for Watched {
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        let now = self.model.now();
        let id = id_of(&attempted.request().headers);
        self.model.change(id, |log| log.decided = Some(now));
        self.policy.decide(attempted)
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        self.policy.peek(operation, status)
    }
}
