//! Files that somebody does not wait for.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use toyota_sim::{Fault, Route, Simulator};

use super::CAR;
use crate::{simulator, vars};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_file_that_nobody_waits_for_does_not_stay() {
    for signal in ["-INT", "-TERM"] {
        let sim = simulator().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trips.csv");
        sim.script(Route::Trips, [Fault::pass().after(PATIENCE * 2)]);
        let export = start(&sim, folder.path(), &file);
        let id = export.id().unwrap().to_string();
        asked(&sim).await;
        assert!(file.exists(), "{signal}");

        let sent = Command::new("kill").args([signal, &id]).status().await;
        let ended = timeout(PATIENCE, export.wait_with_output()).await;

        assert!(sent.unwrap().success());
        let output = ended.unwrap().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{signal}: {stderr}");
        assert!(stderr.starts_with("error: interrupted; "), "{stderr}");
        assert!(!file.exists(), "{signal}");
    }
}

fn start(sim: &Simulator, tokens: &Path, file: &Path) -> Child {
    let vars = vars(sim)
        .into_iter()
        .filter(|(name, _)| *name != "TOYOTA_TIMEOUT");
    let export = Command::new(env!("CARGO_BIN_EXE_toyota"))
        .args(["trips", CAR, "--export", "csv", "--output"])
        .arg(file)
        .env_clear()
        .envs(vars)
        .env("TOYOTA_TOKEN_DIR", tokens)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    export.unwrap()
}

/// Waits until the service is asked for trips.
async fn asked(sim: &Simulator) {
    let asked = async {
        while sim.counters().requests(Route::Trips) == 0 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap();
}
