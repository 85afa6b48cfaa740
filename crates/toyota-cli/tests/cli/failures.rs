//! What a failed call is told as, and its exit code.

use std::time::Duration;

use http::StatusCode;
use toyota_sim::{AuthorizeFlow, Fault, LoginFlow, Route, TokenFlow};

use crate::{against, simulator, toyota, vars};

#[tokio::test]
async fn help_lists_the_exit_codes() {
    let run = toyota(&["--help"], &[]).await;

    assert_eq!(run.code, 0);
    for line in [
        "2  usage",
        "3  signing in",
        "4  network",
        "5  rate limit",
        "6  the service",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
}

#[tokio::test]
async fn every_kind_of_failure_has_its_exit_code() {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    for (fault, code) in [
        (Fault::status(StatusCode::TOO_MANY_REQUESTS), 5),
        (Fault::status(unavailable), 6),
        (
            Fault::gateway(StatusCode::FORBIDDEN, "APIGW-403", "Unauthorized"),
            6,
        ),
        (
            Fault::gateway(StatusCode::FORBIDDEN, "APIGW-403", "\"Forbidden\""),
            2,
        ),
        (Fault::html(StatusCode::OK), 6),
        (Fault::reset_before_read(), 4),
        (Fault::truncated(), 4),
        (Fault::garbage_wire(), 4),
        (Fault::pass().after(Duration::from_secs(4)), 4),
        (Fault::endless(Duration::from_millis(50)), 4),
    ] {
        let sim = simulator().await;
        let shown = format!("{fault:?}");
        sim.script(Route::Vehicles, [fault]);

        let run = against(&sim, &["--no-retry", "vehicles"]).await;

        assert_eq!(run.code, code, "{shown}: {run:?}");
        assert_eq!(run.stdout, "", "{shown}");
        for word in [
            "error: vehicles: ",
            "\ntried: vehicles at http://",
            "\n next: ",
        ] {
            assert!(run.stderr.contains(word), "{shown}: {run:?}");
        }
        assert!(!run.stderr.contains("panicked") && !run.stderr.contains("backtrace"));
    }
}

#[tokio::test]
async fn a_simulated_fault_of_each_kind_is_told_with_all_its_facts() {
    for (fault, code, facts) in [
        ("401", 3, "Token, AUTH_FAILED, status 401, request "),
        ("403", 6, "Api, ACCESS_DENIED, status 403, request "),
        ("404", 6, "Api, NOT_FOUND, status 404, request "),
        ("408", 6, "Api, TIMEOUT, status 408, request "),
        ("409", 6, "Api, CONFLICT, status 409, request "),
        ("422", 6, "Api, INVALID_REQUEST, status 422, request "),
        ("429", 5, "RateLimit, RATE_LIMIT, status 429, request "),
        ("503", 6, "Server, SERVER_ERROR, status 503, request "),
        ("html", 6, "Server, SERVER_ERROR, status 200, "),
        ("garbage", 6, "Server, SERVER_ERROR, status 200, "),
        ("reset", 4, "Network, NETWORK_ERROR, "),
        ("truncated", 4, "Network, NETWORK_ERROR, "),
        ("noise", 4, "Network, NETWORK_ERROR, "),
        ("endless", 4, "Timeout, TIMEOUT, "),
        ("silence", 4, "Timeout, TIMEOUT, "),
    ] {
        // Two in a row: a refused token is answered by a new one, once.
        let faults = format!("{fault},{fault}");
        let args = ["--simulated", "--no-retry", "--fault", &faults, "vehicles"];

        let run = toyota(&args, &[("TOYOTA_TIMEOUT", "2".to_owned())]).await;

        assert_eq!(run.code, code, "{fault}: {run:?}");
        let line = run
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix("facts: "));
        let line = line.unwrap_or_else(|| panic!("{fault}: {run:?}"));
        assert!(
            line.starts_with(facts) && line.ends_with("attempts 1"),
            "{fault}: {line}"
        );
        assert!(run.stderr.contains("\n next: "), "{fault}: {run:?}");
    }
}

