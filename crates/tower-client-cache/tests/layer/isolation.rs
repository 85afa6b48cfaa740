//! Whose an answer is, and of which resource.

use std::io;
use std::time::Duration;

use http::{HeaderValue, Uri};
use tower_client_cache::{Rule, ValueError};

use crate::calls::{FRESH, get, of, tell};
use crate::given::{cache, cache_with, ok};

const MINUTE: Duration = Duration::from_secs(60);

// RFC 9110 section 7.1, RFC 9111 section 2: the key is the target URI, of which Host is a part.
#[tokio::test(start_paused = true)]
async fn origin_form_targets_of_two_hosts_are_two_resources() {
    let given = cache();
    tell(&given.origin, "host", FRESH);

    for host in ["a", "b"] {
        let mut request = get("");
        *request.uri_mut() = Uri::from_static("/");
        let host_field = HeaderValue::from_static(host);
        request.headers_mut().insert("host", host_field);

        assert_eq!(given.call(request).await.unwrap().text(), host);
    }
}

// RFC 9110 section 7.2: a server may answer by Host whatever the connection is to.
#[tokio::test(start_paused = true)]
async fn a_host_that_is_not_the_authority_is_another_resource() {
    let given = cache();
    tell(&given.origin, "host", FRESH);

    assert_eq!(given.get("host: a").await.text(), "a");
    assert_eq!(given.get("host: b").await.text(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_shared_cache_keeps_sensitive_fields_apart() {
    let given = cache_with(|builder| builder.shared());
    tell(&given.origin, "x-api-key", FRESH);

    for secret in ["a", "b"] {
        let mut request = get("");
        let mut value = HeaderValue::from_static(secret);
        value.set_sensitive(true);
        request.headers_mut().insert("x-api-key", value);

        assert_eq!(given.call(request).await.unwrap().text(), secret);
    }
}

// RFC 9111 section 3.5
#[tokio::test(start_paused = true)]
async fn a_fixed_rule_does_not_share_what_took_a_credential() {
    let given = cache_with(|builder| builder.shared().rules(Rule::fixed(MINUTE)));
    tell(&given.origin, "authorization", "cache-control: private");

    assert_eq!(given.get("authorization: a").await.text(), "a");
    assert_eq!(given.get("authorization: b").await.text(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_value_is_never_served_as_a_response() {
    let given = cache();
    let uri = Uri::from_static("https://api.example/");
    let key = given.handle.key(None, &uri).unwrap();
    given.origin.reply(ok(FRESH, "answer"));

    let make = || async { Ok::<u8, io::Error>(7) };
    let refused = given.handle.get_or_set(&key, MINUTE, make).await;

    assert!(matches!(refused, Err(ValueError::Key)));
    assert_eq!(given.get("").await.text(), "answer");
}

#[tokio::test(start_paused = true)]
async fn what_varies_by_a_credential_is_not_stored_with_it() {
    let given = cache();
    given
        .origin
        .always(|_| ok("cache-control: max-age=60 | vary: x-api-key", "own"));
    for (is_sensitive, stored) in [(true, 0), (false, 1)] {
        let mut key = HeaderValue::from_static("s3cret");
        key.set_sensitive(is_sensitive);
        let mut request = of("anna", get(""));
        request.headers_mut().insert("x-api-key", key);

        given.call(request).await.unwrap();

        assert_eq!(given.handle.size().await.unwrap().entries, stored);
    }
}
