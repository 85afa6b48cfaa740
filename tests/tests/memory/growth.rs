//! Many calls, one after the other: what they leave behind.

use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_call::Principal;

use crate::meter::Meter;
use crate::origin::{Origin, request};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const ENTRIES: usize = 1000;
const RESOURCES: usize = 100_000;
/// Of so many one may not be stored.
const UNSTORED: usize = 8;

#[tokio::test(start_paused = true)]
async fn what_is_live_does_not_grow_with_the_number_of_calls() {
    let meter = Meter::start();
    let store = MemoryStore::builder().max_entries(ENTRIES).build();
    let layer = CacheLayer::new(store.unwrap());
    let half = RESOURCES / 2;
    let [mut after_half, mut after_all] = [0; 2];

    for (resources, live) in [
        (0..half, &mut after_half),
        (half..RESOURCES, &mut after_all),
    ] {
        for number in resources {
            call_twice(&layer, number).await;
        }
        *live = meter.look();
    }

    let grown = after_all.saturating_sub(after_half);
    assert!(grown < 16 * KIB, "{after_half} became {after_all}");
    let stats = layer.handle().stats();
    let unstored = RESOURCES / UNSTORED;
    let hits = u64::try_from(RESOURCES - unstored).unwrap();
    let misses = u64::try_from(RESOURCES + unstored).unwrap();
    assert_eq!((stats.hits, stats.misses), (hits, misses));
    assert_eq!(stats.in_flight, 0);
    let size = layer.handle().size().await.unwrap();
    assert_eq!(size.entries, u64::try_from(ENTRIES).unwrap());
    let weight = usize::try_from(size.bytes).unwrap();
    assert!(after_all < weight + MIB, "{after_all} for {weight}");
}

/// A call that is a miss, and one that is a hit; each resource is somebody else's.
async fn call_twice(layer: &CacheLayer, number: usize) {
    let is_unstored = number.is_multiple_of(UNSTORED);
    let service = layer.layer(Origin {
        cache_control: if is_unstored {
            "no-store"
        } else {
            "max-age=60"
        },
        length: KIB,
        chunk: KIB,
        announced: true,
    });
    for _ in 0..2 {
        let mut request = request(&format!("/things/{number}"));
        let principal = Principal::new(format!("user {number}"));
        request.extensions_mut().insert(principal);
        let response = service.clone().oneshot(request).await.unwrap();
        let content = response.into_body().collect().await.unwrap();
        assert_eq!(content.to_bytes().len(), KIB);
    }
}
