//! What is said of wrong settings.

use std::fs;

use super::Home;

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let home = Home::with(
        "config.toml",
        "[api]\ntimeout = 'soon'\n[auth]\npasword = 'hunter2'\n[cahce]\nttl = 1\n",
    );
    let vars = [("TOYOTA_BRAND", "X"), ("TOYOTA_API_KEY", "two words")];

    let check = home.run(&["config", "check"], &vars).await;

    assert_eq!((check.code, check.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(check.stderr, @r#"
    error: the settings cannot be used
    ~/toyota/config.toml:2:11: api.timeout "soon" is not allowed: seconds above 0, at most 3600
    ~/toyota/config.toml:4:1: auth.pasword is not known: did you mean auth.password?
    ~/toyota/config.toml:5:2: cahce is not known: did you mean cache?
    TOYOTA_API_KEY "***" is not allowed: 1 to 256 visible ASCII characters
    TOYOTA_BRAND "X" is not allowed: T, L or S
     next: correct them; `toyota config init -` tells every key and what it takes
    "#);
    for args in [&["config", "show"][..], &["vehicles"], &["logout"]] {
        let run = home.run(args, &vars).await;

        assert_eq!((run.code, &run.stderr), (2, &check.stderr), "{args:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let home = Home::with("config.toml", "");
    let missing = home.0.path().join("missing.yaml").display().to_string();
    for (args, vars) in [
        (&["--config", &missing][..], &[][..]),
        (&[], &[("TOYOTA_CONFIG", missing.as_str())]),
    ] {
        let run = home.run(&[args, &["config", "check"]].concat(), vars).await;

        assert_eq!(run.code, 2, "{run:?}");
        let expected = "\n~/missing.yaml: there is no such file; allowed is a TOML, YAML or JSON";
        assert!(run.stderr.contains(expected), "{run:?}");
    }
    fs::write(home.folder().join("config.json"), "{}").unwrap();
    let run = home.run(&["vehicles"], &[]).await;
    let expected = "\n~/toyota/config.toml: config.json is there too; allowed is one of them\n";
    assert!(run.stderr.contains(expected), "{run:?}");
}

#[tokio::test]
async fn a_make_without_a_public_registration_is_told_before_the_sign_in() {
    let run = Home::new()
        .run(&["config", "check"], &[("TOYOTA_BRAND", "S")])
        .await;

    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("TOYOTA_OAUTH_CLIENT_ID"), "{run:?}");
}

#[tokio::test]
async fn a_slip_in_a_variable_is_a_note_and_no_error() {
    let vars = [("TOYOTA_CACHE_TLL", "hunter2"), ("TOYOTA_DEALER", "1")];

    let run = Home::new().run(&["config", "check"], &vars).await;

    assert_eq!(run.code, 0, "{run:?}");
    let note = "note: TOYOTA_CACHE_TLL is not known: did you mean TOYOTA_CACHE_TTL?\n";
    assert_eq!(run.stderr, note);
}

#[tokio::test]
async fn a_wrong_filter_is_told_with_the_rest_and_where_it_is_from() {
    let home = Home::with(
        "config.toml",
        "[logging]\nlevel = 'warn,h2=loud'\nfile = 'logs/'\n",
    );

    let run = home.run(&["vehicles"], &[("TOYOTA_BRAND", "X")]).await;

    assert_eq!(run.code, 2, "{run:?}");
    for line in [
        "\n~/toyota/config.toml:2:9: logging.level \"warn,h2=loud\" is not allowed: OFF, ERROR",
        "\n~/toyota/config.toml:3:8: logging.file \"logs/\" is not allowed: the path of a file",
        "\nTOYOTA_BRAND \"X\" is not allowed",
    ] {
        assert!(run.stderr.contains(line), "{line}: {run:?}");
    }
}
