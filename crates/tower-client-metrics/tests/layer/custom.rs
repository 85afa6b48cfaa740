//! A strategy of one's own, as a user would write it: a journal of what became of requests.

use std::error::Error;
use std::future::ready;
use std::io;
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_metrics::{BodyEnding, BodyMeter, Meter, MetricsLayer, Recorder};

use crate::frames::Frames;
use crate::frames::Step::{Data, Fails};
use crate::kit::{Call, URI, answer, get, giving, now};

/// Numbers requests and notes what happens to each.
#[derive(Clone, Debug, Default)]
struct Journal(Arc<Mutex<Vec<String>>>);

/// The number of a request, for the layers below.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number(usize);

#[derive(Debug)]
struct Entry {
    journal: Journal,
    number: usize,
}

impl Recorder for Journal {
    type Meter = Entry;

    fn start<B: Body>(&self, request: &mut Request<B>) -> Entry {
        let number = self.lines().len();
        request.extensions_mut().insert(Number(number));
        let length = request.body().size_hint().lower();
        let entry = Entry {
            journal: self.clone(),
            number,
        };
        entry.note(format!("{} {length}", request.method()));
        entry
    }
}

impl Meter for Entry {
    type Body = Self;

    fn response<B>(self, response: &Response<B>) -> Self {
        self.note(response.status().as_str().to_owned());
        self
    }

    fn error(self, error: &(dyn Error + 'static)) {
        self.note(error.to_string());
    }

    fn cancelled(self) {
        self.note("cancelled".to_owned());
    }
}

impl BodyMeter for Entry {
    fn ended(self, ending: BodyEnding, bytes: u64) {
        self.note(format!("{} {bytes}", ending.as_str()));
    }
}

impl Entry {
    fn note(&self, what: String) {
        let line = format!("{}: {what}", self.number);
        self.journal.0.lock().unwrap().push(line);
    }
}

impl Journal {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_is_heard_of_once_and_its_body_once() {
    for (steps, reads, last) in [
        (vec![Data("trips"), Data("more")], 3, "0: complete 9"),
        (vec![Data("trips"), Data("more")], 1, "0: aborted 5"),
        (vec![Data("trips"), Fails], 3, "0: error 5"),
        (vec![], 0, "0: aborted 0"),
    ] {
        let journal = Journal::default();
        let layer = MetricsLayer::new(journal.clone());
        let service = layer.layer(giving(Frames::of(steps)));

        let mut body = service.oneshot(get(URI)).await.unwrap().into_body();
        for _ in 0..reads {
            drop(now(body.frame()));
        }
        drop(body);

        assert_eq!(journal.lines(), ["0: GET 6", "0: 200", last]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_or_a_caller_that_left_is_all_that_is_heard() {
    let journal = Journal::default();
    let layer = MetricsLayer::new(journal.clone());
    let failing = service_fn(|_: Call| ready(Err::<Response<Frames>, _>(io::Error::other("no"))));
    let mut service = layer.layer(failing);

    drop(service.call(get(URI)));
    service.call(get(URI)).await.unwrap_err();

    let expected = ["0: GET 6", "0: cancelled", "2: GET 6", "2: no"];
    assert_eq!(journal.lines(), expected);
}

#[tokio::test(start_paused = true)]
async fn facts_that_it_leaves_are_found_below() {
    let journal = Journal::default();
    let looking = service_fn(|request: Call| async move {
        let number = request.extensions().get::<Number>().copied();
        assert_eq!(number, Some(Number(0)));
        Ok::<_, io::Error>(answer(200))
    });

    let service = MetricsLayer::new(journal.clone()).layer(looking);
    drop(service.oneshot(get(URI)).await.unwrap());

    assert_eq!(journal.lines(), ["0: GET 6", "0: 200", "0: complete 0"]);
}
