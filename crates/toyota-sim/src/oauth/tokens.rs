//! The tokens that are alive, in families that a reuse ends.
//!
//! Each refresh token is good for one refresh. Whoever presents one twice may have stolen it, so
//! the whole family that grew from one login is revoked (RFC 9700, section 4.14.2).

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use serde_json::json;

use crate::{
    bounded::BoundedMap,
    clock::{epoch_seconds, later},
    jwt,
    random::Random,
    realm::Realm,
};

pub(super) const REFRESH_LIFETIME: Duration = Duration::from_secs(90 * 24 * 60 * 60);
const CAPACITY: usize = 10_000;

/// The line of tokens that grew from one code.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Family {
    id: u64,
    pub(super) realm: Realm,
    pub(super) guid: String,
}

/// A new pair of tokens.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
}

/// Why a refresh token is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRefresh {
    /// Unknown, revoked or expired.
    Invalid,
    /// Used before; its family has just been revoked.
    Reused,
}

struct Access {
    family: Family,
    expires: SystemTime,
}

struct Refresh {
    family: Family,
    expires: SystemTime,
    used: bool,
}

/// Every token that is alive, and the used ones whose return would be a reuse.
pub(crate) struct Tokens {
    access: BoundedMap<Access>,
    refresh: BoundedMap<Refresh>,
    families: u64,
}

impl Tokens {
    pub(super) fn new_family(&mut self, realm: Realm, guid: String) -> Family {
        self.families += 1;
        Family {
            id: self.families,
            realm,
            guid,
        }
    }

    pub(super) fn issue(
        &mut self,
        random: &mut Random,
        family: &Family,
        now: SystemTime,
        lifetime: Duration,
    ) -> Pair {
        let expires = later(now, REFRESH_LIFETIME);
        let claims = json!({
            "sub": family.guid,
            "aud": "oneapp",
            "realm": family.realm.path(),
            "tokenName": "refresh_token",
            "iat": epoch_seconds(now),
            "exp": epoch_seconds(expires),
            "jti": random.token(),
        });
        let pair = Pair {
            access: random.token(),
            refresh: jwt::shaped(random, "HS256", &claims),
        };
        self.access.insert(
            pair.access.clone(),
            Access {
                family: family.clone(),
                expires: later(now, lifetime),
            },
        );
        self.refresh.insert(
            pair.refresh.clone(),
            Refresh {
                family: family.clone(),
                expires,
                used: false,
            },
        );
        pair
    }

    /// Uses a refresh token up and returns its family, which is revoked if it was used before.
    pub(super) fn redeem(&mut self, refresh: &str, now: SystemTime) -> Result<Family, NoRefresh> {
        let found = self
            .refresh
            .get_mut(refresh)
            .filter(|token| now < token.expires)
            .ok_or(NoRefresh::Invalid)?;
        let family = found.family.clone();
        if std::mem::replace(&mut found.used, true) {
            self.revoke(&family);
            return Err(NoRefresh::Reused);
        }
        Ok(family)
    }

    /// Returns the user that an access token speaks for.
    pub(crate) fn guid_of(&self, access: &str, now: SystemTime) -> Option<&str> {
        let family = self.family_of(access, now)?;
        Some(&family.guid)
    }

    /// Returns the realm that an access token is from.
    pub(crate) fn realm_of(&self, access: &str, now: SystemTime) -> Option<Realm> {
        self.family_of(access, now).map(|family| family.realm)
    }

    fn family_of(&self, access: &str, now: SystemTime) -> Option<&Family> {
        let token = self.access.get(access)?;
        (now < token.expires).then_some(&token.family)
    }

    pub(crate) fn expire_access(&mut self) {
        self.access.clear();
    }

    /// Revokes every token and returns how many families there were.
    pub(crate) fn revoke_all(&mut self) -> u64 {
        let families: HashSet<u64> = self.refresh.values().map(|token| token.family.id).collect();
        self.access.clear();
        self.refresh.clear();
        families.len() as u64
    }

    fn revoke(&mut self, family: &Family) {
        self.access.retain(|token| token.family != *family);
        self.refresh.retain(|token| token.family != *family);
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            access: BoundedMap::new(CAPACITY),
            refresh: BoundedMap::new(CAPACITY),
            families: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_refresh_token_is_good_once() {
        let mut fixture = Fixture::new();
        let pair = fixture.issue();

        assert!(fixture.tokens.redeem(&pair.refresh, UNIX_EPOCH).is_ok());
        assert_eq!(
            fixture.tokens.redeem(&pair.refresh, UNIX_EPOCH).err(),
            Some(NoRefresh::Reused)
        );
        assert_eq!(
            fixture.tokens.redeem(&pair.refresh, UNIX_EPOCH).err(),
            Some(NoRefresh::Invalid)
        );
    }

    #[test]
    fn a_reuse_ends_its_family_and_no_other() {
        let mut fixture = Fixture::new();
        let stolen = fixture.issue();
        let other = fixture.issue();
        let family = fixture.tokens.redeem(&stolen.refresh, UNIX_EPOCH).unwrap();
        let heir = fixture
            .tokens
            .issue(&mut fixture.random, &family, UNIX_EPOCH, HOUR);

        let reuse = fixture.tokens.redeem(&stolen.refresh, UNIX_EPOCH);

        assert_eq!(reuse.err(), Some(NoRefresh::Reused));
        for dead in [&stolen, &heir] {
            assert_eq!(fixture.tokens.guid_of(&dead.access, UNIX_EPOCH), None);
        }
        assert_eq!(
            fixture.tokens.redeem(&heir.refresh, UNIX_EPOCH).err(),
            Some(NoRefresh::Invalid)
        );
        assert_eq!(
            fixture.tokens.guid_of(&other.access, UNIX_EPOCH),
            Some("guid")
        );
    }

    #[test]
    fn tokens_end_with_their_lifetimes() {
        let mut fixture = Fixture::new();
        let pair = fixture.issue();

        let almost = Duration::from_secs(3599);
        assert!(
            fixture
                .tokens
                .guid_of(&pair.access, UNIX_EPOCH + almost)
                .is_some()
        );
        assert!(
            fixture
                .tokens
                .guid_of(&pair.access, UNIX_EPOCH + HOUR)
                .is_none()
        );
        assert_eq!(
            fixture
                .tokens
                .redeem(&pair.refresh, UNIX_EPOCH + REFRESH_LIFETIME)
                .err(),
            Some(NoRefresh::Invalid)
        );
    }

    #[test]
    fn revoking_all_counts_families_not_tokens() {
        let mut fixture = Fixture::new();
        let pair = fixture.issue();
        let family = fixture.tokens.redeem(&pair.refresh, UNIX_EPOCH).unwrap();
        fixture
            .tokens
            .issue(&mut fixture.random, &family, UNIX_EPOCH, HOUR);
        fixture.issue();

        assert_eq!(fixture.tokens.revoke_all(), 2);
        assert_eq!(fixture.tokens.revoke_all(), 0);
    }

    struct Fixture {
        tokens: Tokens,
        random: Random,
    }

    impl Fixture {
        fn new() -> Self {
            Self {
                tokens: Tokens::default(),
                random: Random::new(1),
            }
        }

        fn issue(&mut self) -> Pair {
            let family = self.tokens.new_family(Realm::Tme, "guid".to_owned());
            self.tokens
                .issue(&mut self.random, &family, UNIX_EPOCH, HOUR)
        }
    }
}
