//! The sessions that completed logins open, and that the authorize call asks for.

use std::time::{Duration, SystemTime};

use crate::{bounded::BoundedMap, clock::later, random::Random, realm::Realm};

const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);
const CAPACITY: usize = 1024;

/// The open sessions by their `tokenId`.
pub(crate) struct Sessions(BoundedMap<Session>);

struct Session {
    realm: Realm,
    expires: SystemTime,
}

impl Sessions {
    /// Opens a session and returns its `tokenId`.
    pub(crate) fn open(&mut self, random: &mut Random, realm: Realm, now: SystemTime) -> String {
        let token_id = format!("{}.*AAJTSQACMDE.*", random.token());
        let expires = later(now, LIFETIME);
        self.0.insert(token_id.clone(), Session { realm, expires });
        token_id
    }

    pub(crate) fn is_live(&self, token_id: &str, realm: Realm, now: SystemTime) -> bool {
        self.0
            .get(token_id)
            .is_some_and(|session| session.realm == realm && now < session.expires)
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self(BoundedMap::new(CAPACITY))
    }
}
