//! What proves who a caller is, and how long it is good for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};

use crate::moment::Moment;

/// Ten years: what claims to live longer might as well live for ever, and no sum overflows.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// What proves who a caller is: a secret, how long it is good for, and what its source wants to
/// remember with it.
///
/// Secrets are zeroised on drop and never shown.
///
/// ```
/// use std::time::Duration;
/// use tower_client_auth::{Credential, RefreshToken};
///
/// let credential = Credential::new("s3cret")
///     .expires_in(Duration::from_secs(3600))
///     .with(RefreshToken::from("r3fresh"));
///
/// assert!(credential.remaining() > Some(Duration::from_secs(3590)));
/// assert!(credential.get::<RefreshToken>().is_some());
/// assert!(!format!("{credential:?}").contains("s3cret"));
/// ```
#[derive(Clone)]
pub struct Credential {
    secret: SecretString,
    life: Option<Life>,
    extras: BTreeMap<Cow<'static, str>, SecretString>,
    generation: u64,
}

/// From when to when a credential is good.
#[derive(Clone, Copy, Debug)]
struct Life {
    issued: SystemTime,
    lifetime: Duration,
    /// When we learnt of it, and how much of it was left then.
    seen: Moment,
    left: Duration,
}

impl Life {
    fn new(issued: SystemTime, lifetime: Duration) -> Self {
        let lifetime = lifetime.min(LONGEST_LIFE);
        let seen = Moment::now();
        let age = seen.wall.duration_since(issued).unwrap_or_default();
        Self {
            issued,
            lifetime,
            seen,
            left: lifetime.saturating_sub(age),
        }
    }

    fn remaining_at(&self, now: Moment) -> Duration {
        self.left.saturating_sub(self.seen.elapsed_until(now))
    }
}

impl Credential {
    /// Creates a credential that does not expire.
    #[must_use]
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self {
            secret: secret.into(),
            life: None,
            extras: BTreeMap::new(),
            generation: 0,
        }
    }

    /// Sets how long it is good for from now on, ten years at most.
    ///
    /// Who has waited for it takes off the time of waiting: it was issued meanwhile.
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        let seen = Moment::now();
        let lifetime = lifetime.min(LONGEST_LIFE);
        let life = Some(Life {
            issued: seen.wall,
            lifetime,
            seen,
            left: lifetime,
        });
        Self { life, ..self }
    }

    /// Sets from when to when it is good, by the wall clock: what a store remembers.
    ///
    /// Where the clock was set back since, it is taken to be no older than new.
    #[must_use]
    pub fn valid_between(self, issued: SystemTime, expires: SystemTime) -> Self {
        // What is older than that is as good as that old.
        let earliest = expires.checked_sub(LONGEST_LIFE);
        let issued = earliest.map_or(issued, |earliest| issued.max(earliest));
        let lifetime = expires.duration_since(issued).unwrap_or_default();
        let life = Some(Life::new(issued, lifetime));
        Self { life, ..self }
    }

    /// Adds something to be remembered with it, in place of what was there under that name.
    #[must_use]
    pub fn with<T: Extra>(self, extra: T) -> Self {
        self.with_named(T::NAME, extra.into())
    }

    /// Adds something by its name: what a store remembers.
    #[must_use]
    pub fn with_named(
        mut self,
        name: impl Into<Cow<'static, str>>,
        extra: impl Into<SecretString>,
    ) -> Self {
        self.extras.insert(name.into(), extra.into());
        self
    }

    /// Returns the secret.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// Returns what its source remembered under this type.
    #[must_use]
    pub fn get<T: Extra>(&self) -> Option<T> {
        self.extras.get(T::NAME).cloned().map(T::from)
    }

    /// Returns all that its source remembered, by name.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.extras.iter().map(|(name, extra)| (&**name, extra))
    }

    /// Returns how long it is still good for; `None` if it does not expire.
    ///
    /// The monotonic clock stands still while a machine sleeps, and the wall clock can be set back:
    /// whichever says that more time has passed counts.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        Some(self.life?.remaining_at(Moment::now()))
    }

    /// Tells whether it has expired.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    /// Returns how long it is good for in all; `None` if it does not expire.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        Some(self.life?.lifetime)
    }

    /// Returns from when to when it is good, by the wall clock; `None` if it does not expire.
    #[must_use]
    pub fn validity(&self) -> Option<(SystemTime, SystemTime)> {
        let life = self.life?;
        let expires = life.issued.checked_add(life.lifetime);
        // An end beyond all time belongs to a beginning that is as absurd.
        Some((life.issued, expires.unwrap_or(life.issued)))
    }

    /// Returns its number among those that a layer has obtained for its principal, from 1; 0 if it
    /// comes from elsewhere.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn at_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
    }

    pub(crate) fn remaining_at(&self, now: Moment) -> Option<Duration> {
        Some(self.life.as_ref()?.remaining_at(now))
    }

    /// Whether it proves the same with the same secret.
    pub(crate) fn has_secret_of(&self, other: &Self) -> bool {
        self.secret.expose_secret() == other.secret.expose_secret()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("generation", &self.generation)
            .field("lifetime", &self.lifetime())
            .finish_non_exhaustive()
    }
}

