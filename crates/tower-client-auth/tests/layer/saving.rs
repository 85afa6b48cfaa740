//! Credentials that cannot be stored.

use tower_client_auth::AuthErrorKind;

use crate::script::{
    Api, HOUR, MILLISECOND, Memory, Op, SECOND, Source, fail, living, named, over, pass, secret,
    storing, succeed,
};

#[tokio::test(start_paused = true)]
async fn a_save_that_fails_is_tried_again_after_a_tenth_of_a_second_and_a_second() {
    for (failures, saved_at) in [(1, 100), (2, 1100)] {
        let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
        memory.fail(Op::Save, failures);

        succeed(&over(storing(&source, &memory), &api)).await;

        assert_eq!(api.seen()[0].at, saved_at * MILLISECOND);
        assert_eq!(memory.kept().as_deref(), Some("token-1"));
        assert_eq!(source.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_saved_is_used_all_the_same() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.fail(Op::Save, 100);
    let client = over(storing(&source, &memory), &api);

    succeed(&client).await;
    succeed(&client).await;

    assert_eq!(api.seen()[0].at, 1100 * MILLISECOND);
    assert_eq!((memory.count(Op::Save), memory.kept()), (3, None));
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_next_fetch_goes_on_from_what_was_not_saved_and_is_saved() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    pass(HOUR).await;
    memory.fail(Op::Save, 3);
    succeed(&client).await;
    assert_eq!(memory.kept().as_deref(), Some("token-1"));

    pass(HOUR).await;
    succeed(&client).await;

    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-2");
    assert_eq!(api.tokens(), ["token-1", "token-2", "token-3"]);
    assert_eq!(memory.kept().as_deref(), Some("token-3"));
}

#[tokio::test(start_paused = true)]
async fn a_save_that_does_not_answer_is_given_up_and_the_credential_used() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.hang(Op::Save);
    let client = over(storing(&source, &memory).fetch_timeout(SECOND), &api);

    succeed(&client).await;

    assert_eq!(api.seen()[0].at, SECOND);
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_expired_while_it_was_saved_is_not_sent() {
    let (source, api) = (Source::of([living(SECOND)]), Api::new());
    let memory = Memory::default();
    memory.delay(Op::Save, 2 * SECOND);
    let client = over(storing(&source, &memory), &api);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert_eq!(api.seen().len(), 0);
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_no_header_can_carry_is_not_stored() {
    let (source, api) = (Source::of([named("two\nlines")]), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);

    let error = fail(&client).await;
    pass(2 * SECOND).await;
    succeed(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Unusable);
    assert_eq!((source.count(), memory.count(Op::Save)), (2, 1));
    assert_eq!(memory.kept().as_deref(), Some("token-2"));
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_adopted_from_a_store_that_could_not_be_written() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    memory.fail(Op::Save, 3);
    api.revoke("token-1");
    succeed(&client).await;
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
    api.revoke("token-2");
    pass(10 * SECOND).await;

    succeed(&client).await;

    assert_eq!(
        api.tokens(),
        ["token-1", "token-1", "token-2", "token-2", "token-3"]
    );
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-2");
}

#[tokio::test(start_paused = true)]
async fn no_refresh_token_is_spent_twice_when_its_successor_could_not_be_saved() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    succeed(&client).await;
    memory.fail(Op::Save, 3);

    for _ in 0..3 {
        provider.refresh(&owner).await.unwrap();
    }

    let asked = source.asked().into_iter().filter_map(|it| it.previous);
    let spent: Vec<_> = asked.map(|it| secret(&it).to_owned()).collect();
    assert_eq!(spent, ["token-1", "token-2", "token-3"]);
    assert_eq!(memory.kept().as_deref(), Some("token-4"));
}
