//! The formats, and which of them a scraper wants.

/// A text format for numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// [Prometheus' own](https://prometheus.io/docs/instrumenting/exposition_formats/), version
    /// 0.0.4.
    #[default]
    Prometheus,
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/) 1.0.0, which also
    /// tells units.
    OpenMetrics,
}

impl Format {
    /// Returns the value for a response's `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// Chooses by a request's `Accept`: OpenMetrics for those who name it and want plain text no
    /// more than that, Prometheus' own format for all others.
    #[must_use]
    pub fn negotiate(accept: Option<&str>) -> Self {
        let accept = accept.unwrap_or_default();
        let open_metrics = preference(accept, "application/openmetrics-text");
        let mut ranges = ["text/plain", "text/*", "*/*"].into_iter();
        let plain = ranges.find_map(|range| preference(accept, range));
        let plain = plain.unwrap_or_default();
        match open_metrics {
            Some(wanted) if wanted > 0.0 && wanted >= plain => Self::OpenMetrics,
            _ => Self::Prometheus,
        }
    }
}

/// Returns how much a media range is wanted, from 0 to 1, where the header names it. Versions of
/// OpenMetrics that are not written here do not count.
fn preference(accept: &str, range: &str) -> Option<f64> {
    let entries = accept.split(',').filter_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let media_type = parts.next()?;
        media_type.eq_ignore_ascii_case(range).then_some(parts)
    });
    let weights = entries.filter_map(|parts| {
        let mut weight = 1.0;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            if name.eq_ignore_ascii_case("q") {
                weight = value.parse().unwrap_or_default();
            } else if name.eq_ignore_ascii_case("version") && range.ends_with("openmetrics-text") {
                (value == "1.0.0").then_some(())?;
            }
        }
        (0.0..=1.0).contains(&weight).then_some(weight)
    });
    weights.reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_metrics_is_for_those_who_prefer_it() {
        let prometheus_2 = "application/openmetrics-text;version=1.0.0,\
            application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let prometheus_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
            application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,*/*;q=0.1";
        let accepts = [
            prometheus_2,
            prometheus_3,
            "application/openmetrics-text",
            "Application/OpenMetrics-Text ; Q = 0.1",
            "application/openmetrics-text; version=\"1.0.0\", */*",
            "text/plain;q=0.5, application/openmetrics-text;q=0.5",
            "*/*, text/plain;q=0.1, application/openmetrics-text;q=0.5",
        ];

        for accept in accepts {
            assert_eq!(
                Format::negotiate(Some(accept)),
                Format::OpenMetrics,
                "{accept}"
            );
        }
    }

    #[test]
    fn everybody_else_gets_prometheus_own_format() {
        let accepts = [
            "",
            "*/*",
            "text/plain",
            "application/json",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0.4, text/plain;q=0.5",
            "application/openmetrics-text;q=0.4, text/*;q=0.5",
            "application/openmetrics-text;q=0.4, */*;q=0.5",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;version=0.0.1",
        ];

        assert_eq!(Format::negotiate(None), Format::Prometheus);
        for accept in accepts {
            assert_eq!(
                Format::negotiate(Some(accept)),
                Format::Prometheus,
                "{accept}"
            );
        }
    }

    #[test]
    fn what_is_no_header_is_no_preference() {
        let accepts = [
            "application/openmetrics-text;q=NaN",
            "application/openmetrics-text;q=inf",
            "application/openmetrics-text;q=-1",
            "application/openmetrics-text;q=2",
            "application/openmetrics-text;q=",
            ";;;,,,===\"\"\u{e9}\0",
            "q=1;application/openmetrics-text",
        ];

        for accept in accepts {
            assert_eq!(
                Format::negotiate(Some(accept)),
                Format::Prometheus,
                "{accept}"
            );
        }
    }
}
