//! The program as its user meets it: a process, its output, its exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod acts;
mod caching;
mod cars;
mod climate_set;
mod config;
mod guide;
mod logging;
mod metrics;
mod proxy;
mod raw;
mod reads;
mod simulate;
mod stores;
mod story;
mod tokens;
mod trips;
mod waking;
mod watching;
mod whole;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use tokio::process::Command;
use toyota_sim::{AuthorizeFlow, Fault, LoginFlow, Route, Simulator, TokenFlow};

/// A run of the program.
#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Runs the program with nothing in its environment but these variables, and nobody signed in and
/// no settings unless they say where.
async fn toyota(args: &[impl AsRef<OsStr>], vars: &[(&str, String)]) -> Run {
    let (tokens, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_toyota"));
    command
        .args(args)
        .env_clear()
        .env("TOYOTA_TOKEN_DIR", tokens.path())
        .env("XDG_CONFIG_HOME", home.path())
        .env("TZ", "UTC")
        .envs(vars.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(60), command.output());
    let output = output.await.expect("it ends").unwrap();
    Run {
        code: output.status.code().expect("it exits by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn simulator() -> Simulator {
    Simulator::builder().start().await.unwrap()
}

/// What a shell would export to reach the simulator.
fn vars(sim: &Simulator) -> Vec<(&'static str, String)> {
    let mut vars: Vec<_> = sim.variables().into_iter().collect();
    vars.push(("TOYOTA_TIMEOUT", "2".to_owned()));
    vars
}

async fn against(sim: &Simulator, args: &[&str]) -> Run {
    toyota(args, &vars(sim)).await
}

#[tokio::test]
async fn lists_the_simulated_garage() {
    let run = toyota(&["--simulated", "vehicles"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    NAME       MODEL         YEAR  RUNS ON         VIN
    Runabout   Yaris 5-door  2022  fuel            SB1Z93BE10E000101
    RAV4 PHEV  RAV4 Plug-in  2023  plug-in hybrid  JTMZ63FV50D000202
    Quiet one  RZ            2024  electricity     JTHZ4AHB700000303
    ");
}

#[tokio::test]
async fn prints_one_json_document() {
    let run = toyota(&["--simulated", "--json", "vehicles"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["vehicles"].as_array().unwrap().len(), 3);
    assert_eq!(document["warnings"], serde_json::json!([]));
}

#[tokio::test]
async fn tells_where_a_car_is() {
    let sim = simulator().await;
    let suffix = suffix(&sim);

    let run = against(&sim, &["location", &suffix]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    position      50.8949, 4.3415
    what          Last Parked
    taken         2026-08-30 16:42 UTC
    last contact  2026-08-30 16:45 UTC
    ");
}

#[tokio::test]
async fn tells_what_a_car_reports() {
    let sim = simulator().await;
    let vin = sim.account().cars()[0].vin().to_owned();

    let run = against(&sim, &["telemetry", &vin]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    odometer      43087 km
    fuel          62 %
    range         418 km
    reported      2026-08-30 16:45 UTC
    ");
    // A whole VIN needs no look-up.
    assert_eq!(sim.counters().requests(Route::Vehicles), 0);
}

#[tokio::test]
async fn location_and_telemetry_are_json_documents_too() {
    let sim = simulator().await;
    let suffix = suffix(&sim);
    for (command, member) in [("location", "location"), ("telemetry", "telemetry")] {
        let run = against(&sim, &["--json", command, &suffix]).await;

        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(document[member].is_object(), "{document}");
        assert_eq!(document["vin"], sim.account().cars()[0].vin());
    }
}

#[tokio::test]
async fn signs_in_and_says_so() {
    let sim = simulator().await;

    let run = against(&sim, &["login"]).await;

    assert_eq!(run.code, 0);
    assert!(
        run.stdout
            .starts_with("Signed in; the token is good for 59 minutes."),
        "{run:?}"
    );
}

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

#[tokio::test]
async fn wrong_usage_is_named() {
    let sim = simulator().await;
    for (args, word) in [
        (&["drive"][..], "unrecognized subcommand"),
        (&["location", " "], "a car is named by the end of its VIN"),
        (&["location"], "several cars: say which"),
        (&["location", "01"], "no car of this account"),
        (&["--fault", "503", "vehicles"], "--simulated"),
        (
            &["--simulated", "--fault", "99", "vehicles"],
            "a status from 200 to 599",
        ),
        (&["location", "XXXX9999"], "no car of this account"),
    ] {
        let run = against(&sim, args).await;

        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(word), "{args:?}: {run:?}");
    }
}

#[tokio::test]
async fn a_wrong_setting_is_named_with_what_is_allowed() {
    let sim = simulator().await;
    for (name, value, word) in [
        (
            "TOYOTA_BRAND",
            "X",
            r#"TOYOTA_BRAND "X" is not allowed: T, L or S"#,
        ),
        (
            "TOYOTA_API_URL",
            "http://api.example",
            "credentials travel only by https",
        ),
        ("TOYOTA_TIMEOUT", "soon", "seconds above 0, at most 3600"),
        ("TOYOTA_USERNAME", "nobody", "mail address"),
    ] {
        let mut vars = vars(&sim);
        vars.retain(|(var, _)| *var != name);
        vars.push((name, value.to_owned()));

        let run = toyota(&["vehicles"], &vars).await;

        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert!(run.stderr.contains(word), "{name}: {run:?}");
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_for_at_a_terminal_and_named_elsewhere() {
    let sim = simulator().await;
    for name in ["TOYOTA_USERNAME", "TOYOTA_PASSWORD", "TOYOTA_API_KEY"] {
        let mut vars = vars(&sim);
        vars.retain(|(var, _)| *var != name);

        let run = toyota(&["vehicles"], &vars).await;

        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert!(
            run.stderr.contains(&format!("set {name}")),
            "{name}: {run:?}"
        );
    }
}

#[tokio::test]
async fn goes_through_a_proxy_where_the_environment_says_so() {
    let sim = Simulator::builder().tls().start().await.unwrap();
    let proxy = proxy::Proxy::start().await;
    let mut vars = vars(&sim);
    let certificate = Certificate::write(&sim);
    vars.push(("SSL_CERT_FILE", certificate.0.display().to_string()));
    vars.push(("HTTPS_PROXY", proxy.url()));

    let proxied = toyota(&["vehicles"], &vars).await;
    assert_eq!(proxied.code, 0, "{proxied:?}");
    let tunnels = proxy.tunnels();
    assert!(tunnels > 0);

    vars.push(("NO_PROXY", "localhost".to_owned()));
    let direct = toyota(&["vehicles"], &vars).await;
    assert_eq!(direct.code, 0, "{direct:?}");
    assert_eq!(proxy.tunnels(), tunnels);
}

#[tokio::test]
async fn a_proxy_of_another_kind_is_named() {
    let sim = Simulator::builder().tls().start().await.unwrap();
    let mut vars = vars(&sim);
    vars.push(("HTTPS_PROXY", "socks5://127.0.0.1:1".to_owned()));

    let run = toyota(&["vehicles"], &vars).await;

    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("not by socks5://"), "{run:?}");
}

/// The last characters of the first car's VIN.
fn suffix(sim: &Simulator) -> String {
    let vin = sim.account().cars()[0].vin().to_owned();
    vin[vin.len() - 4..].to_owned()
}

/// The simulator's certificate as a file, removed when dropped.
struct Certificate(PathBuf);

impl Certificate {
    fn write(sim: &Simulator) -> Self {
        let name = format!("toyota-cli-{}.pem", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, sim.certificate_pem().unwrap()).unwrap();
        Self(path)
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}
