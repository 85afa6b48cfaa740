//! Storing an answer while it is passed on.

use std::sync::Arc;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, RepeatBody};

use super::Call;
use super::fetch::{Fetch, Times};
use crate::flight::Landed;
use crate::plan::CREDENTIALS;
use crate::policy::{
    Announced, ContentRange, Decision, Exchange, NotStored, RequestDirectives, ResponseDirectives,
    Stored, Vary, is_error_for_stale, storable_fields,
};
use crate::recording::{Finished, Recording};
use crate::status::Told;
use crate::{CacheBody, Entry, Fields, Head, Key, Owner};

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Passes an answer on, and stores it meanwhile if it may be stored.
    pub(super) fn keep(
        &self,
        fetch: Fetch,
        response: Response<R>,
        times: Times,
    ) -> Response<CacheBody<R>> {
        let announced = Announced::of(response.headers(), &self.head.method, response.status());
        let read = match announced {
            Announced::Exactly(length) if length > self.shared.settings.max_entry => {
                Err(NotStored::NotCacheable)
            }
            // Whatever comes, it will not be complete.
            Announced::Nothing => Err(NotStored::NotCacheable),
            _ => self.read(&fetch, &response, times),
        };
        let mut told = Told {
            fwd: Some(fetch.why),
            collapsed: fetch.collapsed,
            ..Told::default()
        };
        match read {
            Ok(head) => {
                let (parts, body) = response.into_parts();
                told.stored = true;
                told.ttl = Some(head.stored.remaining(times.received));
                let key = fetch.look.key.clone();
                told.key = Some(&key);
                let body = self.record(fetch, head, body, announced);
                let mut response = Response::from_parts(parts, body);
                self.report
                    .answered(&mut response, CacheOutcome::Miss, &told);
                response
            }
            Err(reason) => {
                self.note_not_stored(&fetch, &response, reason);
                self.pass_on(response, &told, CacheOutcome::Miss)
            }
        }
    }

    /// Reads what is to be stored of an answer besides its content.
    fn read(&self, fetch: &Fetch, response: &Response<R>, times: Times) -> Result<Head, NotStored> {
        let is_shared = self.shared.settings.shared;
        let exchange = Exchange {
            method: &self.head.method,
            request_headers: &self.head.headers,
            status: response.status(),
            headers: response.headers(),
            requested: times.requested,
            received: times.received,
            authenticated: self.head.headers.values().any(HeaderValue::is_sensitive),
        };
        // A part that does not say which it is could be taken for another, or for the whole.
        let is_part = response.status() == StatusCode::PARTIAL_CONTENT;
        if is_part
            && !matches!(
                ContentRange::of(response.headers()),
                Some(ContentRange::Part { .. })
            )
        {
            return Err(NotStored::Partial);
        }
        let stored = fetch.look.rule.read(&exchange, is_shared)?;
        let directives = if is_shared {
            ResponseDirectives::of(response.headers())
        } else {
            // Nothing in them matters for the fields of a private cache.
            ResponseDirectives::default()
        };
        let fields = storable_fields(response.headers(), &directives, is_shared, times.received);
        self.head_of(&fetch.look.key, stored, &fields)
    }

    /// Makes the head of an entry for this call's request.
    pub(super) fn head_of(
        &self,
        key: &Key,
        stored: Stored,
        fields: &HeaderMap,
    ) -> Result<Head, NotStored> {
        let vary = Vary::of(fields, &self.head.headers).ok_or(NotStored::VaryAny)?;
        let vary = if matches!(key.owner(), Owner::Principal(_)) {
            // The principal is in the key; its tokens change, what it may see does not.
            vary.without(&AUTHORIZATION)
        } else {
            vary
        };
        let is_credential = |name: &HeaderName| {
            let mut values = self.head.headers.get_all(name).iter();
            values.any(|value| value.is_sensitive() || CREDENTIALS.contains(name))
        };
        // A credential is not stored, and so not compared either.
        if vary.names().any(is_credential) {
            return Err(NotStored::Authorization);
        }
        // What came over an open connection may have been changed on the way (RFC 8246 section 3).
        let is_secure = key.uri().and_then(http::Uri::scheme) == Some(&Scheme::HTTPS);
        let fields = Fields::of(fields).map_err(|_| NotStored::NotCacheable)?;
        Ok(Head {
            stored: if is_secure { stored } else { stored.mutable() },
            vary,
            fields,
        })
    }

    /// Passes the content on while it is recorded, for the store and for all who want the same.
    fn record(&self, fetch: Fetch, head: Head, body: R, announced: Announced) -> CacheBody<R> {
        self.note_use_of(&fetch, &head.stored);
        let expected = match announced {
            Announced::Exactly(length) => Some(length),
            Announced::Any | Announced::Nothing => None,
        };
        let head = Arc::new(head);
        let landing = fetch.leader.as_ref().map(|leader| leader.landing());
        let shared = Arc::clone(&self.shared);
        let limit = shared.settings.max_entry;
        let finish = {
            let head = Arc::clone(&head);
            move |finished| {
                let Fetch {
                    look,
                    epoch,
                    lease,
                    leader,
                    ..
                } = fetch;
                match finished {
                    Finished::Complete(content) if announced.is_met_by(content.len()) => {
                        let head = Arc::unwrap_or_clone(head);
                        let tags = look.rule.tags().clone();
                        let created = head.stored.received();
                        let entry = Entry::new(head, content, created, tags);
                        if look.rule.allows(&entry) {
                            shared.keep(look.key, Arc::new(entry), epoch, lease, leader);
                        }
                    }
                    Finished::TooLong => shared.uncacheable.note(&look.key, shared.now()),
                    Finished::Complete(_) | Finished::Failed | Finished::Abandoned => {}
                }
            }
        };
        let (recording, reader) = Recording::open(body, limit, expected, Box::new(finish));
        if let Some(landing) = landing {
            landing.land(Landed::Arriving(head, recording));
        }
        CacheBody::recorded(reader, self.shared.settings.abandoned)
    }

    /// Tells who waits that there is nothing for them, and remembers it if that will be so again.
    fn note_not_stored(&self, fetch: &Fetch, response: &Response<R>, reason: NotStored) {
        let status = response.status();
        if is_error_for_stale(status) {
            return fetch.land(|| Landed::Refused(status));
        }
        fetch.land(|| Landed::Unshared);
        // A part, a 304 and what an error says tell nothing of other calls.
        let is_usual = (status.is_success() || status.is_redirection())
            && self.head.method == Method::GET
            && !fetch.look.is_conditional;
        if is_usual && reason != NotStored::RequestNoStore {
            self.shared
                .uncacheable
                .note(&fetch.look.key, self.shared.now());
        }
    }

    /// Remembers whether what is stored now can be another call's answer as well.
    pub(super) fn note_use_of(&self, fetch: &Fetch, stored: &Stored) {
        let now = self.shared.now();
        let anybody = RequestDirectives::default();
        let (key, uncacheable) = (&fetch.look.key, &self.shared.uncacheable);
        match stored.decide(&anybody, now, true) {
            Decision::Serve(_) => uncacheable.forget(key),
            Decision::Revalidate | Decision::Fetch | Decision::GatewayTimeout => {
                uncacheable.note(key, now);
            }
        }
    }
}
