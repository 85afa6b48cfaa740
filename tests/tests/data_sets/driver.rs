//! Somebody with a client and three cars.

use jiff::{Timestamp, civil::Date, tz};
use toyota_client::{ToyotaClient, model::Decoded};
use toyota_sim::{Families, Simulator};

pub(crate) struct Driver {
    pub(crate) sim: Simulator,
    pub(crate) client: ToyotaClient,
}

impl Driver {
    pub(crate) async fn of(families: Families) -> Self {
        let sim = tests::simulator().await;
        sim.set_families(families);
        let client = tests::client(&sim);
        Self { sim, client }
    }

    /// Returns the day by which the simulator counts.
    pub(crate) fn today(&self) -> Date {
        let now = Timestamp::try_from(self.sim.clock().now()).unwrap();
        tz::Offset::UTC.to_datetime(now).date()
    }
}

/// Returns what was read, of which nothing was strange.
pub(crate) fn read<T>(name: &str, answer: Result<Decoded<T>, toyota_client::Error>) -> T {
    let Decoded { value, warnings } = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(warnings.is_empty(), "{name}: {warnings:?}");
    value
}
