//! The headers without which the gateway lets nobody in, in the order it asks for them.

use std::time::SystemTime;

use http::HeaderMap;
use uuid::Uuid;

use super::{refusal::Refusal, signature};
use crate::{
    account::Account,
    exchange::{self, Exchange},
    route::Families,
    world::World,
};

/// What the checks look at.
struct Caller<'a> {
    headers: &'a HeaderMap,
    api_key: &'a str,
    /// The user whom the access token speaks for, if it is alive.
    guid: Option<&'a str>,
    /// Whether the guid of the headers is a user's, be it the token's or not.
    names_a_user: bool,
    families: Families,
}

type Check = fn(&Caller<'_>) -> Result<(), Refusal>;

const CHECKS: [Check; 8] = [
    app_version,
    api_key,
    access_token,
    guid,
    client_ref,
    mandatory,
    channel,
    other_brands,
];

/// Checks a call's headers, all but `vin`, and returns the place of the account whose call it is.
pub(super) fn admit(world: &World, exchange: &Exchange<'_>) -> Result<usize, Refusal> {
    let headers = exchange.headers();
    let account = caller(world, headers, exchange.now());
    let named = exchange::header(headers, "guid");
    let caller = Caller {
        headers,
        api_key: world.registration.api_key,
        guid: account.map(|(_, account)| account.guid()),
        names_a_user: named.is_some_and(|guid| world.accounts.of_guid(guid).is_some()),
        families: world.families,
    };
    CHECKS.iter().try_for_each(|check| check(&caller))?;
    account.map(|(place, _)| place).ok_or(Refusal::AccessToken)
}

/// Returns the account that a request's access token speaks for, and its place among all.
pub(crate) fn caller<'a>(
    world: &'a World,
    headers: &HeaderMap,
    now: SystemTime,
) -> Option<(usize, &'a Account)> {
    let guid = world.tokens.guid_of(bearer(headers)?, now)?;
    world.accounts.of_guid(guid)
}

impl Caller<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        exchange::header(self.headers, name)
    }

    fn require(&self, name: &'static str) -> Result<&str, Refusal> {
        self.header(name).ok_or(Refusal::MissingHeader(name))
    }
}

/// Returns the access token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    exchange::header(headers, "authorization")
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}

fn app_version(caller: &Caller<'_>) -> Result<(), Refusal> {
    ensure(
        caller.header("x-appversion").is_some(),
        Refusal::NoAppVersion,
    )
}

fn api_key(caller: &Caller<'_>) -> Result<(), Refusal> {
    let known = |name| caller.header(name) == Some(caller.api_key);
    ensure(known("x-api-key") && known("api_key"), Refusal::ApiKey)
}

fn access_token(caller: &Caller<'_>) -> Result<(), Refusal> {
    ensure(caller.guid.is_some(), Refusal::AccessToken)
}

fn guid(caller: &Caller<'_>) -> Result<(), Refusal> {
    let own = |name| caller.header(name) == caller.guid;
    let refusal = if caller.names_a_user && !own("guid") {
        Refusal::NotMapped
    } else {
        Refusal::AccessToken
    };
    ensure(own("x-guid") && own("guid"), refusal)
}

fn client_ref(caller: &Caller<'_>) -> Result<(), Refusal> {
    let version = caller.header("x-appversion").unwrap_or_default();
    let expected = signature::of(version, caller.guid.unwrap_or_default());
    ensure(
        caller.header("x-client-ref") == Some(&expected),
        Refusal::Unauthorized,
    )
}

fn mandatory(caller: &Caller<'_>) -> Result<(), Refusal> {
    // It is younger than the new routes.
    if caller.families != Families::OldOnly {
        caller.require("x-user-region")?;
    }
    caller.require("x-brand")?;
    caller.require("x-region")?;
    let correlation = caller.require("x-correlationid")?;
    ensure(
        Uuid::try_parse(correlation).is_ok(),
        Refusal::InvalidHeader("x-correlationid"),
    )?;
    caller.require("user-agent").map(|_| ())
}

fn channel(caller: &Caller<'_>) -> Result<(), Refusal> {
    ensure(caller.header("x-channel").is_some(), Refusal::NoChannel)
}

