//! Names as Prometheus allows them, each used once.

use std::collections::{BTreeMap, HashSet};

use super::text::Escaped;
use super::units;
use crate::registry::reading::{Reading, Values};

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

/// What a metric is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Without what its samples add, such as `_total`.
    pub(super) family: String,
    /// The words it ends with.
    pub(super) unit: Option<String>,
}

impl Names {
    /// Returns a name for this metric that neither it nor its samples share with another.
    pub(super) fn claim(&mut self, metric: &Reading) -> Name {
        let (is_gauge, endings): (bool, &[&str]) = match metric.values {
            Values::Counters(_) => (false, &["", "_total", "_created"]),
            Values::Gauges(_) => (true, &[""]),
            Values::Histograms(_) | Values::Timers(_) => {
                (false, &["", "_bucket", "_sum", "_count", "_created"])
            }
        };
        let unit = units::words(metric.unit, is_gauge);
        let full = sanitized(&metric.name, |char| char == ':');
        let stem = stem(&full, metric, unit.as_deref());
        let mut family = joined(stem, 1, unit.as_deref());
        let mut number = 1;
        while endings
            .iter()
            .any(|end| self.taken.contains(&format!("{family}{end}")))
        {
            number += 1;
            family = joined(stem, number, unit.as_deref());
        }
        let names = endings.iter().map(|end| format!("{family}{end}"));
        self.taken.extend(names);
        Name { family, unit }
    }
}

/// Returns the name without the endings that every metric of its kind and unit gets.
fn stem<'a>(name: &'a str, metric: &Reading, unit: Option<&str>) -> &'a str {
    let mut stem = name;
    if let Values::Counters(_) = metric.values {
        stem = stem.strip_suffix("_total").unwrap_or(stem);
    }
    if let Some(unit) = unit {
        let end = stem.strip_suffix(unit);
        stem = end.and_then(|end| end.strip_suffix('_')).unwrap_or(stem);
    }
    match stem.trim_end_matches('_') {
        "" => "_",
        stem => stem,
    }
}

fn joined(stem: &str, number: u32, unit: Option<&str>) -> String {
    let mut name = stem.to_owned();
    if number > 1 {
        name.push_str(&format!("_{number}"));
    }
    if let Some(unit) = unit {
        name.push_str(&format!("_{unit}"));
    }
    name
}

/// Returns the labels as they are written between braces, by name. Those without a value are left
/// out: to Prometheus that is the same. The number, if there is one, tells the series apart from
/// others whose labels read the same.
pub(super) fn exposed_labels(labels: &BTreeMap<String, String>, number: Option<u32>) -> String {
    let number = number.map(|number| ("duplicate".to_owned(), number.to_string()));
    let labels = labels
        .iter()
        .map(|(name, value)| (label_name(name), value.clone()))
        .chain(number);
    let mut exposed: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in labels {
        match exposed.get_mut(&name) {
            Some(values) => *values = format!("{values};{value}"),
            None => {
                exposed.insert(name, value);
            }
        }
    }
    let valued = exposed.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = valued
        .map(|(name, value)| format!("{name}=\"{}\"", Escaped::quoted(value)))
        .collect();
    pairs.join(",")
}

fn label_name(name: &str) -> String {
    match sanitized(name, |_| false) {
        // The bound of a bucket is called that.
        name if name == "le" => "label_le".to_owned(),
        name => name,
    }
}

