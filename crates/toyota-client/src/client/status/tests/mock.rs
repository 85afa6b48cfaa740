//! A service with a parked car, on the paused clock.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::service_fn;

use super::*;
use crate::auth::UserId;
use crate::{Body, Clock, Config, Memory, ToyotaClient};

/// The service: clones are the same.
#[derive(Clone)]
pub(super) struct Mock {
    state: Arc<Mutex<State>>,
    clock: Clock,
    start: Instant,
    pub(super) memory: Memory,
    pub(super) wakes: WakeSettings,
}

pub(super) struct State {
    /// When the car reported what the service has; cold if never.
    pub(super) reported: Option<Timestamp>,
    /// How long after a wake the car reports, if it does.
    pub(super) answers_after: Option<Duration>,
    /// What the gateway says to a wake.
    pub(super) wake_reply: (u16, Value),
    /// Whether it ever says it.
    pub(super) wake_hangs: bool,
    /// What becomes of the next reads.
    pub(super) faults: VecDeque<Fault>,
    /// Whether the climate control is stopped, and says so without a date.
    pub(super) is_stopped: bool,
    /// Whether the newer routes are not for this car.
    pub(super) is_old: bool,
    due: Option<Timestamp>,
    asked: Vec<(u64, String)>,
    bodies: Vec<Value>,
}

/// What becomes of a read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    No,
    Status(u16),
    Hangs,
}

impl Mock {
    /// A car that reported this many minutes ago, and answers 12 seconds after it was woken.
    pub(super) fn reported(minutes_ago: i64) -> Self {
        let mock = Self::cold();
        mock.state().reported = Some(at(-60 * minutes_ago));
        mock
    }

    /// A car of which the service knows nothing.
    pub(super) fn cold() -> Self {
        let start = Instant::now();
        let elapsed = move || i64::try_from(start.elapsed().as_millis()).unwrap();
        let clock = Clock::from_fn(move || at(0) + jiff::SignedDuration::from_millis(elapsed()));
        Self {
            state: Arc::new(Mutex::new(State {
                reported: None,
                answers_after: Some(Duration::from_secs(12)),
                wake_reply: (200, json!({"payload": {"returnCode": "000000"}})),
                wake_hangs: false,
                faults: VecDeque::new(),
                is_stopped: false,
                is_old: false,
                due: None,
                asked: Vec::new(),
                bodies: Vec::new(),
            })),
            clock,
            start,
            memory: Memory::in_process(),
            wakes: WakeSettings::default(),
        }
    }

    pub(super) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was asked since the last time, and in which second.
    pub(super) fn asked(&self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.state().asked)
    }

    /// How many wakes were sent since the last time.
    pub(super) fn wakes_sent(&self) -> usize {
        let asked = self.asked();
        asked
            .iter()
            .filter(|(_, what)| what.starts_with("POST"))
            .count()
    }

    /// What was sent along.
    pub(super) fn bodies(&self) -> Vec<Value> {
        std::mem::take(&mut self.state().bodies)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn client(&self) -> ToyotaClient<impl crate::HttpService> {
        let mock = self.clone();
        let service = service_fn(move |request| {
            let mock = mock.clone();
            async move { Ok::<_, Infallible>(mock.answer(request).await) }
        });
        let user = secrecy::SecretString::from("00000000-0000-0000-0000-000000000001");
        ToyotaClient::new(service, &Config::new())
            .by_clock(self.clock.clone())
            .remembering(self.memory.clone())
            .for_user(UserId::from(user))
            .waking(self.wakes)
            .unwrap()
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let method = request.method().clone();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let second = self.start.elapsed().as_secs();
        let reply = {
            let mut state = self.state();
            state.asked.push((second, format!("{method} {path}")));
            if !body.is_empty() {
                state.bodies.push(serde_json::from_slice(&body).unwrap());
            }
            state.reply(&method, &path, self.now())
        };
        let Some((status, body)) = reply else {
            return std::future::pending().await;
        };
        let answer = Response::builder().status(status);
        answer.body(Body::from(body.to_string())).unwrap()
    }
}

impl State {
    /// What is said; `None` is nothing for ever.
    fn reply(&mut self, method: &Method, path: &str, now: Timestamp) -> Option<(u16, Value)> {
        let is_newer = !path.contains("/global/") || path.contains("electric/realtime");
        if is_newer && self.is_old && path.contains("status") {
            return Some((403, refusal("APIGW-403", "Unauthorized")));
        }
        if method == Method::POST {
            return self.woken(now);
        }
        match self.faults.pop_front().unwrap_or(Fault::No) {
            Fault::No => Some(self.read(path, now)),
            Fault::Status(status) => Some((status, refusal("APIGW-403", "Unauthorized"))),
            Fault::Hangs => None,
        }
    }

    fn woken(&mut self, now: Timestamp) -> Option<(u16, Value)> {
        if self.wake_hangs {
            return None;
        }
        let (status, body) = self.wake_reply.clone();
        if status == 200 {
            self.due = self
                .answers_after
                .map(|after| now + jiff::SignedDuration::try_from(after).unwrap());
        }
        Some((status, body))
    }

    fn read(&mut self, path: &str, now: Timestamp) -> (u16, Value) {
        if let Some(due) = self.due.filter(|due| *due <= now) {
            self.reported = Some(due);
            self.due = None;
        }
        let Some(reported) = self.reported else {
            return (429, refusal("APIGW-403", "Unauthorized"));
        };
        let reported = reported.to_string();
        let payload = match path {
            "/v1/global/remote/status" => json!({"occurrenceDate": reported}),
            "/v1/vehicle/climate-status" if self.is_stopped => json!({"status": "stopped"}),
            "/v1/vehicle/climate-status" => json!({"status": "running", "updatedAt": reported}),
            _ => json!({"lastUpdateTimestamp": reported}),
        };
        (200, json!({ "payload": payload }))
    }
}

pub(super) fn refusal(code: &str, detail: &str) -> Value {
    json!({"status": {"messages": [{"responseCode": code, "detailedDescription": detail}]}})
}

/// A time, in seconds from the start.
pub(super) fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    start + jiff::SignedDuration::from_secs(second)
}

pub(super) fn vin() -> Vin {
    Vin::new("JTSIM00000PET0001").unwrap()
}
