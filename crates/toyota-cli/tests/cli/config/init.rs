//! A file to begin with.

use std::fs;

use serde_json::Value;

use super::Home;

#[tokio::test]
async fn init_writes_a_file_that_only_its_owner_can_read_and_no_other_over_it() {
    let home = Home::new();

    let first = home.run(&["config", "init"], &[]).await;
    let again = home.run(&["config", "init"], &[]).await;

    let said = "~/toyota/config.toml has every key now, commented out; only you can read it.\n";
    assert_eq!((first.code, first.stdout.as_str()), (0, said), "{first:?}");
    let file = home.folder().join("config.toml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(again.code, 2, "{again:?}");
    assert!(
        again
            .stderr
            .contains("~/toyota/config.toml is there already"),
        "{again:?}"
    );
    let check = home
        .run(&["config", "check"], &[("TOYOTA_TOKEN_DIR", "")])
        .await;
    assert_eq!(
        check.stdout,
        "The settings are good: 0 set, ~/toyota/config.toml.\n"
    );
}

#[tokio::test]
async fn init_does_not_begin_a_second_file_beside_one_of_another_format() {
    for name in ["config.yaml", "config.yml", "config.json"] {
        let home = Home::with(name, "{ broken");

        let run = home.run(&["config", "init"], &[]).await;

        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr
                .contains(&format!("~/toyota/{name} is there already")),
            "{run:?}"
        );
        assert_eq!(fs::read_dir(home.folder()).unwrap().count(), 1);
    }
}

#[tokio::test]
async fn init_writes_where_it_is_told_to() {
    let home = Home::new();
    let path = home.0.path().join("mine.toml").display().to_string();

    let written = home.run(&["--json", "config", "init", &path], &[]).await;
    let printed = home.run(&["config", "init", "-"], &[]).await;

    let document: Value = serde_json::from_str(&written.stdout).unwrap();
    assert_eq!(document["written"], "~/mine.toml");
    assert_eq!(printed.stdout, fs::read_to_string(&path).unwrap());
    assert!(printed.stdout.contains("\n#ttl = 300\n"), "{printed:?}");
    let nowhere = home
        .0
        .path()
        .join("missing/mine.toml")
        .display()
        .to_string();
    let other = home.0.path().join("mine.yaml").display().to_string();
    for (path, word) in [
        (&path, "is there already"),
        (&nowhere, "cannot be written"),
        (&other, ".toml"),
    ] {
        let run = home.run(&["config", "init", path], &[]).await;

        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(word), "{run:?}");
    }
}

#[tokio::test]
async fn init_writes_where_the_settings_are_read_from() {
    let home = Home::new();
    let [named, other] = ["named.toml", "other.toml"].map(|name| home.0.path().join(name));
    let vars = [("TOYOTA_CONFIG", named.to_str().unwrap())];

    let by_variable = home.run(&["config", "init"], &vars).await;
    let by_option = ["--config", other.to_str().unwrap(), "config", "init"];
    let by_option = home.run(&by_option, &vars).await;
    let by_nothing = home
        .run(&["config", "init"], &[("TOYOTA_CONFIG", " ")])
        .await;

    for (run, path) in [
        (by_variable, "~/named.toml"),
        (by_option, "~/other.toml"),
        (by_nothing, "~/toyota/config.toml"),
    ] {
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.starts_with(path), "{run:?}");
    }
}
