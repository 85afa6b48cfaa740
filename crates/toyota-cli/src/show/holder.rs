//! Whose account it is.

use serde_json::json;
use toyota_client::model::{AccountHolder, Decoded, EmailAddress, PhoneNumber, Terms};

use super::{Facts, Show, note_warnings, print_json, print_lines, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn account(self, holder: &Decoded<Option<AccountHolder>>) -> Result<(), Failure> {
        let Decoded { value, warnings } = holder;
        if self.is_json() {
            return print_json(&json!({"account": value, "warnings": warnings}));
        }
        print_lines(&value.as_ref().map(facts).unwrap_or_default())?;
        note_warnings(warnings.len());
        Ok(())
    }
}

fn facts(known: &AccountHolder) -> Facts {
    let names = [&known.first_name, &known.last_name];
    let name: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
    let mut facts = vec![("name", (!name.is_empty()).then(|| name.join(" ")))];
    let mails = known.emails.iter().flatten();
    facts.extend(mails.map(|it| ("mail", mail(it))));
    let phones = known.phone_numbers.iter().flatten();
    facts.extend(phones.map(|it| ("phone", phone(it))));
    facts.extend([
        ("language", known.preferred_language.clone()),
        ("in the app", known.ui_language.clone()),
        ("state", known.account_status.clone()),
        ("kind", known.customer_type.clone()),
        ("opened", known.created.map(when)),
        ("changed", known.updated.map(when)),
        ("terms", known.terms.as_ref().and_then(terms)),
    ]);
    facts
}

fn mail(mail: &EmailAddress) -> Option<String> {
    Some(verified(mail.address.clone()?, mail.is_verified))
}

fn phone(phone: &PhoneNumber) -> Option<String> {
    let number = phone.number.as_ref()?;
    let number = match &phone.country_code {
        Some(country) => format!("+{} {number}", country.trim_start_matches('+')),
        None => number.clone(),
    };
    Some(verified(number, phone.is_verified))
}

fn verified(contact: String, is_verified: Option<bool>) -> String {
    match is_verified {
        Some(false) => format!("{contact}, not verified"),
        _ => contact,
    }
}

fn terms(terms: &Terms) -> Option<String> {
    let accepted = match terms.is_accepted? {
        true => "accepted",
        false => "not accepted",
    };
    let latest = terms.accepted.iter().flatten().max_by_key(|it| it.at);
    let latest =
        latest.and_then(|it| Some(format!(", {} on {}", it.version.as_ref()?, when(it.at?))));
    Some(format!("{accepted}{}", latest.unwrap_or_default()))
}
