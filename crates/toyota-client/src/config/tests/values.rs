//! What each key takes, and what it does not.

use super::*;
use std::time::Duration;

const VISIBLE: &str = "1 to 256 visible ASCII characters";
const URL: &str = "not an absolute URL such as https://host[:port][/prefix]";
const HTTPS: &str = "credentials travel only by https, or by http to a loopback address";
const SECRET: &str = "a text of at most 4096 bytes";
const FOLDER: &str = "the path of a folder; ~ is not understood";
const FILE: &str = "the path of a file; ~ is not understood";
const LEVEL: &str =
    "OFF, ERROR, WARN, INFO, DEBUG, TRACE, or a filter such as warn,toyota_client=debug";
const QUOTA: &str = "a whole number from 0 to 96";
const MAIL: &str = "the account's mail address, with an @, at most 254 bytes long";

/// For every key what it refuses, and what it says then.
const BAD: [(&str, &[&str], &str); 39] = [
    (
        "api.base_url",
        &["http://api.example", "ftp://127.0.0.1"],
        HTTPS,
    ),
    ("api.key", &["two words", "käse"], VISIBLE),
    ("api.client_version", &["2 14", "2\u{7f}"], VISIBLE),
    ("api.brand", &["X", "toyotas", "1"], "T, L or S"),
    (
        "api.timeout",
        &[
            "0", "-1", "3600.1", "NaN", "inf", "1e300", "1e-12", "soon", "60s", "1,5",
        ],
        "seconds above 0, at most 3600",
    ),
    (
        "api.max_in_flight",
        &["0", "17", "1.0", "-1", "one"],
        "a whole number from 1 to 16",
    ),
    (
        "api.min_gap",
        &["-0.1", "60.1", "NaN", "never"],
        "seconds from 0 to 60",
    ),
    (
        "api.routes",
        &["status", "/v1/x"],
        "a feature, an equals sign and routes are needed, as in status=/v3/vehicle/status,old",
    ),
    ("auth.login_url", &["login.example", "/", "https://"], URL),
    ("auth.username", &["nobody"], MAIL),
    ("auth.password", &[], SECRET),
    ("auth.client_id", &["one app"], VISIBLE),
    ("auth.client_secret", &[], SECRET),
    (
        "auth.realm",
        &["a/b", "..", "a b", "?"],
        "1 to 100 letters, digits, - and _",
    ),
    (
        "auth.redirect_uri",
        &["/back", "no scheme:/", "https://anna@h/", "app://:pw@h/"],
        "an absolute URI of at most 2048 bytes, without user name and password",
    ),
    ("auth.token_dir", &["~", "~/tokens", "a\u{1b}b"], FOLDER),
    ("cache.enabled", &["yes", "1", "truee"], "true or false"),
    (
        "cache.ttl",
        &["0.5", "86401", "-1", "NaN"],
        "whole seconds from 0 to 86400",
    ),
    (
        "cache.max_size",
        &["0", "1000001", "99999999999999999999"],
        "a whole number from 1 to 1000000",
    ),
    (
        "cache.store",
        &["files", "memory,memory", "memory /var/cache", "file:///tmp"],
        "no such store; allowed are memory, disk:DIR, redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], \
         the same with rediss, and redis+unix:///PATH",
    ),
    (
        "retry.max_attempts",
        &["0", "101", "three"],
        "a whole number from 1 to 100",
    ),
    (
        "retry.base_delay",
        &["0", "86400.5", "NaN"],
        "seconds above 0, at most 86400",
    ),
    (
        "retry.max_delay",
        &["0", "-0", "inf"],
        "seconds above 0, at most 86400",
    ),
    (
        "retry.factor",
        &["0.5", "101", "NaN", "x2"],
        "a number from 1 to 100",
    ),
    (
        "retry.jitter",
        &["-0.1", "1.1", "25%", "NaN"],
        "a number from 0 to 1",
    ),
    ("wake.status_per_hour", &["-1", "97", "1.5"], QUOTA),
    ("wake.status_per_day", &["97", "often"], QUOTA),
    ("wake.climate_per_hour", &["97"], QUOTA),
    ("wake.climate_per_day", &["97"], QUOTA),
    ("wake.electric_per_hour", &["97"], QUOTA),
    ("wake.electric_per_day", &["97"], QUOTA),
    ("display.units", &["imperial", "km"], "metric, uk or us"),
    ("metrics.enabled", &["on"], "true or false"),
    (
        "metrics.listen",
        &["9464", "localhost:9464", ":1"],
        "address:port, such as 127.0.0.1:9464",
    ),
    (
        "logging.level",
        &[
            "info,,debug",
            ",",
            "info\ndebug",
            "größer",
            "loud",
            "warn,h2=",
            "warn,h2=loud",
            "a[b]=debug",
        ],
        LEVEL,
    ),
    ("logging.format", &["xml"], "json or pretty"),
    (
        "logging.file",
        &["~/log", "a\nb", "/", "logs/", ".", "..", "a/.", "a/.."],
        FILE,
    ),
    ("logging.rotation", &["weekly"], "never, hourly or daily"),
    (
        "logging.keep",
        &["0", "1001"],
        "a whole number from 1 to 1000",
    ),
];

