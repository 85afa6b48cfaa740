//! What a call is to a cache: one to look up, one that changes something, or none of its business.

use http::header::{
    AUTHORIZATION, CACHE_CONTROL, COOKIE, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, IF_UNMODIFIED_SINCE, PRAGMA, PROXY_AUTHORIZATION, RANGE, UPGRADE,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Method, Request};
use http_body::Body;

use crate::policy::RequestDirectives;
use crate::rule::{Asked, Rule};
use crate::shared::Shared;
use crate::status::Fwd;
use crate::{Key, Owner};

/// What a call is to a cache.
pub(crate) enum Plan {
    /// Its rule says that there is no cache.
    Off,
    /// It passes by.
    Pass(Fwd),
    /// It may change what is stored, for this owner and for nobody in particular.
    Change(Option<Owner>),
    /// It may be answered with what is stored.
    Look(Look),
}

/// What a call looks for.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) key: Key,
    pub(crate) rule: Rule,
    pub(crate) directives: RequestDirectives,
    /// Whether it has conditions or a range of its own.
    pub(crate) is_conditional: bool,
}

impl Plan {
    pub(crate) fn of<B: Body>(shared: &Shared, request: &Request<B>) -> Self {
        let method = request.method();
        if !method.is_safe() {
            // Also while it is switched off: what changes meanwhile would be served afterwards.
            let noticed = Noticed::of(request.headers());
            return Self::Change(shared.owner(request, noticed.has_credentials));
        }
        if *method != Method::GET && *method != Method::HEAD {
            return Self::Pass(Fwd::Method);
        }
        if !shared.is_enabled() {
            return Self::Pass(Fwd::Bypass);
        }
        let rule = shared.rules.rule(&Asked {
            method,
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        });
        if rule.is_off() {
            return Self::Off;
        }
        match Look::of(shared, request, rule) {
            Some(look) => Self::Look(look),
            None => Self::Pass(Fwd::Bypass),
        }
    }
}

impl Look {
    /// Tells whether nothing is to be stored, so that the answer is nobody else's business.
    pub(crate) fn is_for_origin_alone(&self) -> bool {
        self.directives.no_store && !self.directives.only_if_cached
    }

    fn of<B: Body>(shared: &Shared, request: &Request<B>, rule: Rule) -> Option<Self> {
        let noticed = Noticed::of(request.headers());
        // What a body would mean nobody knows (RFC 9110 section 9.3.1).
        let has_body =
            request.body().size_hint().exact() != Some(0) && !request.body().is_end_stream();
        if noticed.is_upgrade || has_body {
            return None;
        }
        if noticed.has_host && !is_own_host(request) {
            return None;
        }
        let owner = shared.owner(request, noticed.has_credentials)?;
        let directives = if noticed.has_directives {
            RequestDirectives::of(request.headers())
        } else {
            RequestDirectives::default()
        };
        Some(Self {
            key: Key::new(owner, request.uri()).ok()?,
            rule,
            directives,
            is_conditional: noticed.is_conditional,
        })
    }
}

/// What one look at the fields of a request shows.
#[derive(Clone, Copy, Default)]
struct Noticed {
    has_directives: bool,
    is_conditional: bool,
    /// It asks for another protocol, not for a representation.
    is_upgrade: bool,
    has_host: bool,
    /// It carries what tells users apart: a field for it, or anything that is marked sensitive.
    has_credentials: bool,
}

impl Noticed {
    fn of(headers: &HeaderMap) -> Self {
        let mut noticed = Self::default();
        for (name, value) in headers {
            noticed.has_directives |= *name == CACHE_CONTROL || *name == PRAGMA;
            noticed.is_conditional |= CONDITIONS.contains(name);
            noticed.is_upgrade |= *name == UPGRADE;
            noticed.has_host |= *name == HOST;
            noticed.has_credentials |= value.is_sensitive() || CREDENTIALS.contains(name);
        }
        noticed
    }
}

/// Whether the host that a request names is that of its URI: the key has no other (RFC 9110 section
/// 7.1).
fn is_own_host<B>(request: &Request<B>) -> bool {
    let mut named = request.headers().get_all(HOST).iter();
    let authority = request.uri().authority().map(Authority::as_str);
    let host = authority.and_then(|authority| authority.rsplit('@').next());
    named.all(|named| {
        host.is_some_and(|host| named.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
    })
}

/// Fields that tell users apart.
pub(crate) const CREDENTIALS: [HeaderName; 3] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

/// Fields that make the answer depend on what the client has, or wants a part of.
pub(crate) const CONDITIONS: [HeaderName; 6] = [
    RANGE,
    IF_RANGE,
    IF_MATCH,
    IF_NONE_MATCH,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
];
