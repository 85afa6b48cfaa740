//! A service is called after it said that it is ready: tower's contract.

use http::StatusCode;
use tests::soon;
use tower::{Service, ServiceExt};

use crate::layers::{Composition, request};
use crate::probe::Probe;

#[tokio::test(start_paused = true)]
async fn the_service_below_is_called_only_when_it_is_ready() {
    for composition in Composition::all() {
        for pauses in 0..3 {
            let name = composition.name();
            let probe = Probe::answering(StatusCode::OK).pausing(pauses);
            let mut stack = composition.over(&probe);

            for _ in 0..3 {
                let ready = soon(stack.ready()).await.expect(&name);
                soon(ready.call(request())).await.expect(&name);
            }

            assert_eq!(probe.called(), 3, "{name}");
            assert!(probe.readied() >= 3, "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn many_callers_at_once_are_all_served() {
    for composition in Composition::all() {
        let probe = Probe::answering(StatusCode::OK).pausing(2);
        let stack = composition.over(&probe);

        let calls: Vec<_> = std::iter::repeat_with(|| stack.clone().oneshot(request()))
            .take(20)
            .map(tokio::spawn)
            .collect();
        for call in calls {
            let name = composition.name();
            soon(call).await.expect(&name).expect(&name);
        }

        assert_eq!(probe.called(), 20, "{}", composition.name());
    }
}
