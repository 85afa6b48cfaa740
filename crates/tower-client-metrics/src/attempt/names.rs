//! The metrics of a request, as OpenTelemetry's conventions for HTTP clients name them.

use crate::{BYTES, Metric};

#[derive(Debug)]
pub(super) struct Names {
    pub(super) duration: Metric,
    pub(super) active: Metric,
    pub(super) request_size: Metric,
    pub(super) response_size: Metric,
}

impl Default for Names {
    fn default() -> Self {
        let size = |name, description| Metric::new(name, description).unit("By").boundaries(BYTES);
        let duration = "Duration of HTTP client requests.";
        let active = "Number of active HTTP requests.";
        Self {
            duration: Metric::new("http.client.request.duration", duration).unit("s"),
            active: Metric::new("http.client.active_requests", active).unit("{request}"),
            request_size: size(
                "http.client.request.body.size",
                "Size of HTTP client request bodies.",
            ),
            response_size: size(
                "http.client.response.body.size",
                "Size of HTTP client response bodies.",
            ),
        }
    }
}
