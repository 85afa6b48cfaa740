//! Values that are no responses.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::task::JoinSet;
use tower_client_cache::{CacheHandle, Key, ValueError};
use tower_client_call::Principal;

use crate::given::{cache, pass};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_value_is_made_once_in_its_lifetime() {
    let handle = cache().handle;
    let key = handle.value_key(None, "rates").unwrap();

    assert_eq!(value(&handle, &key, 1).await, 1);
    pass(59).await;
    assert_eq!(value(&handle, &key, 2).await, 1);
    pass(1).await;
    assert_eq!(value(&handle, &key, 3).await, 3);

    let info = &handle.entry(&key).await.unwrap()[0];
    assert_eq!((info.accesses, info.length), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn those_who_want_it_meanwhile_wait_for_it() {
    let handle = cache().handle;
    let key = handle.value_key(None, "rates").unwrap();
    let made = Arc::new(AtomicUsize::new(0));
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let (handle, key, made) = (handle.clone(), key.clone(), Arc::clone(&made));
        calls.spawn(async move {
            let make = || async {
                tokio::time::sleep(MINUTE / 6).await;
                Ok::<_, io::Error>(made.fetch_add(1, SeqCst))
            };
            handle.get_or_set(&key, MINUTE, make).await.unwrap()
        });
    }

    while let Some(value) = calls.join_next().await {
        assert_eq!(value.unwrap(), 0);
    }

    assert_eq!(made.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn who_makes_it_and_leaves_hands_over() {
    let handle = cache().handle;
    let key = handle.value_key(None, "rates").unwrap();
    let (first, waiting) = ((handle.clone(), key.clone()), (handle.clone(), key.clone()));
    let first = tokio::spawn(async move {
        let make = || std::future::pending::<Result<u32, io::Error>>();
        first.0.get_or_set(&first.1, MINUTE, make).await.unwrap()
    });
    tokio::task::yield_now().await;
    let waiting = tokio::spawn(async move { value(&waiting.0, &waiting.1, 7).await });
    tokio::task::yield_now().await;

    first.abort();

    assert_eq!(waiting.await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_returned_and_not_kept() {
    let handle = cache().handle;
    let key = handle.value_key(None, "rates").unwrap();

    let failing = || async { Err::<u32, _>(io::Error::other("no rates today")) };
    let failed = handle.get_or_set(&key, MINUTE, failing).await;

    assert!(matches!(failed, Err(ValueError::Make(_))));
    assert_eq!(value(&handle, &key, 4).await, 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_of_another_type_is_replaced() {
    let handle = cache().handle;
    let key = handle.value_key(None, "rates").unwrap();
    let text = || async { Ok::<_, io::Error>(String::from("1")) };
    handle.get_or_set(&key, MINUTE, text).await.unwrap();

    assert_eq!(value(&handle, &key, 5).await, 5);
    assert_eq!(value(&handle, &key, 6).await, 5);
}

#[tokio::test(start_paused = true)]
async fn each_principal_has_its_own_and_can_be_forgotten() {
    let handle = cache().handle;
    let [anna, bert] = ["anna", "bert"].map(Principal::new);
    let [of_anna, of_bert] =
        [&anna, &bert].map(|owner| handle.value_key(Some(owner), "rates").unwrap());
    assert_eq!(value(&handle, &of_anna, 1).await, 1);
    assert_eq!(value(&handle, &of_bert, 2).await, 2);

    assert_eq!(handle.invalidate_principal(&anna).await.unwrap(), 1);

    assert_eq!(value(&handle, &of_anna, 3).await, 3);
    assert_eq!(value(&handle, &of_bert, 4).await, 2);
}

async fn value(handle: &CacheHandle, key: &Key, next: u32) -> u32 {
    let make = || async { Ok::<_, io::Error>(next) };
    handle.get_or_set(key, MINUTE, make).await.unwrap()
}