#[tokio::test]
async fn a_fault_that_passes_is_survived_and_told_when_asked_for() {
    let args = ["--simulated", "--fault", "503", "vehicles", "--verbose"];
    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout.lines().count(), 4, "a heading and three cars");
    assert!(run.stderr.contains("\n  attempt 2: 200 in "), "{run:?}");
    assert!(run.stderr.contains("\n  ended: succeeded\n"), "{run:?}");
}

#[tokio::test]
async fn a_fault_that_stays_is_told_with_its_attempts() {
    let sim = simulator().await;
    let refused = StatusCode::BAD_GATEWAY;
    sim.script(Route::Vehicles, [refused; 3].map(Fault::status));

    let run = toyota(
        &["vehicles"],
        &sim.variables().into_iter().collect::<Vec<_>>(),
    )
    .await;

    assert_eq!(run.code, 6, "{run:?}");
    assert!(run.stderr.contains("attempts 3\n"), "{run:?}");
    assert_eq!(sim.counters().requests(Route::Vehicles), 3);
}

#[tokio::test]
async fn a_failed_sign_in_has_an_exit_code_of_its_own() {
    let unknown = LoginFlow::UnknownCallback {
        kind: "DeviceProfileCallback".to_owned(),
    };
    for flow in [LoginFlow::CodeRefused, LoginFlow::Endless, unknown] {
        let sim = simulator().await;
        sim.set_login(flow.clone());

        let run = against(&sim, &["vehicles"]).await;

        assert_eq!(run.code, 3, "{flow:?}: {run:?}");
    }
    let sim = simulator().await;
    sim.set_authorize(AuthorizeFlow::NoLocation);
    assert_eq!(against(&sim, &["vehicles"]).await.code, 3);
    let sim = simulator().await;
    sim.set_token(TokenFlow::Without("id_token".to_owned()));
    assert_eq!(against(&sim, &["vehicles"]).await.code, 3);
}

#[tokio::test]
async fn a_wrong_password_is_explained() {
    let sim = simulator().await;
    let vars = vars(&sim);
    sim.edit_account(|account| account.set_password("changed"));

    let run = toyota(&["vehicles"], &vars).await;

    let stderr = run.stderr.replace(sim.login_url(), "[host]");
    insta::assert_snapshot!(stderr, @r"
    error: signing in failed: the password was refused
    facts: Login, AUTH_FAILED, attempts 1
    tried: signing in at [host]
     next: check the password (TOYOTA_PASSWORD); several wrong ones can lock the account
    ");
    assert_eq!((run.code, sim.counters().password_posts), (3, 1));
}

#[tokio::test]
async fn a_service_that_asks_to_wait_is_quoted() {
    let sim = simulator().await;
    let busy = Fault::gateway(StatusCode::TOO_MANY_REQUESTS, "APIGW-403", "Unauthorized");
    sim.script(Route::Vehicles, [busy.retry_after_seconds(120)]);

    let run = against(&sim, &["vehicles"]).await;

    let stderr = run.stderr.replace(sim.api_url(), "[host]");
    let id = stderr
        .split(", request ")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let stderr = stderr.replace(id, "[id]");
    insta::assert_snapshot!(stderr, @r"
    error: vehicles: too many requests, status 429 (APIGW-403)
    facts: RateLimit, RATE_LIMIT, status 429, request [id], attempts 1
    tried: vehicles at [host]
     next: wait a few minutes before the next request (the service asks for 120 s)
    ");
}

#[tokio::test]
async fn a_login_host_that_is_down_is_no_sign_in_error() {
    let sim = simulator().await;
    sim.script(
        Route::Authenticate,
        [Fault::status(StatusCode::BAD_GATEWAY)],
    );
    assert_eq!(against(&sim, &["vehicles"]).await.code, 6);

    let vars = vars(&sim);
    drop(sim);
    assert_eq!(toyota(&["vehicles"], &vars).await.code, 4);
}
