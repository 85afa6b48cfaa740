//! What workshops did.

use toyota_client::Vin;
use toyota_client::model::{Decoded, ServiceHistory, ServiceRecord};

use super::{Show, columns, note_warnings, or_dash, print};
use crate::failure::Failure;

impl Show {
    pub(crate) fn service_history(
        self,
        vin: &Vin,
        history: &Decoded<Option<ServiceHistory>>,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.document(vin, "serviceHistory", &history.value, &history.warnings);
        }
        let known = history.value.as_ref();
        let mut records: Vec<_> = known.iter().flat_map(|known| &known.records).collect();
        if records.is_empty() {
            print("The service history of this car is empty.")?;
        } else {
            records.sort_by_key(|record| std::cmp::Reverse(record.date));
            print(&table(&records, self))?;
        }
        note_warnings(history.warnings.len());
        Ok(())
    }
}

fn table(records: &[&ServiceRecord], show: Show) -> String {
    let rows = records.iter().map(|record| {
        let notes = record.notes.as_ref().and_then(|notes| notes.as_str());
        [
            or_dash(record.date.map(|date| date.to_string())),
            or_dash(record.category.as_ref().map(ToString::to_string)),
            or_dash(record.odometer.map(|odometer| show.distance(odometer))),
            or_dash(record.provider.clone()),
            or_dash(notes.map(str::to_owned)),
        ]
    });
    columns(["DATE", "KIND", "ODOMETER", "BY", "NOTES"], rows)
}
