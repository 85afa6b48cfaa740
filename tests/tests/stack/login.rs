//! Signing in: every way to end, through a socket.

use std::time::Duration;

use http::StatusCode;
use http::header::{COOKIE, SET_COOKIE};
use tests::{TIMEOUT, credentials, login, simulator, soon};
use tokio::task::JoinSet;
use toyota_client::auth::Credential;
use toyota_client::{Credentials, Login, LoginErrorKind as Kind, PendingLogin, SignIn, Transport};
use toyota_sim::{AuthorizeFlow, Fault, LoginFlow, Route, Simulator, TokenFlow};

async fn sign_in(sim: &Simulator) -> Result<Credential, Kind> {
    let signed_in = soon(login(sim).sign_in(&credentials(sim))).await;
    match signed_in.map_err(|error| error.kind())? {
        SignIn::Complete(credential) => Ok(credential),
        SignIn::CodeRequired(_) => panic!("a code is asked for"),
    }
}

/// Signs in where the code 123456 is asked for.
async fn asked_for_code(sim: &Simulator, login: &Login<Transport>) -> PendingLogin {
    let code = "123456".to_owned();
    sim.set_login(LoginFlow::CodeStep { code });
    match soon(login.sign_in(&credentials(sim))).await.unwrap() {
        SignIn::CodeRequired(pending) => pending,
        SignIn::Complete(_) => panic!("no code was asked for"),
    }
}

