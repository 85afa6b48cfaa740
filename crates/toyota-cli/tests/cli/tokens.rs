//! What a sign-in leaves behind, and what becomes of it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use toyota_client::Config;
use toyota_client::auth::{Credential, CredentialKey, FileStore, Persist, Principal, issuer};
use toyota_sim::{Fault, LoginFlow, Route, Simulator};

use crate::{Run, simulator, suffix, toyota, vars};

/// An owner with a folder for tokens.
struct Owner {
    sim: Simulator,
    tokens: TempDir,
}

impl Owner {
    async fn new() -> Self {
        Self {
            sim: simulator().await,
            tokens: tempfile::tempdir().unwrap(),
        }
    }

    /// Runs a command with user name and password at hand.
    async fn run(&self, args: &[&str]) -> Run {
        self.run_without(&[], args).await
    }

    /// Runs a command without some of the variables.
    async fn run_without(&self, unset: &[&str], args: &[&str]) -> Run {
        let mut vars = vars(&self.sim);
        vars.retain(|(name, _)| !unset.contains(name));
        let folder = self.tokens.path().display().to_string();
        vars.push(("TOYOTA_TOKEN_DIR", folder));
        toyota(args, &vars).await
    }

    /// Runs a command as somebody who has signed in before and says nothing about it.
    async fn run_signed_in(&self, args: &[&str]) -> Run {
        let unset = ["TOYOTA_USERNAME", "TOYOTA_PASSWORD"];
        self.run_without(&unset, args).await
    }

    fn password_logins(&self) -> u64 {
        self.sim.counters().password_posts
    }

    fn stored(&self) -> Vec<std::path::PathBuf> {
        let files = fs::read_dir(self.tokens.path()).unwrap();
        let files = files.map(|file| file.unwrap().path());
        files.filter(|file| is_token(file)).collect()
    }

    /// Makes the stored token one that is to be renewed, and good for a while.
    async fn age_stored(&self) {
        let (store, key) = (
            FileStore::new(self.tokens.path()),
            self.key_of(self.sim.account().username()),
        );
        let _lock = store.lock(&key).await.unwrap();
        let stored = store.load(&key).await.unwrap().unwrap();
        let end = SystemTime::now() + Duration::from_secs(240);
        let aged = stored.valid_between(end - Duration::from_secs(3600), end);
        store.save(&key, &aged).await.unwrap();
    }

    /// Keeps a token for another account, as its own sign-in would have left it.
    async fn store_for(&self, other: &str) {
        let (store, key) = (FileStore::new(self.tokens.path()), self.key_of(other));
        let _lock = store.lock(&key).await.unwrap();
        store.save(&key, &Credential::new("token")).await.unwrap();
    }

    fn key_of(&self, username: &str) -> CredentialKey {
        let config = Config::from_vars(|name| self.sim.variable(name)).unwrap();
        CredentialKey::new(&issuer(&config), &Principal::new(username))
    }
}

/// What is learnt of cars is there too, and what locks files.
fn is_token(file: &Path) -> bool {
    let is_memory = file.file_name().is_some_and(|name| name == "cars.json");
    file.extension().is_some_and(|it| it == "json") && !is_memory
}

#[tokio::test]
async fn signs_in_and_says_so() {
    let sim = simulator().await;

    let run = toyota(&["login"], &vars(&sim)).await;

    assert_eq!(run.code, 0);
    assert!(
        run.stdout
            .starts_with("Signed in; the token is good for 59 minutes."),
        "{run:?}"
    );
}

#[tokio::test]
async fn login_stores_and_the_commands_after_it_need_no_password() {
    let owner = Owner::new().await;

    let login = owner.run(&["login"]).await;
    assert_eq!(login.code, 0, "{login:?}");
    let said = format!("stored in {}", owner.tokens.path().display());
    assert!(login.stdout.contains(&said), "{login:?}");

    for _ in 0..2 {
        let vehicles = owner.run_signed_in(&["vehicles"]).await;
        assert_eq!((vehicles.code, vehicles.stderr.as_str()), (0, ""));
    }
    assert_eq!(owner.password_logins(), 1);
}

#[tokio::test]
async fn the_first_command_remembers_its_sign_in_too() {
    let owner = Owner::new().await;

    for _ in 0..2 {
        let run = owner.run(&["vehicles"]).await;
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    }

    assert_eq!(owner.password_logins(), 1);
}

#[tokio::test]
async fn a_token_that_expired_meanwhile_is_refreshed_and_stored_anew() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;

    for refreshes in 1..4 {
        owner.sim.expire_access_tokens();
        let run = owner.run_signed_in(&["vehicles"]).await;

        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(owner.sim.counters().refreshes, refreshes);
    }
    assert_eq!(owner.sim.counters().refresh_reuses_detected, 0);
    assert_eq!(owner.password_logins(), 1);
}

