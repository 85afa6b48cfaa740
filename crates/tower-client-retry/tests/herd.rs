//! Ten thousand callers at once: what a dead or busy origin gets of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tokio::time::{Instant, sleep};
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_call::{CallRecord, Deadline, Delivery, StopReason};
use tower_client_retry::{Retry, RetryError, RetryLayer, RetryLayerBuilder, TokenBucket};

const CALLS: usize = 10_000;
const SECOND: Duration = Duration::from_secs(1);
/// Nobody is answered at once: all calls are there before the first has failed.
const ROUND_TRIP: Duration = Duration::from_millis(10);
/// What the default budget pays for: 500 tokens at 5, or at 10 each.
const PAID: usize = 100;
const PAID_DEARLY: usize = 50;

#[tokio::test(start_paused = true)]
async fn a_dead_origin_gets_one_call_each_and_what_the_budget_pays() {
    for state in [State::Refusing, State::NotSending] {
        let herd = Herd::over(state, RetryLayer::builder());

        let failed = herd.failed(CALLS).await;

        assert_eq!(herd.sends(), CALLS + PAID, "{state:?}");
        assert_eq!(failed[&StopReason::Budget.to_string()], CALLS, "{state:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_origin_gets_half_of_that_and_not_before_it_is_time() {
    let herd = Herd::over(State::Busy(10), RetryLayer::builder());

    herd.answered(CALLS, StatusCode::TOO_MANY_REQUESTS).await;

    assert_eq!(herd.sends(), CALLS + PAID_DEARLY);
    let retries = &herd.arrivals()[CALLS..];
    assert!(retries.iter().all(|at| *at >= ROUND_TRIP + 10 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_silent_origin_gets_half_of_that() {
    let builder = RetryLayer::builder().attempt_timeout(SECOND);
    let herd = Herd::over(State::Silent, builder);

    let failed = herd.failed(CALLS).await;

    assert_eq!(herd.sends(), CALLS + PAID_DEARLY);
    assert_eq!(failed[&StopReason::Budget.to_string()], CALLS);
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_it_gets_three_calls_each() {
    for state in [State::Refusing, State::Busy(10), State::Silent] {
        let builder = RetryLayer::builder().attempt_timeout(SECOND);
        let herd = Herd::over(state, builder.without_budget());

        herd.call(CALLS).await;

        assert_eq!(herd.sends(), 3 * CALLS, "{state:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn wave_after_wave_costs_a_dead_origin_nothing_more() {
    let herd = Herd::over(State::Refusing, RetryLayer::builder());

    for wave in 1..=5 {
        herd.failed(CALLS / 5).await;

        assert_eq!(herd.sends(), wave * CALLS / 5 + PAID);
    }
}

#[tokio::test(start_paused = true)]
async fn an_origin_that_recovers_fills_the_bucket_call_by_call() {
    let bucket = Arc::new(TokenBucket::default());
    let builder = RetryLayer::builder().budget(Arc::clone(&bucket));
    let herd = Herd::over(State::Refusing, builder);
    herd.failed(CALLS).await;
    assert_eq!(bucket.tokens(), 0);
    herd.becomes(State::Well);

    for successes in [4, 5, 100, 391, CALLS] {
        let before = bucket.tokens();
        herd.answered(successes, StatusCode::OK).await;

        let filled = before + u32::try_from(successes).unwrap();
        assert_eq!(bucket.tokens(), filled.min(500));
    }
    assert_eq!(herd.sends(), CALLS + PAID + 500 + CALLS);

    herd.becomes(State::Refusing);
    herd.failed(CALLS).await;
    assert_eq!(herd.sends(), 2 * (CALLS + PAID) + 500 + CALLS);
}

#[tokio::test(start_paused = true)]
async fn an_origin_that_is_well_gets_one_call_each() {
    let herd = Herd::over(State::Well, RetryLayer::builder());

    herd.answered(CALLS, StatusCode::OK).await;

    assert_eq!(herd.sends(), CALLS);
}

#[tokio::test(start_paused = true)]
async fn new_calls_come_after_a_cool_down_and_spread_over_a_tenth_of_it() {
    let herd = Herd::over(State::Busy(10), RetryLayer::builder());
    herd.throttle_one().await;
    let asked = herd.start.elapsed();
    herd.becomes(State::Well);
    sleep(SECOND).await;

    herd.answered(CALLS, StatusCode::OK).await;

    // They came a second later: nine are left of the ten that were asked for.
    let spread = 9 * SECOND / 10;
    let arrivals = &herd.arrivals()[1..];
    assert_eq!(arrivals.len(), CALLS);
    let mut tenths = [0_usize; 10];
    for at in arrivals {
        let late = at.checked_sub(asked + 10 * SECOND).expect("not before");
        assert!(late <= spread + Duration::from_millis(1), "{late:?}");
        let tenth = 10 * late.as_millis() / (spread.as_millis() + 2);
        tenths[usize::try_from(tenth).unwrap()] += 1;
    }
    let even = CALLS / 10;
    let evenly = tenths.iter().all(|calls| calls.abs_diff(even) < even / 5);
    assert!(evenly, "{tenths:?}");
}

#[tokio::test(start_paused = true)]
async fn an_origin_that_stays_busy_gets_each_held_call_once_and_what_the_budget_pays() {
    let herd = Herd::over(State::Busy(10), RetryLayer::builder());
    herd.throttle_one().await;

    herd.answered(CALLS, StatusCode::TOO_MANY_REQUESTS).await;

    let sends = herd.sends() - 1;
    assert!(sends <= CALLS + PAID_DEARLY, "{sends} sends");
}

#[tokio::test(start_paused = true)]
async fn who_cannot_wait_for_the_end_of_a_cool_down_is_told_at_once() {
    let herd = Herd::over(State::Busy(10), RetryLayer::builder());
    herd.throttle_one().await;
    let asked = herd.start.elapsed();
    herd.becomes(State::Well);

    let calls = herd.all_at_once(CALLS, || {
        let mut request = get();
        let deadline = Deadline::within(10 * SECOND);
        request.extensions_mut().insert(deadline);
        request
    });
    for call in calls.await {
        let error = call.unwrap_err();
        assert!(error.is_cooling_down());
        assert_eq!(Delivery::of(&error), Delivery::NotSent);
    }

    assert_eq!(herd.sends(), 1);
    assert_eq!(herd.start.elapsed(), asked);
}

/// With a deadline a moment after the end of the cool-down some of the spread waits end only with it.
#[tokio::test(start_paused = true)]
async fn who_was_held_back_for_too_long_is_told_so() {
    let herd = Herd::over(State::Busy(10), RetryLayer::builder());
    herd.throttle_one().await;
    herd.becomes(State::Well);
    let records = Mutex::new(Vec::new());

    let calls = herd.all_at_once(CALLS, || {
        let mut request = get();
        let facts = request.extensions_mut();
        facts.insert(Deadline::within(10 * SECOND + Duration::from_millis(1)));
        records
            .lock()
            .unwrap()
            .push(CallRecord::find_or_insert(facts));
        request
    });
    let calls = calls.await;

    let too_late = calls.iter().zip(records.into_inner().unwrap());
    let too_late = too_late.filter_map(|(call, record)| Some((call.as_ref().err()?, record)));
    let mut unsent = 0;
    for (error, record) in too_late.filter(|(error, _)| error.attempts() == 0) {
        let stops = (Some(error.stop()), record.snapshot().stop);
        assert_eq!(
            stops,
            (Some(StopReason::Deadline), Some(StopReason::Deadline))
        );
        assert_eq!(Delivery::of(error), Delivery::NotSent);
        unsent += 1;
    }
    assert!(unsent > 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_cool_down_new_calls_come_at_once() {
    let builder = RetryLayer::builder().without_cool_down();
    let herd = Herd::over(State::Busy(10), builder);
    herd.throttle_one().await;
    let asked = herd.start.elapsed();
    herd.becomes(State::Well);

    herd.answered(CALLS, StatusCode::OK).await;

    assert!(herd.arrivals().iter().all(|at| *at <= asked));
}

/// The callers, their client and their origin.
struct Herd {
    client: Retry<Origin>,
    origin: Origin,
    start: Instant,
}

impl Herd {
    fn over(state: State, builder: RetryLayerBuilder) -> Self {
        let start = Instant::now();
        let origin = Origin {
            start,
            state: Arc::new(Mutex::new(state)),
            arrivals: Arc::default(),
        };
        Self {
            client: builder.seed(7).build().unwrap().layer(origin.clone()),
            origin,
            start,
        }
    }

    fn becomes(&self, state: State) {
        *self.origin.state.lock().unwrap() = state;
    }

    fn arrivals(&self) -> Vec<Duration> {
        self.origin.arrivals.lock().unwrap().clone()
    }

    fn sends(&self) -> usize {
        self.origin.arrivals.lock().unwrap().len()
    }

    async fn all_at_once(
        &self,
        calls: usize,
        request: impl Fn() -> Request<Full<Bytes>>,
    ) -> Vec<Called> {
        let calls: Vec<_> = (0..calls)
            .map(|_| tokio::spawn(self.client.clone().oneshot(request())))
            .collect();
        let mut called = Vec::new();
        for call in calls {
            called.push(call.await.unwrap().map(|response| response.status()));
        }
        called
    }

    async fn call(&self, calls: usize) -> Vec<Called> {
        self.all_at_once(calls, get).await
    }

    /// Calls that all have to be answered so.
    async fn answered(&self, calls: usize, status: StatusCode) {
        for call in self.call(calls).await {
            assert_eq!(call.unwrap(), status);
        }
    }

    /// Calls that all have to fail: how many for which reason.
    async fn failed(&self, calls: usize) -> BTreeMap<String, usize> {
        let mut reasons = BTreeMap::new();
        for call in self.call(calls).await {
            let reason = call.unwrap_err().stop().to_string();
            *reasons.entry(reason).or_default() += 1;
        }
        reasons
    }

    /// Is told to stay away, by a call that is not repeated.
    async fn throttle_one(&self) {
        let mut request = get();
        *request.method_mut() = http::Method::POST;
        let response = self.client.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}

type Called = Result<StatusCode, RetryError>;

fn get() -> Request<Full<Bytes>> {
    let request = Request::get("https://api.example/v1/status");
    request.body(Full::default()).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum State {
    Well,
    /// Nobody listens.
    Refusing,
    /// A layer below cannot send.
    NotSending,
    /// Asks for fewer calls, for so many seconds.
    Busy(u64),
    /// Never answers.
    Silent,
}

#[derive(Clone)]
struct Origin {
    start: Instant,
    state: Arc<Mutex<State>>,
    arrivals: Arc<Mutex<Vec<Duration>>>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, BoxError>> + Send>>;

impl Service<Request<Full<Bytes>>> for Origin {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Answer {
        self.arrivals.lock().unwrap().push(self.start.elapsed());
        let state = *self.state.lock().unwrap();
        Box::pin(async move {
            sleep(ROUND_TRIP).await;
            let response = Response::builder();
            let response = match state {
                State::Well => response,
                State::Refusing => {
                    return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into());
                }
                State::NotSending => {
                    return Err(Delivery::NotSent.because("no name found").into());
                }
                State::Busy(seconds) => response
                    .status(StatusCode::TOO_MANY_REQUESTS)
                    .header(RETRY_AFTER, seconds),
                State::Silent => pending().await,
            };
            Ok(response.body(Full::default()).unwrap())
        })
    }
}
