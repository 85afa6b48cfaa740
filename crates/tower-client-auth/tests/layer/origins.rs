//! Where credentials do not go.

use tower_client_auth::{AuthErrorKind, AuthLayer, Origins};
use tower_client_call::{Delivery, DeliveryError};

use crate::script::{Api, Source, answer, auth, auth_error, client, over, send, succeed, text, to};

/// As odd as URIs come, and none of them `https://api.example`.
const ELSEWHERE: [&str; 20] = [
    "http://api.example/",
    "http://api.example:443/",
    "https://api.example:8443/",
    "https://api.example:80/",
    "https://api.example:/",
    "https://api.example:0443/",
    "https://api.example./",
    "https://api.example.evil/",
    "https://evil.api.example/",
    "https://evilapi.example/",
    "https://example/",
    "https://api.example@evil.example/",
    "https://api.example:443@evil.example/",
    "https://user@api.example/",
    "https://user:word@api.example:443/",
    "ftp://api.example/",
    "wss://api.example/",
    "/v1/trips",
    "api.example:443",
    "*",
];

#[tokio::test(start_paused = true)]
async fn a_request_elsewhere_goes_without_and_the_source_is_not_asked() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);

    for uri in ELSEWHERE {
        let response = send(&client, to(uri)).await.unwrap();
        assert_eq!(response.status(), 200, "{uri}");
    }

    assert_eq!(source.count(), 0);
    assert_eq!(api.seen().len(), ELSEWHERE.len());
    for seen in api.seen() {
        assert!(seen.request.headers().is_empty(), "{}", seen.request.uri());
    }
}

#[tokio::test(start_paused = true)]
async fn nor_does_a_credential_go_there_that_is_in_force() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;

    for uri in ELSEWHERE {
        send(&client, to(uri)).await.unwrap();
    }

    for seen in &api.seen()[1..] {
        assert!(seen.request.headers().is_empty(), "{}", seen.request.uri());
    }
}

#[tokio::test(start_paused = true)]
async fn elsewhere_the_callers_own_header_stays() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    let mut request = to("https://other.example/");
    let own = "Basic bWU=".parse().unwrap();
    request.headers_mut().insert("authorization", own);

    send(&client, request).await.unwrap();

    assert_eq!(
        api.seen()[1].request.headers()["authorization"],
        "Basic bWU="
    );
}

#[tokio::test(start_paused = true)]
async fn a_401_from_elsewhere_is_no_refusal() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    api.add(answer(401).text("who are you?"));

    let response = send(&client, to("https://other.example/")).await.unwrap();
    succeed(&client).await;

    assert_eq!(response.status(), 401);
    assert_eq!(text(response).await, "who are you?");
    assert_eq!((source.count(), api.seen().len()), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn elsewhere_may_be_an_error() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).refuse_elsewhere(), &api);

    for uri in ELSEWHERE {
        let error = send(&client, to(uri)).await.unwrap_err();

        assert_eq!(Delivery::of(&*error), Delivery::NotSent);
        assert!(DeliveryError::is_permanent(&*error));
        assert_eq!(auth_error(Err(error)).kind(), AuthErrorKind::Elsewhere);
    }
    succeed(&client).await;
    assert_eq!((source.count(), api.seen().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_same_origin_in_other_words_is_the_same() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);

    for uri in [
        "https://api.example",
        "https://api.example/?q",
        "https://API.Example/x",
        "HTTPS://api.example:443/",
    ] {
        send(&client, to(uri)).await.unwrap();
    }

    assert_eq!(api.tokens(), ["token-1"; 4]);
}

#[tokio::test(start_paused = true)]
async fn there_may_be_several_and_some_on_this_machine() {
    let (source, api) = (Source::new(), Api::new());
    let origins = [
        "https://a.example",
        "https://b.example:8443",
        "http://[::1]:80",
    ];
    let origins = Origins::new(origins).unwrap();
    let client = over(AuthLayer::builder(source, origins), &api);

    for uri in [
        "https://a.example/",
        "https://b.example:8443/",
        "http://[::1]/",
        "http://[::2]/",
    ] {
        send(&client, to(uri)).await.unwrap();
    }

    assert_eq!(api.tokens(), ["token-1", "token-1", "token-1", "none"]);
}

#[tokio::test(start_paused = true)]
async fn without_any_nothing_ever_leaves() {
    let (source, api) = (Source::new(), Api::new());
    let nowhere = Origins::new::<&str>([]).unwrap();
    let client = over(AuthLayer::builder(source.clone(), nowhere), &api);

    succeed(&client).await;

    assert_eq!((source.count(), api.tokens()), (0, vec!["none".to_owned()]));
}
