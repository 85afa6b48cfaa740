//! One fetch for all who want the same at the same time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt;
use tokio::task::JoinSet;
use tower::{BoxError, ServiceExt};
use tower_client_call::{CacheOutcome, Deadline, Principal};

use crate::calls::{send, settle};
use crate::given::{Given, Got, Reply, answer, cache, cache_with, ok, request, streamed};

const STORABLE: &str = "cache-control: max-age=60";

#[tokio::test(start_paused = true)]
async fn a_thousand_misses_are_one_fetch() {
    let given = cache();
    let reply = given.origin.later();
    let mut calls = many(&given, 1000);
    settle().await;

    send(reply, ok(STORABLE, "one"));

    let mut outcomes = Vec::new();
    while let Some(got) = calls.join_next().await {
        let got = got.unwrap().unwrap();
        assert_eq!(got.text(), "one");
        outcomes.push(got.outcome);
    }
    assert_eq!(given.origin.count(), 1);
    assert_eq!(count(&outcomes, CacheOutcome::Miss), 1);
    assert_eq!(count(&outcomes, CacheOutcome::Collapsed), 999);
    assert_eq!(given.handle.stats().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn followers_read_while_it_is_arriving() {
    let given = cache();
    let (reply, body) = streamed(STORABLE);
    given.origin.reply(reply);
    let leader = given.cache.clone();
    let leader = leader.oneshot(request(Method::GET, "/", "")).await.unwrap();
    body.send(Ok(Bytes::from_static(b"be"))).unwrap();
    let follower = given.cache.clone();

    // The leader reads nothing.
    let mut follower = follower
        .oneshot(request(Method::GET, "/", ""))
        .await
        .unwrap();
    let first = follower.body_mut().frame().await;

    assert_eq!(first.unwrap().unwrap().into_data().unwrap(), "be");
    body.send(Ok(Bytes::from_static(b"gun"))).unwrap();
    drop(body);
    let rest = follower.into_body().collect().await;
    assert_eq!(rest.unwrap().to_bytes(), "gun");
    let whole = leader.into_body().collect().await;
    assert_eq!(whole.unwrap().to_bytes(), "begun");
    assert_eq!(given.get("").await.outcome, CacheOutcome::Hit);
    assert_eq!(given.origin.count(), 1);
}

/// A leader can be dropped before it is polled, while the origin thinks, and while the body
/// arrives.
#[tokio::test(start_paused = true)]
async fn a_leader_that_leaves_hands_over_wherever_it_is() {
    for point in 0..4 {
        let given = cache();
        let first = given.origin.later();
        let (reply, body) = streamed(STORABLE);
        given.origin.reply(ok(STORABLE, "second"));
        let mut leader = Box::pin(given.cache.clone().oneshot(request(Method::GET, "/", "")));
        let mut response = None;
        if point > 0 {
            assert!(poll_once(&mut leader).await.is_none());
        }
        let mut followers = many(&given, 10);
        settle().await;
        match point {
            0 => {
                drop(leader);
                // It had not sent anything: a follower's request is the first.
                send(first, ok(STORABLE, "second"));
            }
            1 => {
                drop(leader);
                assert!(first.is_closed(), "the origin works for nobody");
            }
            _ => {
                send(first, reply);
                response = Some(leader.await.unwrap());
                settle().await;
            }
        }
        if point > 2 {
            body.send(Ok(Bytes::from_static(b"be"))).unwrap();
        }

        drop(response);
        if point > 1 {
            // The followers read on.
            let _: Result<_, _> = body.send(Ok(Bytes::from_static(b"gun")));
        }
        drop(body);

        let mut texts = Vec::new();
        while let Some(got) = followers.join_next().await {
            texts.push(got.unwrap().unwrap().text().to_owned());
        }
        let expected = match point {
            0 | 1 => "second",
            2 => "gun",
            _ => "begun",
        };
        assert_eq!(texts, vec![expected; 10], "{point}");
        assert_eq!(given.handle.stats().in_flight, 0);
        let most = if point == 0 { 1 } else { 2 };
        assert!(given.origin.count() <= most, "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_shared_lets_all_go_at_once_and_is_remembered() {
    let given = cache();
    let reply = given.origin.later();
    let mut calls = many(&given, 100);
    settle().await;
    assert_eq!(given.origin.count(), 1);
    let waiting: Vec<_> = (0..99).map(|_| given.origin.later()).collect();

    send(reply, ok("cache-control: no-store", "own"));
    settle().await;

    // None waits for another.
    assert_eq!(given.origin.count(), 100);
    for reply in waiting {
        send(reply, ok("cache-control: no-store", "own"));
    }
    while let Some(got) = calls.join_next().await {
        assert_eq!(got.unwrap().unwrap().outcome, CacheOutcome::Miss);
    }

    let [one, other] = [given.origin.later(), given.origin.later()];
    let mut calls = many(&given, 2);
    settle().await;
    assert_eq!(given.origin.count(), 102);
    send(one, ok(STORABLE, "now"));
    send(other, ok(STORABLE, "now"));
    while calls.join_next().await.is_some() {}
    assert_eq!(given.get("").await.outcome, CacheOutcome::Hit);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_everybody_s() {
    let given = cache();
    let reply = given.origin.later();
    let mut calls = many(&given, 50);
    settle().await;

    send(reply, Reply::Failure("refused"));

    while let Some(got) = calls.join_next().await {
        let error = got.unwrap().unwrap_err();
        let source = error.source().unwrap();
        assert_eq!(source.to_string(), "refused");
    }
    assert_eq!(given.origin.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_up_takes_nobody_with_it() {
    let given = cache();
    let first = given.origin.later();
    given.origin.reply(ok(STORABLE, "in time"));
    let mut hurried = request(Method::GET, "/", "");
    let deadline = Deadline::within(Duration::from_secs(1));
    hurried.extensions_mut().insert(deadline);
    let mut calls = JoinSet::new();
    let leader = given.clone();
    calls.spawn(async move { leader.call(hurried).await });
    settle().await;
    let follower = given.clone();
    let follower = tokio::spawn(async move { follower.get("").await });
    settle().await;

    let timeout = std::io::Error::from(std::io::ErrorKind::TimedOut);
    send(first, Reply::Broken(timeout.into()));

    assert!(calls.join_next().await.unwrap().unwrap().is_err());
    assert_eq!(follower.await.unwrap().text(), "in time");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever() {
    let given = cache_with(|builder| builder.longest_wait(Duration::from_secs(5)));
    let _never = given.origin.later();
    given.origin.reply(ok(STORABLE, "alone"));
    let leader = given.clone();
    let leader = tokio::spawn(async move { leader.get("").await });
    settle().await;
    let start = tokio::time::Instant::now();

    let got = given.get("").await;

    assert_eq!(got.text(), "alone");
    assert!(got.cache_status().contains("; collapsed=?0"), "{got:?}");
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    leader.abort();
}

// RFC 9111 section 4.1.
#[tokio::test(start_paused = true)]
async fn each_variant_is_fetched_once() {
    let given = cache();
    given.origin.always(|asked| {
        let language = asked.headers()["accept-language"].to_str().unwrap();
        let body = if language == "de" { "Auto" } else { "car" };
        ok("cache-control: max-age=60 | vary: accept-language", body)
    });
    let first = given.origin.later();
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let given = given.clone();
        let (language, expected) = if number % 2 == 0 {
            ("accept-language: de", "Auto")
        } else {
            ("accept-language: en", "car")
        };
        calls.spawn(async move { assert_eq!(given.get(language).await.text(), expected) });
    }
    settle().await;

    send(
        first,
        ok("cache-control: max-age=60 | vary: accept-language", "Auto"),
    );

    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    assert_eq!(given.origin.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn principals_do_not_wait_for_each_other() {
    let given = cache();
    given.origin.always(|_| ok(STORABLE, "second"));
    let _never = given.origin.later();
    let call = |name: &str| {
        let mut request = request(Method::GET, "/", "");
        request.extensions_mut().insert(Principal::new(name));
        let given = given.clone();
        async move { given.call(request).await.unwrap() }
    };
    let first = tokio::spawn(call("anna"));
    settle().await;

    let got = call("bert").await;

    assert_eq!(got.outcome, CacheOutcome::Miss);
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_before_it_was_forgotten_is_neither_stored_nor_shared() {
    let given = cache();
    let reply = given.origin.later();
    given.origin.reply(answer(200, "", "")); // to POST
    given.origin.reply(ok(STORABLE, "new"));
    let first = given.clone();
    let first = tokio::spawn(async move { first.get("").await });
    settle().await;

    given.send(Method::POST, "/", "").await;
    let second = given.get("").await;
    send(reply, ok(STORABLE, "old"));
    let first = first.await.unwrap();

    assert_eq!(second.text(), "new");
    assert_eq!(first.text(), "old");
    assert_eq!(given.get("").await.text(), "new");
    assert_eq!(given.origin.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_collapsing_each_call_fetches() {
    let given = cache_with(|builder| builder.without_collapsing());
    given.origin.always(|_| ok(STORABLE, "own"));
    let [_one, _other] = [given.origin.later(), given.origin.later()];

    let mut calls = many(&given, 2);
    settle().await;

    assert_eq!(given.origin.count(), 2);
    calls.abort_all();
}

fn many(given: &Given, count: usize) -> JoinSet<Result<Got, BoxError>> {
    let mut calls = JoinSet::new();
    for _ in 0..count {
        let given = given.clone();
        calls.spawn(async move { given.call(request(Method::GET, "/", "")).await });
    }
    calls
}

fn count(outcomes: &[CacheOutcome], wanted: CacheOutcome) -> usize {
    outcomes
        .iter()
        .filter(|outcome| **outcome == wanted)
        .count()
}

async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut future = Pin::new(future);
    poll_fn(|cx| {
        Poll::Ready(match future.as_mut().poll(cx) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}
