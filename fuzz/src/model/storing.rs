//! RFC 9111 section 3: all reasons why a response is not stored.

use http::{HeaderName, Method};
use tower_client_cache::policy::{Exchange, NotStored};

use super::{Rules, directives, lines};

/// RFC 9110 section 15.1.
pub(super) const HEURISTIC: [u16; 12] =
    [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501];
/// What the crate says answers one request only.
const FOR_ONE: [u16; 9] = [304, 407, 412, 416, 421, 428, 429, 431, 511];
/// RFC 9110 section 15.
const UNDERSTOOD: [u16; 43] = [
    200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404,
    405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502,
    503, 504, 505, 304, 100,
];

/// Returns every reason against keeping a response for a fixed time.
#[must_use]
pub fn reasons_against_lasting(exchange: &Exchange<'_>) -> Vec<NotStored> {
    let status = exchange.status.as_u16();
    let request = directives::request(exchange.request_headers);
    let all = [
        (NotStored::Method, *exchange.method != Method::GET),
        (NotStored::Partial, status == 206),
        (NotStored::Status, tells_nothing(status)),
        (NotStored::VaryAny, varies_by_anything(exchange)),
        (NotStored::RequestNoStore, request.no_store),
    ];
    held(&all)
}

/// Returns every reason; none if it may be stored.
#[must_use]
pub fn reasons_against(exchange: &Exchange<'_>, rules: &Rules) -> Vec<NotStored> {
    let request = directives::request(exchange.request_headers);
    let response = directives::response(exchange.headers);
    let status = exchange.status.as_u16();
    let has = |name| !lines(exchange.headers, name).is_empty();

    let understood = UNDERSTOOD.contains(&status);
    let lets_be_stored = response.must_understand && understood;
    let with_credential =
        exchange.authenticated || !lines(exchange.request_headers, "authorization").is_empty();
    // Section 3.5.
    let for_others = response.must_revalidate || response.public || response.s_maxage.is_some();
    // Section 3, the last item.
    let private = response.private || !response.private_fields.is_empty();
    let says_so = [
        response.public,
        private && !rules.shared,
        has("expires"),
        response.max_age.is_some(),
        response.s_maxage.is_some() && rules.shared,
        HEURISTIC.contains(&status),
    ];

    let all = [
        (NotStored::Method, *exchange.method != Method::GET),
        (
            NotStored::Partial,
            status == 206 && !rules.partial_responses,
        ),
        (
            NotStored::Status,
            tells_nothing(status) || response.must_understand && !understood,
        ),
        (NotStored::RequestNoStore, request.no_store),
        (NotStored::NoStore, response.no_store && !lets_be_stored),
        (NotStored::Private, rules.shared && response.private),
        (
            NotStored::Authorization,
            rules.shared && with_credential && !for_others,
        ),
        (NotStored::NotCacheable, !says_so.contains(&true)),
        (NotStored::VaryAny, varies_by_anything(exchange)),
    ];
    held(&all)
}

fn tells_nothing(status: u16) -> bool {
    !(200..600).contains(&status) || FOR_ONE.contains(&status)
}

/// Section 4.1; nobody knows what a response depends on that names no field.
fn varies_by_anything(exchange: &Exchange<'_>) -> bool {
    let vary = lines(exchange.headers, "vary").join(b",".as_slice());
    let mut members = vary.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    members.any(|member| {
        !member.is_empty() && (member == b"*" || HeaderName::from_bytes(member).is_err())
    })
}

fn held(all: &[(NotStored, bool)]) -> Vec<NotStored> {
    let holds = all.iter().filter(|(_, holds)| *holds);
    holds.map(|(reason, _)| *reason).collect()
}
