//! Many calls at once.

use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::task::{JoinSet, yield_now};

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, noise};
use crate::{Content, ContentId, Entry, Key, Store};

/// How many tasks do the same at once.
const TASKS: i64 = 8;
/// How often each does it.
const ROUNDS: i64 = 16;

type Tasks = JoinSet<Result<(), Violation>>;

pub(super) async fn whole_entries<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    bench.put(&cars, &numbered(0)).await?;
    let mut tasks = Tasks::new();
    for task in 0..TASKS {
        let (writer, key) = (bench.clone(), cars.clone());
        tasks.spawn(async move {
            for round in 0..ROUNDS {
                writer.put(&key, &numbered(task * ROUNDS + round)).await?;
                yield_now().await;
            }
            Ok(())
        });
        let (reader, key) = (bench.clone(), cars.clone());
        tasks.spawn(async move {
            for _ in 0..ROUNDS {
                is_whole(&reader, &key).await?;
                yield_now().await;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    is_whole(bench, &cars).await
}

/// Checks that a key has one of the numbered entries.
async fn is_whole<S: Store>(bench: &Bench<S>, key: &Key) -> Result<(), Violation> {
    let found = bench.get(key).await?;
    let [found] = found.as_slice() else {
        let count = found.as_slice().len();
        return Err(bench.violation("one entry while it is replaced", count.to_string()));
    };
    let expected = numbered(found.created().0);
    bench.same("as it was when it was put", &expected, found)
}

/// An entry that has the number in all of its parts.
fn numbered(number: i64) -> Arc<Entry> {
    let seed = number.unsigned_abs();
    let text = number.to_string();
    let given = Given::new()
        .field("x-number", &text)
        .received(number)
        .created(number)
        .content_id(ContentId(seed));
    let pieces = [noise(seed, 20_000), noise(seed, 300), text.clone().into()];
    given
        .tag(&text)
        .content(pieces.into_iter().collect::<Content>())
        .entry()
}

pub(super) async fn nothing_lost<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    for round in 0..ROUNDS {
        let entries: Vec<_> = (0..2 * TASKS)
            .map(|number| {
                Given::new()
                    .language(&format!("x-{number}"))
                    .received(round)
                    .entry()
            })
            .collect();
        // Every second one is there, and is deleted while the others are put.
        let (old, new): (Vec<_>, Vec<_>) = (0..).zip(&entries).partition(|(at, _)| at % 2 == 0);
        for (_, entry) in &old {
            bench.put(&cars, entry).await?;
        }
        let mut tasks = Tasks::new();
        for ((_, old), (_, new)) in old.iter().zip(&new) {
            let (writer, key, new) = (bench.clone(), cars.clone(), Arc::clone(new));
            tasks.spawn(async move { writer.put(&key, &new).await });
            let (deleter, key, old) = (bench.clone(), cars.clone(), old.variant());
            tasks.spawn(async move {
                let deleted = deleter.delete(&key, Some(old)).await?;
                deleter.equal("entries deleted", &1, &deleted)
            });
        }
        all(tasks).await?;
        let new: Vec<_> = new.into_iter().map(|(_, entry)| entry).collect();
        bench
            .holds("after some were put and others deleted", &cars, &new)
            .await?;
        let deleted = bench.delete(&cars, None).await?;
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        bench.equal("entries deleted of the key", &count, &deleted)?;
    }
    Ok(())
}

pub(super) async fn delete_wins<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let cars = key("https://api.example/cars");
    let entry = Given::new().language("de").entry();
    let head = Given::new().language("de").received(60).head();
    let update = Arc::new(entry.with_head(head));
    for round in 0..TASKS * ROUNDS {
        bench.put(&cars, &entry).await?;
        let mut tasks = Tasks::new();
        let update = Arc::clone(&update);
        let (updater, deleter, key) = (bench.clone(), bench.clone(), cars.clone());
        tasks.spawn(async move { updater.update(&key, &update).await });
        let (key, variant) = (cars.clone(), (round % 2 == 0).then(|| entry.variant()));
        tasks.spawn(async move {
            let deleted = deleter.delete(&key, variant).await?;
            deleter.equal("entries deleted", &1, &deleted)
        });
        all(tasks).await?;
        bench.holds("deleted during an update", &cars, &[]).await?;
    }
    Ok(())
}

/// Waits for all tasks; a panic in one goes on here.
async fn all(mut tasks: Tasks) -> Result<(), Violation> {
    while let Some(result) = tasks.join_next().await {
        match result {
            Ok(result) => result?,
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    resume_unwind(panic);
                }
            }
        }
    }
    Ok(())
}
