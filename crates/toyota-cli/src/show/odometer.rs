//! What an odometer shows.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Odometer};

use super::{Facts, Show, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn odometer(
        self,
        vin: &Vin,
        odometer: &Decoded<Option<Odometer>>,
    ) -> Result<(), Failure> {
        self.known(vin, "odometerReading", odometer, |known| facts(known, self))
    }
}

fn facts(known: &Odometer, show: Show) -> Facts {
    // A time that the service itself does not rely on is none.
    let reported = known
        .timestamp
        .filter(|_| known.is_valid_timestamp != Some(false));
    vec![
        ("odometer", known.mileage.map(|it| show.distance(it))),
        ("reported", reported.map(when)),
    ]
}
