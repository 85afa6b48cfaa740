//! Where credentials come from.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tower::BoxError;
use tower_client_call::Principal;

use crate::Credential;

/// Obtains credentials: signs in, refreshes, reads a file that somebody else renews.
///
/// Asked by the layer, once for all who wait, in a task of its own: a caller who leaves stops
/// nothing. The layer gives it 30 seconds, keeps what it returns, and asks again in time.
///
/// ```
/// use std::time::Duration;
/// use tower_client_auth::{Credential, Principal, TokenError, TokenSource};
///
/// /// A token that another process writes to a file and renews every hour.
/// struct Projected(std::path::PathBuf);
///
/// impl TokenSource for Projected {
///     async fn fetch(
///         &self,
///         _: &Principal,
///         _: Option<&Credential>,
///     ) -> Result<Credential, TokenError> {
///         let token = tokio::fs::read_to_string(&self.0).await;
///         let token = token.map_err(TokenError::transient)?;
///         Ok(Credential::new(token.trim_end()).expires_in(Duration::from_secs(600)))
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Obtains a credential for a principal.
    ///
    /// `previous` is the last one, if there is one: expired, refused, or about to expire. A source
    /// that can refresh does so from what it remembered with it ([`Credential::get`]); without one
    /// it signs in. Whether a refresh that is refused for good is followed by a sign-in is the
    /// source's decision; one that failed for a passing reason must not be.
    ///
    /// # Errors
    ///
    /// [`TokenError`], which says whether trying again can help.
    fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> impl Future<Output = Result<Credential, TokenError>> + Send;
}

impl<T: TokenSource> TokenSource for Arc<T> {
    fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> impl Future<Output = Result<Credential, TokenError>> + Send {
        (**self).fetch(principal, previous)
    }
}

/// Why a source has no credential, and whether trying again can help.
///
/// Cheap to clone: everybody who waited gets it. What it is made of is shown by everybody's logs:
/// put no secret into it.
#[derive(Clone)]
pub struct TokenError(Arc<Reason>);

#[derive(Debug)]
struct Reason {
    permanent: bool,
    retry_after: Option<Duration>,
    source: BoxError,
}

impl TokenError {
    /// Creates the error of a passing failure: a login host that is down or busy, a broken
    /// connection. The layer tries again, after one second at first and 60 in the end; a
    /// credential that is still good serves meanwhile.
    #[must_use]
    pub fn transient(cause: impl Into<BoxError>) -> Self {
        Self::new(false, cause.into())
    }

    /// Creates the error of a refusal: a wrong password, a revoked refresh token. The layer does
    /// not try again until the credentials change.
    #[must_use]
    pub fn permanent(cause: impl Into<BoxError>) -> Self {
        Self::new(true, cause.into())
    }

    fn new(permanent: bool, source: BoxError) -> Self {
        Self(Arc::new(Reason {
            permanent,
            retry_after: None,
            source,
        }))
    }

    /// Notes that the next attempt is of use only after this time, because the source was told so.
    /// The layer heeds up to 15 minutes.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        let retry_after = Some(time);
        match Arc::try_unwrap(self.0) {
            Ok(reason) => Self(Arc::new(Reason {
                retry_after,
                ..reason
            })),
            Err(shared) => Self(Arc::new(Reason {
                permanent: shared.permanent,
                retry_after,
                source: Box::new(Self(shared)),
            })),
        }
    }

    /// Tells whether the same would be refused again.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.0.permanent
    }

    /// Returns after what time another attempt is of use, if the source was told.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.permanent {
            "the token source was refused"
        } else {
            "the token source failed"
        })
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("permanent", &self.0.permanent)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0.source)
    }
}

/// One token for ever, the same for every principal: an API key, a personal access token.
#[derive(Clone)]
pub struct StaticToken(SecretString);

impl StaticToken {
    /// Creates the source of this token.
    #[must_use]
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(token.into())
    }
}

impl TokenSource for StaticToken {
    async fn fetch(&self, _: &Principal, _: Option<&Credential>) -> Result<Credential, TokenError> {
        Ok(Credential::new(self.0.clone()))
    }
}

impl fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticToken")
    }
}

/// Creates a source from a closure, which is given the principal and the last credential.
///
/// ```
/// use tower_client_auth::{Credential, source_fn};
///
/// let source = source_fn(|principal, previous: Option<Credential>| async move {
///     let again = previous.is_some();
///     Ok(Credential::new(format!("token of {}, again: {again}", principal.id())))
/// });
/// # let _: &dyn std::any::Any = &source;
/// # fn is_source(_: &impl tower_client_auth::TokenSource) {}
/// # is_source(&source);
/// ```
pub const fn source_fn<F, T>(fetch: F) -> SourceFn<F>
where
    F: Fn(Principal, Option<Credential>) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Credential, TokenError>> + Send,
{
    SourceFn(fetch)
}

/// The source of [`source_fn`].
#[derive(Clone, Copy)]
pub struct SourceFn<F>(F);

impl<F, T> TokenSource for SourceFn<F>
where
    F: Fn(Principal, Option<Credential>) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Credential, TokenError>> + Send,
{
    fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> impl Future<Output = Result<Credential, TokenError>> + Send {
        (self.0)(principal.clone(), previous.cloned())
    }
}

impl<F> fmt::Debug for SourceFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFn({})", std::any::type_name::<F>())
    }
}

/// A source of any type: it is asked once an hour, so a box costs nothing.
pub(crate) trait AnySource: Send + Sync {
    fn fetch<'a>(
        &'a self,
        principal: &'a Principal,
        previous: Option<&'a Credential>,
    ) -> Pin<Box<dyn Future<Output = Result<Credential, TokenError>> + Send + 'a>>;
}

impl<T: TokenSource> AnySource for T {
    fn fetch<'a>(
        &'a self,
        principal: &'a Principal,
        previous: Option<&'a Credential>,
    ) -> Pin<Box<dyn Future<Output = Result<Credential, TokenError>> + Send + 'a>> {
        Box::pin(TokenSource::fetch(self, principal, previous))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_whether_and_when_to_try_again() {
        let error = TokenError::transient("busy").after(Duration::from_secs(3));
        assert!(!error.is_permanent());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(error.source().unwrap().to_string(), "busy");

        let error = TokenError::permanent("wrong password");
        let shared = error.clone();
        assert!(shared.after(Duration::ZERO).is_permanent());
        assert_eq!(error.retry_after(), None);
    }

    #[tokio::test]
    async fn sources_show_no_secret() {
        let source = StaticToken::new("s3cret");
        let principal = Principal::new("owner");

        let fetched = AnySource::fetch(&source, &principal, None).await.unwrap();

        assert_eq!(fetched.remaining(), None);
        assert!(!format!("{source:?} {fetched:?}").contains("s3cret"));
    }
}