/// Something that a source remembers with a credential: an id, a refresh token.
///
/// ```
/// use tower_client_auth::{Credential, Extra, SecretString};
///
/// struct UserId(SecretString);
///
/// impl Extra for UserId {
///     const NAME: &str = "user-id";
/// }
/// impl From<SecretString> for UserId {
///     fn from(text: SecretString) -> Self {
///         Self(text)
///     }
/// }
/// impl From<UserId> for SecretString {
///     fn from(id: UserId) -> Self {
///         id.0
///     }
/// }
///
/// let credential = Credential::new("s3cret").with(UserId("7".into()));
///
/// assert!(credential.get::<UserId>().is_some());
/// ```
pub trait Extra: From<SecretString> + Into<SecretString> {
    /// The name under which it is kept, also by stores. Names are for ever.
    const NAME: &str;
}

/// A refresh token (RFC 6749 section 1.5).
#[derive(Clone)]
pub struct RefreshToken(SecretString);

impl RefreshToken {
    /// Returns the token itself.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl Extra for RefreshToken {
    const NAME: &str = "refresh_token";
}

impl From<SecretString> for RefreshToken {
    fn from(token: SecretString) -> Self {
        Self(token)
    }
}

impl From<&str> for RefreshToken {
    fn from(token: &str) -> Self {
        Self(token.into())
    }
}

impl From<RefreshToken> for SecretString {
    fn from(token: RefreshToken) -> Self {
        token.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn what_remains_shrinks_with_time_and_ends_at_nothing() {
        let credential = Credential::new("s").expires_in(HOUR);

        tokio::time::advance(HOUR / 2).await;
        assert_eq!(credential.remaining(), Some(HOUR / 2));
        tokio::time::advance(HOUR).await;
        assert_eq!(credential.remaining(), Some(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stored_life_goes_on_where_the_wall_clock_is() {
        let now = SystemTime::now();
        for (issued, expires, least, most) in [
            (now - HOUR / 2, now + HOUR / 2, 1700, 1800),
            // Over.
            (now - 2 * HOUR, now - HOUR, 0, 0),
            // The clock was set back: no longer than its whole life.
            (now + HOUR, now + 2 * HOUR, 3599, 3600),
            // Issued before all time.
            (SystemTime::UNIX_EPOCH, now + HOUR, 3599, 3600),
            // Nonsense.
            (now + HOUR, now, 0, 0),
        ] {
            let credential = Credential::new("s").valid_between(issued, expires);

            let remaining = credential.remaining().unwrap().as_secs();
            assert!((least..=most).contains(&remaining), "{remaining}");
        }
    }

    #[tokio::test]
    async fn absurd_lives_are_cut_and_nothing_overflows() {
        let credential = Credential::new("s").expires_in(Duration::MAX);

        assert_eq!(credential.lifetime(), Some(LONGEST_LIFE));
        assert!(credential.validity().is_some());
        assert_eq!(Credential::new("s").remaining(), None);
    }

    #[test]
    fn nothing_secret_is_shown() {
        let credential = Credential::new("s3cret").with(RefreshToken::from("s3cret"));

        let shown = format!("{credential:?} {:?}", credential.get::<RefreshToken>());

        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
