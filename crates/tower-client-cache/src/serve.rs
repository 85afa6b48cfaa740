//! Answers made of what is stored.

use std::sync::Arc;

use http::header::{AGE, CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use tower_client_call::{CacheOutcome, CallRecord};

use crate::plan::Look;
use crate::policy::{
    Answer, Chosen, ContentRange, Decision, RequestDirectives, ResponseDirectives, Served,
    StaleReason, Stored, Timestamp, not_modified_fields, served_fields,
};
use crate::recording::Reader;
use crate::report;
use crate::settings::Abandoned;
use crate::shared::Shared;
use crate::status::{Fwd, Told};
use crate::store::Variants;
use crate::{CacheBody, Entry, Head};

/// What a request asks of stored answers, besides whether they are fresh.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) is_conditional: bool,
}

/// An answer from the cache.
pub(crate) struct Hit<R> {
    pub(crate) response: Response<CacheBody<R>>,
    /// Whether the origin is to be asked for another meanwhile.
    pub(crate) is_to_be_refreshed: bool,
}

/// What is served while the origin is asked.
const MEANWHILE: Served = Served::Stale(StaleReason::WhileRevalidate);

impl Look {
    /// Returns what a request asks of stored answers.
    pub(crate) fn wanted<'a>(&self, method: &'a Method, headers: &'a HeaderMap) -> Wanted<'a> {
        Wanted {
            method,
            headers,
            is_conditional: self.is_conditional,
        }
    }

    /// Returns the answer to a request that what is stored is good for.
    pub(crate) fn hit<R>(
        &self,
        shared: &Shared,
        wanted: Wanted<'_>,
        record: Option<&CallRecord>,
        variants: &Variants,
    ) -> Option<Hit<R>> {
        let mut answers = wanted.answers(variants).peekable();
        answers.peek()?;
        let now = shared.now();
        // The latest of those that may be served (RFC 9111 section 4).
        let (entry, answer, served) = answers.find_map(|(entry, answer)| {
            let decision = entry.stored().decide(&self.directives, now, true);
            match decision {
                // Who asks meanwhile asks for everything.
                Decision::Serve(MEANWHILE) if entry.is_part() => None,
                Decision::Serve(served) => Some((entry, answer, served)),
                Decision::Revalidate | Decision::Fetch | Decision::GatewayTimeout => None,
            }
        })?;
        let mut response = self.serve_hit(shared, wanted, entry, answer, now);
        let outcome = match served {
            Served::Fresh => CacheOutcome::Hit,
            Served::Stale(_) => CacheOutcome::Stale,
        };
        report::note(shared, record, outcome);
        response.extensions_mut().insert(outcome);
        entry.note_use(now);
        Some(Hit {
            response,
            is_to_be_refreshed: served == MEANWHILE,
        })
    }

    fn serve_hit<R>(
        &self,
        shared: &Shared,
        wanted: Wanted<'_>,
        entry: &Arc<Entry>,
        answer: Answer,
        now: Timestamp,
    ) -> Response<CacheBody<R>> {
        let stored = entry.stored();
        let make = || {
            let (mut headers, status) = fields(entry.head(), answer, now, Validated::No);
            if let Some(cache_status) = &shared.settings.cache_status {
                let told = Told {
                    ttl: Some(stored.remaining(now)),
                    key: Some(&self.key),
                    ..Told::default()
                };
                cache_status.append(&mut headers, &told);
            }
            (headers, status)
        };
        let (headers, status) = if answer == Answer::Full && !stored.without_no_cache_fields() {
            let (slot, age) = (self.key.hash_value(), stored.age(now));
            let headers = shared.warm.headers(entry, slot, age, || make().0);
            (headers, entry.status())
        } else {
            make()
        };
        respond(status, headers, body(entry, answer, wanted.method))
    }
}

impl<'a> Wanted<'a> {
    /// Returns the stored answers that the request selects and that can answer it, and how; the
    /// latest first.
    pub(crate) fn answers<'v>(
        self,
        variants: &'v Variants,
    ) -> impl Iterator<Item = (&'v Arc<Entry>, Answer)> + use<'v, 'a> {
        let selected = variants.as_slice().iter();
        let selected = selected.filter(move |entry| entry.is_for(self.headers));
        selected
            .map(move |entry| (entry, self.answer(entry)))
            // Parts that do not have what is wanted are none; but what is older than a whole answer
            // that only the origin can speak for is not asked.
            .take_while(|(entry, answer)| *answer != Answer::Origin || entry.is_part())
            .filter(|(_, answer)| *answer != Answer::Origin)
    }

    /// Returns the latest of them.
    pub(crate) fn choose(self, variants: &Variants) -> Option<(&Arc<Entry>, Answer)> {
        self.answers(variants).next()
    }

    /// Returns why nothing stored is good for the request.
    pub(crate) fn why(&self, variants: &Variants, now: Timestamp) -> Fwd {
        if variants.is_empty() {
            return Fwd::UriMiss;
        }
        if let Some((entry, _)) = self.choose(variants) {
            let anybody = RequestDirectives::default();
            let decision = entry.stored().decide(&anybody, now, true);
            return match decision {
                Decision::Serve(_) => Fwd::Request,
                Decision::Revalidate | Decision::Fetch | Decision::GatewayTimeout => Fwd::Stale,
            };
        }
        let mut selected = variants.as_slice().iter();
        match selected.find(|entry| entry.is_for(self.headers)) {
            Some(entry) if entry.is_part() => Fwd::Partial,
            Some(_) => Fwd::Request,
            None => Fwd::VaryMiss,
        }
    }

    /// Returns how a stored answer meets the request's conditions.
    pub(crate) fn answer(&self, entry: &Entry) -> Answer {
        if !self.is_conditional && !entry.is_part() {
            return Answer::Full;
        }
        let chosen = Chosen {
            status: entry.status(),
            headers: &entry.head().fields.to_map(),
            received: entry.stored().received(),
            length: entry.content().len(),
        };
        chosen.answer(self.method, self.headers)
    }
}

