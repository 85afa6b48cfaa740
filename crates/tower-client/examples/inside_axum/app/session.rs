//! Whose request it is: a session, by its cookie.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::{FromRef, FromRequestParts};
use http::header::COOKIE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use tower_client::call::Principal;
use uuid::Uuid;

const NAME: &str = "session";

/// Who is signed in. Clones are the same sessions.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<RwLock<HashMap<Uuid, Principal>>>);

impl Sessions {
    /// Opens a session for a user who has signed in, and returns the cookie for it.
    pub(crate) fn open(&self, user: &str) -> String {
        let id = Uuid::new_v4();
        let mut sessions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(id, Principal::new(user));
        format!("{NAME}={id}")
    }

    /// Returns all who are signed in.
    pub(crate) fn principals(&self) -> Vec<Principal> {
        let sessions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sessions.values().cloned().collect()
    }

    fn find(&self, headers: &HeaderMap) -> Option<Principal> {
        let sessions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&id(headers)?).cloned()
    }
}

/// Does not show the sessions: who knows one has it.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

/// Returns the session that a request says it is of.
fn id(headers: &HeaderMap) -> Option<Uuid> {
    let lines = headers.get_all(COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';'));
    let mut named = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    let (_, id) = named.find(|(name, _)| *name == NAME)?;
    id.parse().ok()
}

/// The user whose session a request is of. Without one there is no answer.
#[derive(Clone, Debug)]
pub(super) struct User(pub(super) Principal);

impl<S> FromRequestParts<S> for User
where
    Sessions: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = StatusCode;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let principal = Sessions::from_ref(state).find(&head.headers);
        principal.map(Self).ok_or(StatusCode::UNAUTHORIZED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_by_its_cookie_and_by_nothing_else() {
        let sessions = Sessions::default();
        let cookie = sessions.open("anna");
        let (_, id) = cookie.split_once('=').unwrap();
        for (line, is_found) in [
            (cookie.clone(), true),
            (format!("theme=dark; {cookie}"), true),
            (format!("xsession={id}"), false),
            (format!("theme={id}"), false),
            (format!("session={}", Uuid::new_v4()), false),
            ("session=".to_owned(), false),
            ("session".to_owned(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, line.parse().unwrap());

            let found = sessions.find(&headers);

            assert_eq!(found.is_some(), is_found, "{line}");
            assert!(found.is_none_or(|principal| principal.id() == "anna"));
        }
        assert!(sessions.find(&HeaderMap::new()).is_none());
    }
}
