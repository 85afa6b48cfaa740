//! Command lines and settings that cannot be followed, and what is missing.

use crate::{against, simulator, toyota, vars};

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
