//! What is inside which span, and how often a request was sent before.

use std::io;
use std::pin::Pin;

use http::Response;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_client_call::{Attempt, CallRecord};
use tower_client_metrics::MetricsLayer;

use crate::book::Book;
use crate::capture::Capture;
use crate::frames::Frames;
use crate::kit::{Always, Call, URI, answer, get, now, pause, poll, trip};

#[tokio::test(start_paused = true)]
async fn what_happens_below_happens_inside_the_span() {
    for (layer, name) in [(Around::Calls, "call"), (Around::Attempts, "request")] {
        let capture = Capture::of_all();
        let service = service_fn(|_: Call| async move {
            tracing::debug!("connecting");
            pause().await;
            tracing::debug!("sending");
            Ok::<_, io::Error>(answer(200))
        });
        let mut future = layer.call(service);

        assert!(poll(future.as_mut()).is_pending());
        tracing::debug!("meanwhile");
        now(future.as_mut());
        tracing::debug!("afterwards");

        let heard = capture.heard().into_iter().filter(|it| it.name == "event");
        let events: Vec<_> = heard
            .map(|it| (it.fields["message"].clone(), it.inside))
            .collect();
        let expected = [
            ("connecting".to_owned(), vec![name]),
            ("meanwhile".to_owned(), vec![]),
            ("sending".to_owned(), vec![name]),
            ("afterwards".to_owned(), vec![]),
        ];
        assert_eq!(events, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_call_are_inside_it_and_count_as_resends() {
    let capture = Capture::of_all();
    let book = Book::default();
    let below = MetricsLayer::attempt(book.clone()).layer(Always(503));
    let repeating = service_fn(move |request: Call| {
        let mut below = below.clone();
        async move {
            drop(below.call(request.clone()).await.unwrap());
            drop(below.call(request.clone()).await.unwrap());
            below.call(request).await
        }
    });

    let service = MetricsLayer::call(book).layer(repeating);
    drop(service.oneshot(trip()).await.unwrap());

    let requests = capture.spans("request");
    let resends = requests
        .iter()
        .map(|it| it.fields.get("http.request.resend_count"));
    let resends: Vec<_> = resends.map(|it| it.map(String::as_str)).collect();
    assert_eq!(resends, [None, Some("1"), Some("2")]);
    assert!(
        requests.iter().all(|it| it.inside == ["call"]),
        "{requests:#?}"
    );
    assert_eq!(capture.spans("call").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_record_the_attempt_tells_how_often_it_was_sent() {
    let third = Attempt::FIRST.next().next();
    for (record, attempt, resend) in [
        (None, None, None),
        (None, Some(Attempt::FIRST), None),
        (None, Some(third), Some("2")),
        // Replays and redirects are sends, too: who counts them knows more.
        (Some(CallRecord::new()), Some(third), None),
    ] {
        let capture = Capture::of_all();
        let mut request = get(URI);
        let facts = request.extensions_mut();
        record.map(|it| facts.insert(it));
        attempt.map(|it| facts.insert(it));

        let service = MetricsLayer::attempt(Book::default()).layer(Always(200));
        drop(service.oneshot(request).await.unwrap());

        let fields = &capture.spans("request")[0].fields;
        let resends = fields.get("http.request.resend_count");
        assert_eq!(resends.map(String::as_str), resend, "{attempt:?}");
    }
}

/// Which of the layers is looked at.
#[derive(Clone, Copy, Debug)]
enum Around {
    Calls,
    Attempts,
}

impl Around {
    fn call<S>(self, service: S) -> Pin<Box<dyn Future<Output = ()>>>
    where
        S: Service<Call, Response = Response<Frames>, Error = io::Error, Future: 'static> + 'static,
    {
        let book = Book::default();
        match self {
            Self::Calls => {
                let future = MetricsLayer::call(book).layer(service).call(trip());
                Box::pin(async { drop(future.await.unwrap()) })
            }
            Self::Attempts => {
                let future = MetricsLayer::attempt(book).layer(service).call(trip());
                Box::pin(async { drop(future.await.unwrap()) })
            }
        }
    }
}
