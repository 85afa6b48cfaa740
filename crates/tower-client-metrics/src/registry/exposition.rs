//! All numbers as text, in the formats that Prometheus scrapes.

mod format;
mod names;
mod text;
mod units;

use std::collections::HashSet;
use std::fmt::{self, Write};

pub use self::format::Format;
use self::names::{Name, Names, exposed_labels};
use self::text::{Escaped, Float};
use super::reading::{ByLabels, Reading, Values};
use super::snapshot::Distribution;

/// Writes all metrics, in their order.
pub(super) fn render(readings: &[Reading], format: Format) -> String {
    let mut names = Names::default();
    let mut page = Page {
        text: String::new(),
        format,
    };
    for reading in readings {
        // Also of metrics that say nothing: the names of the others do not change when they do.
        let name = names.claim(reading);
        // Writing to a string cannot fail.
        let _: fmt::Result = page.family(&name, reading);
    }
    if format == Format::OpenMetrics {
        page.text.push_str("# EOF\n");
    }
    page.text
}

struct Page {
    text: String,
    format: Format,
}

impl Page {
    fn family(&mut self, name: &Name, reading: &Reading) -> fmt::Result {
        let family = &name.family;
        match &reading.values {
            Values::Counters(values) => {
                let samples = format!("{family}_total");
                let titled = match self.format {
                    Format::Prometheus => &samples,
                    Format::OpenMetrics => family,
                };
                self.title(titled, "counter", name, reading.description, values)?;
                self.samples(values, |text, labels, value| {
                    writeln!(text, "{samples}{} {value}", Braced(labels))
                })
            }
            Values::Gauges(values) => {
                let format = self.format;
                self.title(family, "gauge", name, reading.description, values)?;
                self.samples(values, |text, labels, value| {
                    let value = Float(*value, format);
                    writeln!(text, "{family}{} {value}", Braced(labels))
                })
            }
            Values::Histograms(values) | Values::Timers(values) => {
                let format = self.format;
                self.title(family, "histogram", name, reading.description, values)?;
                self.samples(values, |text, labels, value| {
                    histogram(text, family, labels, value, format)
                })
            }
        }
    }

    fn title<T>(
        &mut self,
        titled: &str,
        kind: &str,
        name: &Name,
        description: &str,
        values: &ByLabels<T>,
    ) -> fmt::Result {
        if values.is_empty() {
            return Ok(());
        }
        let help = match self.format {
            Format::Prometheus => Escaped::line(description),
            Format::OpenMetrics => Escaped::quoted(description),
        };
        writeln!(self.text, "# HELP {titled} {help}")?;
        writeln!(self.text, "# TYPE {titled} {kind}")?;
        match (&name.unit, self.format) {
            (Some(unit), Format::OpenMetrics) => writeln!(self.text, "# UNIT {titled} {unit}"),
            _ => Ok(()),
        }
    }

    /// Writes each series with labels that no other of the metric has.
    fn samples<T>(
        &mut self,
        values: &ByLabels<T>,
        write: impl Fn(&mut String, &str, &T) -> fmt::Result,
    ) -> fmt::Result {
        let mut written = HashSet::new();
        for (labels, value) in values {
            let mut exposed = exposed_labels(labels, None);
            let mut number = 1;
            while written.contains(&exposed) {
                number += 1;
                exposed = exposed_labels(labels, Some(number));
            }
            write(&mut self.text, &exposed, value)?;
            written.insert(exposed);
        }
        Ok(())
    }
}

fn histogram(
    text: &mut String,
    family: &str,
    labels: &str,
    value: &Distribution,
    format: Format,
) -> fmt::Result {
    let comma = if labels.is_empty() { "" } else { "," };
    for bucket in &value.buckets {
        let bound = Float(bucket.upper_bound, format);
        let count = bucket.count;
        writeln!(
            text,
            "{family}_bucket{{{labels}{comma}le=\"{bound}\"}} {count}"
        )?;
    }
    // A sum that may shrink is none in OpenMetrics, and a count does not go without a sum.
    let below_zero = value.buckets.iter().any(|bucket| bucket.upper_bound < 0.0);
    let may_shrink = below_zero || value.sum < 0.0;
    if may_shrink && format == Format::OpenMetrics {
        return Ok(());
    }
    let labels = Braced(labels);
    writeln!(text, "{family}_sum{labels} {}", Float(value.sum, format))?;
    writeln!(text, "{family}_count{labels} {}", value.count)
}

/// Labels in braces, or nothing if there are none.
struct Braced<'a>(&'a str);

impl fmt::Display for Braced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            labels => write!(f, "{{{labels}}}"),
        }
    }
}
