//! The dashboard is one that Grafana can import and people can read.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dashboard::{Dashboard, list};

/// The variables that Grafana itself sets.
const BUILT_IN: [&str; 1] = ["__rate_interval"];

/// Grafana's letters for units: seconds, bytes, bytes per second, events and requests per second,
/// shares of one, and plain numbers.
const UNITS: [&str; 7] = ["s", "bytes", "Bps", "ops", "reqps", "percentunit", "short"];

#[test]
fn panels_have_ids_of_their_own() {
    let dashboard = Dashboard::read();
    let ids = dashboard
        .panels()
        .iter()
        .map(|it| it["id"].as_u64().unwrap());

    let distinct: BTreeSet<_> = ids.collect();

    assert_eq!(distinct.len(), dashboard.panels().len());
}

#[test]
fn panels_lie_side_by_side_in_24_columns() {
    let dashboard = Dashboard::read();
    let mut cells = BTreeSet::new();

    for panel in dashboard.panels() {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|it| panel["gridPos"][it].as_u64().unwrap());
        assert!(w > 0 && h > 0 && x + w <= 24, "{}", panel["title"]);
        for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(cells.insert(cell), "{} at {cell:?}", panel["title"]);
        }
    }
}

#[test]
fn panels_say_what_they_show() {
    for panel in Dashboard::read().graphs() {
        let title = panel["title"].as_str().unwrap();
        let unit = panel["fieldConfig"]["defaults"]["unit"].as_str();
        assert!(!title.is_empty());
        assert!(UNITS.contains(&unit.expect(title)), "{title}: {unit:?}");
        assert!(panel["description"].as_str().expect(title).ends_with('.'));
        let ids = list(&panel["targets"]).iter();
        let ids: Vec<_> = ids.map(|it| it["refId"].as_str().unwrap()).collect();
        let distinct: BTreeSet<_> = ids.iter().collect();
        assert!(!ids.is_empty() && distinct.len() == ids.len(), "{title}");
    }
}

#[test]
fn everything_is_asked_of_the_source_that_was_chosen() {
    let dashboard = Dashboard::read();
    let variables = dashboard.variables();
    let [input] = list(&dashboard.0["__inputs"]) else {
        panic!("more than one source");
    };
    assert_eq!(input["name"], "DS_PROMETHEUS");
    assert_eq!(input["pluginId"], "prometheus");
    assert_eq!(variables[0]["name"], "datasource");
    assert_eq!(variables[0]["current"]["value"], "${DS_PROMETHEUS}");

    let asking = variables.iter().filter(|it| it["type"] == "query");
    let targets = dashboard.graphs().flat_map(|panel| list(&panel["targets"]));

    for asks in dashboard.graphs().chain(targets).chain(asking) {
        let chosen = serde_json::json!({ "type": "prometheus", "uid": "${datasource}" });
        assert_eq!(asks["datasource"], chosen, "{asks}");
    }
}

#[test]
fn nothing_is_asked_twice() {
    let mut asked = BTreeSet::new();

    for query in Dashboard::read().targets() {
        let again = !asked.insert(query.expression.clone());
        assert!(!again, "{}", query.expression);
    }
}

#[test]
fn variables_are_set_before_they_are_used() {
    let dashboard = Dashboard::read();
    let mut set: BTreeSet<_> = BUILT_IN.into();

    for variable in dashboard.variables() {
        let query = variable["query"]["query"].as_str().unwrap_or_default();
        assert!(used(query).is_subset(&set), "{query}");
        set.insert(variable["name"].as_str().unwrap());
    }

    for query in dashboard.targets() {
        let used = used(&query.expression);
        assert!(used.is_subset(&set), "{query:?}");
        assert!(
            used.contains("job") && used.contains("instance"),
            "{query:?}"
        );
    }
}

#[test]
fn all_that_is_shown_is_of_kinds_that_are_required() {
    let dashboard = Dashboard::read();
    let required = list(&dashboard.0["__requires"]).iter();
    let required: Vec<&Value> = required.map(|it| &it["id"]).collect();

    for panel in dashboard.graphs() {
        assert!(required.contains(&&panel["type"]), "{}", panel["title"]);
    }
}

/// Returns the variables in a query.
fn used(query: &str) -> BTreeSet<&str> {
    let names = query.split('$').skip(1).map(|rest| {
        let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_');
        &rest[..end.unwrap_or(rest.len())]
    });
    names.collect()
}
