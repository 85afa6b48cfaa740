//! What is measured, apart from any numbers.

use std::borrow::Cow;

/// A metric: its name, unit and meaning.
///
/// The same for all series of it. Names are OpenTelemetry's, with dots; an exporter writes them as
/// its format wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    name: Cow<'static, str>,
    unit: &'static str,
    description: &'static str,
    boundaries: &'static [f64],
}

/// Upper bounds of the buckets for seconds, as OpenTelemetry's conventions for HTTP want them.
pub const SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Upper bounds of the buckets for bytes: powers of four from 64 bytes to 16 MiB.
pub const BYTES: &[f64] = &[
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
];

impl Metric {
    /// Creates a metric of this name and meaning, counted in nothing in particular.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, description: &'static str) -> Self {
        Self {
            name: name.into(),
            unit: "",
            description,
            boundaries: SECONDS,
        }
    }

    /// Sets the unit, in [UCUM](https://ucum.org)'s letters: `s`, `By`, `{request}`.
    #[must_use]
    pub fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// Sets the upper bounds of a histogram's buckets, from the least. Default: [`SECONDS`].
    #[must_use]
    pub fn boundaries(self, boundaries: &'static [f64]) -> Self {
        Self { boundaries, ..self }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the unit in UCUM's letters, or nothing.
    #[must_use]
    pub fn unit_name(&self) -> &'static str {
        self.unit
    }

    /// Returns what it means, in one sentence.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns the upper bounds of a histogram's buckets.
    #[must_use]
    pub fn bucket_boundaries(&self) -> &'static [f64] {
        self.boundaries
    }
}
