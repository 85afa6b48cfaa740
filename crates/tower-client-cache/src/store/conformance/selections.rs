//! What selections have, and what they have not.

use std::collections::HashSet;
use std::sync::Arc;

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, key_of, principal, value_key};
use crate::{Entry, Glob, Key, Owner, Selection, Store, VariantId};

type Held = (Key, Arc<Entry>);

pub(super) async fn all<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let mut held = of_principals();
    held.extend(with_tags());
    held.extend(with_names());
    exact(bench, &held, &Selection::All).await
}

pub(super) async fn principal_of<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let held = of_principals();
    for id in ["anna", "ann", "Anna", "anna*", "a%", "", "nobody"] {
        exact(bench, &held, &Selection::Principal(id.into())).await?;
    }
    Ok(())
}

pub(super) async fn tag<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let held = with_tags();
    for tag in [
        "cars",
        "car",
        "Cars",
        "cars,trips",
        "trips",
        "c*",
        "%",
        "",
        "none",
    ] {
        exact(bench, &held, &Selection::Tag(tag.into())).await?;
    }
    Ok(())
}

pub(super) async fn matching<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let held = with_names();
    let patterns = [
        "*",
        "",
        "?",
        "https://api.example/v1/cars",
        "https://api.example/v1/cars*",
        "https://api.example/v1/cars/?",
        "*/cars",
        "*cars*",
        "*/V1/*",
        "*/v?/cars",
        "*/v1?cars",
        "*/v1.cars",
        "*.example*",
        "*[7]",
        "*[a-z]",
        "*{7,8}",
        "*\\*",
        "*^*",
        "*+",
        "*(a|b)",
        "*%*",
        "*_*",
        "*'*",
        "*stra?e",
        "*stra??e",
        "*stra\u{df}e",
        "*anna@*",
        "*\n*",
        "*a*a*a*",
        "cars",
        "none",
    ];
    for pattern in patterns {
        exact(bench, &held, &Selection::Matching(Glob::new(pattern))).await?;
    }
    Ok(())
}

/// Puts entries, lists and deletes a selection, and looks for each.
async fn exact<S: Store>(
    bench: &Bench<S>,
    held: &[Held],
    selection: &Selection,
) -> Result<(), Violation> {
    for (key, entry) in held {
        bench.put(key, entry).await?;
    }
    let what = told(selection);
    let selected = |(key, entry): &&Held| selection.has(key, entry);
    let expected: HashSet<_> = held.iter().filter(selected).map(id).collect();

    let listed = bench.list(selection, usize::MAX).await?;
    bench.equal(
        &format!("entries in a list of {what}"),
        &expected.len(),
        &listed.len(),
    )?;
    let listed = listed
        .into_iter()
        .map(|listed| (listed.key, listed.variant));
    if listed.collect::<HashSet<_>>() != expected {
        return Err(bench.violation(format!("a list of {what}"), "other entries"));
    }

    let deleted = bench.delete_matching(selection).await?;
    let count = u64::try_from(expected.len()).unwrap_or(u64::MAX);
    bench.equal(&format!("entries deleted of {what}"), &count, &deleted)?;
    for item in held {
        let (key, entry) = item;
        let found = bench.get(key).await?.find(entry.variant()).is_some();
        let kept = !expected.contains(&id(item));
        bench.equal(
            &format!("whether an entry is kept after deleting {what}"),
            &kept,
            &found,
        )?;
    }
    let deleted = bench.delete_matching(selection).await?;
    bench.equal(&format!("entries deleted again of {what}"), &0, &deleted)
}

fn id((key, entry): &Held) -> (Key, VariantId) {
    (key.clone(), entry.variant())
}

/// Patterns do not show themselves; these tell of nobody.
fn told(selection: &Selection) -> String {
    match selection {
        Selection::Matching(glob) => format!("what matches {:?}", glob.as_str()),
        Selection::All | Selection::Principal(_) | Selection::Tag(_) => format!("{selection:?}"),
    }
}

fn of_principals() -> Vec<Held> {
    let owners = [
        principal("anna", 0),
        principal("anna", 1),
        principal("anna", u64::MAX),
        principal("ann", 0),
        principal("anna1", 0),
        principal("Anna", 0),
        principal("anna*", 0),
        principal("", 0),
        Owner::Layer(0),
        Owner::Layer(1),
        Owner::Everyone,
    ];
    let [german, english] = ["de", "en"].map(|language| Given::new().language(language).entry());
    let mut held = Vec::new();
    for owner in owners {
        let cars = key_of(owner.clone(), "https://api.example/cars");
        held.push((cars.clone(), Arc::clone(&german)));
        held.push((cars, Arc::clone(&english)));
        // It has a principal's name, and is everybody's.
        held.push((
            key_of(owner, "https://anna@api.example/anna"),
            Arc::clone(&german),
        ));
    }
    held
}

fn with_tags() -> Vec<Held> {
    let cars = key_of(principal("anna", 0), "https://api.example/cars");
    let entry = |language: &str, tags: &[&str]| {
        let given = Given::new().language(language);
        tags.iter().fold(given, |given, tag| given.tag(tag)).entry()
    };
    vec![
        (cars.clone(), entry("de", &["cars", "trips"])),
        (cars.clone(), entry("en", &["car"])),
        (cars, entry("fr", &[])),
        (key("https://api.example/trips"), entry("de", &["trips"])),
        (
            key("https://api.example/list"),
            entry("de", &["cars,trips"]),
        ),
        (
            key("https://api.example/big"),
            entry("de", &["Cars", "c*", "%"]),
        ),
        (key("https://api.example/none"), entry("de", &[""])),
        (value_key("cars"), entry("de", &["cars", "cars"])),
        (value_key("trips"), entry("de", &[])),
    ]
}

fn with_names() -> Vec<Held> {
    let uris = [
        "/v1/cars",
        "/v1/cars/7",
        "/v1/cars/77",
        "/v1/cars?id=7",
        "/v1/trips",
        "/v1xcars",
        "/v1.cars",
        "/v2/cars",
        "/V1/cars",
        "/v1/[7]",
        "/v1/{7,8}",
        "/v1/x*",
        "/v1/a+",
        "/v1/(a|b)",
        "/v1/^a_b'c",
        "/v1/%2F",
        "/stra\u{df}e",
        "/a/aa",
    ];
    let entry = Given::new().entry();
    let hosts = [
        "https://api.example",
        "https://anna@api.example",
        "http://api.example",
    ];
    let mut keys = Vec::new();
    for host in hosts {
        keys.extend(uris.iter().map(|uri| key(&format!("{host}{uri}"))));
    }
    keys.extend(uris.map(|uri| key_of(principal("anna", 3), &format!("https://api.example{uri}"))));
    let names = [
        "",
        "c",
        "cars",
        "Cars",
        "a\nb",
        "a\\",
        "https://api.example/v1/cars",
    ];
    keys.extend(names.map(value_key));
    keys.push(key("/v1/cars"));
    keys.into_iter()
        .map(|key| (key, Arc::clone(&entry)))
        .collect()
}
