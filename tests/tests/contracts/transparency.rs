//! What a layer does not know passes through it, both ways.

use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use tests::soon;
use tower::ServiceExt;
use tower_client_call::{Operation, ResponseError};

use crate::layers::{Composition, request};
use crate::probe::{FRAMES, Mark, Probe, trailers};

#[tokio::test(start_paused = true)]
async fn a_request_arrives_as_it_was_made() {
    for composition in Composition::all() {
        let name = composition.name();
        let probe = Probe::answering(StatusCode::OK);
        let operation = Operation::new("order", "/v1/orders");
        let mut request = Request::new(Full::from("order"));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = "https://api.example/v1/orders?q=1".parse().unwrap();
        request.extensions_mut().insert(Mark(1));
        request.extensions_mut().insert(operation);
        for value in ["one", "two"] {
            let value = HeaderValue::from_static(value);
            request.headers_mut().append("x-nobody-knows", value);
        }

        soon(composition.over(&probe).oneshot(request))
            .await
            .expect(&name);

        let arrived = probe.request();
        assert_eq!(arrived.method, Method::POST, "{name}");
        assert_eq!(arrived.uri, "https://api.example/v1/orders?q=1", "{name}");
        assert_eq!(unknown(&arrived.headers), ["one", "two"], "{name}");
        assert_eq!(arrived.extensions.get(), Some(&Mark(1)), "{name}");
        assert_eq!(arrived.extensions.get(), Some(&operation), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_arrives_as_it_was_given() {
    for composition in Composition::all() {
        let name = composition.name();
        for status in [StatusCode::OK, StatusCode::NOT_MODIFIED] {
            let probe = Probe::answering(status).pausing(1);

            let answer = soon(composition.over(&probe).oneshot(request())).await;

            let (head, body) = answer.expect(&name).into_parts();
            assert_eq!(
                (head.status, head.version),
                (status, Version::HTTP_2),
                "{name}"
            );
            assert_eq!(unknown(&head.headers), ["one", "two"], "{name}");
            assert_eq!(head.extensions.get(), Some(&Mark(2)), "{name}");
            let body = soon(body.collect()).await.expect(&name);
            assert_eq!(body.trailers(), Some(&trailers()), "{name}");
            assert_eq!(body.to_bytes(), FRAMES.concat(), "{name}");
        }
    }
}

/// As an answer, or on the chain of the error it became.
#[tokio::test(start_paused = true)]
async fn the_head_of_a_refusal_is_not_lost() {
    for composition in Composition::all() {
        let name = composition.name();
        for status in [StatusCode::NOT_FOUND, StatusCode::SERVICE_UNAVAILABLE] {
            let probe = Probe::answering(status);

            let (seen, headers) = match soon(composition.over(&probe).oneshot(request())).await {
                Ok(answer) => (answer.status(), answer.headers().clone()),
                Err(error) => {
                    let answer = ResponseError::find(&*error).expect(&name);
                    (answer.status(), answer.headers().clone())
                }
            };

            assert_eq!(seen, status, "{name}");
            assert_eq!(unknown(&headers), ["one", "two"], "{name}");
        }
    }
}

fn unknown(headers: &HeaderMap) -> Vec<&HeaderValue> {
    headers.get_all("x-nobody-knows").iter().collect()
}
