//! How the holder of an account is reached.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::super::decode::{Decode, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Path, Warnings};

/// An e-mail address of an account. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmailAddress {
    /// The address.
    pub address: Option<String>,
    /// What it is for.
    pub kind: Option<String>,
    /// Whether it was verified.
    pub is_verified: Option<bool>,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A telephone number of an account. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The country's code, such as `44`.
    pub country_code: Option<String>,
    /// The number without it.
    pub number: Option<String>,
    /// What it is for.
    pub kind: Option<String>,
    /// Whether it was verified.
    pub is_verified: Option<bool>,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Decode for EmailAddress {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                address: members.take("emailAddress"),
                kind: members.take("emailType"),
                is_verified: members.take("emailVerified"),
                verified_at: members.take("verificationDate"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for PhoneNumber {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                country_code: members.take("countryCode"),
                number: members.take("phoneNumber"),
                kind: members.take("phoneType"),
                is_verified: members.take("phoneVerified"),
                verified_at: members.take("verificationDate"),
                extra: members.rest(),
            })
        })
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}
