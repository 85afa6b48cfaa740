//! Conditions, ranges and validations: what no answer may be.

use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};
use http::{HeaderMap, Method, StatusCode};
use tower_client_cache::policy::{
    Answer, Candidate, Chosen, ContentRange, EntityTag, EntityTags, HeadOutcome, Timestamp,
    is_for_client, on_head, revalidation_headers, to_update,
};

use crate::message::Message;

/// RFC 9110 sections 13 and 14.
pub fn answers(message: &Message) {
    let (request, headers) = (&message.request, &message.response);
    for status in [
        StatusCode::OK,
        StatusCode::PARTIAL_CONTENT,
        StatusCode::NOT_FOUND,
    ] {
        for length in [0, 1, 1000, u64::MAX] {
            let chosen = Chosen {
                status,
                headers,
                received: Timestamp(1_700_000_000),
                length,
            };
            for method in [Method::GET, Method::HEAD] {
                is_possible(&chosen, &method, request);
            }
            assert_eq!(chosen.answer(&Method::POST, request), Answer::Origin);
        }
    }
}

fn is_possible(chosen: &Chosen<'_>, method: &Method, request: &HeaderMap) {
    let answer = chosen.answer(method, request);
    let has_condition =
        request.contains_key(IF_NONE_MATCH) || request.contains_key(IF_MODIFIED_SINCE);
    match answer {
        Answer::Full => assert_ne!(chosen.status, StatusCode::PARTIAL_CONTENT),
        Answer::NotModified => assert!(has_condition && chosen.status.is_success()),
        Answer::Partial { range, complete } => {
            assert!(request.contains_key(RANGE) && *method == Method::GET);
            let length = if chosen.status == StatusCode::OK {
                Some(chosen.length)
            } else {
                complete
            };
            assert!(length.is_none_or(|length| range.last() < length));
        }
        Answer::Unsatisfiable { complete } => {
            assert!(request.contains_key(RANGE) && !request.contains_key(IF_RANGE));
            assert_eq!((complete, method), (chosen.length, &Method::GET));
        }
        Answer::Origin => {}
    }
    if let Some(range) = answer.content_range() {
        assert_eq!(
            ContentRange::parse(range.to_string().as_bytes()),
            Some(range)
        );
    }
}

/// RFC 9111 sections 4.3.1 to 4.3.5; the request's fields are those of another response too.
pub fn validations(message: &Message) {
    let (one, other) = (&message.request, &message.response);
    let nothing = HeaderMap::new();
    for stored in [vec![], vec![one], vec![one, other]] {
        let conditions = revalidation_headers(&nothing, stored.iter().copied());
        let sent = EntityTags::of(&conditions, IF_NONE_MATCH);
        let sent: Vec<_> = sent.iter().flat_map(EntityTags::iter).collect();
        let owned: Vec<_> = stored.iter().copied().filter_map(EntityTag::of).collect();
        assert!(sent.iter().all(|tag| owned.contains(tag)));
        // Of too long ones the rest is left out; no message here has more than two tags.
        assert!(owned.iter().all(|tag| sent.contains(tag)));
        assert!(stored.len() == 1 || !conditions.contains_key(IF_MODIFIED_SINCE));
        // A 304 that repeats the fields that were asked with is about what asked.
        if let ([stored], false) = (stored.as_slice(), conditions.is_empty()) {
            assert!(is_for_client(&conditions, stored, true), "{conditions:?}");
        }
    }

    let candidates = [one, other, one].map(|headers| Candidate {
        headers,
        date: Timestamp(0),
    });
    let updated: Vec<_> = to_update(&candidates, None, other).collect();
    assert!(updated.is_sorted_by(|a, b| a < b) && updated.iter().all(|index| *index < 3));
    assert_eq!(
        updated.contains(&0) && updated.len() > 1,
        updated.contains(&2)
    );

    let itself = on_head(StatusCode::OK, other, None, StatusCode::OK, other);
    let length = other.contains_key(http::header::CONTENT_LENGTH);
    assert!(length || itself == HeadOutcome::Update);
    let failed = on_head(StatusCode::OK, one, Some(1), StatusCode::NOT_FOUND, other);
    assert_eq!(failed, HeadOutcome::Nothing);
}
