//! What is deleted by its key, and what is counted.

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, key_of, principal, value_key};
use crate::{Selection, Store};

pub(super) async fn one<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let keys = ["https://api.example/cars", "https://api.example/trips"].map(key);
    let [german, english] = ["de", "en"].map(|language| Given::new().language(language).entry());
    for key in &keys {
        for entry in [&german, &english] {
            bench.put(key, entry).await?;
        }
    }
    let [cars, trips] = &keys;

    let deleted = bench.delete(cars, Some(german.variant())).await?;

    bench.equal("entries deleted", &1, &deleted)?;
    bench
        .holds("after one was deleted", cars, &[&english])
        .await?;
    bench
        .holds("of another key", trips, &[&german, &english])
        .await?;
    bench.equal("entries in the size", &3, &bench.size().await?.entries)?;

    bench.put(cars, &german).await?;
    bench
        .holds("after it was put again", cars, &[&german, &english])
        .await
}

pub(super) async fn key_and_others<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let others = [
        key("https://api.example/cars/7"),
        key_of(principal("anna", 0), "https://api.example/cars"),
        value_key("https://api.example/cars"),
    ];
    let languages = ["de", "en", "fr"].map(|language| Given::new().language(language).entry());
    for entry in &languages {
        bench.put(&cars, entry).await?;
        for other in &others {
            bench.put(other, entry).await?;
        }
    }

    let deleted = bench.delete(&cars, None).await?;

    bench.equal("entries deleted", &3, &deleted)?;
    bench.holds("after all were deleted", &cars, &[]).await?;
    let [german, english, french] = &languages;
    for other in &others {
        bench
            .holds("of another key", other, &[german, english, french])
            .await?;
    }
    bench.equal("entries in the size", &9, &bench.size().await?.entries)
}

pub(super) async fn nothing<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let [cars, trips] = ["https://api.example/cars", "https://api.example/trips"].map(key);
    let [german, english] = ["de", "en"].map(|language| Given::new().language(language).entry());
    bench.put(&cars, &german).await?;

    for (what, key, variant) in [
        ("of a key without entries", &trips, None),
        (
            "of a key without entries, by id",
            &trips,
            Some(german.variant()),
        ),
        ("of an id that is not there", &cars, Some(english.variant())),
    ] {
        let deleted = bench.delete(key, variant).await?;
        bench.equal(&format!("entries deleted {what}"), &0, &deleted)?;
        bench
            .holds("what was not deleted", &cars, &[&german])
            .await?;
    }

    bench.delete(&cars, Some(german.variant())).await?;
    for variant in [Some(german.variant()), None] {
        let deleted = bench.delete(&cars, variant).await?;
        bench.equal("entries deleted twice", &0, &deleted)?;
    }
    let deleted = bench.delete_matching(&Selection::All).await?;
    bench.equal("entries of an empty store deleted", &0, &deleted)
}