#[test]
fn every_key_refuses_what_it_cannot_mean_and_says_what_it_could() {
    assert!(BAD.iter().map(|it| it.0).eq(keys().map(Key::path)));
    for (path, texts, allowed) in BAD {
        let longest = "x".repeat(5000);
        // A filter and a path may be long, but not so long.
        for text in texts.iter().copied().chain([longest.as_str()]) {
            for read in [read_in_file, read_in_variable] {
                let error = read(path, text).unwrap_err();

                let [problem] = error.problems() else {
                    panic!("{path} {text:?}: {error}");
                };
                assert_eq!(problem.key(), Some(path), "{text:?}");
                let is_url = path.ends_with("_url") && text.len() > 100;
                let allowed = if is_url { URL } else { allowed };
                assert_eq!(problem.allowed(), Some(allowed), "{path} {text:?}");
            }
        }
    }
}

#[test]
fn what_is_allowed_is_read_as_it_is_meant() {
    for (path, text, expected) in [
        (
            "api.base_url",
            " https://api.example/eu/ ",
            "https://api.example/eu",
        ),
        ("api.base_url", "http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("api.brand", "Subaru", "S"),
        ("api.timeout", "0.000000001", "1e-9"),
        ("api.timeout", "3_600", "3600"),
        ("api.min_gap", "0", "0"),
        ("api.max_in_flight", "16", "16"),
        ("auth.client_id", "0123", "0123"),
        ("auth.username", "NO@example.com", "NO@example.com"),
        ("auth.token_dir", "a~b/c d", "a~b/c d"),
        ("cache.enabled", "FALSE", "false"),
        ("cache.ttl", "1e2", "100"),
        ("cache.ttl", "0", "0"),
        ("cache.max_size", "1_000_000", "1000000"),
        ("cache.store", " memory\n memory ", "memory memory"),
        ("retry.base_delay", "0.5", "0.5"),
        ("retry.jitter", "-0", "0"),
        ("wake.status_per_hour", "0", "0"),
        ("wake.climate_per_day", "96", "96"),
        ("display.units", "UK", "uk"),
        ("metrics.listen", "[::]:0", "[::]:0"),
        ("logging.level", "trace", "trace"),
        (
            "logging.level",
            "warn, toyota_client=DEBUG,h2::x=off",
            "warn, toyota_client=DEBUG,h2::x=off",
        ),
        ("logging.format", "JSON", "json"),
        ("logging.rotation", "Never", "never"),
    ] {
        for read in [read_in_file, read_in_variable] {
            let config = read(path, text).unwrap();

            assert_eq!(value(&config, path).as_deref(), Some(expected), "{text}");
        }
    }
}

#[test]
fn code_is_held_to_the_same_bounds() {
    let new = Config::new;
    let second = Duration::from_secs(1);
    for (refused, expected) in [
        (
            new().with_timeout(Duration::ZERO),
            r#"with_timeout: api.timeout "0" is not allowed: seconds above 0, at most 3600"#,
        ),
        (
            new().with_min_gap(Duration::MAX),
            r#"with_min_gap: api.min_gap "18446744073709552000" is not allowed: seconds from 0 to 60"#,
        ),
        (
            new().with_cache_ttl(second / 2),
            r#"with_cache_ttl: cache.ttl "0.5" is not allowed: whole seconds from 0 to 86400"#,
        ),
        (
            new().with_retry_factor(f64::NAN),
            r#"with_retry_factor: retry.factor "NaN" is not allowed: a number from 1 to 100"#,
        ),
        (
            new().with_retry_delays(2 * second, second),
            r#"retry.max_delay "1" is not allowed: no less than retry.base_delay, which is 2"#,
        ),
        (
            new().with_api_key("two words"),
            r#"with_api_key: api.key "***" is not allowed: 1 to 256 visible ASCII characters"#,
        ),
        (
            new().with_client_id(""),
            r#"with_client_id: auth.client_id "" is not allowed: 1 to 256 visible ASCII characters"#,
        ),
        (
            new().with_log_file("~/log"),
            r#"with_log_file: logging.file "~/log" is not allowed: the path of a file; ~ is not understood"#,
        ),
        (
            new().with_log_file(""),
            r#"with_log_file: logging.file "" is not allowed: the path of a file; ~ is not understood"#,
        ),
        (
            new().with_token_dir(""),
            r#"with_token_dir: auth.token_dir "" is not allowed: the path of a folder; ~ is not understood"#,
        ),
        (
            new().with_password(""),
            r#"with_password: auth.password "***" is not allowed: a text of at most 4096 bytes"#,
        ),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), expected);
    }
}
