//! Origins that asked to be left alone for a while.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::HOST;
use http::{HeaderValue, Request, StatusCode, Uri};
use tokio::time::Instant;
use tower_client_call::{Principal, RequestHead};

/// What is sent somewhere, for somebody.
pub(crate) trait Target {
    fn uri(&self) -> &Uri;
    fn host(&self) -> Option<&HeaderValue>;
    fn principal(&self) -> Option<&Principal>;
}

impl<B> Target for Request<B> {
    fn uri(&self) -> &Uri {
        self.uri()
    }

    fn host(&self) -> Option<&HeaderValue> {
        self.headers().get(HOST)
    }

    fn principal(&self) -> Option<&Principal> {
        self.extensions().get()
    }
}

impl Target for RequestHead {
    fn uri(&self) -> &Uri {
        self.uri()
    }

    fn host(&self) -> Option<&HeaderValue> {
        self.header(&HOST)
    }

    fn principal(&self) -> Option<&Principal> {
        self.get()
    }
}

/// More origins and principals than one process is throttled by at once; beyond, the one that ends
/// first is forgotten.
const MAX_ENTRIES: usize = 1024;

/// Who is to be left alone until when, by origin and principal: one user's limit is not another's.
pub(crate) struct CoolDowns {
    /// The longest that is heeded.
    max: Duration,
    /// How many there are, so that a call looks no further while there are none.
    count: AtomicUsize,
    entries: Mutex<Entries>,
    /// Keys are hashes of this process's own: no name is kept, and nobody can aim at another's.
    keys: RandomState,
}

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<u64, CoolDown>,
    /// When the last one ends.
    last: Option<Instant>,
}

/// How an origin asked, and until when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CoolDown {
    pub(crate) status: StatusCode,
    pub(crate) until: Instant,
}

impl CoolDowns {
    pub(crate) fn new(max: Duration) -> Self {
        Self {
            max,
            count: AtomicUsize::new(0),
            entries: Mutex::default(),
            keys: RandomState::new(),
        }
    }

    /// Returns the longest that a call is held back.
    pub(crate) fn max(&self) -> Duration {
        self.max
    }

    /// Begins a cool-down for what this request was sent to, or makes one longer.
    pub(crate) fn begin(
        &self,
        target: &impl Target,
        status: StatusCode,
        wait: Duration,
        now: Instant,
    ) {
        let Some(until) = now.checked_add(wait.min(self.max)) else {
            return;
        };
        if until <= now {
            return;
        }
        let key = self.key(target);
        let mut entries = self.lock();
        entries.last = entries.last.max(Some(until));
        let by_key = &mut entries.by_key;
        if by_key.len() >= MAX_ENTRIES && !by_key.contains_key(&key) {
            make_room(by_key, now);
        }
        let entry = by_key.entry(key).or_insert(CoolDown { status, until });
        if entry.until < until {
            *entry = CoolDown { status, until };
        }
        self.count.store(by_key.len(), Relaxed);
    }

    /// Tells whether there is none at all, as nearly always.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        // Relaxed: who sees a new one late is sent as if it had come a moment sooner.
        self.count.load(Relaxed) == 0
    }

    /// Returns the cool-down that this request would come into.
    #[cold]
    pub(crate) fn of(&self, target: &impl Target, now: Instant) -> Option<CoolDown> {
        let key = self.key(target);
        let mut entries = self.lock();
        if entries.last <= Some(now) {
            entries.by_key.clear();
            self.count.store(0, Relaxed);
            return None;
        }
        let entry = *entries.by_key.get(&key)?;
        (entry.until > now).then_some(entry)
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Scheme, host and port as RFC 9110 section 4.3.1 compares them, and the principal. Of a
    /// request without an authority the `Host` header tells; without either, it goes where all
    /// such requests go.
    fn key(&self, target: &impl Target) -> u64 {
        let uri = target.uri();
        let scheme = uri.scheme_str().unwrap_or_default();
        let default_port = match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let principal = target.principal();
        let mut hasher = self.keys.build_hasher();
        scheme.hash(&mut hasher);
        let host = uri.host().map(str::as_bytes);
        let host = host.or_else(|| Some(target.host()?.as_bytes()));
        for byte in host.unwrap_or_default() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
        uri.port_u16().or(default_port).hash(&mut hasher);
        principal.map(Principal::id).hash(&mut hasher);
        hasher.finish()
    }
}

