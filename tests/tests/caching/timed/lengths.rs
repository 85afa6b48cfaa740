//! Bodies that end well, but not where they said.

use crate::case::{get, ok};
use crate::scene::Scene;

// RFC 9111 section 3.3, RFC 9112 section 8.
#[tokio::test(start_paused = true)]
async fn a_body_of_another_length_than_announced_is_not_stored() {
    for length in ["2", "4", "3, 4", "three", "-3"] {
        let scene = Scene::new(|builder| builder);
        let fields = format!("cache-control: max-age=60 | content-length: {length}");

        scene.run(get("").passes(ok(fields.clone(), "one"))).await;
        scene.run(get("").passes(ok(fields, "two"))).await;
    }
}

// RFC 9110 section 8.6.
#[tokio::test(start_paused = true)]
async fn a_length_that_is_said_twice_is_told_once() {
    for lengths in [
        "content-length: 3, 3",
        "content-length: 3 | content-length: 3",
    ] {
        let scene = Scene::new(|builder| builder);
        let fields = format!("cache-control: max-age=60 | {lengths}");

        scene.run(get("").passes(ok(fields, "one"))).await;
        scene
            .run(get("").hits("one").with("content-length", "3"))
            .await;
    }
}
