//! Who goes when.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use http_body_util::{BodyExt, Full};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, advance, timeout};
use tower::ServiceExt;
use tower_client::call::{Delivery, Failure};

use super::*;
use crate::Body;

const SECOND: Duration = Duration::from_secs(1);
const NO_GAP: Pacing = Pacing {
    max_in_flight: 1,
    min_gap: Duration::ZERO,
};

#[tokio::test(start_paused = true)]
async fn one_is_under_way_at_a_time_in_their_order() {
    let origin = Origin::default();
    let calls = origin.calls(NO_GAP, &[Urgency::Poll; 3]).await;
    assert_eq!(origin.seen(), [0]);

    for answered in 1..=3 {
        origin.answer(1).await;
        let seen: Vec<_> = (0..3.min(answered + 1)).collect();
        assert_eq!(origin.seen(), seen);
    }
    assert!(all_succeed(calls).await);
}

#[tokio::test(start_paused = true)]
async fn as_many_as_are_allowed_are_under_way() {
    let two = Pacing {
        max_in_flight: 2,
        ..NO_GAP
    };
    let origin = Origin::default();
    let calls = origin.calls(two, &[Urgency::Poll; 4]).await;
    assert_eq!(origin.seen(), [0, 1]);

    origin.answer(1).await;
    assert_eq!(origin.seen(), [0, 1, 2]);
    origin.answer(3).await;
    assert!(all_succeed(calls).await);
}

#[tokio::test(start_paused = true)]
async fn commands_go_before_polls() {
    use Urgency::{Command, Poll};
    let origin = Origin::default();
    let calls = origin
        .calls(NO_GAP, &[Poll, Poll, Command, Poll, Command])
        .await;

    origin.answer(5).await;

    assert!(all_succeed(calls).await);
    assert_eq!(origin.seen(), [0, 2, 4, 1, 3]);
}

