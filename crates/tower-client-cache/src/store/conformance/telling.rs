//! What a store tells of what it holds.

use std::sync::Arc;

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, noise, value_key};
use crate::{Entry, Key, Listed, Selection, Store, StoreSize};

pub(super) async fn empty<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    bench.holds("in a new store", &cars, &[]).await?;
    bench.equal("entries deleted", &0, &bench.delete(&cars, None).await?)?;
    let deleted = bench.delete_matching(&Selection::All).await?;
    bench.equal("entries deleted of all", &0, &deleted)?;
    let listed = bench.list(&Selection::All, usize::MAX).await?;
    bench.equal("entries in a list", &0, &listed.len())?;
    bench.equal("entries in the size", &0, &bench.size().await?.entries)
}

pub(super) async fn list<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let held = several(bench).await?;

    let listed = bench.list(&Selection::All, usize::MAX).await?;

    bench.equal("entries in a list", &held.len(), &listed.len())?;
    for (key, entry) in &held {
        let is_it = |listed: &&Listed| listed.key == *key && listed.variant == entry.variant();
        let Some(Listed { info, .. }) = listed.iter().find(is_it) else {
            return Err(bench.violation("each entry in a list", "another in its place"));
        };
        let stored = entry.stored();
        bench.equal("the time of storing", &entry.created(), &info.created)?;
        bench.equal(
            "the time of validation",
            &stored.received(),
            &info.validated,
        )?;
        bench.equal("the end of freshness", &stored.expires(), &info.expires)?;
        bench.equal("the length", &entry.content().len(), &info.length)?;
    }
    Ok(())
}

pub(super) async fn limit<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let held = several(bench).await?;
    let count = held.len();
    for limit in [0, 1, 2, count - 1, count, count + 1, usize::MAX] {
        let listed = bench.list(&Selection::All, limit).await?;

        let what = format!("entries in a list of at most {limit}");
        bench.equal(&what, &limit.min(count), &listed.len())?;
    }
    Ok(())
}

pub(super) async fn size<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    const LENGTH: usize = 1 << 20;
    let cars = key("https://api.example/cars");
    let trips = key("https://api.example/trips");
    let german = Given::new()
        .language("de")
        .content(noise(1, LENGTH))
        .entry();
    let english = Given::new()
        .language("en")
        .content(noise(2, LENGTH))
        .entry();
    let smaller = Given::new().language("de").text("small").entry();

    bench.put(&cars, &german).await?;
    holds(bench, "after one was put", 1, LENGTH).await?;
    bench.put(&cars, &english).await?;
    bench.put(&trips, &german).await?;
    let most = holds(bench, "after three were put", 3, 3 * LENGTH).await?;
    bench.put(&cars, &german).await?;
    holds(bench, "after one was put again", 3, 3 * LENGTH).await?;
    bench.update(&cars, &german).await?;
    holds(bench, "after an update", 3, 3 * LENGTH).await?;

    bench.put(&cars, &smaller).await?;
    let less = holds(bench, "after one was replaced by a smaller", 3, 2 * LENGTH).await?;
    bench.delete(&cars, None).await?;
    let least = holds(bench, "after two were deleted", 1, LENGTH).await?;
    bench.delete_matching(&Selection::All).await?;
    let none = holds(bench, "after all were deleted", 0, 0).await?;

    let bytes = [most, less, least, none].map(|size| size.bytes);
    if bytes.is_sorted_by(|before, after| before > after) {
        return Ok(());
    }
    Err(bench.violation(
        "fewer bytes each time something is deleted",
        format!("{bytes:?}"),
    ))
}

/// Checks a size: half the bytes of what cannot be compressed is not about its size.
async fn holds<S: Store>(
    bench: &Bench<S>,
    what: &str,
    entries: u64,
    length: usize,
) -> Result<StoreSize, Violation> {
    let size = bench.size().await?;
    bench.equal(
        &format!("entries in the size {what}"),
        &entries,
        &size.entries,
    )?;
    bench.equal(&format!("entries dropped {what}"), &0, &size.evictions)?;
    let least = u64::try_from(length / 2).unwrap_or(u64::MAX);
    if size.bytes < least {
        let expected = format!("{least} bytes or more {what}");
        return Err(bench.violation(expected, size.bytes.to_string()));
    }
    Ok(size)
}

pub(super) async fn peek<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let german = Given::new().language("de").tag("cars").entry();
    let english = Given::new().language("en").entry();
    agrees(bench, "nothing was put", &cars).await?;
    bench.put(&cars, &german).await?;
    agrees(bench, "one was put", &cars).await?;
    bench.put(&cars, &english).await?;
    agrees(bench, "another was put", &cars).await?;
    bench
        .put(&cars, &Given::new().language("en").text("new").entry())
        .await?;
    agrees(bench, "one was replaced", &cars).await?;
    bench
        .update(
            &cars,
            &german
                .with_head(Given::new().language("de").received(9).head())
                .into(),
        )
        .await?;
    agrees(bench, "an update", &cars).await?;
    bench.delete(&cars, Some(english.variant())).await?;
    agrees(bench, "one was deleted", &cars).await?;
    bench
        .delete_matching(&Selection::Tag("cars".into()))
        .await?;
    agrees(bench, "all of a tag were deleted", &cars).await?;
    bench.put(&cars, &english).await?;
    agrees(bench, "one was put again", &cars).await?;
    bench.delete(&cars, None).await?;
    agrees(bench, "the key was deleted", &cars).await
}

/// Peeks before and after a get, which may have made something known.
async fn agrees<S: Store>(bench: &Bench<S>, after: &str, key: &Key) -> Result<(), Violation> {
    let before = bench.store.peek(key);
    let got = bench.get(key).await?;
    for peeked in [before, bench.store.peek(key)].into_iter().flatten() {
        let [peeked, got] = [&peeked, &got].map(|variants| variants.as_slice());
        let what = format!("a peek after {after}");
        bench.equal(&format!("entries in {what}"), &got.len(), &peeked.len())?;
        for (got, peeked) in got.iter().zip(peeked) {
            bench.same(&what, got, peeked)?;
        }
    }
    Ok(())
}

/// Puts a few entries of several keys.
async fn several<S: Store>(bench: &Bench<S>) -> Result<Vec<(Key, Arc<Entry>)>, Violation> {
    let cars = key("https://api.example/cars");
    let held = vec![
        (
            cars.clone(),
            Given::new()
                .language("de")
                .created(1)
                .text("deutsch")
                .entry(),
        ),
        (
            cars.clone(),
            Given::new().language("en").created(2).received(9).entry(),
        ),
        (
            cars,
            Given::new()
                .language("fr")
                .field("age", "7")
                .text("")
                .entry(),
        ),
        (
            key("https://api.example/trips"),
            Given::new().content(noise(1, 70_000)).entry(),
        ),
        (value_key("trips"), Given::new().created(-5).entry()),
    ];
    for (key, entry) in &held {
        bench.put(key, entry).await?;
    }
    Ok(held)
}
