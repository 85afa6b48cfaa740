//! Later wins: defaults, the file, variables, code.

use std::time::Duration;

use super::key::text_of;
use super::*;
use crate::wake::{WakeQuota, WakeQuotas};
use crate::{Brand, Units};

type Set = fn(Config) -> Result<Config, ConfigError>;

const SECOND: Duration = Duration::from_secs(1);

const SEVEN: WakeQuota = WakeQuota {
    per_hour: 7,
    per_day: 7,
};
const QUOTAS: WakeQuotas = WakeQuotas {
    status: SEVEN,
    climate: SEVEN,
    electric: SEVEN,
};

/// For every key two values that are not its default, for a file and a variable, and how code sets
/// a third.
const VALUES: [(&str, [&str; 3], Set); 39] = [
    (
        "api.base_url",
        ["https://a", "https://b", "https://c"],
        |it| Ok(it.with_api_url("https://c".parse().unwrap())),
    ),
    ("api.key", ["a", "b", "c"], |it| it.with_api_key("c")),
    ("api.client_version", ["1", "2", "3"], |it| {
        it.with_client_version("3")
    }),
    ("api.brand", ["L", "S", "T"], |it| {
        Ok(it.with_brand(Brand::TOYOTA))
    }),
    ("api.timeout", ["11", "12", "13"], |it| {
        it.with_timeout(13 * SECOND)
    }),
    ("api.max_in_flight", ["2", "3", "4"], |it| {
        it.with_max_in_flight(4)
    }),
    ("api.min_gap", ["0.2", "0.3", "0.4"], |it| {
        it.with_min_gap(SECOND * 2 / 5)
    }),
    (
        "api.routes",
        ["status=old", "status=/a", "status=/a trips=/b"],
        |it| it.with_routes(&["status=/a", "trips=/b"]),
    ),
    (
        "auth.login_url",
        ["https://a", "https://b", "https://c"],
        |it| Ok(it.with_login_url("https://c".parse().unwrap())),
    ),
    ("auth.username", ["a@a", "b@b", "c@c"], |it| {
        it.with_username("c@c")
    }),
    ("auth.password", ["a", "b", "c"], |it| it.with_password("c")),
    ("auth.client_id", ["a", "b", "c"], |it| {
        it.with_client_id("c")
    }),
    ("auth.client_secret", ["a", "b", "c"], |it| {
        it.with_client_secret("c")
    }),
    ("auth.realm", ["a", "b", "c"], |it| it.with_realm("c")),
    ("auth.redirect_uri", ["a:/", "b:/", "c:/"], |it| {
        it.with_redirect_uri("c:/")
    }),
    ("auth.token_dir", ["a", "b", "c"], |it| {
        it.with_token_dir("c")
    }),
    ("cache.enabled", ["false", "true", "false"], |it| {
        Ok(it.with_cache_enabled(false))
    }),
    ("cache.ttl", ["11", "12", "13"], |it| {
        it.with_cache_ttl(13 * SECOND)
    }),
    ("cache.max_size", ["11", "12", "13"], |it| {
        it.with_cache_max_size(13)
    }),
    (
        "cache.store",
        ["memory", "memory memory", "memory memory memory"],
        |it| it.with_cache_store(&["memory"; 3]),
    ),
    ("retry.max_attempts", ["4", "5", "6"], |it| {
        it.with_retry_max_attempts(6)
    }),
    ("retry.base_delay", ["4", "5", "6"], |it| {
        it.with_retry_delays(6 * SECOND, 7 * SECOND)
    }),
    ("retry.max_delay", ["4", "5", "6"], |it| {
        it.with_retry_delays(SECOND, 6 * SECOND)
    }),
    ("retry.factor", ["4", "5", "6.5"], |it| {
        it.with_retry_factor(6.5)
    }),
    ("retry.jitter", ["0.1", "0.2", "0.3"], |it| {
        it.with_retry_jitter(0.3)
    }),
    ("wake.status_per_hour", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("wake.status_per_day", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("wake.climate_per_hour", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("wake.climate_per_day", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("wake.electric_per_hour", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("wake.electric_per_day", ["5", "6", "7"], |it| {
        it.with_wake_quotas(QUOTAS)
    }),
    ("display.units", ["uk", "us", "metric"], |it| {
        Ok(it.with_units(Units::Metric))
    }),
    ("metrics.enabled", ["false", "true", "false"], |it| {
        Ok(it.with_metrics_enabled(false))
    }),
    ("metrics.listen", ["[::1]:1", "[::1]:2", "[::1]:3"], |it| {
        Ok(it.with_metrics_listen("[::1]:3".parse().unwrap()))
    }),
    ("logging.level", ["debug", "WARN", "info,a=off"], |it| {
        it.with_log_level("info,a=off")
    }),
    ("logging.format", ["pretty", "json", "pretty"], |it| {
        Ok(it.with_log_format(LogFormat::Pretty))
    }),
    ("logging.file", ["a", "b", "c"], |it| it.with_log_file("c")),
    ("logging.rotation", ["never", "hourly", "daily"], |it| {
        Ok(it.with_log_rotation(LogRotation::Daily))
    }),
    ("logging.keep", ["1", "2", "3"], |it| it.with_log_keep(3)),
];

#[test]
fn later_wins_for_every_key_and_says_where_it_is_from() {
    assert!(VALUES.iter().map(|it| it.0).eq(keys().map(Key::path)));
    for (path, [in_file, in_variable, by_code], set) in VALUES {
        let key = key::find(path).unwrap();
        let (section, name) = path.split_once('.').unwrap();
        let file = Folder::with(
            "config.toml",
            format!("[{section}]\n{name} = '{in_file}'\n"),
        );
        let both = || {
            let variable = [(key.variable(), in_variable)];
            Config::loader().file(&file.file).variables(variable)
        };
        let variable = || {
            Config::loader()
                .without_files()
                .variables([(key.variable(), in_variable)])
        };
        let of_file = Origin::File {
            path: file.file.as_path().into(),
            line: 2,
            column: u32::try_from(name.len()).unwrap() + 4,
        };
        let of_variable = Origin::Variable(key.variable());

        for (config, expected, origin) in [
            (file.read(), in_file, &of_file),
            (variable().load(), in_variable, &of_variable),
            (both().load(), in_variable, &of_variable),
            (set(Config::new()), by_code, &Origin::Code),
            (file.read().and_then(set), by_code, &Origin::Code),
            (both().load().and_then(set), by_code, &Origin::Code),
        ] {
            let config = config.unwrap();

            let shown = key.slot.json(&config.settings);
            assert_eq!(text_of(&shown).as_deref(), Some(expected), "{path}");
            assert_eq!(config.origin(path), Some(origin), "{path}");
        }
        assert_eq!(Config::new().origin(path), Some(&Origin::Default));
    }
}

#[test]
fn one_source_leaves_alone_what_another_sets() {
    let file = Folder::with("config.toml", "[cache]\nttl = 10\nmax_size = 20");
    let variables = [("TOYOTA_CACHE_TTL", "30"), ("TOYOTA_TIMEOUT", "40")];

    let config = Config::loader()
        .file(&file.file)
        .variables(variables)
        .load();
    let config = config.unwrap().with_cache_enabled(false);

    assert_eq!(config.cache.ttl, 30 * SECOND);
    assert_eq!(config.cache.max_size, 20);
    assert_eq!(config.api.timeout, 40 * SECOND);
    assert!(!config.cache.enabled);
    assert_eq!(config.retry.max_attempts, 3);
}

#[test]
fn what_is_empty_counts_as_not_set() {
    let file = Folder::with("config.json", r#"{"api": null, "cache": {"ttl": "60"}}"#);
    let variables = keys().map(|key| (key.variable(), " "));
    let config = Config::loader()
        .file(&file.file)
        .variables(variables)
        .load();
    assert_eq!(config.unwrap().cache.ttl, 60 * SECOND);

    for empty in ["", " ", "\t"] {
        for key in keys() {
            let config = read_in_file(key.path(), empty).unwrap();

            assert_eq!(config.origin(key.path()), Some(&Origin::Default));
        }
    }
}

#[test]
fn the_file_is_the_one_that_is_named_or_that_in_the_folder() {
    let named = Folder::with("named.json", r#"{"cache": {"ttl": 1}}"#);
    let by_variable = Folder::with("other.yaml", "cache: {ttl: 2}");
    let variable = [("TOYOTA_CONFIG", by_variable.file.to_str().unwrap())];
    for name in ["config.toml", "config.yaml", "config.yml", "config.json"] {
        let text = if name == "config.toml" {
            "cache.ttl = 3"
        } else {
            r#"{"cache": {"ttl": 3}}"#
        };
        let in_folder = Folder::with(name, text);
        let loader = || Config::loader().folder(in_folder.folder.path());

        for (loader, ttl) in [
            (loader().without_variables(), 3),
            (loader().variables([("TOYOTA_CONFIG", " ")]), 3),
            (loader().variables(variable), 2),
            (loader().variables(variable).file(&named.file), 1),
            (loader().variables(variable).without_files(), 300),
        ] {
            assert_eq!(loader.load().unwrap().cache.ttl.as_secs(), ttl, "{name}");
        }
    }
    let nothing = tempfile::tempdir().unwrap();
    for folder in [nothing.path().to_owned(), nothing.path().join("missing")] {
        let config = Config::loader().folder(folder).without_variables().load();
        assert_eq!(config.unwrap().cache.ttl.as_secs(), 300);
    }
}

#[test]
fn keys_that_are_not_taken_are_let_be_whatever_they_are_set_to() {
    let file = Folder::with(
        "config.toml",
        "api.brand = 'X'\nauth.realm = [1]\ncache.ttl = 5",
    );
    let variables = [("TOYOTA_REALM", "/"), ("TOYOTA_RETRY_FACTOR", "3")];
    let loader = || Config::loader().file(&file.file).variables(variables);

    let config = loader().only(|path| !path.starts_with("a")).load().unwrap();

    assert_eq!(config.api.brand, Brand::TOYOTA);
    assert_eq!(config.cache.ttl, 5 * SECOND);
    assert_eq!(config.retry.factor.to_string(), "3");
    assert_eq!(loader().load().unwrap_err().problems().len(), 3);
}
