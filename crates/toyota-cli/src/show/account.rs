//! Signing in and out.

use std::path::Path;

use serde_json::json;
use toyota_client::auth::Credential;

use super::{Show, print, print_json};
use crate::account::LoggedOut;
use crate::failure::Failure;

impl Show {
    pub(crate) fn signed_in(
        self,
        credential: &Credential,
        stored: Option<&Path>,
    ) -> Result<(), Failure> {
        let seconds = credential.remaining().unwrap_or_default().as_secs();
        if self.is_json() {
            let stored = stored.map(Path::to_string_lossy);
            return print_json(&json!({
                "signedIn": true, "expiresInSeconds": seconds, "storedIn": stored,
            }));
        }
        let minutes = seconds / 60;
        let stored = match stored {
            Some(place) => format!(
                "It is stored in {} and renewed from there; `toyota logout` removes it.",
                place.display()
            ),
            None => "Nothing is stored: the simulated service ends with this command.".to_owned(),
        };
        print(&format!(
            "Signed in; the token is good for {minutes} minutes. {stored}"
        ))
    }

    pub(crate) fn signed_out(self, removed: LoggedOut) -> Result<(), Failure> {
        let LoggedOut {
            was_signed_in,
            answers,
        } = removed;
        if self.is_json() {
            return print_json(&json!({
                "signedIn": false, "wasSignedIn": was_signed_in, "answersForgotten": answers,
            }));
        }
        let removed = match answers {
            1 => "1 answer".to_owned(),
            _ => format!("{answers} answers"),
        };
        print(&match (was_signed_in, answers) {
            (true, 0) => "Signed out; the stored token is removed.".to_owned(),
            (true, _) => format!("Signed out; the stored token is removed, and {removed}."),
            (false, 0) => "Nobody was signed in; nothing is stored.".to_owned(),
            (false, _) => format!("Nobody was signed in; removed from the store: {removed}."),
        })
    }
}
