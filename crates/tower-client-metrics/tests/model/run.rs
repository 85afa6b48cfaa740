//! Many calls at once, over one registry.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::Layer;
use tower_client_metrics::{
    AttemptRecorder, CallRecorder, Format, MetricsLayer, Registry, Snapshot,
};

use crate::caller::{Client, call};
use crate::oracle::foresee;
use crate::plan::Plan;
use crate::resender::Resender;
use crate::tally::Tally;
use crate::transport::{Ledger, Transport};
use crate::watch::{News, read, watch};

/// Longer than all calls together take.
const LONGEST: Duration = Duration::from_secs(120);

/// More than there are values, or series.
const MANY: usize = 1_000_000;

/// What many calls have counted, and should have.
#[derive(Debug)]
pub(crate) struct Run {
    calls: u64,
    ledger: Arc<Ledger>,
    pub(crate) expected: Tally,
    snapshot: Snapshot,
    text: String,
    /// Calls that ended otherwise than foreseen, and numbers that went down.
    surprises: Vec<String>,
    /// How often somebody looked meanwhile.
    pub(crate) looks: u32,
}

impl Run {
    /// Makes the calls with these numbers, on so many tasks.
    pub(crate) fn of(seed: u64, numbers: Range<u64>, tasks: u64) -> Self {
        let mut runtime = match tasks {
            1 => runtime::Builder::new_current_thread(),
            _ => runtime::Builder::new_multi_thread(),
        };
        let runtime = runtime.worker_threads(4).enable_time().build();
        let run = Self::calls(seed, numbers, tasks);
        let run = async { timeout(LONGEST, run).await.expect("every call ends") };
        runtime.unwrap().block_on(run)
    }

    async fn calls(seed: u64, numbers: Range<u64>, tasks: u64) -> Self {
        let registry = registry();
        let ledger = Arc::new(Ledger::default());
        let client = client(&registry, &ledger);
        let news = Arc::new(News::default());
        let watcher = tokio::spawn(watch(registry.clone(), Arc::clone(&news)));

        let callers: JoinSet<_> = (0..tasks)
            .map(|task| {
                let numbers = numbers.clone().filter(move |it| it % tasks == task);
                let (client, ledger) = (client.clone(), Arc::clone(&ledger));
                make(client, ledger, Arc::clone(&news), seed, numbers)
            })
            .collect();
        let mut expected = Tally::default();
        let mut surprises = Vec::new();
        for (tally, surprise) in callers.join_all().await {
            expected.add(tally);
            surprises.extend(surprise);
        }

        news.end();
        let mut looks = 0;
        match watcher.await.unwrap() {
            Ok(times) => looks = times,
            Err(surprise) => surprises.push(surprise),
        }
        Self {
            calls: numbers.end - numbers.start,
            ledger,
            expected,
            snapshot: registry.snapshot(),
            text: registry.render(Format::Prometheus),
            surprises,
            looks,
        }
    }

    /// Returns all that is not as it should be.
    pub(crate) fn differences(&self) -> Vec<String> {
        let mut differences = self.surprises.clone();
        differences.extend(self.expected.differences(&self.snapshot));
        let sends = self.ledger.sends.load(Relaxed);
        let answers = self.ledger.answers.load(Relaxed);
        for (what, counted, happened) in [
            ("calls", self.counters("http_call_total"), self.calls),
            ("calls", self.histograms("http_call_duration"), self.calls),
            ("sends", self.counters("http_call_sends_total"), sends),
            (
                "sends",
                self.histograms("http.client.request.duration"),
                sends,
            ),
            ("answers", self.counters("http_call_bodies_total"), answers),
        ] {
            if counted != happened {
                differences.push(format!("{happened} {what}, {counted} counted"));
            }
        }
        let all = self.histograms("");
        if read(&self.text) != Ok(all) {
            let text = read(&self.text);
            differences.push(format!("{all} in histograms, as text {text:?}"));
        }
        differences
    }

    /// The sum of all counters of a metric.
    fn counters(&self, name: &str) -> u64 {
        let samples = self.snapshot.counters.iter();
        let samples = samples.filter(|sample| sample.name == name);
        samples.map(|sample| sample.value).sum()
    }

    /// How many values the histograms of metrics that begin so have.
    fn histograms(&self, name: &str) -> u64 {
        let samples = self.snapshot.histograms.iter();
        let samples = samples.filter(|sample| sample.name.starts_with(name));
        samples.map(|sample| sample.value.count).sum()
    }
}

/// Makes calls, one after the other.
async fn make(
    client: Client,
    ledger: Arc<Ledger>,
    news: Arc<News>,
    seed: u64,
    numbers: impl Iterator<Item = u64>,
) -> (Tally, Option<String>) {
    let mut tally = Tally::default();
    let mut surprise = None;
    for number in numbers {
        if number % 997 == 0 {
            news.tell();
        }
        let plan = Arc::new(Plan::of(seed, number));
        let expected = foresee(&plan, &mut tally);
        let ended = call(&client, &plan, &ledger).await;
        if ended != expected && surprise.is_none() {
            let told = format!("seed {seed}, call {number}: {ended:?}, not {expected:?}");
            surprise = Some(format!("{told}: {plan:#?}"));
        }
    }
    (tally, surprise)
}

fn registry() -> Registry {
    let many = NonZeroUsize::new(MANY).unwrap();
    Registry::builder()
        .most_values(many)
        .most_series(many)
        .build()
}

fn client(registry: &Registry, ledger: &Arc<Ledger>) -> Client {
    let attempts = AttemptRecorder::builder(registry.clone())
        .most_values(MANY)
        .most_series(MANY)
        .build();
    let calls = CallRecorder::builder(registry.clone())
        .most_values(MANY)
        .most_series(MANY)
        .build();
    let wire = MetricsLayer::new(attempts).layer(Transport(Arc::clone(ledger)));
    MetricsLayer::new(calls).layer(Resender(wire))
}
