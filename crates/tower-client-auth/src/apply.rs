//! How a credential goes on a request.

use std::fmt;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::ExposeSecret;

use crate::Credential;

/// Says how a credential goes on a request: which headers it becomes.
///
/// Asked once for each credential, not for each request. Each header replaces what a request has
/// under that name, and is marked sensitive; of several values for one name the last counts.
///
/// Closures are one too:
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use http::header::{COOKIE, InvalidHeaderValue};
/// use tower_client_auth::{Apply, Credential, ExposeSecret};
///
/// let cookie = |credential: &Credential, headers: &mut HeaderMap| {
///     let session = format!("session={}", credential.secret().expose_secret());
///     headers.insert(COOKIE, HeaderValue::try_from(session)?);
///     Ok::<(), InvalidHeaderValue>(())
/// };
///
/// let mut headers = HeaderMap::new();
/// cookie.apply(&Credential::new("s3cret"), &mut headers)?;
/// assert_eq!(headers["cookie"], "session=s3cret");
/// # Ok::<(), InvalidHeaderValue>(())
/// ```
pub trait Apply: Send + Sync + 'static {
    /// Writes the credential's headers.
    ///
    /// # Errors
    ///
    /// [`InvalidHeaderValue`] when a header cannot carry it: then nobody can use it, and callers
    /// are told so.
    fn apply(
        &self,
        credential: &Credential,
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue>;
}

impl<F> Apply for F
where
    F: Fn(&Credential, &mut HeaderMap) -> Result<(), InvalidHeaderValue> + Send + Sync + 'static,
{
    fn apply(
        &self,
        credential: &Credential,
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        self(credential, headers)
    }
}

/// `authorization: Bearer <secret>` (RFC 6750 section 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bearer;

impl Apply for Bearer {
    fn apply(
        &self,
        credential: &Credential,
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        let value = format!("Bearer {}", credential.secret().expose_secret());
        headers.insert(AUTHORIZATION, HeaderValue::try_from(value)?);
        Ok(())
    }
}

/// The secret alone, in a header of one's own: `x-api-key: <secret>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHeader(HeaderName);

impl InHeader {
    /// Creates the rule for a header of this name.
    #[must_use]
    pub const fn named(name: HeaderName) -> Self {
        Self(name)
    }
}

impl Apply for InHeader {
    fn apply(
        &self,
        credential: &Credential,
        headers: &mut HeaderMap,
    ) -> Result<(), InvalidHeaderValue> {
        let value = HeaderValue::from_str(credential.secret().expose_secret())?;
        headers.insert(&self.0, value);
        Ok(())
    }
}

/// The headers of one credential, ready to be put on requests.
pub(crate) struct Applied(Box<[(HeaderName, HeaderValue)]>);

impl Applied {
    pub(crate) fn new(
        apply: &dyn Apply,
        credential: &Credential,
    ) -> Result<Self, InvalidHeaderValue> {
        let mut headers = HeaderMap::new();
        apply.apply(credential, &mut headers)?;
        let mut applied: Vec<(HeaderName, HeaderValue)> = Vec::with_capacity(headers.len());
        for (name, mut value) in headers {
            value.set_sensitive(true);
            match name {
                Some(name) => applied.push((name, value)),
                // A further value of the last name.
                None => {
                    if let Some(last) = applied.last_mut() {
                        last.1 = value;
                    }
                }
            }
        }
        Ok(Self(applied.into_boxed_slice()))
    }

    #[inline]
    pub(crate) fn put_on(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name, value.clone());
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().map(|(name, _)| name)
    }
}

impl fmt::Debug for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_replaces_what_was_there_and_is_sensitive() {
        let mut headers = HeaderMap::new();
        for value in ["mine", "too"] {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }

        let applied = Applied::new(&Bearer, &Credential::new("s3cret")).unwrap();
        applied.put_on(&mut headers);

        let values: Vec<_> = headers.get_all(AUTHORIZATION).iter().collect();
        assert_eq!(values, ["Bearer s3cret"]);
        assert!(values[0].is_sensitive());
        assert_eq!(format!("{applied:?}"), r#"["authorization"]"#);
    }

    #[test]
    fn of_several_values_for_one_name_the_last_counts() {
        let twice = |_: &Credential, headers: &mut HeaderMap| {
            for value in ["one", "two"] {
                headers.append("x-key", HeaderValue::from_static(value));
            }
            Ok(())
        };
        let mut headers = HeaderMap::new();

        let applied = Applied::new(&twice, &Credential::new("s")).unwrap();
        applied.put_on(&mut headers);

        assert_eq!(headers.get_all("x-key").iter().collect::<Vec<_>>(), ["two"]);
    }

    #[test]
    fn what_no_header_can_carry_is_an_error() {
        for secret in ["a\r\nx: y", "a\0", "\u{7f}"] {
            let credential = Credential::new(secret);
            let name = HeaderName::from_static("x-key");

            assert!(Applied::new(&Bearer, &credential).is_err(), "{secret:?}");
            let in_header = InHeader::named(name);
            assert!(Applied::new(&in_header, &credential).is_err(), "{secret:?}");
        }
    }
}
