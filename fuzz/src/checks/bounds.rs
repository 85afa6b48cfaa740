//! What is made of a message is not longer than the message.

use http::HeaderMap;
use http::header::{CONTENT_LOCATION, IF_NONE_MATCH, LOCATION};
use tower_client_cache::policy::{
    ResponseDirectives, Vary, not_modified_fields, revalidation_headers, targets,
};

/// Counts names, lines and bytes.
pub fn outputs_are_no_longer_than_inputs(headers: &HeaderMap) {
    let input = bytes(headers);
    let directives = ResponseDirectives::of(headers);
    for fields in [&directives.no_cache_fields, &directives.private_fields] {
        assert!(fields.is_sorted_by(|a, b| a.as_str() < b.as_str()));
        let names: usize = fields.iter().map(|name| name.as_str().len()).sum();
        assert!(names <= input);
    }
    if let Some(vary) = Vary::of(headers, headers) {
        let names: usize = vary.names().map(|name| name.as_str().len()).sum();
        assert!(names <= input);
    }
    assert!(bytes(&not_modified_fields(headers, &[])) <= input);

    let conditions = revalidation_headers(&HeaderMap::new(), [headers, headers]);
    let tags = conditions.get(IF_NONE_MATCH).map_or(0, |tags| tags.len());
    assert!(tags <= input.min(4096));

    let target = "http://example.com/a/b?c".parse().expect("a URI");
    let named = headers.get_all(LOCATION).iter();
    let named = named.chain(headers.get_all(CONTENT_LOCATION)).count();
    let targets: Vec<_> = targets(&target, headers).collect();
    assert!(targets.len() <= 1 + named);
    // What has no base of its own has that of the target.
    let length: usize = targets.iter().map(|target| target.to_string().len()).sum();
    assert!(length <= (1 + named) * "http://example.com/a/b?c".len() + input);
}

fn bytes(headers: &HeaderMap) -> usize {
    let line =
        |(name, value): (&http::HeaderName, &http::HeaderValue)| name.as_str().len() + value.len();
    headers.iter().map(line).sum()
}
