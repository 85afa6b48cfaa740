//! An origin that does whatever an origin may do.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use fastrand::Rng;
use http::{HeaderMap, Method, Response};
use tokio::time::{Instant, sleep};
use tower::{BoxError, Service};
use tower_client_cache::policy::{RangeRequest, ResponseDirectives};

use super::witness::{Sent, Witness};
use crate::case::{Ground, Reply, answer, headers, ok};
use crate::origin::{Ask, Content, respond};

/// On whose behalf a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Nobody,
    Anna(u64),
    Ben,
}

/// What a request selects: whose, which path, and which variant of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Resource {
    pub(super) owner: Owner,
    pub(super) path: String,
    /// The value of `X-A`, where the path varies by it.
    pub(super) variant: Option<String>,
}

impl Resource {
    /// Reads what a request selects; `/b` varies.
    pub(super) fn of(owner: Owner, path: &str, fields: &HeaderMap) -> Self {
        let value = fields.get("x-a").filter(|_| path == "/b");
        Self {
            owner,
            path: path.to_owned(),
            variant: value.map(|value| value.to_str().unwrap().to_owned()),
        }
    }

    /// Returns the body of a version, different for each; versions differ in length too.
    pub(super) fn body(&self, version: u64) -> String {
        let length = usize::try_from(version % 40).unwrap() + 8;
        format!("{self:?} {version} {}", "x".repeat(length))
    }

    /// Returns the tag of a version, if it has one.
    fn tag(&self, version: u64) -> Option<String> {
        let text = format!("{:?}.{}.{version}", self.owner, self.path);
        let variant = self.variant.as_deref().unwrap_or("none");
        match version % 3 {
            0 => None,
            1 => Some(format!("\"{text}.{variant}\"")),
            _ => Some(format!("W/\"{text}.{variant}\"")),
        }
    }
}

/// The service below the cache.
#[derive(Clone)]
pub(super) struct World(Arc<Mutex<State>>);

struct State {
    ground: Ground,
    start: Instant,
    rng: Rng,
    versions: HashMap<(Owner, String), u64>,
    witness: Arc<Mutex<Witness>>,
}

impl World {
    pub(super) fn new(ground: Ground, rng: Rng, witness: Arc<Mutex<Witness>>) -> Self {
        Self(Arc::new(Mutex::new(State {
            ground,
            start: Instant::now(),
            rng,
            versions: HashMap::new(),
            witness,
        })))
    }
}

impl Service<Ask> for World {
    type Response = Response<Content>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Ask) -> Self::Future {
        let mut state = self.0.lock().unwrap();
        let reply = state.answer(&request);
        let answer = respond(reply, request.method(), &state.ground);
        let delay = if state.rng.u8(..4) == 0 {
            state.rng.u64(..8)
        } else {
            0
        };
        drop(state);
        Box::pin(async move {
            if delay > 0 {
                sleep(Duration::from_secs(delay)).await;
            }
            answer.ok_or_else(|| "no answer".into())
        })
    }
}

impl State {
    fn answer(&mut self, request: &Ask) -> Reply {
        let owner = *request.extensions().get::<Owner>().unwrap();
        let resource = Resource::of(owner, request.uri().path(), request.headers());
        let dice = self.rng.u8(..100);
        let version = self
            .versions
            .entry((owner, resource.path.clone()))
            .or_insert(1);
        if *request.method() == Method::PUT {
            // Made or not, whatever is said of it.
            *version += u64::from(dice < 90);
            return match dice {
                ..80 => answer(204, "", ""),
                80..90 => Reply {
                    status: None,
                    ..answer(500, "", "")
                },
                _ => answer(500, "", "failed"),
            };
        }
        *version += u64::from(dice.is_multiple_of(10));
        let version = *version;
        match dice {
            ..8 => Reply {
                status: None,
                ..answer(503, "", "")
            },
            8..16 => answer(503, "", "failed"),
            _ => self.represent(request, &resource, version),
        }
    }

    fn represent(&mut self, request: &Ask, resource: &Resource, version: u64) -> Reply {
        let (tag, body) = (resource.tag(version), resource.body(version));
        let asked = request.headers().get_all("if-none-match").iter();
        let asked: Vec<_> = asked.map(|line| line.to_str().unwrap()).collect();
        let asked = asked.join(",");
        let names = |tag: &String| asked.contains(tag.trim_start_matches("W/"));
        let is_known = tag.as_ref().is_some_and(names);
        // Now and then one says so of what nobody asked about.
        let mistakes_it = !asked.is_empty() && self.rng.u8(..20) == 0;
        let fields = self.fields(resource, version, tag.as_deref());
        if (is_known && self.rng.u8(..10) > 0) || (mistakes_it && tag.is_some()) {
            return answer(304, fields, "");
        }
        let length = u64::try_from(body.len()).unwrap();
        if *request.method() == Method::HEAD {
            return ok(format!("{fields} | content-length: {length}"), "");
        }
        let range = RangeRequest::of(request.headers());
        if let Some(range) = range.and_then(|range| range.resolve(length))
            && self.rng.bool()
        {
            let (first, last) = (range.first(), range.last());
            let part = &body[usize::try_from(first).unwrap()..=usize::try_from(last).unwrap()];
            let fields = format!("{fields} | content-range: bytes {first}-{last}/{length}");
            return answer(206, fields, part);
        }
        let reply = ok(fields, body);
        match self.rng.u8(..12) {
            0 => Reply {
                ending: crate::case::Ending::ShortOfLength,
                ..reply
            },
            1 => reply.chunked().cut(),
            2..5 => reply.chunked(),
            _ => reply,
        }
    }

    /// Makes the fields of an answer, and remembers what they say under a number of its own.
    fn fields(&mut self, resource: &Resource, version: u64, tag: Option<&str>) -> String {
        let rng = &mut self.rng;
        let lifetime = [0, 1, 5, 20, 60, 100][rng.usize(..6)];
        let mut directives = format!("max-age={lifetime}");
        for (chance, directive) in [
            (5, ", must-revalidate"),
            (12, ", no-cache"),
            (15, ", no-store"),
            (3, ", stale-while-revalidate=15"),
            (3, ", stale-if-error=40"),
            (8, ", immutable"),
            (8, ", private"),
        ] {
            if rng.u8(..chance) == 0 {
                directives.push_str(directive);
            }
        }
        let age = if rng.u8(..4) == 0 { rng.u32(..30) } else { 0 };
        let past = if rng.u8(..4) == 0 { rng.u32(..30) } else { 0 };
        let now = i64::try_from(self.start.elapsed().as_secs()).unwrap();
        let date = now - i64::from(past);
        let mut fields = format!("cache-control: {directives} | age: {age} | date: @{date}");
        if let Some(tag) = tag {
            fields = format!("{fields} | etag: {tag}");
        }
        if resource.path == "/b" {
            fields = format!("{fields} | vary: x-a");
        }
        let sent = Sent {
            resource: resource.clone(),
            version,
            born: Instant::now(),
            age: age.max(past),
            lifetime,
            directives: ResponseDirectives::of(&headers(&fields, &self.ground)),
        };
        let number = self.witness.lock().unwrap().note(sent);
        format!("{fields} | x-number: {number}")
    }
}

impl Reply {
    /// Cuts the body off.
    fn cut(self) -> Self {
        Self {
            ending: crate::case::Ending::ShortOfChunks,
            ..self
        }
    }
}
