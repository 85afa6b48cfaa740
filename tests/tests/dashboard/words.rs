//! The guide tells the values that labels have.

use std::collections::BTreeSet;

use tower_client_metrics::Prefix;

use crate::everything;
use crate::guide::{self, Label};
use crate::page::Page;

/// Labels whose values are a closed list, apart from the statuses of HTTP, and where to see them
/// all.
const CLOSED: [(&str, Option<&str>, &str); 9] = [
    ("http_request_method", None, "http_client_active_requests"),
    (
        "network_protocol_version",
        None,
        "http_client_request_duration_seconds_count",
    ),
    (
        "error_type",
        None,
        "http_client_request_duration_seconds_count",
    ),
    ("status", None, "http_call_total"),
    ("kind", None, "http_call_total"),
    ("reason", Some("retries"), "http_call_retries_total"),
    ("reason", Some("stops"), "http_call_retry_stops_total"),
    ("outcome", None, "http_call_cache_total"),
    ("ending", None, "http_call_bodies_total"),
];

#[tokio::test(start_paused = true)]
async fn closed_lists_of_values_are_complete_and_true() {
    let page = Page::of(&everything::measured(Prefix::default()).await);
    let labels = described();

    for (name, of, sample) in CLOSED {
        let mut found = labels
            .iter()
            .filter(|it| it.name == name && it.of.as_deref() == of);
        let label = found.next().expect(name);
        let told: BTreeSet<_> = label.values.iter().map(String::as_str).collect();
        let produced = page.values(sample, name);
        let words: BTreeSet<_> = produced.into_iter().filter(|it| !is_status(it)).collect();
        assert_eq!(told, words, "{name} {of:?}");
        assert!(found.next().is_none(), "{name} {of:?} is there twice");
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_are_values_where_the_guide_says_so() {
    let page = Page::of(&everything::measured(Prefix::default()).await);
    let duration = "http_client_request_duration_seconds_count";

    for (sample, label, statuses) in [
        (
            duration,
            "http_response_status_code",
            ["200", "204", "404", "418", "503"].as_slice(),
        ),
        (duration, "error_type", &["404", "418", "503"]),
        ("http_call_total", "kind", &["404", "418", "503"]),
    ] {
        let values = page.values(sample, label).into_iter();
        let found: Vec<_> = values.filter(|value| is_status(value)).collect();
        assert_eq!(found, statuses, "{label}");
    }
}

fn described() -> Vec<Label> {
    let sections = guide::sections();
    sections.into_iter().flat_map(|it| it.labels).collect()
}

fn is_status(value: &str) -> bool {
    value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_digit())
}
