//! tower-http's redirects, inside of the layer and outside.

use std::future::ready;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::Full;
use tower::{BoxError, Layer, Service, ServiceExt, service_fn};
use tower_client_auth::{AuthLayer, Credential};
use tower_http::follow_redirect::FollowRedirectLayer;

use crate::script::{Frames, Source, auth, secret, to};

const START: &str = "https://api.example/start";
const ELSEWHERE: [&str; 5] = [
    "https://evil.example/end",
    "http://api.example/end",
    "https://api.example:8443/end",
    "https://api.example.evil/end",
    "//evil.example/end",
];

#[tokio::test(start_paused = true)]
async fn inside_no_header_of_the_layer_follows_elsewhere_and_the_callers_own_do() {
    for location in ELSEWHERE {
        let (auth, web) = (two_headers(), Web::default());
        web.lead("/start", location);
        let client = inside(&auth, &web);

        client.oneshot(own(to(START))).await.unwrap();

        let [start, end] = &web.seen()[..] else {
            panic!("not followed once");
        };
        assert_eq!(start["x-token"], "token-1");
        assert_eq!(start["x-device"], "7");
        assert_eq!(end.len(), 1, "{location}: {end:?}");
        assert_eq!(end["x-own"], "mine");
    }
}

#[tokio::test(start_paused = true)]
async fn inside_they_follow_within_their_origins() {
    for location in [
        "/end",
        "https://api.example:443/end",
        "https://API.example/end",
    ] {
        let (auth, web) = (two_headers(), Web::default());
        web.lead("/start", location);

        inside(&auth, &web).oneshot(own(to(START))).await.unwrap();

        for headers in web.seen() {
            assert_eq!(headers.len(), 3, "{location}: {headers:?}");
            assert_eq!(headers["x-token"], "token-1");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn inside_what_was_left_behind_does_not_come_back() {
    let (auth, web) = (two_headers(), Web::default());
    web.lead("/start", "https://evil.example/then");
    web.lead("/then", "https://api.example/end");

    inside(&auth, &web).oneshot(own(to(START))).await.unwrap();

    let counts: Vec<_> = web.seen().iter().map(HeaderMap::len).collect();
    assert_eq!(counts, [3, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn inside_a_request_that_starts_elsewhere_keeps_the_callers_own_header() {
    let (auth, web) = (auth(&Source::new()).build(), Web::default());
    inside(&auth, &web).oneshot(to(START)).await.unwrap();
    let mut request = to(ELSEWHERE[0]);
    let mine = HeaderValue::from_static("Basic bWU=");
    request.headers_mut().insert(AUTHORIZATION, mine.clone());

    inside(&auth, &web).oneshot(request).await.unwrap();

    let sent: Vec<_> = web
        .seen()
        .iter()
        .map(|it| it[AUTHORIZATION].clone())
        .collect();
    assert_eq!(sent, [HeaderValue::from_static("Bearer token-1"), mine]);
}

#[tokio::test(start_paused = true)]
async fn outside_each_hop_is_judged_by_itself() {
    let (auth, web) = (auth(&Source::new()).build(), Web::default());
    web.lead("/start", "https://evil.example/then");
    web.lead("/then", "http://api.example/there");
    web.lead("/there", "https://api.example/end");
    let client = FollowRedirectLayer::new().layer(auth.layer(web.service()));

    client.oneshot(own(to(START))).await.unwrap();

    let seen = web.seen();
    let tokens: Vec<_> = seen.iter().map(|it| it.get("authorization")).collect();
    let sent = HeaderValue::from_static("Bearer token-1");
    assert_eq!(tokens, [Some(&sent), None, None, Some(&sent)]);
    assert!(seen.iter().all(|headers| headers["x-own"] == "mine"));
}

/// A web of redirects, which remembers the headers that it was sent.
#[derive(Clone, Default)]
struct Web(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    leads: Vec<(&'static str, &'static str)>,
    seen: Vec<HeaderMap>,
}

impl Web {
    fn lead(&self, from: &'static str, to: &'static str) {
        self.0.lock().unwrap().leads.push((from, to));
    }

    fn seen(&self) -> Vec<HeaderMap> {
        self.0.lock().unwrap().seen.clone()
    }

    fn service(
        &self,
    ) -> impl Service<
        Request<Full<Bytes>>,
        Response = Response<Frames>,
        Error = BoxError,
        Future: Send,
    > + Clone
    + use<> {
        let web = self.clone();
        service_fn(move |request: Request<Full<Bytes>>| {
            let mut web = web.0.lock().unwrap();
            web.seen.push(request.headers().clone());
            let leads = web
                .leads
                .iter()
                .find(|(from, _)| *from == request.uri().path());
            let response = match leads {
                Some((_, to)) => Response::builder().status(307).header("location", *to),
                None => Response::builder(),
            };
            ready(Ok(response.body(Frames::of([])).unwrap()))
        })
    }
}

/// Redirects inside of the layer, with its policy.
fn inside(
    auth: &AuthLayer,
    web: &Web,
) -> impl Service<Request<Full<Bytes>>, Response: Sized, Error = BoxError> + use<> {
    let redirects = FollowRedirectLayer::with_policy(auth.redirect_policy());
    auth.layer(redirects.layer(web.service()))
}

fn two_headers() -> AuthLayer {
    let rule = |credential: &Credential, headers: &mut HeaderMap| {
        headers.insert("x-token", HeaderValue::from_str(secret(credential))?);
        headers.insert("x-device", HeaderValue::from_static("7"));
        Ok::<(), InvalidHeaderValue>(())
    };
    auth(&Source::new()).apply(rule).build()
}

fn own(mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
    let own = HeaderValue::from_static("mine");
    request.headers_mut().insert("x-own", own);
    request
}
