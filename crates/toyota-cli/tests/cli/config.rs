//! The settings: from where they are read, and what is told of them.

mod init;
#[cfg(target_os = "linux")]
mod odd_paths;
mod wrong;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use toyota_sim::{Route, Simulator};

use crate::{Run, simulator, toyota};

/// Somebody with a folder for settings.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a file where the platform keeps settings.
    fn with(name: &str, text: &str) -> Self {
        let home = Self::new();
        fs::create_dir(home.folder()).unwrap();
        fs::write(home.folder().join(name), text).unwrap();
        home
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("toyota")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Runs the program, and shows the folder as `~`.
    async fn run(&self, args: &[impl AsRef<OsStr>], vars: &[(&str, &str)]) -> Run {
        let mut all = vec![("XDG_CONFIG_HOME", self.0.path().display().to_string())];
        all.extend(
            vars.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let run = toyota(args, &all).await;
        let shown = |text: String| text.replace(&all[0].1, "~");
        Run {
            stdout: shown(run.stdout),
            stderr: shown(run.stderr),
            ..run
        }
    }
}

/// What a file has to say for the program to reach a simulator.
fn file_for(sim: &Simulator) -> String {
    let account = sim.account();
    format!(
        "[api]\nbase_url = '{}'\nkey = '{}'\ntimeout = 2\n\
         [auth]\nlogin_url = '{}'\nusername = '{}'\npassword = '{}'\nclient_secret = '{}'\n",
        sim.api_url(),
        sim.api_key(),
        sim.login_url(),
        account.username(),
        account.password(),
        sim.client_secret(),
    )
}

/// Lets only the owner read a file; where that is no mode, it is so already.
fn make_private(path: &Path) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let _ = path;
}

#[tokio::test]
async fn a_file_alone_is_enough_to_sign_in_and_read() {
    let sim = simulator().await;
    let home = Home::with("config.toml", &file_for(&sim));
    make_private(&home.folder().join("config.toml"));
    let tokens = home.0.path().join("tokens").display().to_string();

    for args in [&["vehicles"][..], &["login"], &["vehicles"]] {
        let run = home.run(args, &[("TOYOTA_TOKEN_DIR", &tokens)]).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    }
    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn tokens_are_stored_where_the_file_says() {
    let sim = simulator().await;
    let home = Home::new();
    let tokens = home.0.path().join("here");
    let text = format!("{}token_dir = '{}'\n", file_for(&sim), tokens.display());
    let file = home.file("mine.toml", &text);

    let run = home
        .run(&["--config", &file, "login"], &[("TOYOTA_TOKEN_DIR", "")])
        .await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("stored in ~/here"), "{run:?}");
    assert!(tokens.is_dir());
}

