//! Lists mean the same however they are spread over lines (RFC 9110 section 5.3).

use http::header::{CACHE_CONTROL, CONTENT_LENGTH, IF_MATCH, IF_NONE_MATCH, PRAGMA, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tower_client_cache::policy::{
    EntityTags, RequestDirectives, ResponseDirectives, Vary, age_field, is_complete,
};

use crate::message::{Message, joined, split};

/// `Cache-Control`, `Pragma`, `Age`, `Content-Length` and lists of tags.
pub fn directives_of_all_lines(headers: &HeaderMap) {
    for other in [joined(headers), split(headers)] {
        assert_eq!(age_field(&other), age_field(headers));
        assert_eq!(is_length(&other), is_length(headers), "{CONTENT_LENGTH}");
        if may_be_joined(headers) {
            let (one, two) = (
                RequestDirectives::of(&other),
                RequestDirectives::of(headers),
            );
            assert_eq!(one, two);
            let (one, two) = (
                ResponseDirectives::of(&other),
                ResponseDirectives::of(headers),
            );
            assert_eq!(one, two);
        }
        for field in [IF_MATCH, IF_NONE_MATCH] {
            if has_even_quotes(headers, &field) {
                assert_eq!(listed(&other, &field), listed(headers, &field));
            }
        }
    }
    only_more_strict(headers);
}

/// `Vary` and the values that it selects by.
pub fn vary(message: &Message) {
    let (request, response) = (&message.request, &message.response);
    let vary = Vary::of(response, request);
    for other in [joined(response), split(response)] {
        if response
            .get_all(VARY)
            .iter()
            .all(|line| !line.as_bytes().contains(&b'"'))
        {
            assert_eq!(Vary::of(&other, request), vary);
        }
    }
    let Some(vary) = vary else { return };
    assert!(vary.matches(request), "the request that it was chosen for");
    if request.values().all(|value| !value.is_empty()) {
        assert!(vary.matches(&joined(request)), "the same in one line");
    }
    for name in vary.names() {
        let mut other = request.clone();
        if other.remove(name).is_none() {
            other.insert(name, HeaderValue::from_static(""));
        }
        assert!(!vary.matches(&other), "absent is not the same as empty");
        assert!(vary.clone().without(name).names().all(|left| left != name));
    }
    // Whoever chose `other` for it has to choose it for `other`.
    if let Some(of_response) = Vary::of(response, response) {
        assert_eq!(vary.matches(response), of_response.matches(request));
    }
}

/// No line takes back what another one forbids.
fn only_more_strict(headers: &HeaderMap) {
    let whole = ResponseDirectives::of(headers);
    for line in headers.get_all(CACHE_CONTROL) {
        let alone = alone(line);
        assert!(whole.no_store || !alone.no_store);
        assert!(whole.no_cache || !alone.no_cache);
        assert!(whole.private || !alone.private);
        assert!(whole.must_revalidate || !alone.must_revalidate);
        assert!(
            alone
                .max_age
                .is_none_or(|most| whole.max_age.is_some_and(|age| age <= most))
        );
    }
}

fn alone(line: &HeaderValue) -> ResponseDirectives {
    let mut headers = HeaderMap::new();
    headers.insert(CACHE_CONTROL, line.clone());
    ResponseDirectives::of(&headers)
}

/// Whether no line ends inside quotes. What does is `no-store` and `no-cache` by itself.
fn may_be_joined(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(CACHE_CONTROL).iter();
    lines.chain(headers.get_all(PRAGMA)).all(|line| {
        let directives = alone(line);
        !line.as_bytes().contains(&b'"') || !directives.no_store || !directives.no_cache
    })
}

fn has_even_quotes(headers: &HeaderMap, field: &http::HeaderName) -> bool {
    headers.get_all(field).iter().all(|line| {
        let quotes = line.as_bytes().iter().filter(|byte| **byte == b'"');
        quotes.count() % 2 == 0
    })
}

fn listed(headers: &HeaderMap, field: &http::HeaderName) -> Option<(bool, Vec<String>)> {
    let tags = EntityTags::of(headers, field.clone())?;
    let listed = tags.iter().map(|tag| format!("{tag:?}")).collect();
    Some((tags.is_any(), listed))
}

/// What can be seen of a length: which numbers of bytes are all.
fn is_length(headers: &HeaderMap) -> Vec<bool> {
    let said = headers.get_all(CONTENT_LENGTH).iter();
    let numbers = said
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .filter_map(|number| str::from_utf8(number.trim_ascii()).ok()?.parse().ok());
    [0, 1, u64::MAX]
        .into_iter()
        .chain(numbers)
        .map(|bytes| is_complete(headers, bytes, true, &Method::GET, StatusCode::OK))
        .collect()
}