/// Whether the origin has just said that a stored answer is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validated {
    Yes,
    No,
}

/// Makes an answer of a stored one.
pub(crate) fn serve<R>(
    entry: &Entry,
    answer: Answer,
    method: &Method,
    now: Timestamp,
    validated: Validated,
) -> Response<CacheBody<R>> {
    let (headers, status) = fields(entry.head(), answer, now, validated);
    respond(status, headers, body(entry, answer, method))
}

/// Makes an answer of one that is still arriving.
pub(crate) fn serve_arriving<R>(
    head: &Head,
    reader: Reader,
    now: Timestamp,
) -> Response<CacheBody<R>> {
    let (headers, status) = fields(head, Answer::Full, now, Validated::No);
    respond(
        status,
        headers,
        CacheBody::recorded(reader, Abandoned::Dropped),
    )
}

/// Makes the answer of a cache that would have to ask, and must not (RFC 9111 section 5.2.1.7).
pub(crate) fn gateway_timeout<R>() -> Response<CacheBody<R>> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    respond(StatusCode::GATEWAY_TIMEOUT, headers, CacheBody::empty())
}

fn respond<R>(
    status: StatusCode,
    headers: HeaderMap,
    body: CacheBody<R>,
) -> Response<CacheBody<R>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn fields(
    head: &Head,
    answer: Answer,
    now: Timestamp,
    validated: Validated,
) -> (HeaderMap, StatusCode) {
    /// `Age`, `Cache-Status`, `Content-Range`.
    const MORE: usize = 3;
    let stored = head.fields.to_map_with_room(MORE);
    let without = fields_to_leave_out(&head.stored, &stored, validated);
    let age = head.stored.age(now);
    match answer {
        Answer::Full | Answer::Origin => {
            (served_fields(stored, &without, age), head.stored.status())
        }
        Answer::NotModified => {
            let mut headers = not_modified_fields(&stored, &without);
            headers.insert(AGE, age.into());
            (headers, StatusCode::NOT_MODIFIED)
        }
        Answer::Partial { range, .. } => {
            let mut headers = served_fields(stored, &without, age);
            set_range(&mut headers, answer, range.len());
            (headers, StatusCode::PARTIAL_CONTENT)
        }
        Answer::Unsatisfiable { .. } => {
            let mut headers = not_modified_fields(&stored, &without);
            headers.insert(AGE, age.into());
            set_range(&mut headers, answer, 0);
            (headers, StatusCode::RANGE_NOT_SATISFIABLE)
        }
    }
}

fn set_range(headers: &mut HeaderMap, answer: Answer, length: u64) {
    headers.insert(CONTENT_LENGTH, length.into());
    if let Some(range) = answer.content_range() {
        headers.insert(CONTENT_RANGE, range.into());
    }
}

/// RFC 9111 section 5.2.2.4: what `no-cache="…"` names is not for answers that the origin was not
/// asked about.
fn fields_to_leave_out(
    stored: &Stored,
    fields: &HeaderMap,
    validated: Validated,
) -> Vec<HeaderName> {
    if validated == Validated::Yes || !stored.without_no_cache_fields() {
        return Vec::new();
    }
    ResponseDirectives::of(fields).no_cache_fields
}

fn body<R>(entry: &Entry, answer: Answer, method: &Method) -> CacheBody<R> {
    let content = entry.content();
    match answer {
        _ if *method == Method::HEAD => CacheBody::empty(),
        Answer::Full | Answer::Origin => CacheBody::stored(content.clone()),
        Answer::NotModified | Answer::Unsatisfiable { .. } => CacheBody::empty(),
        Answer::Partial { range, .. } => {
            // A stored part begins where its own range says.
            let begin = first_stored(entry);
            let from = range.first().saturating_sub(begin);
            CacheBody::stored(content.slice(from..from.saturating_add(range.len())))
        }
    }
}

fn first_stored(entry: &Entry) -> u64 {
    if !entry.is_part() {
        return 0;
    }
    match ContentRange::of(&entry.head().fields.to_map()) {
        Some(ContentRange::Part { range, .. }) => range.first(),
        _ => 0,
    }
}
