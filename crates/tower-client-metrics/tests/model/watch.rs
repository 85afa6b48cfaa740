//! Looks at the numbers while they grow.

use std::cmp::Ordering;
use std::iter::zip;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::sync::Notify;
use tower_client_metrics::{Format, Registry, Sample, Snapshot};

use crate::tally::is_sound;

/// Tells when it is worth looking again.
#[derive(Debug, Default)]
pub(crate) struct News {
    come: Notify,
    over: AtomicBool,
}

impl News {
    pub(crate) fn tell(&self) {
        self.come.notify_one();
    }

    pub(crate) fn end(&self) {
        self.over.store(true, Relaxed);
        self.tell();
    }
}

/// Looks at the numbers again and again until all calls are over, and returns how often.
pub(crate) async fn watch(registry: Registry, news: Arc<News>) -> Result<u32, String> {
    let mut before = registry.snapshot();
    let mut times = 0;
    while !news.over.load(Relaxed) {
        news.come.notified().await;
        let now = registry.snapshot();
        compare(&before, &now)?;
        before = now;
        times += 1;
        if times % 8 == 0 {
            read(&registry.render(Format::Prometheus))?;
        }
    }
    Ok(times)
}

/// No number has become smaller, and all are sound.
fn compare(before: &Snapshot, now: &Snapshot) -> Result<(), String> {
    grows(&before.counters, &now.counters, |before, now| before <= now)?;
    grows(&before.histograms, &now.histograms, |before, now| {
        let mut buckets = zip(&before.buckets, &now.buckets);
        before.count <= now.count
            && before.sum <= now.sum
            && buckets.all(|(before, now)| before.count <= now.count)
    })?;
    let unsound = now.histograms.iter().find(|it| !is_sound(&it.value));
    unsound.map_or(Ok(()), |it| Err(format!("{it:?}")))
}

/// Both are sorted: what was there before is found in one pass.
fn grows<T: std::fmt::Debug>(
    before: &[Sample<T>],
    now: &[Sample<T>],
    grown: impl Fn(&T, &T) -> bool,
) -> Result<(), String> {
    let mut now = now.iter();
    for old in before {
        let new = now.find(|new| order(new, old) != Ordering::Less);
        let same = new.filter(|new| order(new, old) == Ordering::Equal);
        if !same.is_some_and(|same| grown(&old.value, &same.value)) {
            return Err(format!("{old:?} became {new:?}"));
        }
    }
    Ok(())
}

fn order<T>(one: &Sample<T>, other: &Sample<T>) -> Ordering {
    let names = one.name.cmp(&other.name);
    names.then_with(|| one.labels.cmp(&other.labels))
}

/// Reads Prometheus' text, and returns the sum of all histograms' counts: of each it is its last
/// bucket's.
pub(crate) fn read(text: &str) -> Result<u64, String> {
    let value = |line: &str| {
        line.rsplit(' ')
            .next()
            .and_then(|it| it.parse::<u64>().ok())
    };
    let mut last = None;
    let mut sum = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        if line.contains("le=\"+Inf\"") {
            last = value(line);
        } else if name.ends_with("_count") {
            let count = value(line);
            if count.is_none() || count != last {
                return Err(format!("{line}: the last bucket has {last:?}"));
            }
            sum += count.unwrap_or_default();
            last = None;
        }
    }
    Ok(sum)
}
