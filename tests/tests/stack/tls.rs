//! TLS: HTTP/2 by ALPN, and trust that is asked for and not assumed.

use tests::{ask_at_once, client, config, credentials, soon, tls_simulator};
use toyota_client::{Kind, ToyotaClient, Transport};

#[tokio::test]
async fn reads_over_tls_and_http_2() {
    let sim = tls_simulator().await;
    let client = client(&sim);

    soon(client.vehicles()).await.unwrap();

    // Twenty calls at once share the connections of the sign-in: HTTP/2 is spoken.
    ask_at_once(&client, 20).await;
    assert_eq!(sim.counters().connections_accepted, 1);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_a_network_error() {
    let sim = tls_simulator().await;
    let trusting_nobody_new = Transport::builder().build().unwrap();
    let client = ToyotaClient::builder()
        .config(config(&sim))
        .credentials(credentials(&sim))
        .service(trusting_nobody_new)
        .build()
        .unwrap();

    let error = soon(client.vehicles()).await.unwrap_err();

    assert!(error.is(Kind::Network), "{error:?}");
    assert_eq!(sim.counters().requests_total(), 0);
}

#[tokio::test]
async fn a_root_that_is_no_certificate_is_refused_when_built() {
    let builder = Transport::builder().root_certificate(vec![1, 2, 3].into());

    assert!(builder.build().is_err());
}

#[tokio::test]
async fn a_host_that_accepts_and_says_nothing_ends_in_a_timeout() {
    // TLS to a listener that never answers: only the connect timeout can end this.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let sim = tls_simulator().await;
    let config = config(&sim).with_login_url(url.parse().unwrap());
    let client = ToyotaClient::builder()
        .config(config)
        .credentials(credentials(&sim))
        .service(tests::transport(&sim))
        .build()
        .unwrap();

    let error = soon(client.vehicles()).await.unwrap_err();

    assert!(error.is(Kind::Network), "{error:?}");
}
