//! How many of a trace's accesses are hits, compared to a cache that drops what was used least
//! recently.

use std::collections::HashMap;
use std::sync::Arc;

use tower_client_cache::{Entry, Key, MemoryStore, Store};

use crate::common::{entry, key, now, store};

/// A tenth of what the table in the cache's guide was measured with, for the sake of time.
const KEYS: usize = 10_000;
const ACCESSES: usize = 100_000;
/// How many keys are asked for one after the other, again and again: more than are kept.
const LOOP: usize = KEYS / 5;

#[test]
fn keeps_what_is_used_often_better_than_by_the_last_use() {
    let zipf = Zipf::new(KEYS, 0.9);
    let keys: Vec<_> = (0..KEYS + LOOP + ACCESSES / 4).map(key).collect();
    for (name, trace, capacity, margin) in [
        ("zipf", zipf.trace(), KEYS / 100, 0.10),
        ("zipf", zipf.trace(), KEYS / 10, 0.06),
        (
            "zipf, scan and loop",
            zipf.trace_with_scans(),
            KEYS / 100,
            0.10,
        ),
        (
            "zipf, scan and loop",
            zipf.trace_with_scans(),
            KEYS / 10,
            0.08,
        ),
    ] {
        let by_last_use = Lru::new(capacity).hit_rate(&trace);
        let own = hit_rate(&store(capacity, usize::MAX), &keys, &trace);

        let measured = format!("{name}, {capacity}: {own:.4}, by the last use {by_last_use:.4}");
        assert!(own >= by_last_use + margin, "{measured}");
    }
}

fn hit_rate(store: &MemoryStore, keys: &[Key], trace: &[usize]) -> f64 {
    let entry: Arc<Entry> = entry(0, "de", 0);
    let mut hits = 0;
    for number in trace {
        let key = &keys[*number];
        if !store.peek(key).unwrap().is_empty() {
            hits += 1;
            continue;
        }
        now(store.put(key, Arc::clone(&entry))).unwrap();
    }
    rate(hits, trace)
}

fn rate(hits: u32, trace: &[usize]) -> f64 {
    f64::from(hits) / f64::from(u32::try_from(trace.len()).unwrap())
}

/// Keys of which the n-th is asked for in proportion to `1 / n^alpha`.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(keys: usize, alpha: f64) -> Self {
        let mut sum = 0.0;
        let ranks = 1..=u32::try_from(keys).unwrap();
        let sums = ranks.map(|rank| {
            sum += f64::from(rank).powf(-alpha);
            sum
        });
        Self(sums.collect())
    }

    fn next(&self, random: &mut fastrand::Rng) -> usize {
        let at = random.f64() * self.0.last().unwrap();
        self.0.partition_point(|sum| *sum < at)
    }

    fn trace(&self) -> Vec<usize> {
        let mut random = fastrand::Rng::with_seed(1);
        (0..ACCESSES).map(|_| self.next(&mut random)).collect()
    }

    /// One access in five is of a key that never comes again, one in ten of a loop.
    fn trace_with_scans(&self) -> Vec<usize> {
        let mut random = fastrand::Rng::with_seed(2);
        let mut once = KEYS + LOOP..;
        let mut again = (KEYS..KEYS + LOOP).cycle();
        let access = |_| match random.u8(..10) {
            0 | 1 => once.next().unwrap(),
            2 => again.next().unwrap(),
            _ => self.next(&mut random),
        };
        (0..ACCESSES).map(access).collect()
    }
}

/// The numbers of keys by their last use, as a ring of links.
struct Lru {
    capacity: usize,
    /// Of each number, those that were used before and after it.
    links: HashMap<usize, (usize, usize)>,
}

/// Stands between the newest and the oldest.
const ENDS: usize = usize::MAX;

impl Lru {
    fn new(capacity: usize) -> Self {
        Self {
            capacity,
            links: HashMap::from([(ENDS, (ENDS, ENDS))]),
        }
    }

    fn hit_rate(mut self, trace: &[usize]) -> f64 {
        let hits = trace.iter().filter(|number| self.access(**number));
        let hits = u32::try_from(hits.count()).unwrap();
        rate(hits, trace)
    }

    fn access(&mut self, number: usize) -> bool {
        let hit = self.links.contains_key(&number);
        if hit {
            self.unlink(number);
        } else if self.links.len() > self.capacity {
            let oldest = self.links[&ENDS].1;
            self.unlink(oldest);
        }
        let newest = self.links[&ENDS].0;
        self.links.insert(number, (newest, ENDS));
        self.links.get_mut(&newest).unwrap().1 = number;
        self.links.get_mut(&ENDS).unwrap().0 = number;
        hit
    }

    fn unlink(&mut self, number: usize) {
        let (before, after) = self.links.remove(&number).unwrap();
        self.links.get_mut(&before).unwrap().1 = after;
        self.links.get_mut(&after).unwrap().0 = before;
    }
}
