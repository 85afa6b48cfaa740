//! What the service tells the owner.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Notification};

use super::{Show, columns, note_warnings, or_dash, print, when};
use crate::failure::Failure;

impl Show {
    /// Tells the latest of them.
    pub(crate) fn notifications(
        self,
        vin: &Vin,
        notifications: &Decoded<Vec<Notification>>,
        limit: usize,
    ) -> Result<(), Failure> {
        let (all, warnings) = (&notifications.value, &notifications.warnings);
        let latest: Vec<_> = all.iter().take(limit).collect();
        if self.is_json() {
            return self.document(vin, "notifications", &latest, warnings);
        }
        if latest.is_empty() {
            print("There are no notifications about this car.")?;
        } else {
            print(&table(&latest))?;
        }
        note_warnings(warnings.len());
        Ok(())
    }
}

fn table(notifications: &[&Notification]) -> String {
    let rows = notifications.iter().map(|told| {
        let category = told.category.as_ref().map(ToString::to_string);
        [
            or_dash(told.date.map(when)),
            if told.is_read == Some(false) {
                "new"
            } else {
                ""
            }
            .to_owned(),
            or_dash(told.display_category.clone().or(category)),
            or_dash(told.message.clone()),
        ]
    });
    columns(["WHEN", "", "ABOUT", "WHAT"], rows)
}
