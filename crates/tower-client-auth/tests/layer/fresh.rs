//! What a request looks like below, and its response above.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue, Request, Version};
use http_body_util::{BodyExt, Full};
use tower_client_auth::{
    AuthErrorKind, Credential, InHeader, Principal, RefreshToken, StaticToken,
};
use tower_client_call::Operation;

use crate::script::{
    Api, Frames, HOUR, SECOND, Source, URI, answer, auth, client, fail, forever, get, named, over,
    pass, recorded, secret, send, succeed,
};

#[tokio::test(start_paused = true)]
async fn the_credential_is_a_bearer_token_that_logs_do_not_show() {
    let api = Api::new();

    succeed(&client(&Source::new(), &api)).await;

    let seen = api.seen();
    let header = &seen[0].request.headers()[AUTHORIZATION];
    assert_eq!(header, "Bearer token-1");
    assert!(header.is_sensitive());
}

#[tokio::test(start_paused = true)]
async fn it_replaces_what_the_caller_had_under_that_name() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    for _ in 0..2 {
        let mut request = get();
        for mine in ["Basic bWU=", "Basic bWUgdG9v"] {
            let mine = HeaderValue::from_static(mine);
            request.headers_mut().append(AUTHORIZATION, mine);
        }

        send(&client, request).await.unwrap();
    }

    for seen in api.seen() {
        let sent: Vec<_> = seen
            .request
            .headers()
            .get_all(AUTHORIZATION)
            .iter()
            .collect();
        assert_eq!(sent, ["Bearer token-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn it_may_be_the_secret_alone_in_a_header_of_any_name() {
    let (source, api) = (Source::new(), Api::new());
    let rule = InHeader::named(HeaderName::from_static("x-api-key"));

    succeed(&over(auth(&source).apply(rule), &api)).await;

    let seen = &api.seen()[0];
    assert_eq!(seen.request.headers()["x-api-key"], "token-1");
    assert!(seen.request.headers()["x-api-key"].is_sensitive());
    assert_eq!(seen.token(), None);
}

#[tokio::test(start_paused = true)]
async fn it_may_be_several_headers_which_are_worked_out_once() {
    let (source, api) = (Source::new(), Api::new());
    let (asked, asking) = std::sync::mpsc::channel();
    let rule = move |credential: &Credential, headers: &mut HeaderMap| {
        asked.send(credential.generation()).unwrap();
        let renewed = credential.get::<RefreshToken>().is_some();
        headers.insert("x-token", HeaderValue::from_str(secret(credential))?);
        headers.insert("x-renewed", HeaderValue::from_str(&renewed.to_string())?);
        Ok::<(), InvalidHeaderValue>(())
    };
    let client = over(auth(&source).apply(rule), &api);

    for _ in 0..3 {
        succeed(&client).await;
    }

    for seen in api.seen() {
        let headers = seen.request.headers();
        assert_eq!(
            (&headers["x-token"], &headers["x-renewed"]),
            (
                &HeaderValue::from_static("token-1"),
                &HeaderValue::from_static("true"),
            )
        );
        assert!(headers.values().all(HeaderValue::is_sensitive));
    }
    assert_eq!(asking.try_iter().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_no_header_can_carry_fails_the_calls_and_is_asked_for_again_later() {
    let (source, api) = (Source::of([named("two\r\nlines: 1")]), Api::new());
    let client = client(&source, &api);

    let error = fail(&client).await;

    assert_eq!(error.kind(), AuthErrorKind::Unusable);
    assert!(error.is_permanent());
    assert!(!format!("{error} {error:?}").contains("lines"));
    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Unusable);
    assert_eq!((source.count(), api.seen().len()), (1, 0));
    pass(2 * SECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn all_else_of_a_request_goes_through() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    // The first call waits for its credential, the second has one.
    for _ in 0..2 {
        let (mut request, _record) = recorded(order());
        let facts = request.extensions_mut();
        facts.insert(Principal::new(""));
        facts.insert(Operation::new("trip", "/v1/trips/{id}"));

        send(&client, request).await.unwrap();
    }

    for seen in api.seen() {
        let request = &seen.request;
        assert_eq!(
            (request.method().as_str(), request.uri()),
            ("PUT", &URI.parse().unwrap())
        );
        assert_eq!(request.version(), Version::HTTP_2);
        let parts: Vec<_> = request.headers().get_all("x-part").iter().collect();
        assert_eq!(parts, ["one", "two"]);
        assert_eq!(request.headers().len(), 3);
        assert_eq!(request.extensions().len(), 3);
        let operation = Operation::find(request.extensions()).unwrap();
        assert_eq!(operation.name(), "trip");
        assert_eq!(seen.body, "order");
    }
}

#[tokio::test(start_paused = true)]
async fn the_response_comes_as_it_is() {
    #[derive(Clone, Debug, PartialEq)]
    struct Seen(u8);
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", HeaderValue::from_static("7"));
    let body = Frames::of(["trips, ", "trips"]).trailers(trailers);
    let reply = answer(403).header("x-a", "1").header("x-a", "2").body(body);
    let api = tower::ServiceBuilder::new()
        .map_response(|mut response: http::Response<Frames>| {
            *response.version_mut() = Version::HTTP_3;
            response.extensions_mut().insert(Seen(7));
            response
        })
        .service(Api::of([reply]));

    let response = send(&over(auth(&Source::new()), &api), get())
        .await
        .unwrap();

    assert_eq!(
        (response.status().as_u16(), response.version()),
        (403, Version::HTTP_3)
    );
    let values: Vec<_> = response.headers().get_all("x-a").iter().collect();
    assert_eq!(values, ["1", "2"]);
    assert_eq!(response.extensions().get(), Some(&Seen(7)));
    let body = response.into_body();
    assert_eq!(
        body.into_untouched()
            .unwrap()
            .collect()
            .await
            .unwrap()
            .trailers()
            .unwrap()["x-sum"],
        "7"
    );
}

#[tokio::test(start_paused = true)]
async fn the_error_of_the_service_comes_as_it_is() {
    let (source, api) = (Source::new(), Api::of([crate::script::Reply::reset()]));

    let error = send(&client(&source, &api), get()).await.unwrap_err();

    let error = error.downcast::<std::io::Error>().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test(start_paused = true)]
async fn the_source_is_asked_once_for_any_number_of_calls() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);

    for _ in 0..1000 {
        succeed(&client).await;
    }

    assert_eq!((source.count(), api.seen().len()), (1, 1000));
    assert!(source.asked()[0].previous.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_credential_without_an_end_is_never_renewed() {
    let (source, api) = (Source::of([forever()]), Api::new());
    let client = client(&source, &api);

    for _ in 0..20 {
        succeed(&client).await;
        pass(10_000 * HOUR).await;
    }

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_static_token_is_a_source_too() {
    let api = Api::new();

    succeed(&client(&StaticToken::new("s3cret"), &api)).await;

    assert_eq!(api.tokens(), ["s3cret"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_before_the_first_request() {
    let (source, api) = (Source::new(), Api::new());
    let memory = crate::script::Memory::default();

    let client = over(crate::script::storing(&source, &memory), &api);
    pass(HOUR).await;

    assert_eq!((source.count(), memory.log().len()), (0, 0));
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn all_services_of_a_layer_and_its_clones_share_the_credential() {
    use tower::Layer;
    let (source, api) = (Source::new(), Api::new());
    let layer = auth(&source).build();

    for layer in [layer.clone(), layer] {
        succeed(&layer.layer(api.clone())).await;
        succeed(&layer.layer(api.clone()).clone()).await;
    }

    assert_eq!(source.count(), 1);
}

fn order() -> Request<Full<Bytes>> {
    Request::put(URI)
        .version(Version::HTTP_2)
        .header("x-part", "one")
        .header("x-part", "two")
        .body(Full::new(Bytes::from("order")))
        .unwrap()
}
