//! What is decided about a stored response, and about those that are made of one.

use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};
use tower_client_cache::policy::{
    Decision, Exchange, NotStored, RequestDirectives, Stored, Timestamp,
};

use crate::case::Case;
use crate::model::{decision, freshness, storing};

/// Age, lifetime and every decision.
pub fn is_as_the_text_says(case: &Case, exchange: &Exchange<'_>, stored: &Stored) {
    let lifetime = freshness::freshness_lifetime(exchange, &case.rules);
    assert_eq!(i128::from(stored.lifetime()), lifetime, "{case:?}");
    let unclamped = i128::from(exchange.received.0) + lifetime
        - freshness::current_age(exchange, exchange.received.0);
    let expires = unclamped.clamp(i64::MIN.into(), i64::MAX.into());
    assert_eq!(i128::from(stored.expires().0), expires, "{case:?}");
    for now in case.asked {
        let age = freshness::current_age(exchange, now);
        let at = Timestamp(now);
        assert_eq!(i128::from(stored.age(at)), age, "{case:?}");
        assert_eq!(stored.is_fresh(at), lifetime > age, "{case:?}");
        assert_eq!(i128::from(stored.remaining(at)), lifetime - age, "{case:?}");

        let requests = [
            RequestDirectives::of(&case.request),
            RequestDirectives::default(),
        ];
        for request in requests {
            let decided = stored.decide(&request, at, case.has_validators);
            let expected =
                decision::decide(exchange, &case.rules, &request, now, case.has_validators);
            assert_eq!(decided, expected, "{case:?}");
            let decided = stored.may_serve_on_error(&request, at);
            let expected = decision::may_serve_on_error(exchange, &case.rules, &request, now);
            assert_eq!(decided, expected, "on error: {case:?}");
        }
    }
}

/// Of several that match, the latest is used.
pub fn is_dated(exchange: &Exchange<'_>, stored: &Stored) {
    let date = freshness::date_value(exchange);
    assert_eq!(i128::from(stored.date().0), date, "{exchange:?}");
}

/// Not to anybody, nor in place of an error.
pub fn never_served(case: &Case, stored: &Stored) {
    let request = RequestDirectives::of(&case.request);
    for now in case.asked.map(Timestamp) {
        let decision = stored.decide(&request, now, case.has_validators);
        assert!(!matches!(decision, Decision::Serve(_)));
        assert!(!stored.may_serve_on_error(&request, now));
    }
}

/// RFC 8246 section 3: a request's `max-age` counts again, and nothing else changes.
pub fn is_mutable(case: &Case, stored: &Stored) {
    let mutable = stored.mutable();
    let request = RequestDirectives::of(&case.request);
    for now in case.asked.map(Timestamp) {
        let before = stored.decide(&request, now, case.has_validators);
        let after = mutable.decide(&request, now, case.has_validators);
        match request.max_age {
            Some(most) if stored.age(now) > most => {
                assert!(!matches!(after, Decision::Serve(_)), "{case:?}");
            }
            _ => assert_eq!(after, before, "{case:?}"),
        }
        let on_error = mutable.may_serve_on_error(&request, now);
        assert_eq!(on_error, stored.may_serve_on_error(&request, now));
    }
    assert_eq!(mutable.lifetime(), stored.lifetime());
}

/// RFC 9111 section 4.3.4, for one request; the fields of the case's request are those of the
/// answer here.
pub fn answers_as_validated(case: &Case, stored: &Stored) {
    let [requested, received] = case.asked;
    let exchange = Exchange {
        method: &case.method,
        request_headers: &case.response,
        status: http::StatusCode::NOT_MODIFIED,
        headers: &case.request,
        requested: Timestamp(requested),
        received: Timestamp(received),
        authenticated: false,
    };

    let validated = stored.validated_by(&exchange);

    let age = freshness::current_age(&exchange, received);
    assert_eq!(
        i128::from(validated.age(Timestamp(received))),
        age,
        "{case:?}"
    );
    assert_eq!(validated.received(), Timestamp(received));
    assert_eq!(validated.status(), stored.status());
    assert_eq!(validated.lifetime(), stored.lifetime());
    assert_eq!(
        validated.without_no_cache_fields(),
        stored.without_no_cache_fields()
    );
    is_dated(&exchange, &validated);
    never_served(case, &validated);
}

/// What is kept for a fixed time is a response that says this, and nothing else, and is new.
pub fn lasts(case: &Case, exchange: &Exchange<'_>) {
    let (lifetime, revalidate, error) = (
        case.rules.cap,
        case.rules.while_revalidate,
        case.rules.if_error,
    );
    let lasting = Stored::lasting(exchange, lifetime, revalidate, error);
    let reasons = storing::reasons_against_lasting(exchange);
    let lasting = match lasting {
        // As for `Stored::of`: the response has to come first.
        Err(NotStored::RequestNoStore) => {
            return assert_eq!(reasons, [NotStored::RequestNoStore]);
        }
        Err(reason) => return assert!(reasons.contains(&reason), "{reason:?}, not {reasons:?}"),
        Ok(lasting) => lasting,
    };
    assert_eq!(reasons, [], "{case:?}");
    let says =
        format!("max-age={lifetime}, stale-while-revalidate={revalidate}, stale-if-error={error}");
    let says = HeaderValue::try_from(says).expect("text");
    let said = Exchange {
        headers: &HeaderMap::from_iter([(CACHE_CONTROL, says)]),
        requested: exchange.received,
        ..*exchange
    };
    is_as_the_text_says(case, &said, &lasting);
    is_dated(exchange, &lasting);
    assert!(!lasting.without_no_cache_fields());
    assert_eq!(lasting.received(), exchange.received);
    assert_eq!(lasting.status(), exchange.status);
}
