//! The program, and the simulator that it is run against.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use toyota_sim::Simulator;

/// A run of the program.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// It was not done, because of how it was asked for, and that is said.
    #[track_caller]
    pub(crate) fn assert_not_done(&self, because: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        assert!(self.stderr.contains(because), "{because}: {self:?}");
    }
}

/// Runs the program with nothing in its environment but these variables, and nobody signed in and
/// no settings unless they say where.
pub(crate) async fn toyota(args: &[impl AsRef<OsStr>], vars: &[(&str, String)]) -> Run {
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

pub(crate) async fn simulator() -> Simulator {
    Simulator::builder().start().await.unwrap()
}

/// What a shell would export to reach the simulator.
pub(crate) fn vars(sim: &Simulator) -> Vec<(&'static str, String)> {
    let mut vars: Vec<_> = sim.variables().into_iter().collect();
    vars.push(("TOYOTA_TIMEOUT", "2".to_owned()));
    vars
}

pub(crate) async fn against(sim: &Simulator, args: &[&str]) -> Run {
    toyota(args, &vars(sim)).await
}

/// The last characters of the first car's VIN.
pub(crate) fn suffix(sim: &Simulator) -> String {
    let vin = sim.account().cars()[0].vin().to_owned();
    vin[vin.len() - 4..].to_owned()
}
