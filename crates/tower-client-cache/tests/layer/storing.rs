//! What is stored, and served again.

use tower_client_cache::{Entry, Rule};
use tower_client_call::CacheOutcome;

use crate::given::{answer, cache, cache_with, ok, pass};

#[tokio::test(start_paused = true)]
async fn a_fresh_answer_is_served_again() {
    let given = cache();
    given
        .origin
        .reply(ok("cache-control: max-age=60 | etag: \"a\"", "one"));

    let first = given.get("").await;
    pass(10).await;
    let second = given.get("").await;
    let third = given.get("").await;

    assert_eq!(first.outcome, CacheOutcome::Miss);
    assert_eq!(second.outcome, CacheOutcome::Hit);
    assert_eq!(first.text(), "one");
    assert_eq!(second.text(), "one");
    assert_eq!(second.field("age"), "10");
    assert_eq!(third.field("age"), "10");
    assert_eq!(
        first.cache_status(),
        "tower-client-cache; fwd=uri-miss; stored; ttl=60"
    );
    assert_eq!(second.cache_status(), "tower-client-cache; hit; ttl=50");
    assert_eq!(third.cache_status(), "tower-client-cache; hit; ttl=50");
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_validated() {
    let given = cache();
    given
        .origin
        .reply(ok("cache-control: max-age=60 | etag: \"a\"", "one"));
    given.get("").await;
    pass(61).await;
    given
        .origin
        .reply(answer(304, "etag: \"a\" | cache-control: max-age=30", ""));

    let validated = given.get("").await;
    let hit = given.get("").await;

    assert_eq!(given.origin.last().headers()["if-none-match"], "\"a\"");
    assert_eq!(validated.outcome, CacheOutcome::Revalidated);
    assert_eq!(validated.text(), "one");
    assert_eq!(validated.field("age"), "0");
    assert_eq!(hit.outcome, CacheOutcome::Hit);
    assert_eq!(hit.cache_status(), "tower-client-cache; hit; ttl=30");
}

#[tokio::test(start_paused = true)]
async fn a_rule_can_look_at_what_is_to_be_stored() {
    let minute = std::time::Duration::from_secs(60);
    let is_good = |entry: &Entry| !entry.content().to_bytes().starts_with(b"error");
    let given = cache_with(|builder| builder.rules(Rule::fixed(minute).store_if(is_good)));
    given.origin.reply(ok("", "error: try again"));
    given.origin.reply(ok("", "one"));

    let [first, second, third] = [
        given.get("").await,
        given.get("").await,
        given.get("").await,
    ];

    assert_eq!(first.text(), "error: try again");
    assert_eq!((second.text(), second.outcome), ("one", CacheOutcome::Miss));
    assert_eq!((third.text(), third.outcome), ("one", CacheOutcome::Hit));
}

#[tokio::test(start_paused = true)]
async fn what_is_longer_than_an_entry_may_be_is_passed_on_and_not_stored() {
    let given = cache_with(|builder| builder.max_entry(5));
    for (fields, text, stored) in [
        (
            "cache-control: max-age=60 | content-length: 5",
            "first",
            true,
        ),
        (
            "cache-control: max-age=60 | content-length: 6",
            "second",
            false,
        ),
        // Nobody knows before it is all here.
        ("cache-control: max-age=60", "fourth", false),
    ] {
        given.origin.reply(ok(fields, text));

        let got = given.get_at(&format!("/{text}"), "").await;

        assert_eq!(got.text(), text);
        let key = given.handle.key(
            None,
            &format!("https://api.example/{text}").parse().unwrap(),
        );
        let entries = given.handle.entry(&key.unwrap()).await.unwrap();
        assert_eq!(entries.len() == 1, stored, "{text}");
    }
}
