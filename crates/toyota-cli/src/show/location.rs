//! Where a car was parked last.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Location};

use super::{Facts, Show, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn location(
        self,
        vin: &Vin,
        location: &Decoded<Option<Location>>,
    ) -> Result<(), Failure> {
        self.known(vin, "location", location, facts)
    }
}

fn facts(known: &Location) -> Facts {
    let place = known
        .coordinates
        .map(|at| format!("{}, {}", at.latitude, at.longitude));
    vec![
        ("position", place),
        ("what", known.display_name.clone()),
        ("taken", known.acquired.map(when)),
        ("last contact", known.last_contact.map(when)),
    ]
}
