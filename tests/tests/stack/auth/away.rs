//! Redirects that lead away from the API, all of them followed: no credential goes along.

mod recorder;

use std::io::Write;

use http::header::{HeaderMap, HeaderValue, LOCATION};
use http::{Request, StatusCode};
use tests::{config, credentials, login, simulator, soon, tls_simulator, transport};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, ServiceExt};
use tower_client_auth::Origins;
use tower_http::follow_redirect::FollowRedirect;
use tower_http::follow_redirect::policy::{Limited, PolicyExt};
use toyota_client::auth::{self, AuthLayer, SignInSource, TokenRefusal, UserHeaders};
use toyota_client::{BaseUrl, Body, Transport};
use toyota_sim::{Fault, Route, Simulator};

use self::recorder::Recorder;

const PATH: &str = "/v2/vehicle/guid";
const CREDENTIALS: [&str; 4] = ["authorization", "x-guid", "guid", "x-client-ref"];

#[tokio::test]
async fn a_redirect_to_another_port_host_or_user_takes_no_credential_along() {
    for place in Place::BOTH {
        let (sim, other) = (simulator().await, simulator().await);
        let stack = place.stack(&auth(&sim), transport(&sim));
        let own = sim.api_url().trim_start_matches("http://127.0.0.1");
        for away in [
            other.api_url().to_owned(),
            format!("http://localhost{own}"),
            format!("http://owner@127.0.0.1{own}"),
            format!("http://owner:secret@127.0.0.1{own}"),
        ] {
            let before = arrived(&sim).len() + arrived(&other).len();
            let to = format!("{away}{PATH}");
            sim.script(Route::Vehicles, [redirect(&to), nothing()]);
            other.script(Route::Vehicles, [nothing()]);

            let status = get(&stack, sim.api_url()).await;

            other.clear_faults();
            sim.clear_faults();
            let heads = [arrived(&sim), arrived(&other)].concat();
            assert_eq!((status, heads.len()), (200, before + 2), "{away}");
            let with = heads.iter().filter(|head| has_all(head)).count();
            let without = heads.iter().filter(|head| has_none(head)).count();
            assert_eq!(
                (with, without),
                (heads.len() / 2, heads.len() / 2),
                "{away}"
            );
        }
    }
}

#[tokio::test]
async fn a_redirect_between_address_families_takes_no_credential_along() {
    let Some(six) = Recorder::on_ipv6().await else {
        return say_that_ipv6_is_missing();
    };
    for place in Place::BOTH {
        let sim = simulator().await;
        let away = format!("{}{PATH}", six.url());
        sim.script(Route::Vehicles, [redirect(&away)]);
        let stack = place.stack(&auth(&sim), transport(&sim));

        assert_eq!(get(&stack, sim.api_url()).await, 200);

        assert!(has_all(&arrived(&sim)[0]));
        assert!(has_none(&six.take_only()));
    }
}

#[tokio::test]
async fn an_api_on_ipv6_is_given_the_credential_and_nobody_behind_it() {
    let Some(six) = Recorder::on_ipv6().await else {
        return say_that_ipv6_is_missing();
    };
    for place in Place::BOTH {
        let sim = simulator().await;
        sim.script(Route::Vehicles, [nothing()]);
        six.redirect_once(&format!("{}{PATH}", sim.api_url()));
        let stack = place.stack(&auth_at(&sim, &six.url()), transport(&sim));

        assert_eq!(get(&stack, &six.url()).await, 200);

        assert!(has_all(&six.take_only()));
        assert!(has_none(&arrived(&sim)[0]));
    }
}

/// The port that the redirect leads to is one that credentials may go to, by TLS.
#[tokio::test]
async fn a_redirect_to_plain_http_takes_no_credential_along() {
    for place in Place::BOTH {
        let (sim, plain) = (tls_simulator().await, simulator().await);
        let port = plain.api_url().rsplit(':').next().unwrap();
        let origins = [sim.api_url(), &format!("https://localhost:{port}")];
        let source = SignInSource::new(login(&sim), credentials(&sim));
        let auth = AuthLayer::builder(source, Origins::new(origins).unwrap())
            .apply(UserHeaders::new(&config(&sim)))
            .challenge(TokenRefusal);
        let away = format!("http://localhost:{port}{PATH}");
        sim.script(Route::Vehicles, [redirect(&away)]);
        plain.script(Route::Vehicles, [nothing()]);

        let stack = place.stack(&auth.build(), transport(&sim));
        assert_eq!(get(&stack, sim.api_url()).await, 200);

        assert!(has_all(&arrived(&sim)[0]));
        assert!(has_none(&arrived(&plain)[0]));
    }
}

