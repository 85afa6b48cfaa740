//! Asking for a feature by the routes that there are for it.

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::call::Call;
use super::{MAX_ANSWER_BYTES, ToyotaClient};
use crate::auth::UserId;
use crate::envelope::{NoAnswer, read_json};
use crate::memory::{CarId, Remembered, RouteMemory};
use crate::routes::{Feature, Route};
use crate::{Error, HttpService, Vin};

mod order;
#[cfg(test)]
mod tests;

/// What is asked for, whatever the route.
pub(crate) struct Ask<'a> {
    pub(crate) feature: Feature,
    pub(crate) vin: Option<&'a Vin>,
    /// What comes after the question mark, encoded.
    pub(crate) query: Option<&'a str>,
    /// What stands in the path for an identifier; letters, digits and hyphens.
    pub(crate) segment: Option<&'a str>,
    /// Whether it is to be asked of the service, whatever was answered before.
    pub(crate) fresh: bool,
    pub(crate) body: BodyOf<'a>,
    pub(crate) max_answer_bytes: usize,
}

/// What is sent along.
pub(crate) enum BodyOf<'a> {
    /// Nothing.
    None,
    /// The same by each route.
    Value(&'a Value),
    /// What each route takes; it gets the user's identifier, which some want in the body.
    ByRoute(&'a (dyn Fn(&Route, &str) -> Option<Value> + Sync)),
}

impl<'a> Ask<'a> {
    /// Asks for a feature of a car, or of the account.
    pub(crate) fn of(feature: Feature, vin: Option<&'a Vin>) -> Self {
        Self {
            feature,
            vin,
            query: None,
            segment: None,
            fresh: false,
            body: BodyOf::None,
            max_answer_bytes: MAX_ANSWER_BYTES,
        }
    }
}

impl<S: HttpService> ToyotaClient<S> {
    /// Asks, by the routes in their order, and returns the answer.
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Result<Value, Error> {
        self.ask_as(ask, read_json).await
    }

    /// Asks, by the routes in their order, and returns what `read` makes of the answer.
    pub(crate) async fn ask_as<T: Send + Sync + 'static>(
        &self,
        ask: Ask<'_>,
        read: fn(Bytes) -> Result<T, NoAnswer>,
    ) -> Result<T, Error> {
        let ask = &ask;
        self.by_routes(ask.feature, ask.vin, |route| self.ask_by(route, ask, read))
            .await
    }

    /// Does something by the routes of a feature: by the next one where one is refused as unknown or
    /// fenced, once each. Remembers which were.
    pub(crate) async fn by_routes<'a, T, F: Future<Output = Result<T, Error>>>(
        &'a self,
        feature: Feature,
        vin: Option<&Vin>,
        // No `AsyncFn`: nobody could say that its futures are `Send`.
        send: impl Fn(&'a Route) -> F,
    ) -> Result<T, Error> {
        let id = CarId::new(self.account.name(), vin);
        let now = self.clock.now();
        let memory = match vin {
            Some(_) => self.memory.read(|it| it.routes(&id, feature)).await,
            // What is the account's is asked for every time: who is let in again has to notice.
            None => RouteMemory::default(),
        };
        let routes = order::in_order(self.routes.routes(feature), &memory, now);
        let mut refused = Vec::new();
        let mut first = None;
        for route in routes {
            match send(route).await {
                Ok(answer) => {
                    self.proven.store(true, Ordering::Relaxed);
                    if vin.is_some() {
                        self.learn(id, feature, &memory, refused, Some(route)).await;
                    }
                    return Ok(answer);
                }
                Err(error) if error.is_moved() => {
                    refused.push(route.path().to_owned());
                    first.get_or_insert(error);
                }
                // What is no refusal of the route says that it is there; but not that the refusals before it
                // were more than the same bad moment: they are learnt of a service that answers.
                Err(error) => return Err(error),
            }
        }
        if vin.is_some() {
            self.learn(id, feature, &memory, refused, None).await;
        }
        Err(first.unwrap_or_else(|| Error::not_offered(feature, vin)))
    }

    /// Asks by one route.
    pub(crate) async fn ask_by<T: Send + Sync + 'static>(
        &self,
        route: &Route,
        ask: &Ask<'_>,
        read: fn(Bytes) -> Result<T, NoAnswer>,
    ) -> Result<T, Error> {
        let body = match ask.body {
            BodyOf::None => None,
            BodyOf::Value(body) => Some(Cow::Borrowed(body)),
            BodyOf::ByRoute(body) => {
                let user = self.user().await?;
                body(route, user.secret().expose_secret()).map(Cow::Owned)
            }
        };
        let call = Call {
            operation: route.operation(ask.feature),
            method: route.method().clone(),
            path: order::target(route, ask.segment, ask.query),
            vin: ask.vin,
            body,
            at: (ask.feature == Feature::Nickname).then(|| self.clock.now()),
            fresh: ask.fresh,
            max_answer_bytes: ask.max_answer_bytes,
        };
        self.send(call, read).await
    }

    /// Remembers what a refusal and an answer say of the routes, if that is news. As long as nothing was
    /// ever answered, a refusal may be of the whole client, and says nothing of a route.
    async fn learn(
        &self,
        id: CarId,
        feature: Feature,
        memory: &RouteMemory,
        refused: Vec<String>,
        answered: Option<&Route>,
    ) {
        let answered = answered.map(|route| route.path().to_owned());
        let is_known = refused.is_empty()
            && (answered.is_none() || answered == memory.answered && memory.strikes == 0);
        if is_known || !self.proven.load(Ordering::Relaxed) {
            return;
        }
        let now = self.clock.now();
        let change = move |it: &mut Remembered| {
            let routes = &mut it.car(&id, now).routes;
            let routes = routes.entry(feature.name().to_owned()).or_default();
            // As it is by now: others learn too.
            *routes = order::learn(std::mem::take(routes), refused, answered, now);
        };
        self.memory.update(change).await;
    }

    /// Returns who the account's user is at the service.
    async fn user(&self) -> Result<UserId, Error> {
        match &self.user {
            Some(user) => user.find().await,
            None => Err(Error::unknown_user()),
        }
    }
}
