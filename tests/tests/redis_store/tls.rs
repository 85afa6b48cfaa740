//! A server behind TLS.

use std::fs;

use rcgen::generate_simple_self_signed;
use tests::redis::RedisServer;
use tower_client_cache::{RedisStore, Store};

use crate::given::{Given, contents, key};

#[tokio::test]
async fn a_server_is_trusted_by_its_certificate_alone() {
    let folder = tempfile::tempdir().unwrap();
    let certified = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = certified.cert.pem();
    let [cert_file, key_file] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&cert_file, &certificate).unwrap();
    fs::write(&key_file, certified.signing_key.serialize_pem()).unwrap();
    let [cert_file, key_file] = [&cert_file, &key_file].map(|path| path.to_str().unwrap());
    let Some(server) = RedisServer::start() else {
        return;
    };
    for (name, value) in [
        ("tls-cert-file", cert_file),
        ("tls-key-file", key_file),
        ("tls-auth-clients", "no"),
    ] {
        if server.try_command(&["CONFIG", "SET", name, value]).is_err() {
            // A server that was built without TLS does not know these.
            return;
        }
    }
    let port = listen(&server);
    let url = format!("rediss://localhost:{port}");
    let cars = key("https://api.example/cars");

    let trusting = RedisStore::builder(&url).root_certificates(certificate);
    let trusting = trusting.build().unwrap();
    trusting
        .put(&cars, Given::new("cars").entry())
        .await
        .unwrap();
    assert_eq!(contents(&trusting, &cars).await, ["cars"]);

    let strict = RedisStore::builder(&url).build().unwrap();
    assert!(strict.get(&cars).await.is_err());
}

/// Lets a server listen for TLS on a port that is free.
fn listen(server: &RedisServer) -> u16 {
    for _ in 0..5 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let set = ["CONFIG", "SET", "tls-port", &port.to_string()];
        if server.try_command(&set).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}
