//! How calls are cached: by what their answers say, for a fixed time, or not at all.

mod choose;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};

pub use self::choose::{Asked, ChooseRule, RuleTable};
use crate::policy::{Exchange, FOREVER, NotStored, Rules, Stored};
use crate::{Entry, Tags};

/// How a call is cached, and under which tags.
///
/// ```
/// use std::time::Duration;
/// use tower_client_cache::Rule;
///
/// // An API that sends no cache headers.
/// let cars = Rule::fixed(Duration::from_secs(300))
///     .stale_if_error(Duration::from_secs(3600))
///     .tag("cars");
/// # let _ = cars;
/// ```
#[derive(Clone)]
#[must_use]
pub struct Rule {
    mode: Mode,
    tags: Tags,
    store_if: Option<StoreIf>,
}

/// What else has to be so for an answer to be stored.
type StoreIf = Arc<dyn Fn(&Entry) -> bool + Send + Sync>;

#[derive(Clone, Copy, Debug)]
enum Mode {
    Standard(Rules),
    Fixed(Fixed),
    Off,
}

#[derive(Clone, Copy, Debug)]
struct Fixed {
    lifetime: u32,
    stale_while_revalidate: u32,
    stale_if_error: u32,
    all_statuses: bool,
}

impl Rule {
    /// Creates the rule by which requests and responses decide (RFC 9111), as a private cache
    /// reads them.
    pub const fn standard() -> Self {
        Self::standard_with(Rules::new())
    }

    /// Creates the same rule with choices where RFC 9111 leaves some. Whether a cache is shared is
    /// for [the layer](crate::CacheLayerBuilder::shared) to say, not for these.
    pub const fn standard_with(rules: Rules) -> Self {
        Self {
            mode: Mode::Standard(rules.partial_responses()),
            tags: None,
            store_if: None,
        }
    }

    /// Creates the rule by which a successful answer (2xx) is fresh for this time, in whole
    /// seconds, whatever it says itself: `no-store` and `Set-Cookie` included. What the request
    /// says of caches counts; and answers that vary by a request's fields are kept apart by them.
    ///
    /// In a shared cache nothing is stored so that took a credential, and `private` does not count:
    /// it is for what is everybody's.
    pub fn fixed(lifetime: Duration) -> Self {
        Self {
            mode: Mode::Fixed(Fixed {
                lifetime: seconds(lifetime),
                stale_while_revalidate: 0,
                stale_if_error: 0,
                all_statuses: false,
            }),
            tags: None,
            store_if: None,
        }
    }

    /// Creates the rule by which nothing is stored, and nothing stored is served: `GET` and `HEAD` pass
    /// as if there were no cache, and their answers are not told of one either. An unsafe method
    /// forgets what it may have changed all the same.
    pub const fn off() -> Self {
        Self {
            mode: Mode::Off,
            tags: None,
            store_if: None,
        }
    }

    /// Serves an answer so much longer while a new one is fetched, unless it says itself how long.
    pub fn stale_while_revalidate(mut self, window: Duration) -> Self {
        let window = seconds(window);
        match &mut self.mode {
            Mode::Standard(rules) => *rules = rules.stale_while_revalidate(window),
            Mode::Fixed(fixed) => fixed.stale_while_revalidate = window,
            Mode::Off => {}
        }
        self
    }

    /// Serves an answer so much longer when the origin fails, unless it says itself how long.
    pub fn stale_if_error(mut self, window: Duration) -> Self {
        let window = seconds(window);
        match &mut self.mode {
            Mode::Standard(rules) => *rules = rules.stale_if_error(window),
            Mode::Fixed(fixed) => fixed.stale_if_error = window,
            Mode::Off => {}
        }
        self
    }

    /// Keeps answers of any final status for the fixed time, errors included.
    pub fn all_statuses(mut self) -> Self {
        if let Mode::Fixed(fixed) = &mut self.mode {
            fixed.all_statuses = true;
        }
        self
    }

    /// Adds a tag to what is stored, by which it can be
    /// [forgotten](crate::CacheHandle::invalidate_tag).
    pub fn tag(mut self, tag: impl Into<Arc<str>>) -> Self {
        let others = self.tags.iter().flat_map(|tags| tags.iter().cloned());
        self.tags = Some(others.chain([tag.into()]).collect());
        self
    }

    /// Stores an answer only if this says so of it, when all of it has come: for an API that hides
    /// errors in answers of a good status. It is passed on in any case, also to calls that waited
    /// for it.
    pub fn store_if(mut self, is_good: impl Fn(&Entry) -> bool + Send + Sync + 'static) -> Self {
        self.store_if = Some(Arc::new(is_good));
        self
    }

