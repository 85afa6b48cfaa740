//! Who the user is.

use serde_json::{Value, json};

use super::envelope;
use crate::account::Account;

pub(super) fn account(account: &Account) -> Value {
    let payload = account.holder().cloned().unwrap_or_else(|| plain(account));
    envelope::messages("OCPR-0000", "Account found", payload)
}

/// Returns what is known of a user of whom nothing else was said.
fn plain(account: &Account) -> Value {
    json!({
        "customer": {
            "accountStatus": "Active",
            "customerType": "Individual",
            "emails": [{
                "emailAddress": account.username(),
                "emailType": "FORGEROCK",
                "emailVerified": true,
            }],
            "forgerockId": account.guid(),
            "guid": account.guid(),
        },
    })
}