#[tokio::test]
async fn logout_forgets() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    assert_eq!(owner.stored().len(), 1);

    let logout = owner.run_signed_in(&["logout"]).await;
    assert_eq!(logout.code, 0, "{logout:?}");
    assert_eq!(logout.stdout, "Signed out; the stored token is removed.\n");
    assert_eq!(owner.stored().len(), 0);

    let again = owner.run_signed_in(&["logout"]).await;
    assert_eq!(again.stdout, "Nobody was signed in; nothing is stored.\n");
    let vehicles = owner.run_signed_in(&["vehicles"]).await;
    assert_eq!(vehicles.code, 2, "{vehicles:?}");
    assert!(vehicles.stderr.contains("set TOYOTA_USERNAME"));
}

#[tokio::test]
async fn logout_asks_nobody_for_anything() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;

    let unset = ["TOYOTA_USERNAME", "TOYOTA_PASSWORD", "TOYOTA_API_KEY"];
    let logout = owner.run_without(&unset, &["--json", "logout"]).await;

    assert_eq!(logout.code, 0, "{logout:?}");
    let document: serde_json::Value = serde_json::from_str(&logout.stdout).unwrap();
    assert_eq!(document["wasSignedIn"], true);
}

#[tokio::test]
async fn a_sign_in_that_is_of_no_more_use_says_what_to_do() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    owner.sim.revoke_all_tokens();

    let run = owner.run_signed_in(&["vehicles"]).await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("next: sign in again"), "{run:?}");

    // With the password at hand nobody has to do anything.
    assert_eq!(owner.run(&["vehicles"]).await.code, 0);
    assert_eq!(owner.run_signed_in(&["vehicles"]).await.code, 0);
}

#[tokio::test]
async fn a_login_host_that_is_down_costs_a_good_token_nothing() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    let down = Fault::status(http::StatusCode::SERVICE_UNAVAILABLE);
    owner.sim.fail_randomly(Route::Token, 1.0, down).unwrap();

    assert_eq!(owner.run_signed_in(&["vehicles"]).await.code, 0);

    owner.sim.expire_access_tokens();
    let run = owner.run(&["--no-retry", "vehicles"]).await;
    assert_eq!(run.code, 6, "{run:?}");
    assert_eq!(owner.password_logins(), 1, "no fallback to the password");
}

#[tokio::test]
async fn a_stored_token_that_cannot_be_read_is_named_and_left_alone() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    let file = owner.stored().remove(0);
    fs::write(&file, "{").unwrap();

    let run = owner.run(&["vehicles"]).await;

    assert_eq!(run.code, 3, "{run:?}");
    let name = file.display().to_string();
    assert!(run.stderr.contains(&name), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "{");
    assert_eq!(owner.run(&["logout"]).await.code, 0);
    assert_eq!(owner.run(&["vehicles"]).await.code, 0);
}

#[tokio::test]
async fn a_token_that_is_renewed_in_the_background_when_the_program_ends_is_not_lost() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    owner.age_stored().await;
    let slow = Fault::pass().after(Duration::from_millis(500));
    owner.sim.script(Route::Token, [slow]);

    // Two calls: the first loads the token, the second finds that it is time to renew it.
    let car = suffix(&owner.sim);
    let first = owner.run_signed_in(&["location", &car]).await;
    owner.sim.expire_access_tokens();
    let second = owner.run_signed_in(&["vehicles"]).await;

    assert_eq!((first.code, second.code), (0, 0), "{first:?} {second:?}");
    let counters = owner.sim.counters();
    assert_eq!(
        (counters.refreshes, counters.refresh_reuses_detected),
        (2, 0)
    );
    assert_eq!(owner.password_logins(), 1);
}

#[tokio::test]
async fn login_spends_no_password_on_what_could_not_be_stored() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    fs::write(owner.stored().remove(0), "{").unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut into_a_file = vars(&owner.sim);
    into_a_file.push(("TOYOTA_TOKEN_DIR", file.path().display().to_string()));

    let over_what_is_damaged = owner.run(&["login"]).await;
    let into_a_file = toyota(&["login"], &into_a_file).await;

    for run in [over_what_is_damaged, into_a_file] {
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{run:?}");
        assert!(run.stderr.contains("\ntried: the tokens in "), "{run:?}");
    }
    assert_eq!(owner.password_logins(), 1, "that of the first login");
}

#[tokio::test]
async fn of_several_accounts_the_one_that_is_meant_has_to_be_named() {
    let owner = Owner::new().await;
    owner.run(&["login"]).await;
    owner.sim.set_login(LoginFlow::default());
    let first = fs::read_to_string(owner.stored().remove(0)).unwrap();
    let username = owner.sim.account().username().to_owned();
    owner.store_for("other@example.com").await;
    assert_eq!(owner.stored().len(), 2);
    assert!(first.contains(&username));

    let run = owner.run_signed_in(&["vehicles"]).await;

    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("set TOYOTA_USERNAME"), "{run:?}");
    let named = owner.run_without(&["TOYOTA_PASSWORD"], &["vehicles"]).await;
    assert_eq!(named.code, 0, "{named:?}");
}
