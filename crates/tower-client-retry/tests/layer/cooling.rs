//! Origins that asked for fewer calls.

use std::error::Error;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tower::{Layer, Service, ServiceExt};
use tower_client_call::{
    Attempt, Deadline, Delivery, Principal, ResponseError, StopReason, retry_after,
};
use tower_client_retry::{Retry, RetryLayerBuilder};

use crate::script::{
    MILLISECOND, Readiness, SECOND, Script, URI, answer, get, over, post, recorded, status_of,
    steady, stop_of,
};

#[tokio::test(start_paused = true)]
async fn a_new_call_is_held_back_as_long_as_the_origin_asked() {
    let mut waits = Vec::new();
    for status in [429, 503] {
        for seed in 0..20 {
            let (mut service, script) = asked_for_ten_seconds(steady().seed(seed), status).await;
            script.add(answer(200));

            let answer = send(&mut service, get()).await;

            assert_eq!((status_of(&answer), stop_of(&answer)), (Some(200), None));
            let wait = script.times()[1];
            assert!(wait >= 10 * SECOND && wait <= 11 * SECOND, "{wait:?}");
            waits.push(wait);
        }
    }
    waits.sort_unstable();
    assert!(waits[39] - waits[0] > SECOND / 2, "all come at once");
}

#[tokio::test(start_paused = true)]
async fn a_call_of_another_origin_or_principal_is_not_held_back() {
    let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
    let others = [
        "https://api.example:8443/v1",
        "http://api.example/v1",
        "https://other.example/v1",
    ];
    let mut others: Vec<_> = others.into_iter().map(|uri| to(uri, None)).collect();
    others.push(to(URI, Some("owner")));

    for request in others {
        script.add(answer(200));
        send(&mut service, request).await.unwrap();
        assert!(script.elapsed().is_zero());
    }

    script.add(answer(200));
    let same = to("https://API.example:443/v1/other", None);
    send(&mut service, same).await.unwrap();
    assert!(script.elapsed() >= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_retry_does_not_outwait_what_others_were_told_for_longer_than_is_allowed() {
    let script = Script::of([
        answer(503).header("retry-after", "1").after(SECOND / 10),
        answer(429).header("retry-after", "40").after(SECOND / 2),
    ]);
    let service = over(steady().longest_retry_after(2 * SECOND), &script);

    let (waiting, told) = tokio::join!(
        service.clone().oneshot(get()),
        service.clone().oneshot(get())
    );

    let too_long = Some(StopReason::RetryAfterTooLong);
    assert_eq!((status_of(&told), stop_of(&told)), (Some(429), too_long));
    assert_eq!(
        (status_of(&waiting), stop_of(&waiting)),
        (Some(503), too_long)
    );
    assert!(script.elapsed() <= 2 * SECOND, "{:?}", script.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_held_call_that_wakes_into_a_cool_down_beyond_its_deadline_is_not_sent() {
    let script = Script::of([
        answer(429).header("retry-after", "40").after(2 * SECOND),
        answer(429).header("retry-after", "3").after(SECOND / 10),
    ]);
    let mut service = over(steady().max_attempts(1), &script);
    let slow = tokio::spawn(service.clone().oneshot(get()));
    tokio::task::yield_now().await;
    drop(send(&mut service, get()).await);
    let mut held = get();
    held.extensions_mut().insert(Deadline::within(10 * SECOND));

    let error = service.oneshot(held).await.unwrap_err();

    drop(slow.await);
    assert!(error.is_cooling_down(), "{error:?}");
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_principals_limit_is_not_anothers() {
    let script = Script::of([
        answer(429).header("retry-after", "10"),
        answer(200),
        answer(200),
    ]);
    let mut service = over(steady().max_attempts(1), &script);
    drop(send(&mut service, to(URI, Some("owner"))).await);

    send(&mut service, to(URI, Some("guest"))).await.unwrap();
    assert!(script.elapsed().is_zero());

    send(&mut service, to(URI, Some("owner"))).await.unwrap();
    assert!(script.elapsed() >= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_cannot_outlast_it_fails_at_once() {
    for deadline in [SECOND, 10 * SECOND] {
        let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
        let mut request = post();
        request.extensions_mut().insert(Deadline::within(deadline));

        let error = send(&mut service, request).await.unwrap_err();

        assert!(error.is_cooling_down() && !error.is_timeout());
        assert_eq!((error.stop(), error.attempts()), (StopReason::Deadline, 0));
        assert_eq!(Delivery::of(&error), Delivery::NotSent);
        let answer = ResponseError::find(&error).unwrap();
        assert_eq!(answer.status(), 429);
        let wait = retry_after(answer.headers(), std::time::SystemTime::UNIX_EPOCH);
        assert_eq!(wait, Some(10 * SECOND));
        let shown = "the call was not made, its deadline being too near";
        assert_eq!(error.to_string(), shown);
        assert_eq!(script.seen().len(), 1);
        assert!(script.elapsed().is_zero());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_just_outlasts_it_is_sent_before_its_deadline() {
    for seed in 0..20 {
        let (mut service, script) = asked_for_ten_seconds(steady().seed(seed), 429).await;
        script.add(answer(200));
        let mut request = get();
        let deadline = 10 * SECOND + 10 * MILLISECOND;
        request.extensions_mut().insert(Deadline::within(deadline));

        send(&mut service, request).await.unwrap();

        let wait = script.times()[1];
        assert!(wait >= 10 * SECOND && wait <= deadline, "{wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_cool_down_nothing_is_held_back() {
    let (mut service, script) = asked_for_ten_seconds(steady().without_cool_down(), 429).await;
    script.add(answer(200));

    send(&mut service, get()).await.unwrap();

    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_cool_down_is_not_longer_than_is_allowed_and_ends() {
    let (mut service, script) = asked_for_ten_seconds(steady().cool_down(4 * SECOND), 503).await;
    script.add(answer(200));
    script.add(answer(200));

    send(&mut service, get()).await.unwrap();
    let held = script.elapsed();
    send(&mut service, get()).await.unwrap();

    assert!(held >= 4 * SECOND && held <= 5 * SECOND, "{held:?}");
    assert_eq!(script.elapsed(), held);
}

#[tokio::test(start_paused = true)]
async fn without_retry_after_there_is_no_cool_down() {
    let script = Script::of([answer(429), answer(200)]);
    let mut service = over(steady(), &script);

    drop(send(&mut service, post()).await);
    send(&mut service, get()).await.unwrap();

    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_layer_below_made_an_error_begins_one_too() {
    let mut headers = http::HeaderMap::new();
    headers.insert("retry-after", http::HeaderValue::from_static("10"));
    let error = ResponseError::new(http::StatusCode::TOO_MANY_REQUESTS, headers);
    let script = Script::of([crate::script::failure(error), answer(200)]);
    let mut service = over(steady(), &script);
    drop(send(&mut service, post()).await);

    send(&mut service, get()).await.unwrap();

    assert!(script.elapsed() >= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_for_a_cool_down_that_another_call_began() {
    let half = SECOND / 2;
    let script = Script::of([
        answer(500).after(SECOND),
        answer(429).header("retry-after", "10").after(half),
        answer(200),
    ]);
    let service = over(steady(), &script);

    let (repeated, rejected) = tokio::join!(
        service.clone().oneshot(get()),
        service.clone().oneshot(post())
    );

    assert_eq!(status_of(&repeated), Some(200));
    assert_eq!(status_of(&rejected), Some(429));
    let at = script.times()[2];
    assert!(at >= half + 10 * SECOND && at <= 12 * SECOND, "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn the_time_that_a_call_was_held_back_is_written_down() {
    let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
    script.add(answer(200));
    let (request, record) = recorded(get());

    send(&mut service, request).await.unwrap();

    let snapshot = record.snapshot();
    assert_eq!(snapshot.backoff, script.times()[1]);
    assert_eq!(
        (snapshot.attempts, snapshot.stop),
        (1, Some(StopReason::Succeeded))
    );
}

#[tokio::test(start_paused = true)]
async fn a_held_call_that_the_service_fails_says_so() {
    let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
    let _script = script.readiness(2, Readiness::Fails);
    let (request, record) = recorded(get());

    let error = service.call(request).await.unwrap_err();

    assert_eq!((error.stop(), error.attempts()), (StopReason::NotReady, 0));
    assert_eq!(
        error.source().unwrap().source().unwrap().to_string(),
        "the pool is closed"
    );
    assert_eq!(Delivery::of(&error), Delivery::NotSent);
    assert_eq!(record.snapshot().stop, Some(StopReason::NotReady));
}

#[tokio::test(start_paused = true)]
async fn a_held_call_whose_deadline_passes_says_in_both_places_why_it_ended() {
    let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
    // It becomes ready when it is too late.
    let _script = script.readiness(2, Readiness::Until(20 * SECOND));
    let (mut request, record) = recorded(get());
    request
        .extensions_mut()
        .insert(Deadline::within(20 * SECOND));

    let error = service.call(request).await.unwrap_err();

    assert_eq!(record.snapshot().stop, Some(error.stop()), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn only_a_throttle_begins_a_cool_down() {
    for status in [200, 301, 400, 500, 502, 504] {
        let asking = answer(status).header("retry-after", "10");
        let script = Script::of([asking, answer(200)]);
        let mut service = over(steady(), &script);
        drop(send(&mut service, post()).await);

        send(&mut service, get()).await.unwrap();

        assert!(script.elapsed().is_zero(), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_services_of_a_layer_and_its_clones_share_it() {
    let script = Script::of([answer(429).header("retry-after", "10")]);
    let other = Script::of([answer(200)]);
    let layer = steady().build().unwrap();
    let mut service = layer.clone().layer(script.clone());
    drop(send(&mut service, post()).await);
    drop(service);

    let mut service = layer.layer(other.clone());
    send(&mut service, get()).await.unwrap();

    assert!(other.times()[0] >= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_held_attempt_begins_when_it_is_sent() {
    let builder = steady().attempt_timeout(2 * SECOND);
    let (mut service, script) = asked_for_ten_seconds(builder, 429).await;
    script.add(answer(200).after(SECOND));

    let answer = send(&mut service, post()).await;

    assert_eq!(status_of(&answer), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_held_call_that_fails_is_repeated_like_any_other() {
    let (mut service, script) = asked_for_ten_seconds(steady(), 429).await;
    for status in [503, 503, 200] {
        script.add(answer(status));
    }

    let answer = send(&mut service, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    let numbers = script.seen().into_iter().skip(1);
    let numbers = numbers.map(|seen| Attempt::of(&seen.request).number());
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
}

/// A service whose origin has asked for no calls for ten seconds, by the first of them.
async fn asked_for_ten_seconds(builder: RetryLayerBuilder, status: u16) -> (Retry<Script>, Script) {
    let script = Script::of([answer(status).header("retry-after", "10")]);
    let mut service = over(builder, &script);
    let asked = send(&mut service, post()).await;
    assert_eq!(stop_of(&asked), Some(StopReason::NotRetryable));
    (service, script)
}

async fn send(service: &mut Retry<Script>, request: Request<Full<Bytes>>) -> crate::script::Answer {
    ready(service).await.call(request).await
}

async fn ready<S>(service: &mut S) -> &mut S
where
    S: Service<Request<Full<Bytes>>, Error: std::fmt::Debug>,
{
    service.ready().await.unwrap()
}

fn to(uri: &'static str, principal: Option<&str>) -> Request<Full<Bytes>> {
    let mut request = Request::get(uri).body(Full::default()).unwrap();
    if let Some(name) = principal {
        request.extensions_mut().insert(Principal::new(name));
    }
    request
}
