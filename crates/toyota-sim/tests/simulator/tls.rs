use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode, Version};
use http_body_util::Full;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpStream};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};
use toyota_sim::{Fault, Route, Simulator};

use crate::support::within;

#[tokio::test]
async fn http_2_is_spoken_to_who_offers_it() {
    let sim = start_tls().await;
    let stream = connect(&sim, "localhost", &["h2", "http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));

    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut client, connection) = within(handshake).await.unwrap();
    tokio::spawn(connection);
    let answer = within(client.send_request(request(&sim))).await.unwrap();

    assert_eq!(answer.version(), Version::HTTP_2);
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn http_1_is_spoken_to_who_offers_nothing_newer() {
    let sim = start_tls().await;
    let stream = connect(&sim, "127.0.0.1", &["http/1.1"]).await;

    let handshake = http1::handshake(TokioIo::new(stream));
    let (mut client, connection) = within(handshake).await.unwrap();
    tokio::spawn(connection);
    let answer = within(client.send_request(request(&sim))).await.unwrap();

    assert_eq!(answer.version(), Version::HTTP_11);
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn noise_is_noise_inside_tls_too() {
    let sim = start_tls().await;
    sim.script(Route::Unknown, [Fault::garbage_wire()]);
    let mut stream = connect(&sim, "localhost", &["http/1.1"]).await;

    let mut received = [0; 513];
    within(async {
        stream
            .write_all(b"GET /nowhere HTTP/1.1\r\nhost: sim\r\n\r\n")
            .await?;
        stream.read_exact(&mut received).await
    })
    .await
    .unwrap();

    assert_eq!(received[0], 0xff);
}

#[tokio::test]
async fn the_certificate_comes_as_pem_and_der() {
    let sim = start_tls().await;

    assert!(sim.api_url().starts_with("https://localhost:"));
    assert!(
        sim.certificate_pem()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    assert!(sim.certificate_der().is_some());
}

#[tokio::test]
async fn without_tls_there_is_no_certificate() {
    let sim = within(Simulator::builder().start()).await.unwrap();

    assert!(sim.api_url().starts_with("http://127.0.0.1:"));
    assert_eq!(sim.certificate_pem(), None);
    assert_eq!(sim.certificate_der(), None);
}

async fn start_tls() -> Simulator {
    within(Simulator::builder().tls().start()).await.unwrap()
}

async fn connect(sim: &Simulator, name: &'static str, alpn: &[&str]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from(sim.certificate_der().unwrap().to_vec());
    roots.add(authority).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let port: u16 = sim.api_url().rsplit(':').next().unwrap().parse().unwrap();
    let stream = within(TcpStream::connect(("127.0.0.1", port)))
        .await
        .unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from(name).unwrap();
    within(connector.connect(name, stream)).await.unwrap()
}

fn request(sim: &Simulator) -> Request<Full<Bytes>> {
    Request::get(format!("{}/nowhere", sim.api_url()))
        .header("host", "localhost")
        .body(Full::default())
        .unwrap()
}
