//! What an update changes, and what it leaves.

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, key_of, noise, principal};
use crate::{Content, Owner, Store};

pub(super) async fn head_alone<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let pieces: Content = (0..3).map(|seed| noise(seed, 100_000)).collect();
    let old = Given::new()
        .language("de")
        .created(7)
        .tag("cars")
        .content(pieces);
    let old = old
        .field("x-old", "1")
        .sensitive("set-cookie", "a=1")
        .entry();
    bench.put(&cars, &old).await?;
    for seconds in [60, 120] {
        let new = Given::new()
            .language("de")
            .received(seconds)
            .field("x-new", "1");
        let new = new.field("x-new", "2").sensitive("set-cookie", "b=2");
        // Without content: that of the store stays.
        let update = new
            .clone()
            .created(7)
            .tag("cars")
            .content(Content::default());

        let update = update.content_id(old.content_id()).entry();
        bench.update(&cars, &update).await?;

        let expected = old.with_head(new.head()).into();
        bench.holds("after an update", &cars, &[&expected]).await?;
    }
    Ok(())
}

pub(super) async fn one_variant<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let [german, english, french] = ["de", "en", "fr"].map(|language| {
        let given = Given::new().language(language).tag(language);
        given.text(language).entry()
    });
    for entry in [&german, &english, &french] {
        bench.put(&cars, entry).await?;
    }

    let head = Given::new().language("en").received(60).head();
    let updated = english.with_head(head).into();
    bench.update(&cars, &updated).await?;

    let expected = [&german, &updated, &french];
    bench
        .holds("after an update of one", &cars, &expected)
        .await?;
    let bert = key_of(principal("bert", 0), "https://api.example/cars");
    bench.holds("another owner's", &bert, &[]).await
}

pub(super) async fn nothing<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key_of(Owner::Layer(1), "https://api.example/cars");
    let german = Given::new().language("de").entry();
    let english = Given::new().language("en").entry();

    bench.update(&cars, &german).await?;
    bench
        .holds("after an update of what never was", &cars, &[])
        .await?;

    bench.put(&cars, &english).await?;
    bench.update(&cars, &german).await?;
    bench
        .holds("after an update of another id", &cars, &[&english])
        .await?;

    bench.put(&cars, &german).await?;
    bench.delete(&cars, Some(german.variant())).await?;
    bench.update(&cars, &german).await?;
    bench
        .holds("after an update of what was deleted", &cars, &[&english])
        .await?;

    let replaced = Given::new().language("en").received(60).text("new");
    let replaced = replaced.entry();
    bench.put(&cars, &replaced).await?;
    bench.update(&cars, &english).await?;
    bench
        .holds(
            "after an update of what was replaced meanwhile",
            &cars,
            &[&replaced],
        )
        .await?;

    bench.delete(&cars, None).await?;
    bench.update(&cars, &english).await?;
    bench
        .holds("after an update of a key that was deleted", &cars, &[])
        .await?;
    bench.equal("entries in the size", &0, &bench.size().await?.entries)
}
