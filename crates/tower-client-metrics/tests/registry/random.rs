//! Whatever is recorded can be read back from what is rendered.

use std::collections::BTreeMap;

use fastrand::Rng;
use tower_client_metrics::{Distribution, Format, Metric, Registry, Sample, Snapshot};

use crate::hostile;
use crate::parser::{Page, parse};

const SEEDS: u64 = 300;

#[test]
fn every_sample_is_in_the_text_with_its_value() {
    for seed in 0..SEEDS {
        let registry = filled(&mut Rng::with_seed(seed));

        let page = parse(&registry.render(Format::Prometheus));

        let expected = values(&registry.snapshot());
        assert_eq!(multiset(&page), expected, "seed {seed}");
    }
}

#[test]
fn every_label_value_is_in_the_text_as_it_is() {
    for seed in 0..SEEDS {
        let mut random = Rng::with_seed(seed);
        let registry = Registry::default();
        let mut expected = BTreeMap::new();
        for number in 0..20_u32 {
            let value = text(&mut random);
            let labels = [("number", number.to_string()), ("value", value)];
            let borrowed = labels
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            registry.set_gauge("gauge", f64::from(number), &borrowed);
            let shown = labels.into_iter().filter(|(_, value)| !value.is_empty());
            let labels: BTreeMap<_, _> = shown
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            expected.insert(("gauge".to_owned(), labels), f64::from(number));
        }

        let page = parse(&registry.render(Format::Prometheus));

        assert_eq!(page.samples, expected, "seed {seed}");
    }
}

#[test]
fn hostile_registries_can_be_read_back() {
    for registry in [hostile::well_named(), hostile::badly_named()] {
        let page = parse(&registry.render(Format::Prometheus));

        assert_eq!(multiset(&page), values(&registry.snapshot()));
    }
}

fn filled(random: &mut Rng) -> Registry {
    let registry = Registry::default();
    for _ in 0..random.usize(0..60) {
        let name = text(random);
        let labels: Vec<_> = (0..random.usize(0..5))
            .map(|_| (text(random), text(random)))
            .collect();
        let labels: Vec<_> = labels
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let value = (random.f64() - 0.5) * 10_f64.powi(random.i32(-300..300));
        match random.u8(0..5) {
            0 => registry.increment(&name, random.u64(..1 << 40), &labels),
            1 => registry.set_gauge(&name, value, &labels),
            2 => registry.record_histogram(&name, value, &labels),
            3 => registry.time_operation(&name, &labels).success(),
            _ => registry.describe(Metric::new(name, "\\ \n \"").unit(unit(random))),
        }
    }
    registry
}

fn unit(random: &mut Rng) -> &'static str {
    random.choice(["", "s", "By", "1", "{x}/s", "\n"]).unwrap()
}

/// Few characters, so that names collide, and all that break formats.
fn text(random: &mut Rng) -> String {
    let alphabet: Vec<_> = "ab_._:1-\"\\\n\r\t\0\u{7f}{}=,;# é\u{1f980}"
        .chars()
        .collect();
    let words = [
        "", "_total", "_sum", "_count", "_bucket", "_created", "_seconds", "le", "a",
    ];
    let mut text: String = (0..random.usize(0..4))
        .map(|_| random.choice(&alphabet).unwrap())
        .collect();
    text.push_str(random.choice(words).unwrap());
    text
}

/// The values of all samples, with what tells a histogram's samples apart.
fn values(snapshot: &Snapshot) -> Vec<String> {
    let counters = snapshot.counters.iter();
    let gauges = snapshot.gauges.iter();
    let histograms = snapshot.histograms.iter().chain(&snapshot.timers);
    let mut values: Vec<_> = counters
        .map(|sample| float(&sample.value.to_string()))
        .chain(gauges.map(|sample| format!("{:?}", sample.value)))
        .chain(histograms.flat_map(distribution))
        .collect();
    values.sort_unstable();
    values
}

fn distribution(sample: &Sample<Distribution>) -> Vec<String> {
    let value = &sample.value;
    let buckets = value.buckets.iter();
    buckets
        .map(|bucket| {
            format!(
                "{:?} {}",
                bucket.upper_bound,
                float(&bucket.count.to_string())
            )
        })
        .chain([format!("{:?}", value.sum), float(&value.count.to_string())])
        .collect()
}

fn multiset(page: &Page) -> Vec<String> {
    let samples = page.samples.iter();
    let mut values: Vec<_> = samples
        .map(|((_, labels), value)| match labels.get("le") {
            Some(bound) => format!("{} {value:?}", float(bound)),
            None => format!("{value:?}"),
        })
        .collect();
    values.sort_unstable();
    values
}

fn float(text: &str) -> String {
    format!("{:?}", text.parse::<f64>().unwrap())
}
