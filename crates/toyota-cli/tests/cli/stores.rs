//! What is kept between runs, and the owner's look into it.

mod redis;
mod told;
mod wrong;

use serde_json::Value;
use tempfile::TempDir;
use toyota_sim::{Route, Simulator};

use crate::{Run, simulator, suffix, toyota, vars};

/// Somebody who has signed in, and keeps answers in a folder.
struct Owner {
    sim: Simulator,
    folder: TempDir,
}

impl Owner {
    async fn new() -> Self {
        let owner = Self {
            sim: simulator().await,
            folder: tempfile::tempdir().unwrap(),
        };
        let login = owner.run(&["login"]).await;
        assert_eq!(login.code, 0, "{login:?}");
        owner
    }

    fn store(&self) -> String {
        format!("disk:{}", self.folder.path().join("answers").display())
    }

    /// Runs a command with these options.
    async fn run(&self, args: &[&str]) -> Run {
        let mut vars = vars(&self.sim);
        let tokens = self.folder.path().join("tokens");
        vars.push(("TOYOTA_TOKEN_DIR", tokens.display().to_string()));
        let run = toyota(args, &vars).await;
        let shown = |text: String| {
            let text = text.replace(self.sim.api_url(), "[host]");
            text.replace(&self.folder.path().display().to_string(), "~")
        };
        Run {
            stdout: shown(run.stdout),
            stderr: shown(run.stderr),
            ..run
        }
    }

    /// Runs a command over the folder.
    async fn stored(&self, args: &[&str]) -> Run {
        let store = self.store();
        self.run(&[&["--cache", &store], args].concat()).await
    }

    async fn json(&self, args: &[&str]) -> Value {
        let run = self.stored(&[&["--json"], args].concat()).await;
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    }
}

#[tokio::test]
async fn the_next_run_finds_what_this_one_was_answered() {
    let owner = Owner::new().await;

    let runs = [
        owner.stored(&["--verbose", "vehicles"]).await,
        owner.stored(&["--verbose", "vehicles"]).await,
    ];

    for (run, outcome) in runs.iter().zip(["miss", "hit"]) {
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.stderr.contains(&format!("\n  cache: {outcome}\n")),
            "{run:?}"
        );
    }
    assert_eq!(runs[0].stdout, runs[1].stdout);
    assert_eq!(owner.sim.counters().requests(Route::Vehicles), 1);
}

#[tokio::test]
async fn the_first_of_several_stores_is_the_uppermost() {
    let owner = Owner::new().await;
    let store = owner.store();
    let tiers = ["--cache", "memory", "--cache", &store, "vehicles"];

    for _ in 0..2 {
        assert_eq!(owner.run(&tiers).await.code, 0);
    }

    assert_eq!(owner.sim.counters().requests(Route::Vehicles), 1);
    let stats = owner.json(&["--cache", "memory", "cache", "stats"]).await;
    assert_eq!(stats["stores"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_logout_forgets_what_the_account_was_answered() {
    let owner = Owner::new().await;
    let car = suffix(&owner.sim);
    owner.stored(&["telemetry", &car]).await;

    let logout = owner.stored(&["logout"]).await;

    assert_eq!(logout.code, 0, "{logout:?}");
    let expected = "Signed out; the stored token is removed, and 2 answers.\n";
    assert_eq!(logout.stdout, expected);
    assert_eq!(owner.json(&["cache", "stats"]).await["entries"], 0);
    owner.stored(&["vehicles"]).await;
    assert_eq!(owner.sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn a_logout_tells_what_it_could_not_forget_and_has_removed_the_token() {
    let owner = Owner::new().await;

    let away = ["--cache", "redis://127.0.0.1:1", "--json"];
    let logout = owner.run(&[&away[..], &["logout"]].concat()).await;
    let again = owner.run(&["--json", "logout"]).await;

    assert_eq!((logout.code, logout.stdout.as_str()), (1, ""), "{logout:?}");
    let said = "error: the token is removed, but what was answered may still be stored: ";
    assert!(logout.stderr.starts_with(said), "{logout:?}");
    let document: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(document["wasSignedIn"], false);
}

#[tokio::test]
async fn what_is_invented_is_stored_where_the_command_says_and_nowhere_else() {
    let owner = Owner::new().await;
    let configured = [("TOYOTA_CACHE_STORE", owner.store())];

    let run = toyota(&["--simulated", "vehicles"], &configured).await;
    let before = owner.json(&["cache", "stats"]).await;
    owner.stored(&["--simulated", "vehicles"]).await;
    let after = owner.json(&["cache", "stats"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        (&before["entries"], &after["entries"]),
        (&0.into(), &1.into())
    );
}