    pub(crate) fn allows(&self, entry: &Entry) -> bool {
        self.store_if.as_ref().is_none_or(|is_good| is_good(entry))
    }

    pub(crate) fn is_off(&self) -> bool {
        matches!(self.mode, Mode::Off)
    }

    pub(crate) fn tags(&self) -> &Tags {
        &self.tags
    }

    /// Reads a response, if it may be stored.
    pub(crate) fn read(&self, exchange: &Exchange<'_>, shared: bool) -> Result<Stored, NotStored> {
        match &self.mode {
            Mode::Standard(rules) => Stored::of(exchange, &told(*rules, shared)),
            Mode::Fixed(_) if shared && is_authenticated(exchange) => Err(NotStored::Authorization),
            Mode::Fixed(fixed) => fixed.read(exchange),
            Mode::Off => Err(NotStored::NotCacheable),
        }
    }

    /// Reads a response anew that was validated.
    pub(crate) fn read_again(
        &self,
        stored: &Stored,
        exchange: &Exchange<'_>,
        updated: &HeaderMap,
        shared: bool,
    ) -> Result<Stored, NotStored> {
        match &self.mode {
            Mode::Standard(rules) => stored.freshened(exchange, updated, &told(*rules, shared)),
            Mode::Fixed(fixed) => fixed.read(&Exchange {
                method: &Method::GET,
                status: stored.status(),
                headers: updated,
                ..*exchange
            }),
            Mode::Off => Err(NotStored::NotCacheable),
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("mode", &self.mode)
            .field("tags", &self.tags)
            .field("store_if", &self.store_if.is_some())
            .finish()
    }
}

impl Fixed {
    fn read(&self, exchange: &Exchange<'_>) -> Result<Stored, NotStored> {
        if !exchange.status.is_success() && !self.all_statuses {
            return Err(NotStored::Status);
        }
        Stored::lasting(
            exchange,
            self.lifetime,
            self.stale_while_revalidate,
            self.stale_if_error,
        )
    }
}

/// RFC 9111 section 3.5: what took a credential is nobody else's, unless it says so; and what it says
/// does not count here.
fn is_authenticated(exchange: &Exchange<'_>) -> bool {
    exchange.authenticated || exchange.request_headers.contains_key(AUTHORIZATION)
}

fn told(rules: Rules, shared: bool) -> Rules {
    if shared { rules.shared() } else { rules }
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).map_or(FOREVER, |seconds| seconds.min(FOREVER))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, StatusCode};

    use super::*;
    use crate::policy::Timestamp;

    #[test]
    fn a_fixed_time_counts_whatever_the_answer_says() {
        let rule = Rule::fixed(Duration::from_secs(10));
        let forbidding = headers("no-store, no-cache, max-age=0");

        let stored = rule.read(&exchange(200, &forbidding), false).unwrap();

        assert_eq!(stored.lifetime(), 10);
        assert!(stored.is_fresh(Timestamp(9)));
        assert!(!stored.is_fresh(Timestamp(10)));
    }

    #[test]
    fn a_fixed_time_is_for_success_unless_told_otherwise() {
        let rule = Rule::fixed(Duration::from_secs(10));
        let none = HeaderMap::new();
        for (status, success, all) in [
            (200, true, true),
            (204, true, true),
            (206, false, false),
            (301, false, true),
            (304, false, false),
            (404, false, true),
            (500, false, true),
        ] {
            let exchange = exchange(status, &none);

            assert_eq!(rule.read(&exchange, false).is_ok(), success, "{status}");
            let rule = rule.clone().all_statuses();
            assert_eq!(rule.read(&exchange, false).is_ok(), all, "{status}");
        }
    }

    #[test]
    fn the_layer_says_whether_it_is_shared() {
        let rule = Rule::standard_with(Rules::new());
        let private = headers("private, max-age=10");

        assert!(rule.read(&exchange(200, &private), false).is_ok());
        let stored = rule.read(&exchange(200, &private), true);
        assert_eq!(stored.unwrap_err(), NotStored::Private);
    }

    fn headers(cache_control: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", HeaderValue::from_static(cache_control));
        headers
    }

    fn exchange(status: u16, headers: &HeaderMap) -> Exchange<'_> {
        static NONE: std::sync::LazyLock<HeaderMap> = std::sync::LazyLock::new(HeaderMap::new);
        Exchange {
            method: &Method::GET,
            request_headers: &NONE,
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            requested: Timestamp(0),
            received: Timestamp(0),
            authenticated: false,
        }
    }
}
