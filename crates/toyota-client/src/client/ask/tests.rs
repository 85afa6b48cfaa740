//! By which routes a feature is asked, over a service that has some of them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tower::service_fn;

use super::*;
use crate::{Body, Clock, Config, Kind, Memory};

const NEW: &str = "/v1/vehicle/electric/status";
const OLD: &str = "/v1/global/remote/electric/status";

/// A path, and the status and words that it is answered with.
type Known = (&'static str, u16, &'static str);

/// A service, what it was asked, and its time.
#[derive(Clone)]
struct Service {
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<Known>>>,
    hours: Arc<Mutex<i64>>,
    memory: Memory,
}

impl Service {
    /// One that answers by these paths so, and by all others with what it says of unknown ones.
    fn with(answers: &[Known]) -> Self {
        Self {
            asked: Arc::default(),
            answers: Arc::new(Mutex::new(answers.to_vec())),
            hours: Arc::default(),
            memory: Memory::in_process(),
        }
    }

    fn change(&self, answers: &[Known]) {
        *self.answers.lock().unwrap() = answers.to_vec();
    }

    fn later(&self, hours: i64) {
        *self.hours.lock().unwrap() += hours;
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        self.asked.lock().unwrap().push(path.to_owned());
        let answers = self.answers.lock().unwrap();
        let found = answers.iter().find(|(known, _, _)| *known == path);
        let (status, detail) = found.map_or((403, "Unauthorized"), |it| (it.1, it.2));
        let body = match status {
            200 => json!({"payload": {"answered": path}}),
            _ => json!({"status": {"messages": [{
                "responseCode": "APIGW-403", "detailedDescription": detail,
            }]}}),
        };
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Response::builder().status(status);
        answer.body(Body::from(body.to_string())).unwrap()
    }

    fn client(&self) -> ToyotaClient<impl HttpService> {
        let (service, hours) = (self.clone(), Arc::clone(&self.hours));
        let answer = move |request| {
            let answer = service.answer(&request);
            async { Ok::<_, Infallible>(answer) }
        };
        let now =
            move || Timestamp::UNIX_EPOCH + SignedDuration::from_hours(*hours.lock().unwrap());
        ToyotaClient::new(service_fn(answer), &Config::new())
            .by_clock(Clock::from_fn(now))
            .remembering(self.memory.clone())
    }

    async fn electric(&self, vin: &str) -> Result<Value, Error> {
        let vin = Vin::new(vin).unwrap();
        let client = self.client();
        // As an answer to anything: from then on a refusal is one of a route.
        client.vehicles().await.unwrap();
        self.asked();
        client.ask(Ask::of(Feature::Electric, Some(&vin))).await
    }
}

const CARS: Known = ("/v2/vehicle/guid", 200, "");

#[tokio::test(start_paused = true)]
async fn the_next_route_is_asked_where_one_is_refused_and_the_first_is_left_alone_for_a_day() {
    let service = Service::with(&[CARS, (OLD, 200, "")]);

    let answer = service.electric("V1").await.unwrap();
    assert_eq!(answer["payload"]["answered"], OLD);
    assert_eq!(service.asked(), [NEW, OLD]);

    service.electric("V1").await.unwrap();
    assert_eq!(service.asked(), [OLD]);

    // What one car does not have another may.
    service.electric("V2").await.unwrap();
    assert_eq!(service.asked(), [NEW, OLD]);

    service.later(24);
    service.electric("V1").await.unwrap();
    assert_eq!(service.asked(), [NEW, OLD]);
}

#[tokio::test(start_paused = true)]
async fn a_function_that_moves_is_followed_at_once() {
    let service = Service::with(&[CARS, (OLD, 200, "")]);
    service.electric("V1").await.unwrap();
    service.asked();

    // The new route was refused an hour ago; but now the old one is.
    service.change(&[CARS, (NEW, 200, "")]);
    service.later(1);
    let answer = service.electric("V1").await.unwrap();
    assert_eq!(answer["payload"]["answered"], NEW);
    assert_eq!(service.asked(), [OLD, NEW]);

    service.electric("V1").await.unwrap();
    assert_eq!(service.asked(), [NEW]);
}