fn make_room(entries: &mut HashMap<u64, CoolDown>, now: Instant) {
    entries.retain(|_, entry| entry.until > now);
    if entries.len() < MAX_ENTRIES {
        return;
    }
    let first = entries.iter().min_by_key(|(_, entry)| entry.until);
    if let Some(key) = first.map(|(key, _)| *key) {
        entries.remove(&key);
    }
}

impl fmt::Debug for CoolDowns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoolDowns")
            .field("max", &self.max)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const STATUS: StatusCode = StatusCode::TOO_MANY_REQUESTS;

    fn to(uri: &str) -> Request<()> {
        Request::get(uri).body(()).unwrap()
    }

    fn on_behalf_of(name: &str, uri: &str) -> Request<()> {
        let mut request = to(uri);
        request.extensions_mut().insert(Principal::new(name));
        request
    }

    #[test]
    fn it_holds_for_the_same_origin_and_principal() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(60 * SECOND);
        cool_downs.begin(&to("https://api.example/v1/a"), STATUS, 10 * SECOND, now);

        for (request, held) in [
            (to("https://api.example/v1/b?c"), true),
            (to("https://API.example:443/v1/a"), true),
            (to("http://api.example/v1/a"), false),
            (to("https://api.example:8443/v1/a"), false),
            (to("https://other.example/v1/a"), false),
            (on_behalf_of("owner", "https://api.example/v1/a"), false),
            (to("/v1/a"), false),
        ] {
            let found = cool_downs.of(&request, now);

            assert_eq!(found.is_some(), held, "{request:?}");
        }
    }

    #[test]
    fn of_a_path_the_host_header_tells_the_origin() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(60 * SECOND);
        let at = |host| {
            let mut request = to("/v1/a");
            request
                .headers_mut()
                .insert(HOST, HeaderValue::from_static(host));
            request
        };
        cool_downs.begin(&at("a.example"), STATUS, SECOND, now);

        assert!(cool_downs.of(&at("A.example"), now).is_some());
        assert!(cool_downs.of(&at("b.example"), now).is_none());
    }

    #[test]
    fn when_the_last_has_ended_none_is_looked_for() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(60 * SECOND);
        for n in 0..10 {
            let other = to(&format!("https://{n}.example/"));
            cool_downs.begin(&other, STATUS, SECOND, now);
        }

        assert_eq!(
            cool_downs.of(&to("https://api.example/"), now + SECOND),
            None
        );

        assert!(cool_downs.is_empty());
    }

    #[test]
    fn each_principal_has_its_own() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(60 * SECOND);
        let uri = "https://api.example/";
        cool_downs.begin(&on_behalf_of("owner", uri), STATUS, SECOND, now);

        assert!(cool_downs.of(&on_behalf_of("owner", uri), now).is_some());
        assert!(cool_downs.of(&on_behalf_of("guest", uri), now).is_none());
        assert!(cool_downs.of(&to(uri), now).is_none());
    }

    #[test]
    fn it_ends_in_time_is_never_shortened_and_is_bounded() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(60 * SECOND);
        let request = to("https://api.example/");
        let until = || cool_downs.of(&request, now).map(|entry| entry.until - now);

        cool_downs.begin(&request, STATUS, Duration::ZERO, now);
        assert_eq!(until(), None);
        cool_downs.begin(&request, STATUS, 5 * SECOND, now);
        cool_downs.begin(&request, STATUS, SECOND, now);
        assert_eq!(until(), Some(5 * SECOND));
        cool_downs.begin(&request, STATUS, Duration::MAX, now);
        assert_eq!(until(), Some(60 * SECOND));

        assert_eq!(cool_downs.of(&request, now + 60 * SECOND), None);
        assert!(cool_downs.is_empty());
    }

    #[test]
    fn beyond_the_most_the_one_that_ends_first_is_forgotten() {
        let now = Instant::now();
        let cool_downs = CoolDowns::new(10_000 * SECOND);
        let host = |n: usize| to(&format!("https://{n}.example/"));
        for n in 0..=MAX_ENTRIES {
            let seconds = u32::try_from(n + 1).unwrap();
            cool_downs.begin(&host(n), STATUS, seconds * SECOND, now);
        }

        assert_eq!(cool_downs.of(&host(0), now), None);
        assert!(cool_downs.of(&host(1), now).is_some());
        assert!(cool_downs.of(&host(MAX_ENTRIES), now).is_some());
        assert_eq!(cool_downs.lock().by_key.len(), MAX_ENTRIES);
    }
}
