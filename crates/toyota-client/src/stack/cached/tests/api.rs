//! A transport with one answer for everything.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Request, Response, StatusCode, Uri};
use tower::service_fn;
use tower_client::auth::Credential;
use tower_client::call::Principal;
use tower_client::retry::RetryLayer;

use crate::{Body, ToyotaClient, ToyotaClientBuilder};

/// A transport with one answer for everything.
#[derive(Clone)]
pub(super) struct Api(Arc<Mutex<State>>);

struct State {
    answer: (StatusCode, &'static str),
    asked: Vec<Asked>,
}

/// What came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) uri: Uri,
    pub(super) vin: Option<String>,
    pub(super) principal: Option<Principal>,
}

impl Api {
    pub(super) fn answering(status: u16, body: &'static str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self(Arc::new(Mutex::new(State {
            answer: (status, body),
            asked: Vec::new(),
        })))
    }

    pub(super) fn answer(&self, status: u16, body: &'static str) {
        self.state().answer = (StatusCode::from_u16(status).unwrap(), body);
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client that is signed in, repeats nothing and asks here.
    pub(super) fn client(&self, builder: ToyotaClientBuilder) -> ToyotaClient {
        let service = self.clone();
        let transport = service_fn(move |request: Request<Body>| {
            let service = service.clone();
            async move { Ok::<_, Infallible>(service.serve(&request)) }
        });
        let retry = RetryLayer::builder().max_attempts(1).without_cool_down();
        let builder = builder.retry(retry).credential(Credential::new("token"));
        builder.service(transport).build().unwrap()
    }

    fn serve(&self, request: &Request<Body>) -> Response<Body> {
        let mut state = self.state();
        let vin = request.headers().get("vin");
        state.asked.push(Asked {
            uri: request.uri().clone(),
            vin: vin.map(|vin| vin.to_str().unwrap().to_owned()),
            principal: Principal::of(request).cloned(),
        });
        let (status, body) = state.answer;
        let mut answer = Response::new(Body::from(body));
        *answer.status_mut() = status;
        answer
    }
}
