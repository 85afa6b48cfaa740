//! Names of members, and what kind of secret stands under them.

use std::fmt;

/// What stands for what is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A VIN: its last four characters stay.
    Vin,
    Token,
    Id,
    Name,
    Mail,
    Phone,
    Address,
    Position,
    Link,
    Text,
}

/// Longer names are no names.
pub(super) const MAX_KEY_BYTES: usize = 64;

/// Words with spaces between, in lower case and of letters and digits only.
type Words = (Mark, &'static str);

/// Names of secrets.
const EXACT: [Words; 10] = [
    (Mark::Vin, "vehicleidentificationnumber chassisnumber vins"),
    (
        Mark::Token,
        "code jwt nonce otk otp pass passcode pin session xclientref",
    ),
    (
        Mark::Id,
        "accountid contractid customerid deviceid eid euicc fingerprint forgerockid \
         iccid id ids imsi ip katashikicode licenceplate licenseplate mac numberplate \
         plate registrationnumber ronumber serialnumber ssid sub subscriberid \
         subscriptionid tripid userid vehicleunitterminalnumber",
    ),
    (
        Mark::Name,
        "alias contactname customername dealer dealername drivername familyname \
         firstname fullname givenname lastname middlename nickname owner ownername \
         servicingdealer surname user",
    ),
    (Mark::Mail, "mail mails"),
    (Mark::Phone, "mobile mobilenumber msisdn tel"),
    (
        Mark::Address,
        "birthday birthdate city dateofbirth dob housenumber postalcode postcode street \
         town zip zipcode",
    ),
    (
        Mark::Position,
        "endlat endlng endlon geo gps lat lng lon long position startlat startlng \
         startlon",
    ),
    (Mark::Link, "image link stockpicreference"),
    (Mark::Text, "notes operationsperformed"),
];
/// What names of secrets have in them.
const WITHIN: [Words; 5] = [
    (
        Mark::Token,
        "apikey authid authorization codechallenge cookie credential \
         iplanetdirectorypro password passwd passphrase privatekey secret sessionid \
         signature token verifier",
    ),
    (Mark::Id, "euicc imei"),
    (Mark::Name, "emergencycontact"),
    (Mark::Mail, "email"),
    (Mark::Phone, "phone"),
];
/// What names of secrets end with.
const ENDS: [Words; 6] = [
    (Mark::Vin, "vin"),
    (Mark::Id, "guid guids uuid uuids"),
    (Mark::Name, "username"),
    (Mark::Address, "address"),
    (Mark::Position, "coordinate coordinates latitude longitude"),
    (Mark::Link, "href uri url"),
];
/// They say how, and not what.
const HARMLESS: [&str; 3] = ["failureurl", "successurl", "tokentype"];

impl Mark {
    /// Returns what stands under members of this name, whatever its case and separators.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        if key.len() > MAX_KEY_BYTES {
            return None;
        }
        let name: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if HARMLESS.contains(&&*name) {
            return None;
        }
        let exact = || first(&EXACT, |known| name == known);
        let within = || first(&WITHIN, |known| name.contains(known));
        let end = || first(&ENDS, |known| name.ends_with(known));
        let position = || ends_in_coordinate(key).then_some(Self::Position);
        let id = || ends_in_id(key).then_some(Self::Id);
        exact()
            .or_else(within)
            .or_else(end)
            .or_else(position)
            .or_else(id)
    }

    /// Tells whether a hidden text is one that can be recognised elsewhere.
    pub(super) fn is_telling(self) -> bool {
        matches!(
            self,
            Self::Vin | Self::Token | Self::Id | Self::Mail | Self::Phone
        )
    }

    /// Returns what is shown for a text.
    pub(super) fn of(self, hidden: &str) -> String {
        if self != Self::Vin {
            return self.to_string();
        }
        let length = hidden.chars().count();
        let shown = hidden.chars().skip(length.saturating_sub(4).max(1));
        let shown: String = if length > 4 {
            shown.collect()
        } else {
            String::new()
        };
        // What is no end of a VIN is one of something else.
        let is_end = shown
            .chars()
            .all(|c| c.is_alphanumeric() || "*-_".contains(c));
        format!("…{}", if is_end { &*shown } else { "" })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vin => "…",
            Self::Token => "[token]",
            Self::Id => "[id]",
            Self::Name => "[name]",
            Self::Mail => "[mail]",
            Self::Phone => "[phone]",
            Self::Address => "[address]",
            Self::Position => "[position]",
            Self::Link => "[link]",
            Self::Text => "[text]",
        })
    }
}

