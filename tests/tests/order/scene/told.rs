//! All that can be seen of a composition: what its caller, the service, the user's own layer and
//! the registry have.

use std::collections::BTreeMap;

use tower_client_metrics::Registry;
use toyota_client::Error;

use super::own::Passed;
use crate::stack::End;

/// All that can be seen of a composition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) ends: Vec<Ended>,
    /// How many requests arrived at the service, but for signing in.
    pub(crate) requests: u64,
    pub(crate) own: Passed,
    /// Which of the user's own requests each of these was, by its header and by its fact.
    pub(crate) arrivals: Vec<(u32, u32)>,
    pub(crate) measured: Measured,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With an answer of this status.
    Answer(u16),
    /// With the client's error, about an answer of this status.
    Typed(u16),
}

/// Numbers by metric and labels. Those that are zero are not in it.
pub(crate) type Measured = BTreeMap<String, u64>;

/// What is counted of histograms: how many values they have.
const HISTOGRAMS: [&str; 3] = [
    "http.client.request.duration",
    "http_call_backoff",
    "http_call_credential_wait",
];
/// What all have alike.
const OMITTED: [&str; 6] = [
    "operation",
    "url.template",
    "http.request.method",
    "server.address",
    "server.port",
    "network.protocol.version",
];

impl Ended {
    pub(crate) fn of(end: &End) -> Self {
        match end {
            Ok(answer) => Self::Answer(answer.status().as_u16()),
            Err(error) => {
                let error = error.downcast_ref::<Error>().expect("the client's error");
                Self::Typed(error.status().expect("an answer").as_u16())
            }
        }
    }
}

/// Returns what a registry has.
pub(crate) fn measured(registry: &Registry) -> Measured {
    let told = registry.snapshot();
    let gauges = told.gauges.iter().filter(|sample| sample.value != 0.0);
    assert_eq!(gauges.count(), 0, "something is still under way");
    let histograms = told.histograms.iter();
    let histograms = histograms.filter(|sample| HISTOGRAMS.contains(&&*sample.name));
    let histograms = histograms.map(|it| (series(&it.name, &it.labels), it.value.count));
    let counters = told.counters.iter();
    let counters = counters.map(|it| (series(&it.name, &it.labels), it.value));
    counters.chain(histograms).collect()
}

fn series(name: &str, labels: &BTreeMap<String, String>) -> String {
    let labels = labels
        .iter()
        .filter(|(name, _)| !OMITTED.contains(&&***name));
    let labels: Vec<_> = labels
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{name} {}", labels.join(",")).trim_end().to_owned()
}
