//! A client that asks for anything in any way.

use std::sync::{Arc, Mutex};

use fastrand::Rng;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_client_cache::{Cache, CacheBody};
use tower_client_call::{CacheOutcome, Principal};

use super::any_owner;
use super::witness::{Served, Witness};
use super::world::{Owner, Resource, World};
use crate::origin::{Ask, Content};

/// A client of the cache.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) cache: Cache<World>,
    pub(super) witness: Arc<Mutex<Witness>>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Call {
    owner: Owner,
    method: Method,
    path: &'static str,
    fields: HeaderMap,
}

impl Call {
    /// Returns any call.
    pub(super) fn any(rng: &mut Rng) -> Self {
        let mut fields = HeaderMap::new();
        let mut add = |name: &'static str, value: &'static str| {
            fields.append(name, value.parse().unwrap());
        };
        let variants = [None, Some("1"), Some("2")];
        if let Some(variant) = variants[rng.usize(..6).saturating_sub(3)] {
            add("x-a", variant);
        }
        let wishes = [
            "no-cache",
            "no-store",
            "max-age=0",
            "max-age=10",
            "min-fresh=10",
            "max-stale",
            "max-stale=10",
            "stale-if-error=30",
            "only-if-cached",
            "only-if-cached, max-stale=30",
        ];
        if rng.u8(..3) == 0 {
            add("cache-control", wishes[rng.usize(..wishes.len())]);
        }
        let ranges = [
            "bytes=0-9",
            "bytes=5-",
            "bytes=-4",
            "bytes=3-5",
            "bytes=1000-",
        ];
        match rng.u8(..10) {
            0 => add("range", ranges[rng.usize(..ranges.len())]),
            1 => add("if-none-match", "\"Nobody./a.1.none\""),
            2 => add("if-none-match", "\"Ben./a.4.none\", W/\"Ben./a.5.none\""),
            _ => {}
        }
        Self {
            owner: any_owner(rng),
            method: match rng.u8(..20) {
                0 => Method::PUT,
                1..3 => Method::HEAD,
                _ => Method::GET,
            },
            path: if rng.bool() { "/a" } else { "/b" },
            fields,
        }
    }

    fn request(&self) -> Ask {
        let mut request = Request::new(http_body_util::Full::default());
        *request.method_mut() = self.method.clone();
        let uri = format!("https://api.example{}", self.path);
        *request.uri_mut() = uri.parse().unwrap();
        *request.headers_mut() = self.fields.clone();
        let principal = match self.owner {
            Owner::Nobody => None,
            Owner::Anna(epoch) => Some(Principal::new("anna").at_epoch(epoch)),
            Owner::Ben => Some(Principal::new("ben")),
        };
        let extensions = request.extensions_mut();
        extensions.insert(self.owner);
        principal.map(|principal| extensions.insert(principal));
        request
    }
}

impl Client {
    /// Makes a call and has the witness judge what comes of it; one that `leaves` does not read the
    /// body.
    pub(super) async fn take(self, call: Call, leaves: bool) {
        let resource = Resource::of(call.owner, call.path, &call.fields);
        let asked_at = self.witness.lock().unwrap().moment();
        let answer = self.cache.oneshot(call.request()).await;
        let Ok(response) = answer else { return };
        if call.method == Method::PUT {
            if response.status().is_success() {
                self.witness.lock().unwrap().changed(resource);
            }
            return;
        }
        let served = Served {
            resource: &resource,
            request: &call.fields,
            status: response.status().as_u16(),
            headers: response.headers(),
            outcome: *response.extensions().get::<CacheOutcome>().unwrap(),
            asked_at,
        };
        self.witness.lock().unwrap().judge(&served);
        judge_tag(&call, &response);
        if leaves {
            return;
        }
        let (head, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return;
        };
        let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
        if call.method == Method::HEAD || head.status.as_u16() == 304 {
            return assert_eq!(body, "");
        }
        let witness = self.witness.lock().unwrap();
        witness.judge_body(&head.headers, head.status.as_u16(), &body);
    }
}

/// Who is told to use what it has is told so of that.
fn judge_tag(call: &Call, response: &Response<CacheBody<Content>>) {
    if response.status().as_u16() != 304 {
        return;
    }
    let outcome = *response.extensions().get::<CacheOutcome>().unwrap();
    let asked = call
        .fields
        .get("if-none-match")
        .map(|tags| tags.to_str().unwrap());
    let asked = asked.expect("a 304 that nobody asked for");
    if outcome != CacheOutcome::Miss {
        let tag = response.headers()["etag"].to_str().unwrap();
        assert!(
            asked.contains(tag.trim_start_matches("W/")),
            "{tag} of {asked}"
        );
    }
}
