//! What became of a command.

use serde_json::{Value, json};
use toyota_client::Vin;
use toyota_client::command::{Accepted, Confirmation};

use super::{Show, print, print_json, span};
use crate::failure::Failure;

impl Show {
    /// Tells of a command that nobody waits for.
    pub(crate) fn accepted(self, vin: &Vin, accepted: &Accepted) -> Result<(), Failure> {
        if self.is_json() {
            return print_json(&document(vin, accepted, "accepted"));
        }
        print("The command is accepted; whether the car does it is not known yet.")
    }

    /// Tells what was seen of a command. That it was not done, or that nobody knows, is a failure.
    pub(crate) fn confirmed(
        self,
        vin: &Vin,
        accepted: &Accepted,
        confirmation: &Confirmation,
    ) -> Result<(), Failure> {
        let outcome = match confirmation {
            Confirmation::Done { .. } => "done",
            Confirmation::Refused { .. } => "refused",
            _ => "notSeen",
        };
        let mut document = document(vin, accepted, outcome);
        let (text, ended) = match confirmation {
            Confirmation::Done { after } => {
                document["afterSeconds"] = after.as_secs().into();
                (format!("Done; seen after {}.", span(*after)), Ok(()))
            }
            Confirmation::Refused { message, category } => {
                document["message"] = message.as_deref().into();
                document["category"] = category.as_deref().into();
                (String::new(), Err(Failure::refused(message.as_deref())))
            }
            _ => (String::new(), Err(Failure::not_seen())),
        };
        if self.is_json() {
            print_json(&document)?;
        } else if ended.is_ok() {
            print(&text)?;
        }
        ended
    }
}

fn document(vin: &Vin, accepted: &Accepted, outcome: &str) -> Value {
    let said = accepted.acknowledgement();
    json!({
        "vin": vin,
        "feature": accepted.feature(),
        "outcome": outcome,
        "returnCode": said.return_code,
        "appRequestNo": said.app_request_no,
    })
}
