//! Somebody with a client and three cars.

use jiff::{Timestamp, civil::Date, tz};
use toyota_client::{ToyotaClient, Vin, model::Decoded};
use toyota_sim::{Families, Simulator};

pub(crate) const PETROL: &str = "SB1Z93BE10E000101";
pub(crate) const PLUG_IN: &str = "JTMZ63FV50D000202";
pub(crate) const ELECTRIC: &str = "JTHZ4AHB700000303";
pub(crate) const EVERY_FAMILY: [Families; 3] =
    [Families::Both, Families::OldOnly, Families::NewOnly];

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

pub(crate) fn vin(vin: &str) -> Vin {
    Vin::new(vin).unwrap()
}

/// Returns what was read, of which nothing was strange.
pub(crate) fn read<T>(name: &str, answer: Result<Decoded<T>, toyota_client::Error>) -> T {
    let Decoded { value, warnings } = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(warnings.is_empty(), "{name}: {warnings:?}");
    value
}
