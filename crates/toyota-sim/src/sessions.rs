//! The sessions that completed logins open, and that the authorize call asks for.

use std::time::{Duration, SystemTime};

use crate::{bounded::BoundedMap, clock::later, random::Random, realm::Realm};

const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);
const CAPACITY: usize = 1024;

/// The open sessions by their `tokenId`.
pub(crate) struct Sessions(BoundedMap<Session>);

struct Session {
    realm: Realm,
    guid: String,
    expires: SystemTime,
}

impl Sessions {
    /// Opens a session and returns its `tokenId`.
    pub(crate) fn open(
        &mut self,
        random: &mut Random,
        realm: Realm,
        guid: String,
        now: SystemTime,
    ) -> String {
        let token_id = format!("{}.*AAJTSQACMDE.*", random.token());
        let session = Session {
            realm,
            guid,
            expires: later(now, LIFETIME),
        };
        self.0.insert(token_id.clone(), session);
        token_id
    }

    /// Returns the user whose session this is, if it is alive.
    pub(crate) fn guid_of(&self, token_id: &str, realm: Realm, now: SystemTime) -> Option<&str> {
        self.0
            .get(token_id)
            .filter(|session| session.realm == realm && now < session.expires)
            .map(|session| session.guid.as_str())
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self(BoundedMap::new(CAPACITY))
    }
}
