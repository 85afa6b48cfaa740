//! How much is told apart.

/// How much is told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The values of one label.
    pub(crate) values: usize,
    /// The series of one metric: as many as OpenTelemetry's SDKs keep.
    pub(crate) series: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            values: 200,
            series: 2000,
        }
    }
}
