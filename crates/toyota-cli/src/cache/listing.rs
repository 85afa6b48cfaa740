//! A stored answer as it is listed: nobody's name, and of a car the end of its VIN.

use http::Uri;
use serde::Serialize;
use toyota_client::Vin;
use toyota_client::cache::policy::Timestamp;
use toyota_client::cache::{Key, Listed};

use crate::logging::without_vins;

/// A stored answer as it is listed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    age_seconds: u32,
    left_seconds: u32,
    bytes: u64,
    of: String,
}

impl Row {
    pub(super) fn of(item: &Listed, now: Timestamp) -> Self {
        Self {
            age_seconds: now.since(item.info.validated),
            left_seconds: item.info.expires.since(now),
            bytes: item.info.length,
            of: name(&item.key),
        }
    }

    pub(super) fn cells(&self) -> [String; 4] {
        [
            format!("{} s", self.age_seconds),
            format!("{} s", self.left_seconds),
            self.bytes.to_string(),
            self.of.clone(),
        ]
    }
}

fn name(key: &Key) -> String {
    match key.uri() {
        Some(uri) => without_vins(&resource(uri)),
        None => without_vins(&key.to_text()),
    }
}

/// Names a resource: of its query only the car, for the rest may be anything.
fn resource(uri: &Uri) -> String {
    let Some(query) = uri.query() else {
        return uri.to_string();
    };
    let whole = uri.to_string();
    let path = whole.split('?').next().unwrap_or_default();
    let parameters = form_urlencoded::parse(query.as_bytes());
    let vin = parameters.filter(|(name, _)| name == "vin").last();
    match vin.and_then(|(_, vin)| Vin::new(vin).ok()) {
        Some(vin) => format!("{path}?vin={vin}"),
        None => format!("{path}?…"),
    }
}

#[cfg(test)]
mod tests {
    use toyota_client::auth::Principal;
    use toyota_client::cache::Owner;

    use super::*;

    #[test]
    fn what_an_answer_is_of_shows_neither_whole_vins_nor_who_asked() {
        for (uri, expected) in [
            ("https://h/v2/vehicle/guid", "https://h/v2/vehicle/guid"),
            (
                "https://h/v1/location?vin=JTSIM00000PET0001",
                "https://h/v1/location?vin=…0001",
            ),
            (
                "https://h/v1/trips?from=1&vin=SHORT0001",
                "https://h/v1/trips?vin=…0001",
            ),
            (
                "https://h/v1/JTSIM00000PET0001/trips",
                "https://h/v1/…0001/trips",
            ),
            ("https://h/v1/near?lat=50.8&lon=4.3", "https://h/v1/near?…"),
        ] {
            let owner = Owner::Principal(Principal::new("anna@example.com"));
            let key = Key::new(owner, &uri.parse().unwrap()).unwrap();

            assert_eq!(name(&key), expected);
        }
    }

    #[test]
    fn a_value_is_listed_by_its_name() {
        let owner = Owner::Principal(Principal::new("anna@example.com"));
        let key = Key::value(owner, "fleet JTSIM00000PET0001").unwrap();

        assert_eq!(name(&key), "fleet …0001");
    }
}
