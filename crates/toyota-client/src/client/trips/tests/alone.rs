//! Routes that are told of a trip only when it is asked for alone.

use super::*;

#[tokio::test(start_paused = true)]
async fn routes_that_the_list_lacks_are_asked_for_as_trips_are_read() {
    let service = Service::of(|asked| match asked.strip_prefix("/v1/trips/") {
        Some(id) => (StatusCode::OK, routed(id)),
        None => paged(asked, 3),
    });
    let mut trips = service.client().trips(&vin(), &november().with_routes());

    for number in 1..=3 {
        let trip = trips.next().await.unwrap().unwrap();

        assert_eq!(trip.route().count(), 1);
        assert_eq!(service.asked().len(), 1 + number);
        assert_eq!(trips.end().is_some(), number == 3);
    }

    assert!(trips.next().await.is_none());
    assert_eq!(
        service.asked()[1..],
        ["/v1/trips/t0", "/v1/trips/t1", "/v1/trips/t2"]
    );
    assert_eq!(trips.warnings(), []);
}

#[tokio::test(start_paused = true)]
async fn who_wants_no_routes_or_has_one_asks_for_none_alone() {
    let listed = json!({"payload": {"trips": [{"id": "a"}, routed("b")["payload"]]}});
    let service = Service::of(move |_| (StatusCode::OK, listed.clone()));
    for query in [november(), november().with_routes()] {
        let mut trips = service.client().trips(&vin(), &query);

        assert_eq!(all(&mut trips).await.unwrap().len(), 2);
    }

    assert_eq!(service.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_route_that_cannot_be_had_spoils_no_other() {
    for (status, answer) in [
        (StatusCode::NOT_FOUND, json!({})),
        (StatusCode::BAD_REQUEST, json!({})),
        (StatusCode::INTERNAL_SERVER_ERROR, json!({})),
        (StatusCode::OK, json!({"payload": null})),
        (StatusCode::OK, json!({"payload": "trip"})),
        (StatusCode::OK, routed("another")),
    ] {
        let shown = format!("{status} {answer}");
        let service = Service::of(move |asked| match asked.strip_prefix("/v1/trips/") {
            Some("t1") => (status, answer.clone()),
            Some(id) => (StatusCode::OK, routed(id)),
            None => paged(asked, 4),
        });
        let mut trips = service.client().trips(&vin(), &november().with_routes());

        let read = all(&mut trips).await.unwrap();

        let points: Vec<_> = read.iter().map(|trip| trip.route().count()).collect();
        assert_eq!(points, [1, 0, 1, 1], "{shown}");
        let warning = trips.warnings()[0].to_string();
        assert_eq!(
            warning, "trip.route: expected a list, found nothing",
            "{shown}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_has_no_routes_is_not_asked_for_each() {
    for (status, asked) in [
        (StatusCode::FORBIDDEN, 1),
        (StatusCode::NOT_FOUND, 3),
        (StatusCode::OK, 3),
    ] {
        let service = Service::of(move |asked| match asked.starts_with("/v1/trips/") {
            true => (status, json!({})),
            false => paged(asked, 9),
        });
        let mut trips = service.client().trips(&vin(), &november().with_routes());

        assert_eq!(all(&mut trips).await.unwrap().len(), 9);

        assert_eq!(service.asked().len(), 1 + asked, "{status}");
        assert_eq!(trips.warnings().len(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn what_would_be_wrong_with_the_next_page_too_ends_it() {
    for (status, kind, asked) in [
        (StatusCode::TOO_MANY_REQUESTS, Kind::RateLimit, 1),
        (StatusCode::UNAUTHORIZED, Kind::Token, 1),
        (StatusCode::BAD_GATEWAY, Kind::Server, 3),
    ] {
        let service = Service::of(move |asked| match asked.starts_with("/v1/trips/") {
            true => (status, json!({})),
            false => paged(asked, 9),
        });
        let mut trips = service.client().trips(&vin(), &november().with_routes());

        let error = all(&mut trips).await.unwrap_err();

        assert_eq!((error.kind(), error.operation()), (kind, "trip"));
        assert_eq!(service.asked().len(), 1 + asked, "{status}");
        assert!(trips.next().await.is_none() && trips.end().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_route_on_its_way_is_not_lost_by_giving_up() {
    let service = Service::of(|asked| match asked.strip_prefix("/v1/trips/") {
        Some(id) => (StatusCode::OK, routed(id)),
        None => paged(asked, 1),
    });
    let mut trips = service.client().trips(&vin(), &november().with_routes());
    let mut cx = Context::from_waker(Waker::noop());

    let trip = loop {
        if let Poll::Ready(trip) = pin!(trips.next()).poll(&mut cx) {
            break trip;
        }
        assert!(trips.end().is_none());
        tokio::task::yield_now().await;
    };

    assert!(trip.unwrap().unwrap().has_route());
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_trip_is_asked_for_by_its_name() {
    let service = Service::of(|_| (StatusCode::OK, json!({"payload": {"id": "7-a"}})));
    let id: TripId = "7-a".parse().unwrap();

    let trip = service.client().trip(&vin(), &id).await.unwrap().value;

    assert_eq!(trip.unwrap().id, Some(id));
    assert_eq!(service.asked(), ["/v1/trips/7-a"]);
}

#[tokio::test(start_paused = true)]
async fn a_trip_that_there_is_not_says_nothing_of_others() {
    let service = Service::of(|asked| match asked.strip_prefix("/v1/trips/") {
        Some("gone") => (StatusCode::NOT_FOUND, json!({})),
        Some(id) => (StatusCode::OK, routed(id)),
        None => paged(asked, 1),
    });
    let (client, vin) = (service.client(), vin());
    client.trip(&vin, &"t1".parse().unwrap()).await.unwrap();

    let gone = client.trip(&vin, &"gone".parse().unwrap()).await.unwrap();
    let other = client.trip(&vin, &"t2".parse().unwrap()).await.unwrap();

    assert_eq!(gone.value, None);
    assert!(other.value.unwrap().has_route());
}

fn routed(id: &str) -> Value {
    json!({"payload": {"id": id, "route": [{"lat": 50.1, "lon": 8.6}]}})
}
