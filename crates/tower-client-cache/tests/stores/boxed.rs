//! A store whose type is not told.

use tower_client_cache::{BoxStore, MemoryStore, Store};

use crate::entries::{entry, key, texts};
use crate::peering::Peering;

#[tokio::test]
async fn it_answers_as_the_store_in_it_does() {
    let (memory, shared) = (MemoryStore::new(), Peering::default().process());
    let [memory, shared] = [BoxStore::new(memory), BoxStore::new(shared)];
    let cars = key("/cars");
    for store in [&memory, &shared] {
        store.put(&cars, entry("en", 0, "one")).await.unwrap();
    }

    assert_eq!(texts(&memory.peek(&cars).unwrap()), ["one"]);
    assert!(shared.peek(&cars).is_none());
    assert!(memory.peers().is_none() && shared.peers().is_some());
}

#[tokio::test]
async fn a_clone_is_the_same_store() {
    let store = BoxStore::new(MemoryStore::new());
    let cars = key("/cars");

    store
        .clone()
        .put(&cars, entry("en", 0, "one"))
        .await
        .unwrap();

    assert_eq!(texts(&store.get(&cars).await.unwrap()), ["one"]);
    assert!(format!("{store:?}").starts_with("MemoryStore { entries: 1,"));
}
