//! What is stored, updated and served is part of what came.

use http::header::{
    AGE, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName};
use tower_client_cache::policy::{
    FOREVER, ResponseDirectives, Timestamp, served_fields, storable_fields, update_fields,
};

use crate::message::Message;

const NOW: Timestamp = Timestamp(1_700_000_000);

/// RFC 9111 section 3.1.
pub fn stored_and_served(message: &Message) {
    let response = &message.response;
    let directives = ResponseDirectives::of(response);
    for shared in [false, true] {
        let stored = storable_fields(response, &directives, shared, NOW);
        for name in response.keys() {
            let kept = !is_never_stored(response, name, &directives, shared);
            // One that cannot be read is left out; and what has no date is given one.
            if *name != CONTENT_LENGTH && *name != DATE {
                let lines = response.get_all(name);
                let expected = if kept { Some(lines) } else { None };
                assert_eq!(stored.contains_key(name), kept, "{name}");
                assert!(expected.is_none_or(|lines| lines == stored.get_all(name)));
            }
        }
        assert!(stored.contains_key(DATE));
        let came = |name: &HeaderName| *name == DATE || response.contains_key(name);
        assert!(stored.keys().all(came));
        assert!(stored.get_all(CONTENT_LENGTH).iter().count() <= 1);
        let again = storable_fields(&stored, &directives, shared, NOW);
        assert_eq!(again, stored);
        served(&stored, &directives.no_cache_fields);
    }
}

fn served(stored: &HeaderMap, without: &[HeaderName]) {
    for age in [0, 1, FOREVER, u32::MAX] {
        let served = served_fields(stored.clone(), without, age);
        let ages: Vec<_> = served.get_all(AGE).iter().collect();
        assert_eq!(ages, [age.min(FOREVER).to_string().as_str()]);
        for name in stored.keys().filter(|name| **name != AGE) {
            assert_eq!(served.contains_key(name), !without.contains(name), "{name}");
        }
    }
}

/// RFC 9111 section 3.2: here the request's fields are those that are stored.
pub fn updated(message: &Message) {
    let from = &message.response;
    let nothing = ResponseDirectives::default();
    let before = storable_fields(&message.request, &nothing, false, NOW);
    for shared in [false, true] {
        let counts = if from.contains_key(CACHE_CONTROL) {
            from
        } else {
            &before
        };
        let directives = ResponseDirectives::of(counts);
        let mut after = before.clone();
        update_fields(&mut after, from, shared);

        for name in [CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_RANGE] {
            let is_private = shared && directives.private_fields.contains(&name);
            assert!(is_private || after.get_all(&name) == before.get_all(&name));
        }
        for name in after.keys() {
            let is_new = after.get_all(name) != before.get_all(name);
            let may_be = !is_never_stored(from, name, &directives, shared);
            assert!(!is_new || may_be && after.get_all(name) == from.get_all(name));
        }
        assert!(!before.contains_key(ETAG) || shared || after.get(ETAG) == before.get(ETAG));
        let mut again = after.clone();
        update_fields(&mut again, from, shared);
        assert_eq!(again, after);
    }
}

fn is_never_stored(
    headers: &HeaderMap,
    name: &HeaderName,
    directives: &ResponseDirectives,
    shared: bool,
) -> bool {
    let named = headers.get_all(CONNECTION).iter().any(|line| {
        let line = line.as_bytes().to_ascii_lowercase();
        line.split(|byte| *byte == b',')
            .any(|option| option.trim_ascii() == name.as_str().as_bytes())
    });
    let one_hop = matches!(
        name.as_str(),
        "age"
            | "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authentication-info"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    );
    let length_of_coded = *name == CONTENT_LENGTH && headers.contains_key(TRANSFER_ENCODING);
    // RFC 9110 section 7.6.1: these are for all recipients.
    let for_all = name.as_str().starts_with("content-")
        || matches!(
            name.as_str(),
            "cache-control" | "date" | "etag" | "expires" | "last-modified" | "vary"
        );
    named && !for_all
        || one_hop
        || length_of_coded
        || shared && directives.private_fields.contains(name)
}
