//! The layer with a refreshing source, over sockets.

use std::error::Error;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;
use tower::{BoxError, Layer, ServiceExt};
use tower_client_auth::oauth::{OAuthClient, OAuthError, OAuthErrorKind, RefreshTokenGrant};
use tower_client_auth::{Auth, AuthError, AuthErrorKind, AuthLayer, Credential, Origins};
use tower_client_auth::{Principal, RefreshToken};

use crate::server::{Mood, Server};

type HyperClient = Client<HttpConnector, Full<Bytes>>;

#[tokio::test]
async fn an_initial_token_is_exchanged_once_for_everybody() {
    let server = Server::start().await;
    let client = client(&server);

    let mut calls = JoinSet::new();
    for _ in 0..20 {
        calls.spawn(call(client.clone(), server.origin.clone()));
    }
    let answers = calls.join_all().await;

    for answer in answers {
        assert_eq!(answer.unwrap(), StatusCode::OK);
    }
    assert_eq!(server.token_requests(), 1);
    assert!(!server.is_revoked());
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_the_request_is_sent() {
    let server = Server::start().await;
    let client = client(&server);
    hold(&client, -3600, -1).await;

    for _ in 0..3 {
        let answer = call(client.clone(), server.origin.clone()).await;
        assert_eq!(answer.unwrap(), StatusCode::OK);
    }

    assert_eq!(server.token_requests(), 1);
    let good = ("Bearer access-1".to_owned(), StatusCode::OK);
    assert_eq!(server.api_requests(), vec![good; 3]);
}

#[tokio::test]
async fn a_refused_token_is_refreshed_and_the_request_sent_once_more() {
    let server = Server::start().await;
    let client = client(&server);
    hold(&client, -10, 3590).await;
    for round in 1..=3 {
        server.revoke_access();

        let answer = call(client.clone(), server.origin.clone()).await;

        assert_eq!(answer.unwrap(), StatusCode::OK);
        assert_eq!(server.token_requests(), round);
        assert_eq!(server.api_requests().len(), 2 * round);
    }
    let statuses = server.api_requests();
    assert_eq!(statuses[0].1, StatusCode::UNAUTHORIZED);
    assert_eq!(statuses[1], ("Bearer access-1".into(), StatusCode::OK));
    assert!(!server.is_revoked());
}

#[tokio::test]
async fn after_invalid_grant_every_call_fails_at_once() {
    let server = Server::start().await;
    let client = client(&server);
    server.revoke();

    for _ in 0..10 {
        let error = call(client.clone(), server.origin.clone()).await;
        let error = error.unwrap_err();

        assert_eq!(auth(&*error).kind(), AuthErrorKind::Refused);
        let reason = OAuthError::find(&*error).unwrap();
        assert_eq!(reason.kind(), OAuthErrorKind::Refused);
        assert_eq!(reason.error_code(), Some("invalid_grant"));
    }

    assert_eq!(server.token_requests(), 1);
    assert_eq!(server.api_requests(), []);
}

#[tokio::test]
async fn while_the_endpoint_is_busy_the_old_token_serves() {
    let server = Server::start().await;
    let client = client(&server);
    server.set_mood(Mood::Busy);
    // Renewed in the background from now on.
    hold(&client, -3500, 100).await;

    for _ in 0..5 {
        let answer = call(client.clone(), server.origin.clone()).await;
        assert_eq!(answer.unwrap(), StatusCode::OK);
        server.until_asked(1).await;
    }

    let old = ("Bearer access-0".to_owned(), StatusCode::OK);
    assert_eq!(server.api_requests(), vec![old; 5]);
    // It was told to stay away for two minutes.
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn a_busy_endpoint_says_when_to_come_back_where_there_is_no_old_token() {
    let server = Server::start().await;
    let client = client(&server);
    server.set_mood(Mood::Busy);

    let error = call(client, server.origin.clone()).await.unwrap_err();

    assert_eq!(auth(&*error).kind(), AuthErrorKind::Unavailable);
    assert_eq!(auth(&*error).retry_after(), Some(Duration::from_secs(120)));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_secret_does_not_leave() {
    let elsewhere = Server::start().await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start().await;
        let client = client(&server);
        let location = elsewhere.token_endpoint();
        server.set_mood(Mood::Redirecting(status, location));

        let error = call(client, server.origin.clone()).await.unwrap_err();

        assert_eq!(auth(&*error).kind(), AuthErrorKind::Refused);
        let reason = OAuthError::find(&*error).unwrap();
        assert_eq!(reason.kind(), OAuthErrorKind::Protocol);
        assert_eq!(server.token_requests(), 1);
    }
    assert_eq!(elsewhere.token_requests(), 0);
    assert_eq!(elsewhere.api_requests(), []);
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_a_failure_that_passes() {
    let server = Server::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}/token", listener.local_addr().unwrap());
    drop(listener);

    let error = call(client_of(&server, &nowhere), server.origin.clone()).await;

    let error = error.unwrap_err();
    assert_eq!(auth(&*error).kind(), AuthErrorKind::Unavailable);
    let reason = OAuthError::find(&*error).unwrap();
    assert_eq!(reason.kind(), OAuthErrorKind::Transport);
    assert!(reason.source().is_some());
}

fn client(server: &Server) -> Auth<HyperClient> {
    client_of(server, &server.token_endpoint())
}

/// A client of the server's API, which begins with the first refresh token.
fn client_of(server: &Server, token_endpoint: &str) -> Auth<HyperClient> {
    let http = Client::builder(TokioExecutor::new()).build_http();
    let app = OAuthClient::builder(token_endpoint, "app");
    let app = app.client_secret("s3cret").build().unwrap();
    let source = RefreshTokenGrant::new(http.clone(), app);
    let source = source.initial_token(&Principal::new(""), "refresh-0");
    let origins = Origins::new([&server.origin]).unwrap();
    AuthLayer::new(source, origins).layer(http)
}

/// Gives the client the first pair, issued and expiring so many seconds from now.
async fn hold(client: &Auth<HyperClient>, issued: i32, expires: i32) {
    let credential = Credential::new("access-0")
        .valid_between(from_now(issued), from_now(expires))
        .with(RefreshToken::from("refresh-0"));
    let provider = client.provider();
    let nobody = provider.default_principal();
    provider.set(&nobody, credential).await.unwrap();
}

fn from_now(seconds: i32) -> SystemTime {
    let time = Duration::from_secs(seconds.unsigned_abs().into());
    if seconds < 0 {
        SystemTime::now() - time
    } else {
        SystemTime::now() + time
    }
}

async fn call(client: Auth<HyperClient>, origin: String) -> Result<StatusCode, BoxError> {
    let request = Request::get(format!("{origin}/v1/trips")).body(Full::default())?;
    Ok(client.oneshot(request).await?.status())
}

fn auth<'a>(error: &'a (dyn Error + 'static)) -> &'a AuthError {
    AuthError::find(error).expect("not an error of the layer")
}
