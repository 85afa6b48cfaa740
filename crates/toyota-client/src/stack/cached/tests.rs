mod api;

use tokio::time::advance;
use tower::{ServiceExt, service_fn};
use tower_client::auth::Credential;
use tower_client::cache::MemoryStore;
use tower_client::call::{CacheOutcome, CallRecord, Operation, causes};
use tower_client::retry::RetryLayer;

use self::api::Api;
use super::*;
use crate::{Brand, Kind, ToyotaClient, ToyotaClientBuilder, Vin};

const CARS: &str = r#"{"payload": [{"vin": "JTSIM00000PET0001"}]}"#;
const TTL: Duration = Duration::from_secs(300);

#[tokio::test(start_paused = true)]
async fn an_answer_is_good_for_its_time_and_not_longer() {
    let service = Api::answering(200, CARS);
    let client = service.client(builder().cache_ttl(TTL));
    client.vehicles().await.unwrap();

    advance(TTL - Duration::from_secs(1)).await;
    client.vehicles().await.unwrap();
    assert_eq!(service.asked().len(), 1);

    advance(Duration::from_secs(1)).await;
    client.vehicles().await.unwrap();
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_old_is_served_for_a_service_that_fails() {
    let service = Api::answering(200, CARS);
    let client = service.client(builder());
    client.vehicles().await.unwrap();

    advance(TTL).await;
    service.answer(503, "");
    let error = client.vehicles().await.unwrap_err();

    assert_eq!(error.kind(), Kind::Server);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_not_stored() {
    for (status, body) in [
        (200, r#"{"code": "E-1", "message": "no"}"#),
        (200, "<html>a hotel</html>"),
        (202, CARS),
        (204, ""),
        (404, "{}"),
        (503, "{}"),
    ] {
        let service = Api::answering(status, body);
        let client = service.client(builder());

        let first = client.vehicles().await;
        service.answer(200, CARS);
        let cars = client.vehicles().await.unwrap().value;

        assert_eq!(first.is_err(), status != 202, "{status} {body}");
        assert_eq!(
            (cars.len(), service.asked().len()),
            (1, 2),
            "{status} {body}"
        );
        let size = client.cache().size().await.unwrap();
        assert_eq!(size.entries, 1, "{status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_car_has_answers_of_its_own_and_no_url_has_a_car() {
    let service = Api::answering(200, r#"{"payload": {}}"#);
    let client = service.client(builder());
    let [one, other] = ["JTSIM00000PET0001", "JT*&=0000PET#0002"].map(|vin| Vin::new(vin).unwrap());

    for _ in 0..2 {
        for vin in [&one, &other] {
            client.telemetry(vin).await.unwrap();
            client.location(vin).await.unwrap();
        }
    }

    let asked = service.asked();
    assert_eq!(asked.len(), 4);
    for (index, vin) in [&one, &other].into_iter().enumerate() {
        for (asked, path) in asked[2 * index..]
            .iter()
            .zip(["/v3/telemetry", "/v1/location"])
        {
            assert_eq!(asked.vin.as_deref(), Some(vin.as_str()));
            assert_eq!(asked.uri.path_and_query().unwrap(), path);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_shares_a_store_finds_only_their_own() {
    let named = |name| builder().credentials(Credentials::of_user(name).unwrap());
    let elsewhere = "https://other.example".parse().unwrap();
    let mut australian = Brand::TOYOTA;
    australian.realm = "tmca".into();
    let store = MemoryStore::new();
    let service = Api::answering(200, CARS);
    for (number, builder) in [
        named("anna@example.com"),
        named("bert@example.com"),
        named("anna@example.com").config(Config::new().with_brand(Brand::LEXUS)),
        named("anna@example.com").config(Config::new().with_brand(australian)),
        named("anna@example.com").config(Config::new().with_api_url(elsewhere)),
        builder(),
        builder(),
    ]
    .into_iter()
    .enumerate()
    {
        let builder = builder.cache(store.clone());
        let one = service.client(builder.clone());

        one.vehicles().await.unwrap();
        one.vehicles().await.unwrap();

        assert_eq!(service.asked().len(), number + 1, "{builder:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_account_share_what_they_store() {
    let store = MemoryStore::new();
    let anna = Credentials::of_user("anna@example.com").unwrap();
    let builder = builder().credentials(anna).cache(store);
    let service = Api::answering(200, CARS);

    service.client(builder.clone()).vehicles().await.unwrap();
    service.client(builder).vehicles().await.unwrap();

    assert_eq!(service.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_before_a_logout_is_nobodys() {
    let service = Api::answering(200, CARS);
    let client = service.client(builder());
    client.vehicles().await.unwrap();
    let (provider, token) = (client.provider(), Credential::new("another"));

    let next = provider
        .logout(&provider.default_principal())
        .await
        .unwrap();
    provider.set(&next, token).await.unwrap();
    service.answer(200, r#"{"payload": []}"#);
    let cars = client.vehicles().await.unwrap().value;

    assert_eq!((cars.len(), service.asked().len()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_call_with_its_own_principal_shares_nothing_and_arrives_with_it() {
    let service = Api::answering(200, CARS);
    let stack = service.client(builder()).into_inner();
    let own = Principal::new("");
    for (principal, asked) in [(None, 1), (Some(&own), 2), (Some(&own), 2), (None, 2)] {
        let mut request = Request::get("/v2/vehicle/guid")
            .body(Body::empty())
            .unwrap();
        let extensions = request.extensions_mut();
        extensions.insert(Operation::new("vehicles", "/v2/vehicle/guid"));
        if let Some(principal) = principal {
            extensions.insert(principal.clone());
        }

        let answer = stack.clone().oneshot(request).await.unwrap();
        // It is stored when it has been read.
        drop(
            http_body_util::BodyExt::collect(answer.into_body())
                .await
                .unwrap(),
        );

        assert_eq!(service.asked().len(), asked, "{principal:?}");
    }
    let principals: Vec<_> = service
        .asked()
        .into_iter()
        .map(|asked| asked.principal)
        .collect();
    assert_eq!(principals, [None, Some(own)]);
}

#[tokio::test(start_paused = true)]
async fn raw_requests_and_commands_pass_by() {
    let service = Api::answering(200, CARS);
    let client = service.client(builder());
    let record = CallRecord::new();
    let client = client.recording(record.clone());
    for method in [http::Method::GET, http::Method::POST] {
        for _ in 0..2 {
            let sent = client.request(method.clone(), "/v2/vehicle/guid?a=b", None, None);
            sent.await.unwrap();

            assert_eq!(record.snapshot().cache, Some(CacheOutcome::Bypass));
        }
    }
    assert_eq!(service.asked().len(), 4);
    assert_eq!(client.cache().size().await.unwrap().entries, 0);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_as_if_there_were_no_cache() {
    let failing = service_fn(|_: Request<Body>| async {
        Err::<Response<Body>, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    let retry = RetryLayer::builder().max_attempts(1);
    let [cached, plain] = [builder(), builder().without_cache()].map(|builder| {
        let builder = builder
            .retry(retry.clone())
            .credential(Credential::new("token"));
        builder.service(failing).build().unwrap()
    });

    let told = |error: crate::Error| causes(&error).map(ToString::to_string).collect::<Vec<_>>();
    let [cached, plain] = [
        told(cached.vehicles().await.unwrap_err()),
        told(plain.vehicles().await.unwrap_err()),
    ];

    assert_eq!(cached, plain);
    assert!(
        !cached.contains(&"the call failed".to_owned()),
        "{cached:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_is_off_can_be_switched_on() {
    let service = Api::answering(200, CARS);
    let client = service.client(builder().without_cache());
    for asked in [2, 3] {
        client.vehicles().await.unwrap();
        client.vehicles().await.unwrap();

        assert_eq!(service.asked().len(), asked);
        client.cache().set_enabled(true);
    }
}

fn builder() -> ToyotaClientBuilder {
    ToyotaClient::builder()
}
