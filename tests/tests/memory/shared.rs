//! An answer that a thousand calls read at once.

use bytes::Bytes;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_client_cache::{CacheBody, CacheLayer, MemoryStore};
use tower_client_call::CacheOutcome;

use crate::meter::Meter;
use crate::origin::{Made, Origin, request};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const LENGTH: usize = MIB;
const CALLS: usize = 1000;
/// What a call takes by itself: its place, its body, its frame.
const CALL: usize = 256;

#[tokio::test(start_paused = true)]
async fn who_read_one_after_the_other_share_what_is_kept() {
    for chunk in [16 * KIB, KIB] {
        let meter = Meter::start();
        let layer = CacheLayer::new(MemoryStore::new());

        for mut body in begin(&layer, chunk).await {
            let mut length = 0;
            while let Some(chunk) = next(&mut body).await {
                meter.look();
                length += chunk.len();
            }
            assert_eq!(length, LENGTH);
        }

        // Once in pieces, and once as they are joined.
        let peak = meter.peak();
        assert!(peak < 2 * LENGTH + CALLS * CALL, "{peak}: {chunk}");
    }
}

/// Pieces that are not full yet are copied for each: these are what can be so many.
#[tokio::test(start_paused = true)]
async fn who_read_at_once_have_no_more_than_a_piece_each() {
    const PIECE: usize = 16 * KIB;
    for (chunk, ahead, copied) in [
        (16 * KIB, 1, 0),
        (KIB, 1, KIB),
        // The worst: nearly a piece.
        (KIB, 15, PIECE),
    ] {
        let meter = Meter::start();
        let layer = CacheLayer::new(MemoryStore::new());
        let mut bodies = begin(&layer, chunk).await;
        let mut left = CALLS * LENGTH;

        while left > 0 {
            // The first is ahead; then each holds its chunk while the others get theirs.
            let mut held = Vec::new();
            for (index, body) in bodies.iter_mut().enumerate() {
                for _ in 0..if index == 0 { ahead } else { 1 } {
                    held.extend(next(body).await);
                }
                meter.look();
            }
            left -= held.iter().map(Bytes::len).sum::<usize>();
        }

        let peak = meter.peak();
        let bound = 2 * LENGTH + CALLS * (CALL + copied);
        assert!(peak < bound, "{peak}: {chunk}, {ahead} ahead");
    }
}

/// Begins calls of which one leads and the others follow.
async fn begin(layer: &CacheLayer, chunk: usize) -> Vec<CacheBody<Made>> {
    let service = layer.layer(Origin {
        cache_control: "max-age=60",
        length: LENGTH,
        chunk,
        announced: true,
    });
    let mut bodies = Vec::with_capacity(CALLS);
    for number in 0..CALLS {
        let response = service.clone().oneshot(request("/shared")).await.unwrap();
        let expected = match number {
            0 => CacheOutcome::Miss,
            _ => CacheOutcome::Collapsed,
        };
        assert_eq!(response.extensions().get(), Some(&expected));
        bodies.push(response.into_body());
    }
    bodies
}

async fn next(body: &mut CacheBody<Made>) -> Option<Bytes> {
    let frame = body.frame().await?;
    Some(frame.unwrap().into_data().unwrap())
}
