//! What is stored, for how long, and who gets it, against models that take the RFCs literally.

#![no_main]

use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use tower_client_cache::policy::{
    Decision, Exchange, FOREVER, NotStored, RequestDirectives, ResponseDirectives, Served, Stored,
    Timestamp,
};
use tower_client_fuzz::case::Case;
use tower_client_fuzz::checks::stored;
use tower_client_fuzz::model::{date, directives, storing};

fuzz_target!(|bytes: &[u8]| {
    let Some(case) = Case::of(bytes) else {
        return;
    };
    let exchange = Exchange {
        method: &case.method,
        request_headers: &case.request,
        status: case.status,
        headers: &case.response,
        requested: Timestamp(case.requested),
        received: Timestamp(case.received),
        authenticated: case.authenticated,
    };

    readings(&case);
    let stored = Stored::of(&exchange, &case.rules.chosen());
    let reasons = storing::reasons_against(&exchange, &case.rules);
    match stored {
        // `freshened` relies on it: only then nothing of the response speaks against storing it.
        Err(NotStored::RequestNoStore) => assert_eq!(reasons, [NotStored::RequestNoStore]),
        Err(reason) => assert!(reasons.contains(&reason), "{reason:?}, not {reasons:?}"),
        Ok(stored) => {
            assert_eq!(reasons, [], "{case:?}");
            stored::is_as_the_text_says(&case, &exchange, &stored);
            stored::is_dated(&exchange, &stored);
            nothing_forbidden_is_served(&case, &stored);
            gets_no_younger(&case, &stored);
            is_useless_later(&stored);
            let again = stored.freshened(&exchange, &case.response, &case.rules.chosen());
            assert_eq!(again, Ok(stored));
            stored::never_served(&case, &stored.invalidated());
            stored::is_mutable(&case, &stored);
            stored::answers_as_validated(&case, &stored);
        }
    }
    stored::lasts(&case, &exchange);
});

/// The parsers, before anything is decided by what they read.
fn readings(case: &Case) {
    for headers in [&case.request, &case.response] {
        assert_eq!(RequestDirectives::of(headers), directives::request(headers));
        assert_eq!(
            ResponseDirectives::of(headers),
            directives::response(headers)
        );
        for value in headers.values().map(HeaderValue::as_bytes) {
            dates(value, case.received);
        }
    }
}

/// The century of two digits turns when the date is 50 years ahead.
fn dates(value: &[u8], now: i64) {
    const HALF_A_CENTURY: i64 = 50 * 31_556_952;
    const NEAR: [i64; 8] = [-86_400, -60_000, -40_000, -1, 0, 1, 40_000, 86_400];

    if value
        .to_ascii_lowercase()
        .windows(7)
        .any(|text| text == b"29-feb-")
    {
        // Fifty years before one there is none, and the crate takes the day after it: in the first
        // hours of that March it reads the century before.
        return;
    }
    let read = |now| {
        let date = Timestamp::parse_at(value, Timestamp(now)).map(|date| date.0);
        assert_eq!(date, date::parse(value, now), "at {now}");
        date
    };
    if let Some(date) = read(now).filter(|_| value.contains(&b'-')) {
        for near in NEAR {
            read(date - HALF_A_CENTURY + near);
        }
    }
}

fn nothing_forbidden_is_served(case: &Case, stored: &Stored) {
    let request = RequestDirectives::of(&case.request);
    let response = ResponseDirectives::of(&case.response);
    for now in case.asked.map(Timestamp) {
        let decision = stored.decide(&request, now, case.has_validators);
        let on_error = stored.may_serve_on_error(&request, now);
        let (served, stale) = (
            matches!(decision, Decision::Serve(_)),
            !stored.is_fresh(now),
        );
        assert!(!(response.no_cache && (served || on_error)));
        assert!(!(response.must_revalidate && stale && (served || on_error)));
        assert!(!(request.no_cache && served));
        assert!(
            !(request.only_if_cached && matches!(decision, Decision::Revalidate | Decision::Fetch))
        );
        assert_eq!(decision == Decision::Serve(Served::Fresh), served && !stale);
    }
}

fn gets_no_younger(case: &Case, stored: &Stored) {
    let request = RequestDirectives::of(&case.request);
    // Before the receipt a clock was set back, and what it says is not trusted.
    let mut asked = case.asked.map(|now| Timestamp(now.max(case.received)));
    asked.sort();
    let [sooner, later] = asked;
    let rank = |now| match stored.decide(&request, now, true) {
        Decision::Serve(Served::Fresh) => 0,
        Decision::Serve(Served::Stale(_)) => 1,
        Decision::Revalidate | Decision::Fetch | Decision::GatewayTimeout => 2,
    };
    assert!(stored.age(sooner) <= stored.age(later));
    assert!(rank(sooner) <= rank(later));
    let on_error = |now| stored.may_serve_on_error(&request, now);
    assert!(on_error(sooner) || !on_error(later));
}

/// After the time that it names itself, nobody gets it who does not ask for something stale.
///
/// Ages and windows end at 2^31 seconds: what is as old as that is not known to get any older.
fn is_useless_later(stored: &Stored) {
    let later = stored.useful_until().plus(1);
    if later.0 == i64::MAX || stored.age(later) == FOREVER {
        return;
    }
    let anybody = RequestDirectives::default();
    let decision = stored.decide(&anybody, later, true);
    assert!(
        !matches!(decision, Decision::Serve(_)),
        "{stored:?} at {later:?}"
    );
    assert!(
        !stored.may_serve_on_error(&anybody, later),
        "{stored:?} at {later:?}"
    );
}
