//! What is said of wrong settings: everything, and no secret.

use proptest::prelude::*;

use super::*;

#[test]
fn all_is_told_at_once_each_with_its_place() {
    let file = Folder::with(
        "config.yaml",
        "\
api:
  timeout: soon
  brand: X
  key: [1, 2]
auth:
  pasword: hunter2
  username: hunter2
cahce:
  ttl: 1
cache: 5
retry.factor: 3
retry:
  base_delay: 100
colour: blue
",
    );
    let variables = [
        ("TOYOTA_LOG_KEEP", "none"),
        ("TOYOTA_API_KEY", "hunter2 hunter2"),
        ("TOYOTA_API_URL", "https://anna:hunter2@api.example"),
    ];

    let error = Config::loader()
        .file(&file.file)
        .variables(variables)
        .load();

    let error = error.unwrap_err();
    let expected = r#"
/config.yaml:2:12: api.timeout "soon" is not allowed: seconds above 0, at most 3600
/config.yaml:3:10: api.brand "X" is not allowed: T, L or S
/config.yaml:4:8: api.key is not allowed: 1 to 256 visible ASCII characters
/config.yaml:6:3: auth.pasword is not known: did you mean auth.password?
/config.yaml:7:13: auth.username "***" is not allowed: the account's mail address, with an @, at most 254 bytes long
/config.yaml:8:1: cahce is not known: did you mean cache?
/config.yaml:10:8: cache is not allowed: a table of enabled, ttl, max_size, store
/config.yaml:11:1: retry.factor is not allowed: factor within retry
/config.yaml:14:1: colour is not known
TOYOTA_API_URL "https://***@api.example" is not allowed: a user name or password in a base URL is not supported
TOYOTA_API_KEY "***" is not allowed: 1 to 256 visible ASCII characters
TOYOTA_LOG_KEEP "none" is not allowed: a whole number from 1 to 1000
/config.yaml:13:15: retry.base_delay "100" is not allowed: no more than retry.max_delay, which is 60"#;
    assert_eq!(file.shown(&error), expected.trim_start());
    assert!(!format!("{error:?}").contains("hunter2"));
    let places: Vec<_> = error.problems().iter().map(Problem::place).collect();
    assert_eq!(places[11], &Place::Variable("TOYOTA_LOG_KEEP".to_owned()));
    let path = file.file.as_path().into();
    assert_eq!(
        places[0],
        &Place::File {
            path,
            at: Some((2, 12))
        }
    );
    let slip = &error.problems()[3];
    assert_eq!(
        (slip.suggestion(), slip.refused()),
        (Some("auth.password"), None)
    );
}

