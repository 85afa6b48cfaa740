//! A long answer, to a caller that keeps nothing of it.

use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_client_cache::{CacheLayer, MemoryStore};

use crate::meter::Meter;
use crate::origin::{Origin, request};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const LENGTH: usize = 64 * MIB;

#[tokio::test(start_paused = true)]
async fn what_is_too_long_is_passed_on_in_little_more_than_it_may_have() {
    for origin in origins() {
        let meter = Meter::start();
        let layer = layer(4 * MIB);

        read(&layer, origin, &meter).await;

        let peak = meter.peak();
        assert!(peak < 6 * MIB, "{peak}: {origin:?}");
        let left = meter.look();
        assert!(left < MIB, "{left} are left: {origin:?}");
        assert_eq!(layer.handle().size().await.unwrap().entries, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_and_served_takes_hardly_more_than_its_length() {
    for origin in origins() {
        let meter = Meter::start();
        let layer = layer(2 * LENGTH);

        for _ in 0..2 {
            read(&layer, origin, &meter).await;
        }

        let peak = meter.peak();
        assert!(peak < LENGTH / 10 * 11, "{peak}: {origin:?}");
        assert_eq!(layer.handle().stats().hits, 1);
        assert!(meter.look() >= LENGTH, "the measure itself has changed");
    }
}

/// In long chunks and in short ones, with and without a length.
fn origins() -> impl Iterator<Item = Origin> {
    [16 * KIB, KIB].into_iter().flat_map(|chunk| {
        [true, false].map(|announced| Origin {
            cache_control: "max-age=60",
            length: LENGTH,
            chunk,
            announced,
        })
    })
}

fn layer(max_entry: usize) -> CacheLayer {
    let store = MemoryStore::builder().max_bytes(2 * LENGTH);
    let layer = CacheLayer::builder(store.build().unwrap());
    let max_entry = u64::try_from(max_entry).unwrap();
    layer.max_entry(max_entry).build().unwrap()
}

/// Reads an answer to its end and drops each chunk; looks while it has it.
async fn read(layer: &CacheLayer, origin: Origin, meter: &Meter) {
    let response = layer.layer(origin).oneshot(request("/long")).await.unwrap();
    let mut body = response.into_body();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        meter.look();
        length += frame.unwrap().into_data().unwrap().len();
    }
    assert_eq!(length, LENGTH);
}
