//! What docs/toyota.md says of JSON documents, held to those that are printed.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::Value;
use toyota_sim::{Fault, Route};

use crate::{against, simulator};

const GUIDE: &str = include_str!("../../../../docs/toyota.md");
/// Members that are there only at times, or only by the older route.
const AT_TIMES: [&str; 7] = [
    "afterSeconds",
    "until",
    "why",
    "message",
    "category",
    "behaviours",
    "route",
];
/// Their members are names of the service's.
const OPEN: [&str; 3] = [
    "extendedCapabilities",
    "features",
    "remoteServiceCapabilities",
];

#[tokio::test]
async fn the_guide_names_the_members_of_every_document() {
    let (documents, objects) = (table("command"), table("object"));
    let sim = simulator().await;
    for (command, args) in [
        ("vehicles", &["vehicles"][..]),
        ("account", &["account"]),
        ("location", &["location", "rav"]),
        ("odometer", &["odometer", "rav"]),
        ("telemetry", &["telemetry", "rav"]),
        ("health", &["health", "run"]),
        ("electric", &["electric", "rav"]),
        ("status", &["status", "rav"]),
        ("climate", &["climate", "rav"]),
        ("notifications", &["notifications", "rav"]),
        ("service-history", &["service-history", "rav"]),
        ("trips", &["trips", "rav", "--routes", "--limit", "5"]),
        ("trip", &["trip", "rav"]),
        ("trips --summary", &["trips", "rav", "--summary", "month"]),
        ("dashboard", &["dashboard", "rav"]),
        ("watch", &["watch", "--no-wake", "--rounds", "1"]),
        ("lock", &["lock", "rav", "--yes", "--wait", "0"]),
        ("nickname", &["nickname", "Bob", "rav", "--yes"]),
        ("login", &["login"]),
        ("logout", &["logout"]),
    ] {
        let args: Vec<_> = ["--json"].iter().chain(args).copied().collect();

        let run = against(&sim, &args).await;

        assert_eq!(run.code, 0, "{run:?}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_members(&document, &documents[command], command);
        for (name, value) in document.as_object().unwrap() {
            assert_objects(value, &[command, name], &objects);
        }
    }
}

#[tokio::test]
async fn what_fails_prints_no_document() {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    for (route, args) in [
        (Route::Vehicles, &["vehicles"][..]),
        (Route::Vehicles, &["dashboard", "rav"]),
        (Route::Account, &["account"]),
        (Route::Electric, &["electric", "rav"]),
        (Route::ClimateStatus, &["climate", "rav"]),
        (Route::Trips, &["trips", "rav"]),
        (Route::Trips, &["trips", "rav", "--summary", "day"]),
        (Route::Command, &["lock", "rav", "--yes"]),
        (
            Route::Location,
            &["raw", "GET", "/v1/location", "--vin", "rav"],
        ),
    ] {
        let sim = simulator().await;
        sim.script(route, [Fault::status(unavailable)]);
        let args = [&["--json", "--no-retry"], args].concat();

        let run = against(&sim, &args).await;

        assert_eq!(
            (run.code, run.stdout.as_str()),
            (6, ""),
            "{args:?}: {run:?}"
        );
    }
}

#[tokio::test]
async fn what_a_car_does_not_tell_of_its_climate_is_null() {
    let sim = simulator().await;
    let settings = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    sim.script(Route::ClimateSettings, [settings]);

    let run = against(&sim, &["--json", "--no-retry", "climate", "rav"]).await;

    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(document["climateStatus"].is_object(), "{document}");
    assert_eq!(document.get("climateSettings"), Some(&Value::Null));
}

/// All objects below a place have the members that the guide names, and no others.
fn assert_objects(value: &Value, path: &[&str], objects: &BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Array(list) => list.iter().for_each(|it| assert_objects(it, path, objects)),
        Value::Object(members) => {
            if path.last().is_some_and(|name| OPEN.contains(name)) {
                return;
            }
            let (last, before) = path.split_last().unwrap();
            let (within, name) = (before.last().unwrap(), last);
            let names = [
                format!("{}.*", before[before.len().saturating_sub(2)..].join(".")),
                format!("{within}.{name}"),
                format!("{within}.*"),
                (*name).to_owned(),
            ];
            let known = names.iter().find_map(|name| objects.get(name));
            let known = known.unwrap_or_else(|| panic!("{path:?} is not in the guide"));
            assert_members(value, known, &path.join("."));
            for (name, value) in members {
                let path: Vec<_> = path.iter().copied().chain([name.as_str()]).collect();
                assert_objects(value, &path, objects);
            }
        }
        _ => {}
    }
}

fn assert_members(value: &Value, known: &BTreeSet<String>, of: &str) {
    let members = value.as_object().unwrap().keys();
    let members: BTreeSet<_> = members.map(String::as_str).collect();
    let known: BTreeSet<_> = known.iter().map(String::as_str).collect();
    let lacking: Vec<_> = members.difference(&known).collect();
    assert!(lacking.is_empty(), "the guide lacks {lacking:?} of {of}");
    let mut absent = known.difference(&members);
    let invented = absent.find(|name| !AT_TIMES.contains(name));
    assert_eq!(invented, None, "{of} has no such member");
}

/// The names in the first cells of a table, and for each those in the second.
fn table(heading: &str) -> BTreeMap<String, BTreeSet<String>> {
    let json = GUIDE.split("\n## JSON\n").nth(1).unwrap();
    let heading = format!("| {heading} | members |\n| --- | --- |\n");
    let rows = json.split(heading.as_str()).nth(1).unwrap().lines();
    let rows = rows.take_while(|line| line.starts_with("| "));
    let mut table = BTreeMap::new();
    for row in rows {
        let (names, members) = row.split_once(" | ").unwrap();
        // What a member can be is said after a colon, until the next comma.
        let members = members.split(", ").flat_map(|it| it.split(": ").take(1));
        let members: BTreeSet<_> = members.flat_map(quoted).collect();
        for name in quoted(names) {
            table.insert(name, members.clone());
        }
    }
    table
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}