#[test]
fn no_problem_shows_a_secret_or_a_name() {
    for path in [
        "api.key",
        "auth.username",
        "auth.password",
        "auth.client_secret",
    ] {
        let bad = "hunter2 ".repeat(1000);
        for error in [
            read_in_file(path, &bad).unwrap_err(),
            read_in_variable(path, &bad).unwrap_err(),
            Folder::with("config.json", format!(r#"{{"{path}": "{bad}"}}"#))
                .read()
                .unwrap_err(),
            Folder::with("config.json", format!(r#"{{"{path}": "{bad}""#))
                .read()
                .unwrap_err(),
            Folder::with("config.yaml", format!("hunter2: [{bad}, {{"))
                .read()
                .unwrap_err(),
        ] {
            let (section, name) = path.split_once('.').unwrap();
            let shown = format!("{error} {error:?}");
            let shown = shown.replace(section, "").replace(name, "");
            assert!(!shown.contains("hunter2 "), "{shown}");
        }
    }
}

#[test]
fn a_secret_that_landed_in_a_key_is_not_shown() {
    for (name, text, shown) in [
        (
            "config.yaml",
            "auth: {username: a@b.de, password:hunter2secret}",
            "auth.password… is not known: did you mean auth.password?",
        ),
        (
            "config.yaml",
            "auth:\n  password=hunter2secret:\n",
            "auth.password… is not known: did you mean auth.password?",
        ),
        (
            "config.yaml",
            "export TOYOTA_PASSWORD=hunter2secret:",
            "export… is not known",
        ),
        (
            "config.toml",
            "\"password=hunter2secret\" = 1",
            "password… is not known: did you mean auth.password?",
        ),
        (
            "config.json",
            r#"{"höhunter2secret": 1}"#,
            "h… is not known",
        ),
    ] {
        let error = Folder::with(name, text).read().unwrap_err();

        assert!(
            error.to_string().ends_with(&format!(": {shown}")),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn the_query_of_a_url_is_not_shown() {
    for (url, shown) in [
        (
            "https://login.example/?token=hunter2",
            "https://login.example/?…",
        ),
        ("https://login.example?q#hunter2", "https://login.example?…"),
        ("http://login.example/#hunter2", "http://login.example/#…"),
    ] {
        let error = read_in_variable("auth.login_url", url).unwrap_err();

        assert_eq!(error.problems()[0].refused(), Some(shown));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn debug_shows_neither_secrets_nor_names() {
    let loader = Config::loader().without_files().variables([
        ("TOYOTA_USERNAME", "anna@example.com"),
        ("TOYOTA_PASSWORD", "s3cret"),
        ("TOYOTA_API_KEY", "k3y-s3cret"),
        ("TOYOTA_OAUTH_CLIENT_SECRET", "cl13nt-s3cret"),
    ]);

    let shown = format!("{loader:?} {:?}", loader.clone().load().unwrap());

    assert!(
        !shown.contains("s3cret") && !shown.contains("anna"),
        "{shown}"
    );
}

#[test]
fn what_is_shown_of_a_value_is_short_and_printable() {
    let long = read_in_file("api.brand", &"ü".repeat(1000)).unwrap_err();
    let shown = long.problems()[0].refused().unwrap();
    assert_eq!(shown.chars().count(), 101);

    let bad = "\u{1b}[2J\n\u{202e}";
    let document = serde_json::json!({ bad: 1, "cache": { bad: 1 }, "api": { "brand": bad } });
    let file = Folder::with("config.json", document.to_string());
    for text in [
        file.read().unwrap_err().to_string(),
        read_in_variable("api.brand", bad).unwrap_err().to_string(),
    ] {
        let is_plain = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(text.chars().all(is_plain), "{text:?}");
    }
    assert_eq!(file.read().unwrap_err().to_string().lines().count(), 3);
}

#[test]
fn what_goes_wrong_a_thousand_times_is_told_a_hundred_times() {
    let lines: String = (0..1000).map(|n| format!("key{n} = 1\n")).collect();
    let file = Folder::with("config.toml", lines);

    let error = file.read().unwrap_err();

    assert_eq!(error.problems().len(), 100);
    assert!(error.to_string().ends_with("\nand 900 more"), "{error}");
}

#[test]
fn what_has_to_fit_together_is_told_of_what_was_set() {
    let base = ("TOYOTA_RETRY_BASE_DELAY", "90");
    for (variables, expected) in [
        (
            vec![base],
            r#"TOYOTA_RETRY_BASE_DELAY "90" is not allowed: no more than retry.max_delay, which is 60"#,
        ),
        (
            vec![("TOYOTA_RETRY_MAX_DELAY", "0.5")],
            r#"TOYOTA_RETRY_MAX_DELAY "0.5" is not allowed: no less than retry.base_delay, which is 1"#,
        ),
        (
            vec![base, ("TOYOTA_RETRY_MAX_DELAY", "80")],
            r#"TOYOTA_RETRY_MAX_DELAY "80" is not allowed: no less than retry.base_delay, which is 90"#,
        ),
        (
            vec![("TOYOTA_MIN_GAP", "5"), ("TOYOTA_TIMEOUT", "5")],
            r#"TOYOTA_MIN_GAP "5" is not allowed: less than api.timeout, which is 5"#,
        ),
        // One that is wrong by itself is told of once.
        (
            vec![base, ("TOYOTA_RETRY_MAX_DELAY", "long")],
            r#"TOYOTA_RETRY_MAX_DELAY "long" is not allowed: seconds above 0, at most 86400"#,
        ),
    ] {
        let loader = Config::loader().without_files().variables(variables);

        assert_eq!(loader.load().unwrap_err().to_string(), expected);
    }
    // The default gap is nobody's wish.
    assert!(from([("TOYOTA_TIMEOUT", "0.05")]).is_ok());
}

#[test]
fn a_slip_in_a_variable_is_a_warning_and_other_programs_are_let_be() {
    let config = from([
        ("TOYOTA_CACHE_TLL", "hunter2"),
        ("TOYOTA_DEALER", "1"),
        ("TOYOTA_CONFIG", ""),
        ("TOYOTA_CACHE_TTL", "60"),
    ])
    .unwrap();

    let warnings: Vec<_> = config.warnings().iter().map(Problem::to_string).collect();
    assert_eq!(
        warnings,
        ["TOYOTA_CACHE_TLL is not known: did you mean TOYOTA_CACHE_TTL?"]
    );
}

proptest! {
    #[test]
    fn no_text_is_too_odd_for_any_key(text in any::<String>(), number in 0..keys().len()) {
        let path = keys().nth(number).unwrap().path();
        for read in [read_in_file, read_in_variable] {
            match read(path, &text) {
                Ok(config) => {
                    let written = serde_json::to_value(&config).unwrap();
                    prop_assert!(written.is_object());
                }
                Err(error) => {
                    let shown = error.to_string();
                    prop_assert!(!shown.contains(char::is_control), "{shown:?}");
                }
            }
        }
    }
}
