//! A cache before a scripted origin.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_client_cache::{Cache, CacheHandle, CacheLayer, CacheLayerBuilder, MemoryStore};

use crate::case::{Asked, Ground, Step, headers};
use crate::judge::{Got, Happened, judge};
use crate::origin::{Ask, Origin};

/// A cache before a scripted origin.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) ground: Ground,
    pub(crate) origin: Origin,
    pub(crate) cache: Cache<Origin>,
    pub(crate) handle: CacheHandle,
}

impl Scene {
    /// A cache with these settings, before an origin at `https`.
    pub(crate) fn new(set: impl FnOnce(CacheLayerBuilder) -> CacheLayerBuilder) -> Self {
        Self::at("https", set)
    }

    /// A cache with these settings, before an origin at `http` or `https`.
    pub(crate) fn at(
        scheme: &str,
        set: impl FnOnce(CacheLayerBuilder) -> CacheLayerBuilder,
    ) -> Self {
        let layer = set(CacheLayer::builder(MemoryStore::new())).build();
        Self::with(scheme, &layer.unwrap())
    }

    /// A cache of this layer, before an origin of its own.
    pub(crate) fn with(scheme: &str, layer: &CacheLayer) -> Self {
        let ground = Ground {
            origin: format!("{scheme}://api.example"),
            now: SystemTime::now(),
        };
        let origin = Origin::new(ground.clone());
        Self {
            ground,
            cache: layer.layer(origin.clone()),
            handle: layer.handle(),
            origin,
        }
    }

    /// Takes a step, which has to come out as it says.
    #[track_caller]
    pub(crate) fn run(&self, step: Step) -> impl Future<Output = ()> {
        self.run_with(step, |_| {})
    }

    /// The same with a request that is changed first.
    #[track_caller]
    pub(crate) fn run_with(
        &self,
        step: Step,
        change: impl FnOnce(&mut Ask),
    ) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let happened = self.go_with(&step, change).await;
            if let Err(wrong) = self.judge(&step, &happened) {
                panic!("{caller}: {wrong}");
            }
        }
    }

    /// Takes a step, and returns what comes of it.
    pub(crate) async fn go(&self, step: &Step) -> Happened {
        self.go_with(step, |_| {}).await
    }

    async fn go_with(&self, step: &Step, change: impl FnOnce(&mut Ask)) -> Happened {
        self.origin.answers(step.origin.clone());
        let mut request = self.request(step);
        change(&mut request);
        let got = self.get(request).await;
        if step.asked == Asked::Meanwhile {
            self.settle(step.origin.len()).await;
        }
        let asked = self.origin.asked().into_iter();
        Happened {
            asked: asked.map(|request| request.headers().clone()).collect(),
            got,
        }
    }

    /// Sends a request, and reads the answer to its end.
    pub(crate) async fn get(&self, request: Ask) -> Got {
        let Ok(response) = self.cache.clone().oneshot(request).await else {
            return Got::default();
        };
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok();
        Got {
            status: Some(head.status.as_u16()),
            headers: head.headers,
            body: body.map(|body| body.to_bytes().to_vec()),
        }
    }

    /// Makes the request of a step.
    pub(crate) fn request(&self, step: &Step) -> Ask {
        let mut request = Request::new(step.body.clone().into_bytes().into());
        *request.method_mut() = step.method.clone();
        let uri = format!("{}{}", self.ground.origin, step.path);
        *request.uri_mut() = uri.parse().unwrap();
        *request.headers_mut() = headers(&step.fields, &self.ground);
        request
    }

    /// Waits until the origin was asked so often and what it answered is stored.
    pub(crate) async fn settle(&self, asked: usize) {
        for _ in 0..1000 {
            tokio::task::yield_now().await;
            if self.origin.asked().len() >= asked && self.handle.stats().in_flight == 0 {
                return;
            }
        }
    }

    /// Says what is wrong with a step, if anything is.
    pub(crate) fn judge(&self, step: &Step, happened: &Happened) -> Result<(), String> {
        let wrong = judge(step, happened, &self.ground);
        if wrong.is_empty() {
            return Ok(());
        }
        let (method, path) = (&step.method, &step.path);
        Err(format!(
            "{method} {path} [{}]:\n    {}\n    seen: {}",
            step.fields,
            wrong.join("\n    "),
            shown(&happened.got.headers),
        ))
    }
}

/// Lets time pass.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

fn shown(headers: &HeaderMap) -> String {
    let lines = headers.iter();
    let lines: Vec<_> = lines
        .map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii()))
        .collect();
    lines.join(" | ")
}
