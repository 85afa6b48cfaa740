//! Whose account it is.

mod contact;

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

pub use self::contact::{EmailAddress, PhoneNumber};
use super::decode::{Decode, Members, OBJECT, object};
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};

/// Whose account it is. All of it is personal, so `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccountHolder {
    /// The state of the account.
    pub account_status: Option<String>,
    /// The user's identifier.
    pub guid: Option<String>,
    /// The user's identifier where users sign in.
    pub forgerock_id: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The kind of customer.
    pub customer_type: Option<String>,
    /// The e-mail addresses.
    pub emails: Option<Vec<EmailAddress>>,
    /// The telephone numbers.
    pub phone_numbers: Option<Vec<PhoneNumber>>,
    /// The language of messages, such as `en-GB`.
    pub preferred_language: Option<String>,
    /// The language of the app.
    pub ui_language: Option<String>,
    /// How the account was opened.
    pub signup_type: Option<String>,
    /// Whether it was taken over from the app before this one.
    pub is_cp_migrated: Option<bool>,
    /// When it was opened.
    pub created: Option<Timestamp>,
    /// Where it was opened.
    pub create_source: Option<String>,
    /// When it was changed last.
    pub updated: Option<Timestamp>,
    /// Where it was changed last.
    pub update_source: Option<String>,
    /// Which terms of use were agreed to.
    pub terms: Option<Terms>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// Which terms of use were agreed to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Terms {
    /// Whether the present ones were.
    pub is_accepted: Option<bool>,
    /// Which were, and when.
    pub accepted: Option<Vec<AcceptedTerms>>,
    /// What else is said of them.
    #[serde(skip)]
    pub extra: Extra,
}

/// Terms of use that were agreed to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AcceptedTerms {
    /// Their version.
    pub version: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl AccountHolder {
    /// Reads the answer of `GET /v4/account`. Without a customer in it nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        let Decoded { value, warnings } = super::decode::payload::<Payload>(answer);
        let value = value.and_then(|payload| payload.customer);
        Decoded { value, warnings }
    }
}

struct Payload {
    customer: Option<AccountHolder>,
}

impl Decode for Payload {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let customer = members.take("customer");
            Some(Self { customer })
        })
    }
}

impl Decode for AccountHolder {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, read)
    }
}

fn read(members: &mut Members<'_>) -> Option<AccountHolder> {
    Some(AccountHolder {
        account_status: members.take("accountStatus"),
        guid: members.take("guid"),
        forgerock_id: members.take("forgerockId"),
        first_name: members.take("firstName"),
        last_name: members.take("lastName"),
        customer_type: members.take("customerType"),
        emails: members.take("emails"),
        phone_numbers: members.take("phoneNumbers"),
        preferred_language: members.take("preferredLanguage"),
        ui_language: members.take("uiLanguage"),
        signup_type: members.take("signupType"),
        is_cp_migrated: members.take("isCpMigrated"),
        created: members.take("createDate"),
        create_source: members.take("createSource"),
        updated: members.take("lastUpdateDate"),
        update_source: members.take("lastUpdateSource"),
        terms: members.take("additionalAttributes"),
        extra: members.rest(),
    })
}

impl Decode for Terms {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                is_accepted: members.take("isTermsAccepted"),
                accepted: members.take("termsActivity"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for AcceptedTerms {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                version: members.take("version"),
                at: members.take("timeStamp"),
                extra: members.rest(),
            })
        })
    }
}

impl fmt::Debug for AccountHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountHolder(…)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holder() -> Decoded<Option<AccountHolder>> {
        AccountHolder::from_answer(json!({"payload": {"customer": {
            "firstName": "Ada",
            "createDate": 1_701_107_639_000_i64,
            "phoneNumbers": [{"countryCode": 44, "phoneNumber": 2_079_460_000_u64}],
            "emails": [{"emailAddress": "ada@example.com", "emailVerified": "true"}],
            "additionalAttributes": {"termsActivity": [
                {"version": 1, "timeStamp": 1_701_107_639_000_i64},
            ]},
        }}}))
    }

    #[test]
    fn numbers_are_texts_and_dates_are_milliseconds() {
        let Decoded { value, warnings } = holder();

        let holder = value.unwrap();
        let phone = &holder.phone_numbers.unwrap()[0];
        assert_eq!(phone.number.as_deref(), Some("2079460000"));
        assert_eq!(holder.created.unwrap().to_string(), "2023-11-27T17:53:59Z");
        assert!(holder.terms.unwrap().accepted.unwrap()[0].at.is_some());
        assert!(warnings.is_empty());
    }

    #[test]
    fn debug_shows_nothing_personal() {
        let holder = holder().value.unwrap();

        let shown = format!("{holder:?} {:?} {:?}", holder.emails, holder.phone_numbers);

        assert!(!shown.contains("Ada") && !shown.contains("ada@") && !shown.contains("2079"));
    }

    #[test]
    fn without_a_customer_nothing_is_known() {
        for payload in [json!({}), json!({"customer": null}), json!(null)] {
            assert_eq!(
                AccountHolder::from_answer(json!({ "payload": payload })).value,
                None
            );
        }
    }
}
