//! One way to write each URI, and no way out of an origin.

use http::{Method, StatusCode, Uri};
use tower_client_cache::policy::{cache_key_uri, invalidates, targets};

use crate::message::Message;

/// RFC 9110 section 4.2.3 and RFC 9111 section 4.4.
pub fn normal_forms(message: &Message) {
    assert!(!invalidates(&Method::GET, StatusCode::OK));
    let Some(target) = &message.target else {
        return;
    };
    let key = cache_key_uri(target);
    is_normal(&key);
    assert!(key.to_string().len() <= target.to_string().len() + 1);

    let named: Vec<_> = targets(target, &message.response).collect();
    assert_eq!(named.first(), Some(&key));
    for named in &named {
        is_normal(named);
        assert_eq!(named.scheme(), key.scheme());
        assert_eq!(named.host(), key.host(), "another origin's");
        assert_eq!(named.port_u16(), key.port_u16(), "another origin's");
    }
}

fn is_normal(key: &Uri) {
    assert_eq!(cache_key_uri(key), *key);
    assert_eq!(cache_key_uri(key).to_string(), key.to_string());
    let host = key.host().unwrap_or_default();
    assert_eq!(host, host.to_ascii_lowercase());
    let read = key.to_string().parse::<Uri>();
    assert!(
        key.authority().is_none() || read.as_ref().is_ok_and(|read| read == key),
        "{key} {read:?}"
    );
}