#[tokio::test(start_paused = true)]
async fn what_every_route_refused_is_not_asked_for_again_within_a_day() {
    let service = Service::with(&[CARS]);

    // Three times in a row is no bad moment of the service.
    for _ in 0..3 {
        let error = service.electric("V1").await.unwrap_err();
        assert_eq!(
            (error.status(), service.asked().len()),
            (Some(StatusCode::FORBIDDEN), 2)
        );
    }

    let error = service.electric("V1").await.unwrap_err();
    assert_eq!(error.kind(), Kind::ActionNotSupported);
    assert_eq!(error.operation(), "electric");
    assert!(service.asked().is_empty());

    service.later(24);
    service.electric("V1").await.unwrap_err();
    assert_eq!(service.asked(), [NEW, OLD]);
}

#[tokio::test(start_paused = true)]
async fn only_a_refusal_of_the_route_leads_to_the_next() {
    for (status, detail) in [
        (403, "invalid guid and vin mapping"),
        (403, "\"Forbidden\""),
        (403, "invalid token could not authorize"),
        (429, "Unauthorized"),
        (500, "Command execution interrupted. Try again."),
        (400, ""),
    ] {
        let service = Service::with(&[CARS, (NEW, status, detail), (OLD, 200, "")]);

        let error = service.electric("V1").await.unwrap_err();

        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(service.asked(), [NEW], "{status} {detail}");
        service.change(&[CARS, (NEW, 200, "")]);
        let answer = service.electric("V1").await.unwrap();
        assert_eq!(answer["payload"]["answered"], NEW);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_learnt_only_of_a_service_that_then_answers() {
    // What refuses one route and fails by the next may be refusing by mistake.
    let service = Service::with(&[CARS, (OLD, 503, "")]);
    for _ in 0..4 {
        let error = service.electric("V1").await.unwrap_err();

        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(service.asked(), [NEW, OLD]);
    }

    service.change(&[CARS, (NEW, 200, ""), (OLD, 200, "")]);
    let answer = service.electric("V1").await.unwrap();
    assert_eq!(answer["payload"]["answered"], NEW);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_nothing_was_ever_answered_learns_nothing_of_routes() {
    let service = Service::with(&[]);
    let client = service.client();
    let vin = Vin::new("V1").unwrap();

    for _ in 0..2 {
        let asked = client.ask(Ask::of(Feature::Electric, Some(&vin))).await;

        asked.unwrap_err();
        assert_eq!(service.asked(), [NEW, OLD]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_names_the_user_needs_one() {
    let service = Service::with(&[("/v1/remote/status", 200, "")]);
    let vin = Vin::new("V1").unwrap();
    let wake = |client: ToyotaClient<_>| {
        let vin = vin.clone();
        async move {
            let body = |_: &Route, user: &str| Some(json!({ "guid": user }));
            let ask = Ask {
                body: BodyOf::ByRoute(&body),
                ..Ask::of(Feature::StatusWake, Some(&vin))
            };
            client.ask(ask).await
        }
    };

    let error = wake(service.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Validation);
    assert!(service.asked().is_empty());

    let user = secrecy::SecretString::from("u");
    let named = service.client().for_user(UserId::from(user));
    wake(named).await.unwrap();
    assert_eq!(service.asked(), ["/v1/remote/status"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_the_account_s_is_asked_for_however_often_it_is_refused() {
    let service = Service::with(&[CARS, ("/v1/remote/status", 200, "")]);
    let client = service.client();
    client.vehicles().await.unwrap();

    service.change(&[]);
    for _ in 0..2 {
        service.asked();
        let refused = client.vehicles().await.unwrap_err();

        assert_eq!(refused.status(), Some(StatusCode::FORBIDDEN));
        assert_eq!(service.asked(), ["/v2/vehicle/guid"]);
    }
}
