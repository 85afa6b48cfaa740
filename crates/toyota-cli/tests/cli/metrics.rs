//! What was measured, after a command and while it runs.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use toyota_sim::{Fault, Route, Simulator};

use super::{against, simulator, toyota, vars};

#[tokio::test]
async fn tells_what_was_measured_beside_the_result() {
    let run = toyota(&["--simulated", "--metrics", "vehicles"], &[]).await;

    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("Runabout"), "{}", run.stdout);
    assert!(!run.stdout.contains("toyota_total"), "{}", run.stdout);
    for line in [
        r#"toyota_total{operation="vehicles",status="success"} 1"#,
        r#"toyota_bodies_total{ending="complete",operation="vehicles"} 1"#,
        r#"toyota_active{operation="vehicles"} 0"#,
        "# TYPE http_client_request_duration_seconds histogram",
    ] {
        assert!(run.stderr.contains(line), "{line} is not in {}", run.stderr);
    }
}

#[tokio::test]
async fn a_failed_command_is_measured_too() {
    let sim = simulator().await;
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    sim.script(Route::Vehicles, [Fault::status(unavailable)]);

    let run = against(&sim, &["--metrics", "--no-retry", "vehicles"]).await;

    assert_eq!(run.code, 6);
    let counted = r#"toyota_total{kind="server",operation="vehicles",status="error"} 1"#;
    assert!(run.stderr.contains(counted), "{}", run.stderr);
    assert!(run.stderr.contains(r#"error_type="503""#), "{}", run.stderr);
}

#[tokio::test]
async fn is_one_document_of_json_where_that_is_asked_for() {
    let run = toyota(&["--simulated", "--json", "--metrics", "vehicles"], &[]).await;

    let result: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(result["vehicles"].as_array().unwrap().len(), 3);
    let measured: Value = serde_json::from_str(&run.stderr).unwrap();
    let counters = measured["counters"].as_array().unwrap();
    let total = counters.iter().find(|it| it["name"] == "toyota_total");
    assert_eq!(total.unwrap()["value"], 1);
    assert_eq!(total.unwrap()["labels"]["operation"], "vehicles");
}

#[tokio::test]
async fn shows_no_secret_of_the_user_and_no_car() {
    let sim = simulator().await;
    let vin = "SB1Z93BE10E000101";

    let run = against(&sim, &["--metrics", "telemetry", vin]).await;

    assert_eq!(run.code, 0, "{}", run.stderr);
    let account = sim.account();
    for secret in [vin, account.username(), account.password()] {
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
}

#[tokio::test]
async fn is_served_while_the_command_runs() {
    let sim = simulator().await;
    sim.script(
        Route::Vehicles,
        [Fault::pass().after(Duration::from_secs(60))],
    );
    let tokens = tempfile::tempdir().unwrap();
    let (mut child, address) = listening(&sim, tokens.path()).await;

    let page = until(&address, r#"toyota_active{operation="vehicles"} 1"#).await;
    let open_metrics = get(&address, "/metrics", "application/openmetrics-text").await;
    let elsewhere = get(&address, "/", "*/*").await;
    child.kill().await.unwrap();

    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    assert!(
        page.contains("content-type: text/plain; version=0.0.4"),
        "{page}"
    );
    assert!(
        open_metrics.contains("application/openmetrics-text"),
        "{open_metrics}"
    );
    assert!(open_metrics.ends_with("# EOF\n"), "{open_metrics}");
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_refused_at_once() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.toml").display().to_string();
    fs::write(&file, format!("[metrics]\nlisten = '{address}'\n")).unwrap();
    for (args, vars, named) in [
        (
            &["--metrics-listen", &address][..],
            vec![],
            "--metrics-listen".to_owned(),
        ),
        (
            &[],
            vec![("TOYOTA_METRICS_LISTEN", address.clone())],
            "TOYOTA_METRICS_LISTEN".to_owned(),
        ),
        (
            &["--config", &file],
            vec![],
            format!("{file}:2:10: metrics.listen"),
        ),
    ] {
        let run = toyota(&[args, &["--simulated", "vehicles"]].concat(), &vars).await;

        run.assert_not_done(&format!("error: {named} {address} cannot be used"));
    }
}

#[tokio::test]
async fn nothing_is_measured_where_that_is_turned_off_unless_an_option_asks() {
    let off = [
        ("TOYOTA_METRICS_ENABLED", "false".to_owned()),
        ("TOYOTA_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
    ];

    let plain = toyota(&["--simulated", "vehicles"], &off).await;
    let asked = toyota(&["--simulated", "--metrics", "vehicles"], &off[..1]).await;

    assert_eq!((plain.code, plain.stderr.as_str()), (0, ""));
    let counted = r#"toyota_total{operation="vehicles",status="success"} 1"#;
    assert!(asked.stderr.contains(counted), "{}", asked.stderr);
}

/// Starts a command that serves what it measures, and returns where.
async fn listening(sim: &Simulator, tokens: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_toyota"))
        .args(["--metrics-listen", "127.0.0.1:0", "vehicles"])
        .env_clear()
        .env("TOYOTA_TOKEN_DIR", tokens)
        .env("XDG_CONFIG_HOME", tokens)
        .envs(vars(sim))
        .env("TOYOTA_TIMEOUT", "60")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = soon(said.next_line()).await.unwrap().unwrap();
    let url = line.strip_prefix("note: metrics are served at http://");
    let address = url.and_then(|url| url.strip_suffix("/metrics"));
    (
        child,
        address.unwrap_or_else(|| panic!("{line}")).to_owned(),
    )
}

/// Asks until a line is there: the command runs by itself.
async fn until(address: &str, line: &str) -> String {
    soon(async {
        loop {
            let page = get(address, "/metrics", "*/*").await;
            if page.contains(line) {
                return page;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

async fn get(address: &str, path: &str, accept: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: {accept}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    soon(stream.read_to_string(&mut response)).await.unwrap();
    response
}

async fn soon<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(30), work).await;
    done.expect("done long before")
}
