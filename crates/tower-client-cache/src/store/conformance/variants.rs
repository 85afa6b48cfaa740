//! Several entries of one key.

use std::sync::Arc;

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key};
use crate::policy::Timestamp;
use crate::{Entry, Selection, Store, Variants};

pub(super) async fn side_by_side<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let part = |range: &str| {
        Given::new()
            .status(206)
            .field("content-range", range)
            .text("part")
    };
    let vary = || Given::new().field("vary", "accept-language");
    let entries = [
        Given::new().text("whole").entry(),
        part("bytes 0-3/9").entry(),
        part("bytes 4-7/9").entry(),
        vary().text("any").entry(),
        vary().request("accept-language", "").text("empty").entry(),
        Given::new()
            .language("de")
            .text("deutsch")
            .tag("de")
            .entry(),
        Given::new().language("en").text("english").entry(),
    ];
    for entry in &entries {
        bench.put(&cars, entry).await?;
    }

    let all: Vec<_> = entries.iter().collect();
    bench
        .holds("entries that differ in what selects them", &cars, &all)
        .await
}

pub(super) async fn replacing<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let old = Given::new()
        .language("de")
        .field("x-old", "1")
        .tag("old")
        .text("an old text");
    let other = Given::new().language("en").text("another").entry();
    bench.put(&cars, &old.entry()).await?;
    bench.put(&cars, &other).await?;
    let news = [
        Given::new()
            .language("de")
            .status(404)
            .received(60)
            .created(60)
            .text("new"),
        Given::new()
            .language("de")
            .field("x-new", "1")
            .tag("new")
            .text("a text that is longer"),
        // It was made before the one that it replaces.
        Given::new().language("de").received(-60).text(""),
    ];
    for new in news {
        let new = new.entry();
        bench.put(&cars, &new).await?;

        bench
            .holds("after one was replaced", &cars, &[&new, &other])
            .await?;
    }
    bench.equal("entries in the size", &2, &bench.size().await?.entries)
}

pub(super) async fn too_many<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let mut entries = Vec::new();
    for number in 0..Variants::MOST + 8 {
        let entry = Given::new()
            .language(&format!("x-{number}"))
            .text(number.to_string());
        let entry = entry
            .received(i64::try_from(number).unwrap_or_default())
            .entry();
        bench.put(&cars, &entry).await?;
        entries.push(entry);
    }

    let latest: Vec<_> = entries.iter().rev().take(Variants::MOST).collect();
    bench
        .holds("the latest of too many", &cars, &latest)
        .await?;
    let found = bench.get(&cars).await?;
    bench.equal(
        "the latest first",
        &times(latest.into_iter()),
        &times(found.as_slice().iter()),
    )?;
    let listed = bench.list(&Selection::All, usize::MAX).await?;
    bench.equal("entries in a list", &Variants::MOST, &listed.len())?;
    let most = u64::try_from(Variants::MOST).unwrap_or(u64::MAX);
    bench.equal("entries in the size", &most, &bench.size().await?.entries)
}

fn times<'a>(entries: impl Iterator<Item = &'a Arc<Entry>>) -> Vec<Timestamp> {
    entries.map(|entry| entry.stored().received()).collect()
}
