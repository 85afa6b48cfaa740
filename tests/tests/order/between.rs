//! Tower's own layers above, between and below all of ours: everything is as without them.

use std::time::Duration;

use tests::soon;
use tower::buffer::BufferLayer;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;

use crate::scene::{Client, Composition, Host, Scene};
use crate::stack::{Over, over};

/// How one of tower's layers is made, each with room for one call.
type Make = fn() -> Over;

const TOWERS: [Make; 3] = [
    || over(TimeoutLayer::new(Duration::from_secs(30))),
    || over(ConcurrencyLimitLayer::new(1)),
    || over(BufferLayer::new(1)),
];

/// Each of tower's layers at each place.
fn towers() -> impl Iterator<Item = (usize, Over)> {
    let places = 0..Composition::FULL;
    places.flat_map(|place| TOWERS.map(|make| (place, make())))
}

#[tokio::test]
async fn every_layer_does_what_it_does_without_them() {
    let host = Host::start().await;

    for faults in [vec![404], vec![200], vec![503, 200], vec![503; 3]] {
        for tower in towers() {
            let mut scene = Scene::with(Composition::full(), Some(tower), &host, &faults);

            scene.call().await;
            scene.call().await;

            scene.ends_as_the_model_says();
        }
    }
}

#[tokio::test]
async fn a_revoked_token_is_survived_with_them() {
    let host = Host::start().await;

    for tower in towers() {
        let mut scene = Scene::with(Composition::full(), Some(tower), &host, &[]);

        scene.call().await;
        scene.revoke().await;
        scene.call().await;

        scene.ends_as_the_model_says();
    }
}

#[tokio::test]
async fn calls_at_once_share_one_request_with_them() {
    let host = Host::start().await;

    for tower in towers() {
        let client = Client::new(Composition::full(), Some(tower), &host);
        let before = host.requests();
        eight_at_once(&client).await;
        assert_eq!(host.requests() - before, 1);

        host.revoke_all_tokens();
        client.cache.clear().await.unwrap();
        eight_at_once(&client).await;

        // One that is refused, and its replay.
        assert_eq!(host.requests() - before, 3);
    }
}

/// Makes eight calls at once, which all succeed.
async fn eight_at_once(client: &Client) {
    let call = || Box::pin(async { soon(client.call()).await.unwrap().status().as_u16() });
    let four = async || tokio::join!(call(), call(), call(), call());

    let ends = tokio::join!(four(), four());

    let all = (200, 200, 200, 200);
    assert_eq!(ends, (all, all));
}