#[tokio::test(start_paused = true)]
async fn starts_are_apart_however_quick_the_answers_are() {
    let gap = Pacing {
        min_gap: SECOND,
        ..NO_GAP
    };
    let origin = Origin::default();
    origin.answers.add_permits(9);
    let begun = Instant::now();
    let layer = PaceLayer::new(gap).unwrap();
    let calls = origin.calls_by(&layer, &[Urgency::Poll; 3]).await;

    assert!(all_succeed(calls).await);
    assert_eq!(begun.elapsed(), 2 * SECOND);

    // Whoever comes later than the gap does not wait.
    advance(SECOND).await;
    let late = Instant::now();
    let calls = origin.calls_by(&layer, &[Urgency::Poll]).await;
    assert!(all_succeed(calls).await);
    assert_eq!(late.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_command_overtakes_a_poll_that_waits_out_the_gap() {
    use Urgency::{Command, Poll};
    let gap = Pacing {
        min_gap: SECOND,
        ..NO_GAP
    };
    let origin = Origin::default();
    origin.answers.add_permits(9);
    let layer = PaceLayer::new(gap).unwrap();
    let polls = origin.calls_by(&layer, &[Poll, Poll, Poll]).await;
    advance(SECOND / 2).await;
    yield_now().await;

    let begun = Instant::now();
    let command = origin.calls_by(&layer, &[Command]).await;
    assert!(all_succeed(command).await);

    assert_eq!(begun.elapsed(), SECOND / 2);
    assert!(all_succeed(polls).await);
    assert_eq!(origin.seen(), [0, 3, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_gives_the_turn_to_the_next() {
    let origin = Origin::default();
    let mut calls = origin.calls(NO_GAP, &[Urgency::Poll; 4]).await;

    // One that waits, and the one that is under way.
    calls.remove(2).abort();
    calls.remove(0).abort();
    origin.answer(2).await;

    assert!(all_succeed(calls).await);
    assert_eq!(origin.seen(), [0, 1, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_request_is_under_way_until_its_answer_has_been_read_or_dropped() {
    let origin = Origin::default();
    origin.answers.add_permits(9);
    let layer = PaceLayer::new(NO_GAP).unwrap();
    for read in [true, false] {
        let paced = origin.paced(&layer);
        let first = paced.clone().oneshot(request(Urgency::Poll)).await.unwrap();
        let mut second = Box::pin(paced.oneshot(request(Urgency::Poll)));
        assert!(timeout(SECOND, second.as_mut()).await.is_err());

        let body = first.into_body();
        if read {
            // To its end, and held on to.
            let mut body = body;
            while body.frame().await.is_some() {}
            assert!(timeout(SECOND, second.as_mut()).await.is_ok());
        } else {
            drop(body);
            assert!(timeout(SECOND, second.as_mut()).await.is_ok());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_body_is_over_with_its_head() {
    let layer = PaceLayer::new(NO_GAP).unwrap();
    let paced = layer.layer(tower::service_fn(|_: Request<Body>| async {
        Ok::<_, Infallible>(Response::new(Body::empty()))
    }));

    let first = paced.clone().oneshot(request(Urgency::Poll)).await;
    let second = timeout(SECOND, paced.oneshot(request(Urgency::Poll))).await;

    assert!(first.is_ok() && second.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_deadline_passes_in_the_line_is_not_sent() {
    let origin = Origin::default();
    let layer = PaceLayer::new(NO_GAP).unwrap();
    let under_way = origin.calls_by(&layer, &[Urgency::Poll]).await;
    let mut late = request(Urgency::Poll);
    late.extensions_mut().insert(Deadline::within(SECOND));

    let error = origin.paced(&layer).oneshot(late).await.err().unwrap();

    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert_eq!(Failure::of(&*error), Failure::Timeout);
    origin.answer(1).await;
    assert!(all_succeed(under_way).await);
    assert_eq!(origin.seen(), [0]);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_a_thousand_wait_and_those_who_left_do_not_count() {
    let origin = Origin::default();
    let layer = PaceLayer::new(NO_GAP).unwrap();
    let calls = origin.calls_by(&layer, &[Urgency::Poll; 1_001]).await;

    let crowded = origin.paced(&layer).oneshot(request(Urgency::Command));
    let crowded = timeout(SECOND, crowded).await.unwrap();
    let error = crowded.err().unwrap();
    assert_eq!(Delivery::of(&*error), Delivery::NotSent);

    for waiting in &calls[1..] {
        waiting.abort();
    }
    yield_now().await;
    let command = origin.calls_by(&layer, &[Urgency::Command]).await;
    origin.answer(2).await;
    assert!(all_succeed(command).await);
}

#[test]
fn settings_that_cannot_be_used_are_refused_by_name() {
    for (max_in_flight, min_gap, refused) in [
        (0, Duration::ZERO, "max_in_flight"),
        (17, Duration::ZERO, "max_in_flight"),
        (1, Duration::from_secs(61), "min_gap"),
    ] {
        let pacing = Pacing {
            max_in_flight,
            min_gap,
        };

        assert_eq!(PaceLayer::new(pacing).unwrap_err().name(), refused);
    }
}

/// Answers when it is told to, and notes which calls came.
#[derive(Clone)]
struct Origin {
    seen: Arc<std::sync::Mutex<Vec<usize>>>,
    answers: Arc<Semaphore>,
    numbers: Arc<AtomicUsize>,
}

/// Which of the calls a request is.
#[derive(Clone)]
struct Number(usize);

impl Default for Origin {
    fn default() -> Self {
        Self {
            seen: Arc::default(),
            answers: Arc::new(Semaphore::new(0)),
            numbers: Arc::default(),
        }
    }
}

impl Origin {
    fn seen(&self) -> Vec<usize> {
        self.seen.lock().unwrap().clone()
    }

    fn paced(
        &self,
        layer: &PaceLayer,
    ) -> impl Service<
        Request<Body>,
        Response = Response<PacedBody<Full<bytes::Bytes>>>,
        Error = BoxError,
        Future: Send,
    > + Clone
    + Send
    + use<> {
        let origin = self.clone();
        layer.layer(tower::service_fn(move |request: Request<Body>| {
            let origin = origin.clone();
            async move {
                if let Some(Number(number)) = request.extensions().get() {
                    origin.seen.lock().unwrap().push(*number);
                }
                origin.answers.acquire().await.unwrap().forget();
                Ok::<_, Infallible>(Response::new(Full::from("answer")))
            }
        }))
    }

    async fn calls(&self, pacing: Pacing, urgencies: &[Urgency]) -> Vec<JoinHandle<bool>> {
        let layer = PaceLayer::new(pacing).unwrap();
        self.calls_by(&layer, urgencies).await
    }

    /// Begins calls, one after the other.
    async fn calls_by(&self, layer: &PaceLayer, urgencies: &[Urgency]) -> Vec<JoinHandle<bool>> {
        let mut calls = Vec::new();
        for urgency in urgencies {
            let mut request = request(*urgency);
            let number = Number(self.numbers.fetch_add(1, Relaxed));
            request.extensions_mut().insert(number);
            let paced = self.paced(layer);
            calls.push(tokio::spawn(async move {
                let answer = paced.oneshot(request).await;
                let body = answer.unwrap().into_body().collect().await;
                body.unwrap().to_bytes() == "answer"
            }));
            yield_now().await;
        }
        calls
    }

    /// Answers so many calls, and lets others begin.
    async fn answer(&self, calls: usize) {
        self.answers.add_permits(calls);
        for _ in 0..10 * calls {
            yield_now().await;
        }
    }
}

fn request(urgency: Urgency) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    request.extensions_mut().insert(urgency);
    request
}

async fn all_succeed(calls: Vec<JoinHandle<bool>>) -> bool {
    for call in calls {
        if !timeout(100 * SECOND, call).await.unwrap().unwrap() {
            return false;
        }
    }
    true
}