/// Lexus and Subaru name their brand three times.
fn other_brands(caller: &Caller<'_>) -> Result<(), Refusal> {
    if matches!(caller.header("x-brand"), Some("L" | "S")) {
        caller.require("x-appbrand")?;
        caller.require("brand")?;
    }
    Ok(())
}

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const GUID: &str = "00000000-0000-0000-0000-000000000000";
    const SIGNATURE: &str = "82c9395fe46730f65d62dc34bf3787236a7863d52a3063361d223e43c3d5b976";

    #[test]
    fn a_call_with_every_header_passes() {
        assert_eq!(check(&headers()), Ok(()));
    }

    #[test]
    fn each_missing_header_has_its_refusal() {
        for (name, refusal) in [
            ("x-appversion", Refusal::NoAppVersion),
            ("x-api-key", Refusal::ApiKey),
            ("api_key", Refusal::ApiKey),
            ("x-guid", Refusal::AccessToken),
            ("guid", Refusal::AccessToken),
            ("x-client-ref", Refusal::Unauthorized),
            ("x-user-region", Refusal::MissingHeader("x-user-region")),
            ("x-brand", Refusal::MissingHeader("x-brand")),
            ("x-region", Refusal::MissingHeader("x-region")),
            ("x-correlationid", Refusal::MissingHeader("x-correlationid")),
            ("user-agent", Refusal::MissingHeader("user-agent")),
            ("x-channel", Refusal::NoChannel),
        ] {
            let mut headers = headers();
            headers.remove(name);

            assert_eq!(check(&headers), Err(refusal), "{name}");
        }
    }

    #[test]
    fn each_wrong_header_has_its_refusal() {
        for (name, refusal) in [
            ("x-appversion", Refusal::Unauthorized),
            ("x-api-key", Refusal::ApiKey),
            ("api_key", Refusal::ApiKey),
            ("x-guid", Refusal::AccessToken),
            ("guid", Refusal::AccessToken),
            ("x-client-ref", Refusal::Unauthorized),
            ("x-correlationid", Refusal::InvalidHeader("x-correlationid")),
        ] {
            let mut headers = headers();
            headers.insert(name, HeaderValue::from_static("wrong"));

            assert_eq!(check(&headers), Err(refusal), "{name}");
        }
    }

    #[test]
    fn an_upper_case_signature_is_wrong() {
        let mut headers = headers();
        let upper = HeaderValue::from_str(&SIGNATURE.to_uppercase()).unwrap();
        headers.insert("x-client-ref", upper);

        assert_eq!(check(&headers), Err(Refusal::Unauthorized));
    }

    #[test]
    fn an_unknown_token_is_told_before_a_wrong_guid() {
        let mut headers = headers();
        headers.remove("x-guid");
        let caller = Caller {
            headers: &headers,
            api_key: "key",
            guid: None,
            names_a_user: true,
            families: Families::Both,
        };

        let refused = CHECKS.iter().try_for_each(|check| check(&caller));

        assert_eq!(refused, Err(Refusal::AccessToken));
    }

    #[test]
    fn other_brands_are_named_three_times() {
        for missing in ["x-appbrand", "brand"] {
            let mut headers = headers();
            for name in ["x-brand", "x-appbrand", "brand"] {
                headers.insert(name, HeaderValue::from_static("L"));
            }
            assert_eq!(check(&headers), Ok(()));

            headers.remove(missing);

            assert_eq!(check(&headers), Err(Refusal::MissingHeader(missing)));
        }
    }

    #[test]
    fn the_service_of_before_asks_for_no_user_region() {
        let mut headers = headers();
        headers.remove("x-user-region");

        assert_eq!(check_as_of(Families::OldOnly, &headers), Ok(()));
        assert!(check_as_of(Families::NewOnly, &headers).is_err());
    }

    fn check(headers: &HeaderMap) -> Result<(), Refusal> {
        check_as_of(Families::Both, headers)
    }

    fn check_as_of(families: Families, headers: &HeaderMap) -> Result<(), Refusal> {
        let caller = Caller {
            headers,
            api_key: "key",
            guid: Some(GUID),
            names_a_user: false,
            families,
        };
        CHECKS.iter().try_for_each(|check| check(&caller))
    }

    fn headers() -> HeaderMap {
        [
            ("x-appversion", "2.14.0"),
            ("x-api-key", "key"),
            ("api_key", "key"),
            ("x-guid", GUID),
            ("guid", GUID),
            ("x-client-ref", SIGNATURE),
            ("x-user-region", "EU"),
            ("x-brand", "T"),
            ("x-region", "EU"),
            ("x-correlationid", GUID),
            ("user-agent", "okhttp/4.10.0"),
            ("x-channel", "ONEAPP"),
        ]
        .into_iter()
        .map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
    }
}