/// Returns a name of ASCII letters, digits and what else is allowed, with single `_` in place of
/// all other characters.
pub(super) fn sanitized(name: &str, also: impl Fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(name.len() + 1);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        clean.push('_');
    }
    for char in name.chars() {
        if char.is_ascii_alphanumeric() || also(char) {
            clean.push(char);
        } else if !clean.ends_with('_') {
            clean.push('_');
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(name: &str, unit: &'static str) -> Reading {
        reading(name, unit, Values::Counters(BTreeMap::new()))
    }

    fn gauge(name: &str, unit: &'static str) -> Reading {
        reading(name, unit, Values::Gauges(BTreeMap::new()))
    }

    fn histogram(name: &str, unit: &'static str) -> Reading {
        reading(name, unit, Values::Histograms(BTreeMap::new()))
    }

    fn reading(name: &str, unit: &'static str, values: Values) -> Reading {
        Reading {
            name: name.to_owned(),
            unit,
            description: "",
            values,
        }
    }

    fn families<const N: usize>(metrics: [Reading; N]) -> [String; N] {
        let mut names = Names::default();
        metrics.map(|metric| names.claim(&metric).family)
    }

    #[test]
    fn names_are_mapped_as_opentelemetry_does() {
        let cases = [
            (
                histogram("http.client.request.duration", "s"),
                "http_client_request_duration_seconds",
            ),
            (
                histogram("http.client.request.body.size", "By"),
                "http_client_request_body_size_bytes",
            ),
            (histogram("wait_seconds", "s"), "wait_seconds"),
            (histogram("seconds", "s"), "seconds_seconds"),
            (counter("http.client.calls", "{call}"), "http_client_calls"),
            (counter("requests.total", ""), "requests"),
            (counter("cpu_seconds_total", "s"), "cpu_seconds"),
            (counter("cpu.time.total", "s"), "cpu_time_seconds"),
            (gauge("free_total", ""), "free_total"),
            (gauge("disk.used", "1"), "disk_used_ratio"),
            (gauge("job:rate::5m", ""), "job:rate::5m"),
            (gauge("a..b__c-\u{e9}d", ""), "a_b_c_d"),
            (gauge("2xx", ""), "_2xx"),
            (gauge("", ""), "_"),
            (gauge("\u{e9}", ""), "_"),
            (counter("_total", ""), "_"),
            (histogram("_seconds", "s"), "__seconds"),
        ];

        for (metric, expected) in cases {
            let [family] = families([metric]);
            assert_eq!(family, expected);
        }
    }

    #[test]
    fn the_later_of_two_equal_names_gets_a_number() {
        let same = [gauge("a-b", ""), gauge("a.b", ""), gauge("a_b", "")];

        assert_eq!(families(same), ["a_b", "a_b_2", "a_b_3"]);
    }

    #[test]
    fn a_number_comes_before_the_unit() {
        let same = [
            histogram("a", "s"),
            histogram("a_seconds", "s"),
            counter("a.seconds", "s"),
        ];

        assert_eq!(families(same), ["a_seconds", "a_2_seconds", "a_3_seconds"]);
    }

    #[test]
    fn the_names_of_samples_are_taken_too() {
        let cases = [
            (histogram("a", ""), gauge("a_bucket", ""), "a_bucket_2"),
            (histogram("a", ""), gauge("a_sum", ""), "a_sum_2"),
            (histogram("a", ""), gauge("a_count", ""), "a_count_2"),
            (histogram("a", ""), gauge("a_created", ""), "a_created_2"),
            (counter("a", ""), gauge("a_total", ""), "a_total_2"),
            (counter("a", ""), gauge("a_created", ""), "a_created_2"),
            (gauge("a_total", ""), counter("a", ""), "a_2"),
            (gauge("a_count", ""), histogram("a", ""), "a_2"),
            (gauge("a", ""), counter("a.total", ""), "a_2"),
            (gauge("a", ""), gauge("a_total", ""), "a_total"),
        ];

        for (first, later, expected) in cases {
            let [_, family] = families([first, later]);
            assert_eq!(family, expected);
        }
    }

    #[test]
    fn a_number_that_is_somebodys_name_is_passed_over() {
        let names = [gauge("a", ""), gauge("a.2", ""), gauge("a_", "")];

        assert_eq!(families(names), ["a", "a_2", "a_3"]);
    }

    #[test]
    fn labels_become_names_that_are_not_reserved() {
        let cases = [
            ("http.request.method", "http_request_method"),
            ("le", "label_le"),
            ("__name__", "_name_"),
            ("a:b", "a_b"),
            ("1st", "_1st"),
            ("", "_"),
        ];

        for (name, expected) in cases {
            assert_eq!(label_name(name), expected);
        }
    }

    #[test]
    fn values_of_labels_that_become_one_are_joined() {
        let labels = [("a.b", "1"), ("a_b", "2"), ("c", ""), ("duplicate", "x")];
        let owned = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let labels = BTreeMap::from(owned);

        assert_eq!(exposed_labels(&labels, None), "a_b=\"1;2\",duplicate=\"x\"");
        assert_eq!(
            exposed_labels(&labels, Some(2)),
            "a_b=\"1;2\",duplicate=\"x;2\""
        );
    }
}
