//! One-use codes and the proof that goes with each (RFC 7636).

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;

use crate::{bounded::BoundedMap, clock::later, random::Random, realm::Realm};

const LIFETIME: Duration = Duration::from_secs(2 * 60);
const CAPACITY: usize = 1024;

/// A code challenge and the way to meet it.
pub(super) enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    /// Returns the challenge, or none if it is empty or its method is unknown.
    pub(super) fn new(method: &str, challenge: &str) -> Option<Self> {
        match method {
            _ if challenge.is_empty() => None,
            "plain" => Some(Self::Plain(challenge.to_owned())),
            "S256" => Some(Self::S256(challenge.to_owned())),
            _ => None,
        }
    }

    pub(super) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                let digest = digest::digest(&digest::SHA256, verifier.as_bytes());
                *challenge == URL_SAFE_NO_PAD.encode(digest)
            }
        }
    }
}

/// What a code stands for.
pub(super) struct Code {
    pub(super) realm: Realm,
    pub(super) guid: String,
    pub(super) challenge: Challenge,
    expires: SystemTime,
}

/// The codes that nobody has used yet.
pub(crate) struct Codes(BoundedMap<Code>);

impl Codes {
    pub(super) fn issue(
        &mut self,
        random: &mut Random,
        realm: Realm,
        guid: String,
        challenge: Challenge,
        now: SystemTime,
    ) -> String {
        let text = random.token();
        let code = Code {
            realm,
            guid,
            challenge,
            expires: later(now, LIFETIME),
        };
        self.0.insert(text.clone(), code);
        text
    }

    /// Uses a code up and returns it, unless it is unknown, used or expired.
    pub(super) fn redeem(&mut self, code: &str, now: SystemTime) -> Option<Code> {
        self.0.remove(code).filter(|code| now < code.expires)
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self(BoundedMap::new(CAPACITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_challenge_is_its_verifier() {
        let challenge = Challenge::new("plain", "plain").unwrap();

        assert!(challenge.is_met_by("plain"));
        assert!(!challenge.is_met_by("other"));
    }

    #[test]
    fn the_example_of_rfc_7636_is_met() {
        let challenge =
            Challenge::new("S256", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();

        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }

    #[test]
    fn other_methods_and_empty_challenges_are_none() {
        assert!(Challenge::new("S512", "text").is_none());
        assert!(Challenge::new("plain", "").is_none());
    }
}
