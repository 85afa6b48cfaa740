//! A clone is another caller: it owes nothing to the original and has nothing of it.

use http::StatusCode;
use tests::soon;
use tower::{Service, ServiceExt};

use crate::layers::{Composition, LAYERS, request};
use crate::probe::Probe;

#[tokio::test(start_paused = true)]
async fn a_clone_works_after_the_original_is_gone() {
    for composition in Composition::all() {
        let name = composition.name();
        let probe = Probe::answering(StatusCode::OK);
        let mut original = composition.over(&probe);
        soon(original.ready()).await.expect(&name);
        let clone = original.clone();

        drop(original);

        soon(clone.oneshot(request())).await.expect(&name);
    }
}

#[tokio::test(start_paused = true)]
async fn original_and_clone_can_be_called_in_turns() {
    for layer in LAYERS {
        let probe = Probe::answering(StatusCode::OK).pausing(1);
        let mut original = (layer.over)(probe.stack());
        let mut clone = original.clone();

        soon(original.ready()).await.expect(layer.name);
        soon(clone.ready()).await.expect(layer.name);
        let first = original.call(request());
        let second = clone.call(request());
        soon(second).await.expect(layer.name);
        soon(first).await.expect(layer.name);

        assert_eq!(probe.called(), 2, "{}", layer.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clone_of_a_readied_service_asks_for_itself() {
    for layer in LAYERS {
        let probe = Probe::answering(StatusCode::OK);
        let mut original = (layer.over)(probe.stack());
        // What a layer obtains at its first call, for which it may let others go first.
        let ready = soon(original.ready()).await.expect(layer.name);
        soon(ready.call(request())).await.expect(layer.name);
        let before = (probe.readied(), probe.called());
        soon(original.ready()).await.expect(layer.name);

        // The probe panics if the clone takes the original's word for its own.
        let mut clone = original.clone();
        let ready = soon(clone.ready()).await.expect(layer.name);
        soon(ready.call(request())).await.expect(layer.name);
        soon(original.call(request())).await.expect(layer.name);

        let after = (before.0 + 2, before.1 + 2);
        assert_eq!((probe.readied(), probe.called()), after, "{}", layer.name);
    }
}
