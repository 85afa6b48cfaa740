//! Credentials, and the metrics of requests.

use std::time::Duration;

use tower_client_metrics::Registry;

use super::{Order, Recommended, Swapped, Tokens};
use super::{calls, counted, measured, request, sends, status, values};
use crate::origin::{Origin, answer};
use crate::stack::{ask, stack};

const REQUESTS: &str = "http.client.request.duration";
const STATUS: &str = "http.response.status_code";

#[tokio::test(start_paused = true)]
async fn a_refused_request_is_measured_only_below_credentials() {
    let requests = async |order: Order| {
        let (origin, registry) = (Origin::answering([answer(401)]), Registry::new());
        let layers = order.of(Tokens::new().auth(), sends(&registry));
        let stack = stack([calls(&registry), layers], origin.service());

        assert_eq!(status(&ask(&stack, request()).await), 200);

        assert_eq!(origin.requests(), 2);
        let sends = counted(&registry, "http_call_sends_total");
        assert_eq!(counted(&registry, REQUESTS), sends);
        (sends, values(&registry, REQUESTS, STATUS))
    };

    let (sends, statuses) = requests(Recommended).await;
    assert_eq!((sends, &*statuses.join(" ")), (2, "200 401"));
    let (sends, statuses) = requests(Swapped).await;
    assert_eq!((sends, &*statuses.join(" ")), (1, "200"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_never_sent_is_measured_only_above_credentials() {
    let requests = async |order: Order| {
        let (origin, registry) = (Origin::default(), Registry::new());
        let tokens = Tokens::new().failing(|number| number == 1);
        let layers = order.of(tokens.auth(), sends(&registry));
        let stack = stack([calls(&registry), layers], origin.service());

        ask(&stack, request()).await.unwrap_err();

        assert_eq!(origin.requests(), 0);
        let sends = counted(&registry, "http_call_sends_total");
        assert_eq!(counted(&registry, REQUESTS), sends);
        sends
    };

    assert_eq!(requests(Recommended).await, 0);
    assert_eq!(requests(Swapped).await, 1);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_is_the_request_s_time_only_above_credentials() {
    let duration = async |order: Order| {
        let (origin, registry) = (Origin::default(), Registry::new());
        let tokens = Tokens::new().taking(Duration::from_secs(3));
        let layers = order.of(tokens.auth(), sends(&registry));
        let stack = stack([layers], origin.service());

        ask(&stack, request()).await.unwrap();

        measured(&registry, REQUESTS)
    };

    assert_eq!(duration(Recommended).await, Duration::ZERO);
    assert_eq!(duration(Swapped).await, Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn the_call_tells_of_tokens_and_replays_either_way() {
    for order in [Recommended, Swapped] {
        let (origin, registry) = (Origin::answering([answer(401)]), Registry::new());
        let layers = order.of(Tokens::new().auth(), sends(&registry));
        let stack = stack([calls(&registry), layers], origin.service());

        ask(&stack, request()).await.unwrap();

        for (name, expected) in [
            ("http_call_total", 1),
            ("http_call_attempts_total", 1),
            ("http_call_replays_total", 1),
            ("http_call_token_fetches_total", 2),
        ] {
            assert_eq!(counted(&registry, name), expected, "{order:?}: {name}");
        }
    }
}