#[tokio::test]
async fn shows_what_is_in_force_and_where_it_is_from() {
    let home = Home::with(
        "config.yaml",
        "cache: {ttl: 60}\nauth: {username: a@example.com}\n",
    );
    let vars = [
        ("TOYOTA_BRAND", "lexus"),
        ("TOYOTA_API_KEY", "k3y"),
        ("TOYOTA_TOKEN_DIR", ""),
    ];

    let run = home.run(&["config", "show", "--origin"], &vars).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    KEY                     VALUE                                                      FROM
    api.base_url            https://ctpa-oneapi.tceu-ctp-prd.toyotaconnectedeurope.io  default
    api.key                 ***                                                        TOYOTA_API_KEY
    api.client_version      2.14.0                                                     default
    api.brand               L                                                          TOYOTA_BRAND
    api.timeout             60                                                         default
    api.max_in_flight       1                                                          default
    api.min_gap             0.1                                                        default
    api.routes              (the built-in ones)                                        default
    auth.login_url          https://b2c-login.toyota-europe.com                        default
    auth.username           a@example.com                                              ~/toyota/config.yaml:2:18
    auth.password           (none)                                                     default
    auth.client_id          oneapp                                                     default
    auth.client_secret      (none)                                                     default
    auth.realm              tme                                                        default
    auth.redirect_uri       com.toyota.oneapp:/oauth2Callback                          default
    auth.token_dir          (the platform's)                                           default
    cache.enabled           true                                                       default
    cache.ttl               60                                                         ~/toyota/config.yaml:1:14
    cache.max_size          1000                                                       default
    cache.store             memory                                                     default
    retry.max_attempts      3                                                          default
    retry.base_delay        1                                                          default
    retry.max_delay         60                                                         default
    retry.factor            2                                                          default
    retry.jitter            0.25                                                       default
    wake.status_per_hour    4                                                          default
    wake.status_per_day     24                                                         default
    wake.climate_per_hour   12                                                         default
    wake.climate_per_day    36                                                         default
    wake.electric_per_hour  4                                                          default
    wake.electric_per_day   32                                                         default
    display.units           metric                                                     default
    metrics.enabled         true                                                       default
    metrics.listen          (none)                                                     default
    logging.level           INFO                                                       default
    logging.format          json                                                       default
    logging.file            (none: stderr)                                             default
    logging.rotation        daily                                                      default
    logging.keep            7                                                          default
    "#);
    let plain = home.run(&["config", "show"], &vars).await;
    assert_eq!(
        plain.stdout.lines().nth(2).unwrap().trim_end(),
        "api.key                 ***"
    );
}

#[tokio::test]
async fn shows_it_as_one_json_document_too() {
    let home = Home::with(
        "config.json",
        r#"{"cache": {"ttl": 60}, "auth": {"realm": "tme"}}"#,
    );
    let vars = [("TOYOTA_API_KEY", "k3y")];
    for origin in [false, true] {
        let args = ["--json", "config", "show", "--origin"];
        let args = if origin { &args[..] } else { &args[..3] };

        let run = home.run(args, &vars).await;

        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["file"], "~/toyota/config.json");
        assert_eq!(document["settings"]["cache"]["ttl"], 60);
        assert_eq!(document["settings"]["api"]["key"], "***");
        assert_eq!(document["settings"]["auth"]["password"], Value::Null);
        assert_eq!(document.get("origins").is_some(), origin);
        if origin {
            assert_eq!(
                document["origins"]["cache.ttl"],
                "~/toyota/config.json:1:19"
            );
            assert_eq!(document["origins"]["api.key"], "TOYOTA_API_KEY");
            assert_eq!(document["origins"]["retry.factor"], "default");
        }
    }
}

#[tokio::test]
async fn good_settings_are_called_good() {
    let home = Home::with("config.toml", "[cache]\nttl = 60\n");
    let other = home.file("other.yaml", "api: {brand: L}\n");
    let token_dir = ("TOYOTA_TOKEN_DIR", "");
    for (args, vars, expected) in [
        (&[][..], vec![token_dir], "1 set, ~/toyota/config.toml."),
        (
            &["--config", &other],
            vec![("TOYOTA_TIMEOUT", "5"), token_dir],
            "2 set, ~/other.yaml.",
        ),
        (
            &[],
            vec![("TOYOTA_CONFIG", other.as_str()), token_dir],
            "1 set, ~/other.yaml.",
        ),
    ] {
        let run = home
            .run(&[args, &["config", "check"]].concat(), &vars)
            .await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        assert_eq!(run.stdout, format!("The settings are good: {expected}\n"));
    }
    let run = Home::new()
        .run(&["--json", "config", "check"], &[token_dir])
        .await;
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        document,
        serde_json::json!({ "file": null, "set": 0, "warnings": [] })
    );
}

#[tokio::test]
async fn a_simulated_service_takes_only_what_says_how_calls_are_made() {
    let home = Home::with(
        "config.toml",
        "api.brand = 'X'\ncache.ttl = 60\nauth.username = 5\n",
    );
    let vars = [("TOYOTA_API_URL", "nowhere"), ("TOYOTA_TIMEOUT", "5")];

    let vehicles = home.run(&["--simulated", "vehicles"], &vars).await;
    let shown = home
        .run(&["--simulated", "--json", "config", "show"], &vars)
        .await;

    assert_eq!((vehicles.code, vehicles.stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(document["settings"]["cache"]["ttl"], 60);
    assert_eq!(document["settings"]["api"]["timeout"], 5);
    assert_eq!(document["settings"]["api"]["brand"], "T");
    let bad = [("TOYOTA_TIMEOUT", "soon")];
    assert_eq!(home.run(&["--simulated", "vehicles"], &bad).await.code, 2);
}