#[tokio::test]
async fn the_recorded_conversation_ends_signed_in() {
    let sim = simulator().await;

    let credential = sign_in(&sim).await.unwrap();

    assert!(credential.remaining() > Some(Duration::from_secs(3500)));
    let routes: Vec<_> = sim
        .requests()
        .iter()
        .map(|r| (r.route(), r.method().clone()))
        .collect();
    let post = |route| (route, http::Method::POST);
    let mut expected = vec![post(Route::Authenticate); 4];
    expected.push((Route::Authorize, http::Method::GET));
    expected.push(post(Route::Token));
    assert_eq!(routes, expected);
    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn the_authorization_carries_the_session_cookie_alone() {
    let sim = simulator().await;

    sign_in(&sim).await.unwrap();

    let requests = sim.requests();
    let authorize = requests
        .iter()
        .find(|r| r.route() == Route::Authorize)
        .unwrap();
    let cookies: Vec<_> = authorize.headers().get_all(COOKIE).iter().collect();
    assert_eq!(cookies.len(), 1);
    let cookie = cookies[0].to_str().unwrap();
    assert!(
        cookie.starts_with("iPlanetDirectoryPro=") && !cookie.contains(';'),
        "{cookie}"
    );
}

#[tokio::test]
async fn login_requests_carry_no_identity_of_the_app() {
    let sim = simulator().await;

    sign_in(&sim).await.unwrap();

    for request in sim.requests() {
        for name in ["x-api-key", "api_key", "x-guid", "x-client-ref"] {
            assert!(
                !request.headers().contains_key(name),
                "{:?} {name}",
                request.route()
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_user_is_told_before_the_password_is_sent() {
    let sim = simulator().await;
    let nobody = Credentials::new("nobody@example.com", "pa55word").unwrap();

    let error = soon(login(&sim).sign_in(&nobody)).await.unwrap_err();

    assert_eq!(error.kind(), Kind::UnknownUser);
    assert_eq!(sim.counters().password_posts, 0);
}

#[tokio::test]
async fn a_wrong_password_is_permanent_and_sent_once() {
    let sim = simulator().await;
    let wrong = Credentials::new(sim.account().username(), "wrong").unwrap();

    let error = soon(login(&sim).sign_in(&wrong)).await.unwrap_err();

    assert_eq!(error.kind(), Kind::InvalidPassword);
    assert!(error.is_permanent());
    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn every_tree_ends_in_tokens_or_a_typed_error() {
    let unknown = LoginFlow::UnknownCallback {
        kind: "DeviceProfileCallback".to_owned(),
    };
    for (flow, result) in [
        (LoginFlow::Recorded, Ok(())),
        (LoginFlow::Short, Ok(())),
        (LoginFlow::Endless, Err(Kind::Protocol)),
        (LoginFlow::CodeRefused, Err(Kind::CodeRequired)),
        (unknown, Err(Kind::UnsupportedStep)),
    ] {
        let sim = simulator().await;
        sim.set_login(flow.clone());

        assert_eq!(sign_in(&sim).await.map(drop), result, "{flow:?}");
        assert!(
            sim.counters().requests(Route::Authenticate) <= 10,
            "{flow:?}"
        );
    }
}

#[tokio::test]
async fn every_authorization_ends_in_tokens_or_a_typed_error() {
    let denied = AuthorizeFlow::ErrorRedirect {
        error: "access_denied".to_owned(),
    };
    for (flow, result) in [
        (AuthorizeFlow::Redirect, Ok(())),
        (AuthorizeFlow::NoLocation, Err(Kind::Protocol)),
        (denied, Err(Kind::Refused)),
        (AuthorizeFlow::Ok200, Err(Kind::Refused)),
        (AuthorizeFlow::WrongRedirect, Err(Kind::Protocol)),
        (AuthorizeFlow::NoCode, Err(Kind::Protocol)),
    ] {
        let sim = simulator().await;
        sim.set_authorize(flow.clone());

        assert_eq!(sign_in(&sim).await.map(drop), result, "{flow:?}");
        // A redirect is read, never followed.
        assert_eq!(sim.counters().requests(Route::Unknown), 0);
    }
}

#[tokio::test]
async fn a_token_answer_with_a_field_missing_names_it() {
    for field in ["access_token", "refresh_token", "id_token", "expires_in"] {
        let sim = simulator().await;
        sim.set_token(TokenFlow::Without(field.to_owned()));

        let error = soon(login(&sim).sign_in(&credentials(&sim)))
            .await
            .unwrap_err();

        assert_eq!(error.kind(), Kind::Protocol);
        assert_eq!(error.to_string(), format!("the token answer lacks {field}"));
    }
}

#[tokio::test]
async fn a_fault_at_any_step_ends_in_a_typed_error_within_the_timeout() {
    let steps = [
        (Route::Authenticate, 0),
        (Route::Authenticate, 3),
        (Route::Authorize, 0),
        (Route::Token, 0),
    ];
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    // A timeout is waited for: all at once take hardly more than one.
    let mut cases = JoinSet::new();
    for (route, passed) in steps {
        for (fault, kind) in [
            (
                Fault::status(unavailable).retry_after_seconds(7),
                Kind::Unavailable,
            ),
            (
                Fault::status(StatusCode::TOO_MANY_REQUESTS),
                Kind::Unavailable,
            ),
            (Fault::html(StatusCode::FORBIDDEN), Kind::Refused),
            (Fault::reset_before_read(), Kind::Transport),
            (Fault::reset_after_read(), Kind::Transport),
            (Fault::garbage_wire(), Kind::Transport),
            (Fault::pass().after(TIMEOUT * 2), Kind::Timeout),
        ] {
            cases.spawn(ends_in_an_error(route, passed, fault, kind));
        }
    }
    assert_eq!(cases.join_all().await.len(), steps.len() * 7);
}

async fn ends_in_an_error(route: Route, passed: usize, fault: Fault, kind: Kind) {
    let sim = simulator().await;
    let shown = format!("{route:?} {passed} {fault:?}");
    sim.script(
        route,
        std::iter::repeat_n(Fault::pass(), passed).chain([fault]),
    );

    assert_eq!(sign_in(&sim).await.map(drop), Err(kind), "{shown}");
}

#[tokio::test]
async fn an_answer_that_is_not_json_is_a_protocol_error() {
    for fault in [Fault::html(StatusCode::OK), Fault::garbage_body()] {
        let sim = simulator().await;
        sim.script(Route::Authenticate, [Fault::pass(), fault]);

        assert_eq!(sign_in(&sim).await.map(drop), Err(Kind::Protocol));
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off_by_size_or_time() {
    for (every, kind) in [
        (Duration::ZERO, Kind::Protocol),
        (Duration::from_millis(50), Kind::Timeout),
    ] {
        let sim = simulator().await;
        sim.script(Route::Authenticate, [Fault::endless(every)]);

        assert_eq!(sign_in(&sim).await.map(drop), Err(kind), "{every:?}");
    }
}

#[tokio::test]
async fn the_login_host_can_ask_to_wait() {
    let sim = simulator().await;
    let busy =
        Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_date(Duration::from_secs(90));
    sim.script(Route::Authenticate, [busy]);

    let error = soon(login(&sim).sign_in(&credentials(&sim)))
        .await
        .unwrap_err();

    assert!(error.is_transient());
    let wait = error.retry_after().unwrap().as_secs();
    assert!((88..=91).contains(&wait), "{wait}");
}

#[tokio::test]
async fn without_its_cookies_the_login_host_refuses() {
    let sim = simulator().await;
    let no_cookies = tower::ServiceBuilder::new()
        .map_response(|mut response: http::Response<_>| {
            response.headers_mut().remove(SET_COOKIE);
            response
        })
        .service(tests::transport(&sim));
    let login = toyota_client::Login::new(no_cookies, &tests::config(&sim)).unwrap();

    let error = soon(login.sign_in(&credentials(&sim))).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn a_one_time_code_completes_a_pending_sign_in() {
    let sim = simulator().await;
    let login = login(&sim);

    let pending = asked_for_code(&sim, &login).await;
    assert_eq!(pending.prompt(), "One Time Password");
    let signed_in = soon(login.resume(pending, "123456")).await.unwrap();

    assert!(matches!(signed_in, SignIn::Complete(_)));
    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn a_wrong_code_is_refused() {
    let sim = simulator().await;
    let login = login(&sim);

    let pending = asked_for_code(&sim, &login).await;
    let error = soon(login.resume(pending, "654321")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::CodeRequired);
}

#[tokio::test]
async fn a_code_that_comes_after_half_an_hour_is_too_late() {
    let sim = simulator().await;
    let login = login(&sim);

    let pending = asked_for_code(&sim, &login).await;
    sim.clock().advance(Duration::from_secs(31 * 60));
    let error = soon(login.resume(pending, "123456")).await.unwrap_err();

    // The simulator's clock has moved and ours has not: the host says it.
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn an_abandoned_sign_in_leaves_nothing_in_the_way_of_the_next() {
    for (route, passed) in [
        (Route::Authenticate, 2),
        (Route::Authorize, 0),
        (Route::Token, 0),
    ] {
        let sim = simulator().await;
        let slow = Fault::pass().after(Duration::from_secs(60));
        sim.script(
            route,
            std::iter::repeat_n(Fault::pass(), passed).chain([slow]),
        );
        let before = sim.counters().requests(route);
        let login = login(&sim);

        let abandoned = tokio::spawn({
            let (login, credentials) = (login.clone(), credentials(&sim));
            async move { login.sign_in(&credentials).await.map(drop) }
        });
        soon(async {
            while sim.counters().requests(route) < before + passed as u64 + 1 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        abandoned.abort();

        assert!(abandoned.await.unwrap_err().is_cancelled());
        let next = soon(login.sign_in(&credentials(&sim))).await;
        assert!(matches!(next, Ok(SignIn::Complete(_))), "{next:?}");
    }
}

#[tokio::test]
async fn two_sign_ins_at_once_do_not_share_cookies() {
    let sim = simulator().await;
    let login = login(&sim);
    let credentials = credentials(&sim);

    let both =
        soon(async { tokio::join!(login.sign_in(&credentials), login.sign_in(&credentials)) })
            .await;

    assert!(
        matches!(both, (Ok(SignIn::Complete(_)), Ok(SignIn::Complete(_)))),
        "{both:?}"
    );
    assert_eq!(sim.counters().logins_completed, 2);
}
