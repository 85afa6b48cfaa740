//! What the service says when it has taken a command.

use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, OBJECT, object};
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};

/// What the gateway says of a command or of a request to wake a car.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Acknowledgement {
    /// The gateway's number of the command.
    pub app_request_no: Option<String>,
    /// The gateway's word on it: see [`is_accepted`](Self::is_accepted).
    pub return_code: Option<String>,
    /// What the service finds the command by in its logs.
    pub correlation_id: Option<String>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Acknowledgement {
    /// Reads the answer to a command or a wake. Without a payload nothing was said.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }

    /// Tells whether the gateway has accepted the command, which is `000000`. The car has not
    /// executed anything yet.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        let code = self.return_code.as_deref().unwrap_or_default();
        !code.is_empty() && code.bytes().all(|digit| digit == b'0')
    }
}

impl Decode for Acknowledgement {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                app_request_no: members.take("appRequestNo"),
                return_code: members.take("returnCode"),
                correlation_id: members.take("correlationId"),
                extra: members.rest(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_but_zeros_is_accepted() {
        for (code, accepted) in [
            (json!("000000"), true),
            (json!(0), true),
            (json!("010001"), false),
            (json!("118003"), false),
            (json!(""), false),
            (json!(null), false),
        ] {
            let answer = json!({"payload": {"appRequestNo": "1", "returnCode": code}});

            let said = Acknowledgement::from_answer(answer).value.unwrap();

            assert_eq!(said.is_accepted(), accepted, "{code}");
        }
    }

    #[test]
    fn an_answer_without_payload_says_nothing() {
        assert_eq!(Acknowledgement::from_answer(json!({})).value, None);
    }
}
