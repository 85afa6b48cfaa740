//! A layer works around any service, whatever its errors are.

use std::convert::Infallible;

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tests::soon;
use tokio::net::TcpListener;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceExt, service_fn};
use tower_client_call::{Delivery, ResponseError};

use crate::layers::{LAYERS, Layered, Stack, boxed, request};
use crate::origin::{Origin, client};

#[tokio::test]
async fn every_layer_works_around_hypers_client() {
    let origin = Origin::start().await;
    for layer in LAYERS {
        for stack in over_hyper(layer) {
            for path in ["/", "/missing"] {
                let answer = soon(stack.clone().oneshot(origin.request(path))).await;

                assert_eq!(status(&answer), expected(path), "{} {path}", layer.name);
                if let Ok(answer) = answer {
                    let body = soon(answer.into_body().collect()).await.unwrap();
                    assert_eq!(body.to_bytes(), "an answer", "{} {path}", layer.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn every_layer_keeps_what_hyper_says_of_a_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    for layer in LAYERS {
        for stack in over_hyper(layer) {
            let request = Request::post(&uri).body(Full::from("order")).unwrap();

            let error = soon(stack.oneshot(request)).await.unwrap_err();

            assert_eq!(Delivery::of(&*error), Delivery::NotSent, "{}", layer.name);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_layer_works_around_a_service_that_cannot_fail() {
    for layer in LAYERS {
        for status in [StatusCode::OK, StatusCode::NOT_FOUND] {
            let service = service_fn(move |_| async move {
                let body = Full::from("an answer")
                    .map_err(BoxError::from)
                    .boxed_unsync();
                let mut response = Response::new(body);
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            });
            let stack = (layer.over_infallible)(BoxCloneSyncService::new(service));

            let answer = soon(stack.oneshot(request())).await;

            assert_eq!(self::status(&answer), status, "{}", layer.name);
        }
    }
}

/// The layer around hyper's client with its own error type, and with a boxed one.
fn over_hyper(layer: &Layered) -> [Stack; 2] {
    [(layer.over_hyper)(client()), (layer.over)(boxed(client()))]
}

fn expected(path: &str) -> StatusCode {
    match path {
        "/missing" => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    }
}

/// The status of an answer, also of one that became an error.
fn status<B>(answer: &Result<Response<B>, BoxError>) -> StatusCode {
    match answer {
        Ok(answer) => answer.status(),
        Err(error) => ResponseError::find(&**error).unwrap().status(),
    }
}
