//! Every subset of the layers, with a layer of the user's own at each place: what each does where it
//! is, and does not where it is not.

use crate::scene::{Composition, Host, Scene};

#[tokio::test]
async fn a_404_is_a_typed_error_where_there_is_an_error_layer() {
    let host = Host::start().await;

    for composition in Composition::all() {
        let mut scene = Scene::of(composition, &host, &[404]);

        scene.call().await;

        scene.ends_as_the_model_says();
    }
}

#[tokio::test]
async fn a_second_read_is_no_request_where_there_is_a_cache() {
    let host = Host::start().await;

    for composition in Composition::all() {
        let mut scene = Scene::of(composition, &host, &[200, 200]);

        scene.call().await;
        scene.call().await;

        scene.ends_as_the_model_says();
    }
}

#[tokio::test]
async fn a_503_is_survived_where_there_are_retries() {
    let host = Host::start().await;

    for faults in [vec![503, 503, 200], vec![503; 4]] {
        for composition in Composition::all() {
            let mut scene = Scene::of(composition, &host, &faults);

            scene.call().await;

            scene.ends_as_the_model_says();
        }
    }
}

#[tokio::test]
async fn a_revoked_token_is_survived_where_there_are_credentials() {
    let host = Host::start().await;

    for composition in Composition::all() {
        let mut scene = Scene::of(composition, &host, &[]);

        scene.call().await;
        scene.revoke().await;
        scene.call().await;

        scene.ends_as_the_model_says();
    }
}
