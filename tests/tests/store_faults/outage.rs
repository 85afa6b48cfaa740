//! An outage: what is before, while and after a fault.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::caches::Called;
use crate::load::{Call, Load};
use crate::origin::Origin;
use crate::site::Site;
use crate::times::Times;
use crate::warnings::{Told, Warnings};

/// How often it is looked whether something has come to be.
const LOOK: Duration = Duration::from_millis(10);
/// How long that takes at most, besides the calls that are wanted.
const PATIENCE: Duration = Duration::from_secs(60);
const ACCESSES: [&str; 2] = ["read", "write"];

/// What goes wrong, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage {
    name: &'static str,
    begin: fn(&Site),
    /// What is done again and again.
    again: Option<fn(&Site)>,
    end: fn(&Site),
    lasts: Duration,
    /// Whether some accesses go well all the while, so that a store is left alone more than once.
    is_partial: bool,
}

impl Outage {
    pub(crate) fn new(name: &'static str, begin: fn(&Site), end: fn(&Site)) -> Self {
        Self {
            name,
            begin,
            again: None,
            end,
            lasts: Duration::from_millis(1500),
            is_partial: false,
        }
    }

    pub(crate) fn lasts(mut self, time: Duration) -> Self {
        self.lasts = time;
        self
    }

    pub(crate) fn again(mut self, again: fn(&Site)) -> Self {
        self.again = Some(again);
        self
    }

    pub(crate) fn partial(mut self) -> Self {
        self.is_partial = true;
        self
    }

    /// Lets it happen while callers call, and looks at what they saw.
    pub(crate) async fn befalls(self, site: Arc<Site>) {
        let (warnings, _listening) = Warnings::listen();
        let bare = Load::begin(&Origin::new(), 1);
        let caches = [Called::guarded(site.url()), Called::tiered(site.url())];
        let calls = calls_wanted();
        until("hits before", || hits_come(&caches)).await;
        called(&caches, calls / 4).await;
        until("being asked", || async { are_asked(&caches) }).await;

        let (begun, told_before) = (Instant::now(), of_all(&warnings));
        blocking(&site, self.begin).await;
        let again = self.again.map(|again| repeat(&site, again));
        sleep(self.lasts).await;
        called(&caches, calls * 3 / 4).await;
        let ended = Instant::now();
        if let Some(again) = again {
            again.abort();
        }
        let told = since(told_before, &warnings);
        blocking(&site, self.end).await;

        until("being asked again", || async { are_asked(&caches) }).await;
        until("hits after", || hits_come(&caches)).await;
        let recovered = ended.elapsed();
        called(&caches, calls).await;
        let bare = bare.end().await;
        let [bare, bare_after] = times(&bare, begun, ended);
        println!("{}: {told:?}, hits again after {recovered:.1?}", self.name);
        println!("  without a store: {}", bare.told(&bare));
        for cache in caches {
            let ((hits, count), name) = (cache.hits(), cache.name);
            let [times, after] = times(&cache.load.end().await, begun, ended);
            println!(
                "  {name}: {}; {count} calls, {hits} hits",
                times.told(&bare)
            );
            self.check(told, &times, &bare, ended - begun);
            times.check_longest(&bare);
            after.check_longest(&bare_after);
        }
    }

    fn check(self, told: [Told; 2], times: &Times, bare: &Times, lasted: Duration) {
        // Each of two stores tells it once, and once more after each time that it was asked again.
        for told in told {
            assert!(told.left <= 2 + told.again, "{}: {told:?}", self.name);
            // What began before the outage may end well in it.
            assert!(
                self.is_partial || told.again <= 2,
                "{}: {told:?}",
                self.name
            );
        }
        let openings = told.iter().map(|told| told.left).max();
        let openings = openings.unwrap_or_default().max(1);
        times.check(bare, lasted, openings, !self.is_partial);
    }
}

/// Returns how long calls took in an outage, and after it.
fn times(calls: &[Call], begun: Instant, ended: Instant) -> [Times; 2] {
    let after = Times::between(calls, ended, Instant::now());
    [Times::between(calls, begun, ended), after]
}

fn are_asked(caches: &[Called]) -> bool {
    caches.iter().all(Called::is_asked)
}

fn since([reads, writes]: [Told; 2], warnings: &Warnings) -> [Told; 2] {
    let [more_reads, more_writes] = of_all(warnings);
    [more_reads.since(reads), more_writes.since(writes)]
}

fn of_all(warnings: &Warnings) -> [Told; 2] {
    ACCESSES.map(|access| warnings.of(access))
}

/// Reads `STORE_FAULTS_CALLS`. What is no number is a mistake, and no reason to take the default.
fn calls_wanted() -> usize {
    std::env::var("STORE_FAULTS_CALLS").map_or(1500, |text| text.parse().unwrap())
}

/// Waits until the caches were called so often.
async fn called(caches: &[Called], calls: usize) {
    let count = || caches.iter().map(|cache| cache.load.count()).sum::<usize>();
    // Slower than the slowest machine is.
    let longest = PATIENCE + Duration::from_millis(10) * u32::try_from(calls).unwrap();
    let done = timeout(longest, async {
        while count() < calls {
            sleep(LOOK).await;
        }
    });
    assert!(done.await.is_ok(), "{} of {calls} calls", count());
}

/// Waits until most calls are hits, and the server has what both caches put there.
async fn hits_come(caches: &[Called]) -> bool {
    for cache in caches {
        let (hits, count) = cache.hits();
        called(std::slice::from_ref(cache), count + 100).await;
        let (hits_after, count_after) = cache.hits();
        let calls = u64::try_from(count_after - count).unwrap();
        if (hits_after - hits) * 2 < calls || !cache.has_some().await {
            return false;
        }
    }
    true
}

async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let done = timeout(PATIENCE, async {
        while !holds().await {
            sleep(LOOK).await;
        }
    });
    assert!(done.await.is_ok(), "it does not come to {what}");
}

/// Does what blocks elsewhere than where calls are made.
async fn blocking(site: &Arc<Site>, work: fn(&Site)) {
    let site = Arc::clone(site);
    spawn_blocking(move || work(&site)).await.unwrap();
}

/// Does it again and again, until it is aborted.
fn repeat(site: &Arc<Site>, work: fn(&Site)) -> AbortHandle {
    let site = Arc::clone(site);
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let repeating = tokio::spawn(async move {
        loop {
            ticks.tick().await;
            blocking(&site, work).await;
        }
    });
    repeating.abort_handle()
}