#[tokio::test]
async fn a_host_in_other_letters_is_the_same_host() {
    for place in Place::BOTH {
        let sim = simulator().await;
        let host = |name| sim.api_url().replace("127.0.0.1", name);
        let to = format!("{}{PATH}", host("LOCALhost"));
        sim.script(Route::Vehicles, [redirect(&to), nothing()]);
        let stack = place.stack(&auth_at(&sim, &host("localhost")), transport(&sim));

        assert_eq!(get(&stack, &host("LocalHost")).await, 200);

        let heads = arrived(&sim);
        assert_eq!(heads.len(), 2);
        assert!(heads.iter().all(has_all));
    }
}

#[tokio::test]
async fn who_comes_back_is_given_a_credential_only_where_each_hop_is_decided_on() {
    for place in Place::BOTH {
        let (sim, other) = (simulator().await, simulator().await);
        let url = |sim: &Simulator| format!("{}{PATH}", sim.api_url());
        sim.script(Route::Vehicles, [redirect(&url(&other)), nothing()]);
        other.script(Route::Vehicles, [redirect(&url(&sim))]);
        let stack = place.stack(&auth(&sim), transport(&sim));

        assert_eq!(get(&stack, sim.api_url()).await, 200);

        assert!(has_none(&arrived(&other)[0]));
        let back = &arrived(&sim)[1];
        match place {
            Place::Below => assert!(has_all(back)),
            Place::Above => assert!(has_none(back)),
        }
    }
}

type Stack = BoxCloneSyncService<Request<Body>, StatusCode, BoxError>;

/// Where the credentials are put on, seen from the redirects.
#[derive(Clone, Copy)]
enum Place {
    /// On each hop by itself.
    Below,
    /// Before all hops; the layer's policy takes them off.
    Above,
}

impl Place {
    const BOTH: [Self; 2] = [Self::Below, Self::Above];

    fn stack(self, auth: &AuthLayer, transport: Transport) -> Stack {
        let limit = Limited::new(5);
        match self {
            Self::Below => {
                let stack = FollowRedirect::with_policy(auth.layer(transport), limit);
                Stack::new(stack.map_response(|answer| answer.status()))
            }
            Self::Above => {
                let policy = PolicyExt::and::<_, Body, BoxError>(limit, auth.redirect_policy());
                let stack = auth.layer(FollowRedirect::with_policy(transport, policy));
                Stack::new(stack.map_response(|answer| answer.status()))
            }
        }
    }
}

fn auth(sim: &Simulator) -> AuthLayer {
    auth_at(sim, sim.api_url())
}

/// Signs in at the simulator, for an API that is somewhere else.
fn auth_at(sim: &Simulator, api: &str) -> AuthLayer {
    let config = config(sim).with_api_url(api.parse::<BaseUrl>().unwrap());
    auth::layer(login(sim), credentials(sim), &config).build()
}

async fn get(stack: &Stack, base: &str) -> u16 {
    let request = Request::get(format!("{base}{PATH}"));
    let request = request.body(Body::empty()).unwrap();
    soon(stack.clone().oneshot(request)).await.unwrap().as_u16()
}

fn redirect(to: &str) -> Fault {
    Fault::status(StatusCode::FOUND).header(LOCATION, HeaderValue::from_str(to).unwrap())
}

/// An answer that refuses nobody.
fn nothing() -> Fault {
    Fault::status(StatusCode::OK)
}

/// The heads of the API's requests, without those of the sign-in.
fn arrived(sim: &Simulator) -> Vec<HeaderMap> {
    let requests = sim.requests().into_iter();
    let requests = requests.filter(|request| request.route() == Route::Vehicles);
    requests.map(|request| request.headers().clone()).collect()
}

fn has_all(head: &HeaderMap) -> bool {
    CREDENTIALS.iter().all(|name| head.contains_key(*name))
}

fn has_none(head: &HeaderMap) -> bool {
    !CREDENTIALS.iter().any(|name| head.contains_key(*name))
}

/// Past the test harness, which shows nothing of a test that has passed.
fn say_that_ipv6_is_missing() {
    let said = writeln!(
        std::io::stderr(),
        "NOT TESTED: this machine has no [::1], so that nothing was redirected to it"
    );
    said.unwrap();
}
