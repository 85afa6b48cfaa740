//! What the clients have measured of themselves.

use std::collections::BTreeMap;

use toyota_client::metrics::{Registry, Snapshot};
use toyota_sim::Route;

const REQUESTS: &str = "http.client.request.duration";

/// The numbers of the registry at one moment.
#[derive(Debug)]
pub(crate) struct Measured(Snapshot);

/// The requests of a route, as those who sent them have counted them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) all: u64,
    /// Those that brought a status.
    pub(crate) answered: u64,
}

impl Measured {
    pub(crate) fn of(registry: &Registry) -> Self {
        Self(registry.snapshot())
    }

    /// Returns the requests of a route.
    pub(crate) fn sent(&self, route: Route) -> Sent {
        let template = template(route);
        let of_route = self.0.histograms.iter().filter(|series| {
            series.name == REQUESTS && is(&series.labels, "url.template", template)
        });
        let mut sent = Sent {
            all: 0,
            answered: 0,
        };
        for series in of_route {
            sent.all += series.value.count;
            if series.labels.contains_key("http.response.status_code") {
                sent.answered += series.value.count;
            }
        }
        sent
    }

    /// Returns the requests that the calls of a route have counted.
    pub(crate) fn counted_by_calls(&self, route: Route) -> u64 {
        self.sum("toyota_sends_total", Some(("operation", operation(route))))
    }

    /// Returns the sum of a counter's series, or of those with this label.
    pub(crate) fn sum(&self, name: &str, label: Option<(&str, &str)>) -> u64 {
        let series = self.0.counters.iter().filter(|it| it.name == name);
        let chosen =
            series.filter(|it| label.is_none_or(|(name, value)| is(&it.labels, name, value)));
        chosen.map(|it| it.value).sum()
    }

    /// Returns the values of a gauge's series.
    pub(crate) fn gauges(&self, name: &str) -> Vec<f64> {
        let series = self.0.gauges.iter().filter(|it| it.name == name);
        series.map(|it| it.value).collect()
    }

    /// Returns how many series there are, of everything.
    pub(crate) fn series(&self) -> usize {
        let all = &self.0;
        all.counters.len() + all.gauges.len() + all.histograms.len() + all.timers.len()
    }
}

fn is(labels: &BTreeMap<String, String>, name: &str, value: &str) -> bool {
    labels.get(name).is_some_and(|it| it == value)
}

fn template(route: Route) -> &'static str {
    match route {
        Route::Authenticate => "/json/realms/root/realms/{realm}/authenticate",
        Route::Authorize => "/oauth2/realms/root/realms/{realm}/authorize",
        Route::Token => "/oauth2/realms/root/realms/{realm}/access_token",
        Route::Vehicles => "/v2/vehicle/guid",
        Route::Location => "/v1/location",
        Route::Telemetry => "/v3/telemetry",
        Route::Command => "{path}",
        _ => "",
    }
}

fn operation(route: Route) -> &'static str {
    match route {
        Route::Vehicles => "vehicles",
        Route::Location => "location",
        Route::Telemetry => "telemetry",
        Route::Command => "command",
        _ => "",
    }
}
