//! The cases once more, on sockets: through the caching proxy, before an origin that writes bytes.

pub(crate) mod client;
pub(crate) mod origin;
#[path = "../../../crates/tower-client/examples/caching-proxy/proxy.rs"]
pub(crate) mod proxy;
pub(crate) mod stage;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::{Method, Request, StatusCode};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_call::Principal;

use self::client::Client;
use self::origin::{Act, Origin, wire};
use self::stage::Stage;
use crate::case::{Asked, Case, Ground, Reply, Step, headers};
use crate::cases;
use crate::judge::{Got, Happened, judge};

/// Longer than any case takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many cases are under way at once.
const WORKERS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn every_case_holds_on_sockets() {
    let cases = cases::all().into_iter().filter(|case| !case.secure);
    let cases: Arc<[_]> = cases.collect();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        workers.spawn(hold_some(Arc::clone(&cases), worker));
    }
    let wrong = workers.join_all().await.concat();

    let (failed, all) = (wrong.len(), cases.len());
    assert!(failed == 0, "{failed} of {all} fail:\n{}", wrong.join("\n"));
}

/// Returns what is wrong with a worker's share of the cases.
async fn hold_some(cases: Arc<[Case]>, worker: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases.iter().skip(worker).step_by(WORKERS) {
        let held = timeout(PATIENCE, hold(case)).await;
        if let Err(error) = held.unwrap_or_else(|_| Err("  it hangs".to_owned())) {
            wrong.push(format!("{}\n{error}", case.title()));
        }
    }
    wrong
}

async fn hold(case: &Case) -> Result<(), String> {
    let mut scene = Scene::of(case).await;
    for (number, step) in (1..).zip(&case.steps) {
        let happened = scene.go(step).await;
        let wrong = judge(step, &happened, &scene.ground);
        if !wrong.is_empty() {
            let (method, path, wrong) = (&step.method, &step.path, wrong.join("\n    "));
            let got = &happened.got;
            return Err(format!(
                "  step {number}, {method} {path} [{}]:\n    {wrong}\n    seen: {got:?}",
                step.fields
            ));
        }
    }
    Ok(())
}

/// A proxy of its own, before an origin of its own.
struct Scene {
    ground: Ground,
    script: Arc<Mutex<VecDeque<Reply>>>,
    stage: Stage,
    client: Client,
}

impl Scene {
    async fn of(case: &Case) -> Self {
        let builder = CacheLayer::builder(MemoryStore::new());
        let builder = if case.shared {
            builder.shared()
        } else {
            builder.single_principal(Principal::new("somebody"))
        };
        let origin = Origin::bind().await;
        let ground = Ground {
            origin: origin.uri().to_string().trim_end_matches('/').to_owned(),
            now: SystemTime::now(),
        };
        let script = Arc::new(Mutex::new(VecDeque::<Reply>::new()));
        let (replies, on) = (Arc::clone(&script), ground.clone());
        let origin = origin.answering(move |asked| {
            let reply = replies.lock().unwrap().pop_front();
            reply.map_or_else(
                || vec![Act::Close],
                |reply| wire(&reply, &asked.method, &on),
            )
        });
        let stage = Stage::start(origin, builder.build().unwrap()).await;
        let client = Client::connect(stage.address).await;
        Self {
            ground,
            script,
            stage,
            client,
        }
    }

    async fn go(&mut self, step: &Step) -> Happened {
        *self.script.lock().unwrap() = step.origin.iter().cloned().collect();
        self.stage.origin.forget_asked();
        let got = self.get(step).await;
        if step.asked == Asked::Meanwhile {
            self.settle(step.origin.len()).await;
        }
        let asked = self.stage.origin.asked().into_iter();
        Happened {
            asked: asked.map(|request| request.headers).collect(),
            got,
        }
    }

    async fn get(&mut self, step: &Step) -> Got {
        let mut request = Request::new(step.body.clone().into_bytes().into());
        *request.method_mut() = step.method.clone();
        *request.uri_mut() = step.path.parse().unwrap();
        *request.headers_mut() = headers(&step.fields, &self.ground);
        let Some((head, body)) = self.client.whole(request).await else {
            return Got::default();
        };
        // An error in place of an answer.
        let is_told = body
            .as_ref()
            .is_some_and(|body| body.starts_with(b"the origin http"));
        if head.status == StatusCode::BAD_GATEWAY && (is_told || step.method == Method::HEAD) {
            return Got::default();
        }
        Got {
            status: Some(head.status.as_u16()),
            headers: head.headers,
            body: body.map(Vec::from),
        }
    }

    /// Waits until the origin was asked so often and what it answered is stored.
    async fn settle(&self, asked: usize) {
        self.stage.origin.until_asked(asked).await;
        while self.stage.handle.stats().in_flight > 0 {
            tokio::task::yield_now().await;
        }
    }
}