/// Tells whether a code says what went wrong, such as `APIGW-403`, and opens nothing.
pub(super) fn is_error_code(code: &str) -> bool {
    let is_status = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let Some((words, number)) = code.rsplit_once('-') else {
        return is_status;
    };
    let is_number = (1..=6).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    let mut words = words.split('-');
    is_number
        && words.all(|word| !word.is_empty() && word.bytes().all(|it| it.is_ascii_uppercase()))
}

fn first(table: &[Words], is: impl Fn(&str) -> bool) -> Option<Mark> {
    let mut rows = table.iter();
    let (mark, _) = rows.find(|(_, names)| names.split_ascii_whitespace().any(&is))?;
    Some(*mark)
}

/// `startLat`, `end_lon`; not `flat`.
fn ends_in_coordinate(key: &str) -> bool {
    ["lat", "lon", "lng"]
        .iter()
        .any(|end| is_last_word(key, end))
}

/// `messageId`, `subscriptionID`, `user_ids`; not `paid`.
fn ends_in_id(key: &str) -> bool {
    ["id", "ids"].iter().any(|end| is_last_word(key, end))
}

/// Tells whether a name ends with this word, which begins with a capital or after a separator.
fn is_last_word(key: &str, word: &str) -> bool {
    let Some((before, last)) = key.len().checked_sub(word.len()).and_then(|at| {
        let (before, last) = (key.get(..at)?, key.get(at..)?);
        last.eq_ignore_ascii_case(word).then_some((before, last))
    }) else {
        return false;
    };
    let capital = last.starts_with(|c: char| c.is_ascii_uppercase());
    match before.chars().next_back() {
        None => true,
        Some(c) if c.is_ascii_lowercase() || c.is_ascii_digit() => capital,
        Some(c) => !c.is_ascii_alphabetic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_kind_in_any_spelling() {
        for (mark, names) in [
            (Mark::Vin, "vin VIN Vin old_vin oldVin"),
            (
                Mark::Token,
                "access_token refreshToken ID-TOKEN IDToken1 tokenId authId code x-api-key \
         API_KEY apiKey Authorization set-cookie passWord client_secret x-tme-token \
         code_verifier x-client-ref",
            ),
            (
                Mark::Id,
                "guid x-guid uuid subscriberGuid remoteUserGuid contractId contract_id imei \
         oldImei euiccid euicc_id katashiki_code subscriptionID id messageId \
         registrationNumber licence_plate plate ip",
            ),
            (
                Mark::Name,
                "first_name lastname lastName nickName nickname x-username emergencyContact \
         servicingDealer",
            ),
            (Mark::Mail, "email emails emailAddress email_address"),
            (Mark::Phone, "phone_number phoneNumbers mobilePhone"),
            (Mark::Address, "address homeAddress zip_code street"),
            (
                Mark::Position,
                "lat LON latitude longitude startLat startlon end_lat midLat coordinates",
            ),
            (
                Mark::Link,
                "link imageUrl faqUrl shopGenuinePartsUrl image redirect_uri",
            ),
            (Mark::Text, "notes operationsPerformed"),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(Mark::of_key(name), Some(mark), "{name}");
            }
        }
    }

    #[test]
    fn other_names_tell_nothing() {
        let names = "modelName carlineName displayName value unit status responseCode returnCode \
            modelCode countryCode generation serviceIdentifier paid valid hybrid flat \
            balloon headlights driving tokenType category timestamp type dealerContact \
            mobilePlatformCode guidanceMode indexInPoints failureUrl";
        for name in names.split_whitespace() {
            assert_eq!(Mark::of_key(name), None, "{name}");
        }
        assert_eq!(Mark::of_key(""), None);
        assert_eq!(Mark::of_key(&"token".repeat(20)), None);
    }

    #[test]
    fn a_code_is_kept_only_if_it_is_an_error() {
        for (code, is_error) in [
            ("APIGW-403", true),
            ("ONE-GLOBAL-RS-40000", true),
            ("200", true),
            ("OCPR-0000", true),
            ("918273", false),
            ("gDqoTp0uF-4711", false),
            ("ABC", false),
            ("A-1234567", false),
            ("-1", false),
            ("", false),
        ] {
            assert_eq!(is_error_code(code), is_error, "{code}");
        }
    }

    #[test]
    fn of_a_vin_four_characters_stay() {
        for (vin, shown) in [
            ("JTSIM00000PET0001", "…0001"),
            ("12345", "…2345"),
            ("1234", "…"),
            ("", "…"),
            ("…0001", "…0001"),
            ("7<+49", "…"),
        ] {
            assert_eq!(Mark::Vin.of(vin), shown);
        }
    }
}
