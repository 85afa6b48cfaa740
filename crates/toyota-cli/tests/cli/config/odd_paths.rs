//! Paths that are no text, where the platform has such.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;

use serde_json::Value;

use super::Home;

#[tokio::test]
async fn a_path_that_is_no_text_is_shown_as_far_as_it_is_one() {
    let home = Home::new();
    let path = home.0.path().join(OsStr::from_bytes(b"odd\xff.toml"));
    let (json, config) = (OsString::from("--json"), OsString::from("config"));

    for (arguments, member) in [
        (
            vec!["init".into(), path.clone().into_os_string()],
            "written",
        ),
        (
            vec!["show".into(), "--config".into(), path.clone().into()],
            "file",
        ),
        (
            vec!["check".into(), "--config".into(), path.clone().into()],
            "file",
        ),
    ] {
        let arguments: Vec<OsString> = arguments;
        let args = [&[json.clone(), config.clone()], arguments.as_slice()].concat();

        let run = home.run(&args, &[("TOYOTA_TOKEN_DIR", "")]).await;

        assert_eq!(run.code, 0, "{run:?}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document[member], "~/odd\u{fffd}.toml");
    }
    assert!(fs::metadata(path).unwrap().is_file());
}

#[tokio::test]
async fn what_moves_a_cursor_or_turns_a_text_is_not_printed() {
    let home = Home::new();
    let odd = "\u{1b}[2J\u{202e}odd";
    for (args, vars) in [
        (&["config", "init", odd][..], &[][..]),
        (&["config", "show"], &[("TOYOTA_LOG_FILE", "\u{202e}odd")]),
    ] {
        let run = home.run(args, vars).await;

        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains("\u{fffd}odd"), "{said:?}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}
