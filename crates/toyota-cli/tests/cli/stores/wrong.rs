//! Stores that cannot be had, and passwords where they do not belong.

use super::*;

const AWAY: &str = "redis://127.0.0.1:1";

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told_by_the_cache_and_costs_no_call() {
    let owner = Owner::new().await;

    let stats = owner.run(&["--cache", AWAY, "cache", "stats"]).await;
    let vehicles = owner.run(&["--cache", AWAY, "vehicles"]).await;

    assert_eq!(stats.code, 1, "{stats:?}");
    assert!(stats.stdout.contains("reachable     no\n"), "{stats:?}");
    let said = "error: the cache cannot be looked into: the cache's store failed: ";
    assert!(stats.stderr.starts_with(said), "{stats:?}");
    let tried = format!("\ntried: the store {AWAY}\n");
    assert!(stats.stderr.contains(&tried), "{stats:?}");
    assert_eq!(vehicles.code, 0, "{vehicles:?}");
    for command in [&["list"][..], &["invalidate", "*"], &["clear"]] {
        let run = owner
            .run(&[&["--cache", AWAY, "cache"], command].concat())
            .await;
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_none_costs_no_call_either() {
    let owner = Owner::new().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = format!("disk:{}", file.path().display());

    let vehicles = owner.run(&["--cache", &store, "vehicles"]).await;

    assert_eq!(
        (vehicles.code, vehicles.stderr.as_str()),
        (0, ""),
        "{vehicles:?}"
    );
}

#[tokio::test]
async fn a_password_on_the_command_line_is_refused_and_not_repeated() {
    for store in [
        "redis://anna:s3cret@127.0.0.1:1",
        "redis+unix:///run/redis?pass=s3cret",
        "redis://anna:s3/cret@127.0.0.1:1",
        "s3cret",
    ] {
        let run = toyota(&["--cache", store, "cache", "stats"], &[]).await;

        run.assert_not_done("--cache");
        let shown = run.stderr.replace("s3/cret", "s3cret");
        assert!(!shown.contains("s3cret"), "{run:?}");
    }
    let named = toyota(&["--cache", "redis://:s3cret@h", "vehicles"], &[]).await;
    assert!(named.stderr.contains("TOYOTA_CACHE_STORE"), "{named:?}");
}

#[tokio::test]
async fn a_password_in_the_variable_is_taken_and_shown_nowhere() {
    let with_password = "redis://anna:s3cret@127.0.0.1:1".to_owned();
    let variable = [("TOYOTA_CACHE_STORE", with_password)];

    let shown = toyota(&["config", "show"], &variable).await;
    let stats = toyota(&["cache", "stats"], &variable).await;
    let json = toyota(&["--json", "config", "show", "--origin"], &variable).await;

    assert_eq!(
        (shown.code, stats.code, json.code),
        (0, 1, 0),
        "{shown:?} {stats:?}"
    );
    for run in [shown, stats, json] {
        assert!(run.stdout.contains("redis://***@127.0.0.1:1"), "{run:?}");
        let all = format!("{run:?}");
        assert!(!all.contains("s3cret") && !all.contains("anna"), "{all}");
    }
}

#[tokio::test]
async fn a_store_on_the_command_line_wins_over_the_settings() {
    let variable = [("TOYOTA_CACHE_STORE", AWAY.to_owned())];

    let run = toyota(
        &["--cache", "memory", "--json", "cache", "stats"],
        &variable,
    )
    .await;

    assert_eq!(run.code, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["stores"], serde_json::json!(["memory"]));
}
