//! RFC 9111 sections 4 and 5.2, RFC 5861 and RFC 8246: what a request gets.

use tower_client_cache::policy::{Decision, Exchange, RequestDirectives, Served, StaleReason};

use super::freshness::{current_age, freshness_lifetime};
use super::{Rules, directives};

/// What counts for a decision.
struct Facts {
    age: i128,
    lifetime: i128,
    fresh: bool,
    /// Section 5.2.2.2, or what says the same to a shared cache (5.2.2.8, 5.2.2.10).
    must_revalidate: bool,
}

impl Facts {
    fn of(exchange: &Exchange<'_>, rules: &Rules, now: i64) -> Self {
        let says = directives::response(exchange.headers);
        let (age, lifetime) = (
            current_age(exchange, now),
            freshness_lifetime(exchange, rules),
        );
        let for_shared = says.proxy_revalidate || says.s_maxage.is_some();
        Self {
            age,
            lifetime,
            fresh: lifetime > age,
            must_revalidate: says.must_revalidate || rules.shared && for_shared,
        }
    }

    fn is_stale_by_at_most(&self, seconds: u32) -> bool {
        self.age - self.lifetime <= i128::from(seconds)
    }
}

/// Decides what a request gets.
#[must_use]
pub fn decide(
    exchange: &Exchange<'_>,
    rules: &Rules,
    request: &RequestDirectives,
    now: i64,
    has_validators: bool,
) -> Decision {
    let facts = Facts::of(exchange, rules, now);
    if !is_forbidden(&facts, exchange, request) {
        if facts.fresh {
            return Decision::Serve(Served::Fresh);
        }
        if let Some(reason) = stale(&facts, exchange, rules, request) {
            return Decision::Serve(Served::Stale(reason));
        }
    }
    match (request.only_if_cached, has_validators) {
        // Section 5.2.1.7.
        (true, _) => Decision::GatewayTimeout,
        (false, true) => Decision::Revalidate,
        (false, false) => Decision::Fetch,
    }
}

/// Whether fresh or stale, it must not be served without validation.
fn is_forbidden(facts: &Facts, exchange: &Exchange<'_>, request: &RequestDirectives) -> bool {
    let says = directives::response(exchange.headers);
    let reload_changes_nothing = says.immutable && facts.fresh;
    let too_old = match request.max_age {
        Some(most) => facts.age > i128::from(most) && !reload_changes_nothing,
        None => false,
    };
    let too_soon_over = match request.min_fresh {
        Some(least) => facts.lifetime < facts.age + i128::from(least),
        None => false,
    };
    says.no_cache || request.no_cache || too_old || too_soon_over
}

/// Section 4.2.4: only if it is allowed, by the request (5.2.1.2) or the origin (RFC 5861
/// section 3).
fn stale(
    facts: &Facts,
    exchange: &Exchange<'_>,
    rules: &Rules,
    request: &RequestDirectives,
) -> Option<StaleReason> {
    let says = directives::response(exchange.headers);
    let window = says
        .stale_while_revalidate
        .unwrap_or(rules.while_revalidate);
    let in_window = window > 0 && facts.is_stale_by_at_most(window);
    // Nobody could be asked meanwhile.
    let offered = in_window && !request.only_if_cached;
    if facts.must_revalidate {
        return None;
    }
    match (request.max_stale, request.max_age) {
        (Some(most), _) if !facts.is_stale_by_at_most(most) => None,
        (Some(_), _) if offered => Some(StaleReason::WhileRevalidate),
        (Some(_), _) => Some(StaleReason::MaxStale),
        // Section 5.2.1.1: nothing stale without `max-stale`.
        (None, Some(_)) => None,
        (None, None) => offered.then_some(StaleReason::WhileRevalidate),
    }
}

/// RFC 5861 section 4.
#[must_use]
pub fn may_serve_on_error(
    exchange: &Exchange<'_>,
    rules: &Rules,
    request: &RequestDirectives,
    now: i64,
) -> bool {
    let says = directives::response(exchange.headers);
    let facts = Facts::of(exchange, rules, now);
    let window = match (request.stale_if_error, request.no_cache) {
        (Some(seconds), _) => seconds,
        (None, true) => 0,
        (None, false) => says.stale_if_error.unwrap_or(rules.if_error),
    };
    if window == 0 || says.no_cache {
        return false;
    }
    facts.fresh || !facts.must_revalidate && facts.is_stale_by_at_most(window)
}
