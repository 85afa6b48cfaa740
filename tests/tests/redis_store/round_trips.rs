//! How often the server is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tests::redis::RedisServer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower_client_cache::store::Leased;
use tower_client_cache::{RedisStore, Store};

use crate::given::{Given, key};

#[tokio::test]
async fn reading_and_writing_take_one_round_trip_each() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (port, trips) = counting(server.port()).await;
    let url = format!("redis://127.0.0.1:{port}");
    let store = RedisStore::builder(url).build().unwrap();
    let cars = key("https://api.example/cars");
    let entry = Given::new("cars").entry();
    let peers = store.peers().unwrap();
    // The second time there is a connection, and the server knows the scripts.
    for is_known in [false, true] {
        let mut counted = Vec::new();
        let mut count = || counted.push(trips.swap(0, Relaxed));

        store.get(&cars).await.unwrap();
        count();
        store.put(&cars, entry.clone()).await.unwrap();
        count();
        store.update_headers(&cars, entry.clone()).await.unwrap();
        count();
        let Leased::Granted(lease, _) = peers.lease(&cars, Some(7)).await.unwrap() else {
            panic!("a lease");
        };
        count();
        peers.put(&cars, entry.clone(), Some(lease)).await.unwrap();
        count();
        peers.release(&cars, lease).await.unwrap();
        count();
        store.delete(&cars, None).await.unwrap();
        count();

        if is_known {
            assert_eq!(counted, [1; 7]);
        }
    }
    trips.store(0, Relaxed);
    store.size().await.unwrap();
    assert_eq!(trips.load(Relaxed), 1);
}

/// A proxy that counts how often the answers of a server come, in turn with what is asked.
async fn counting(to: u16) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let trips = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&trips);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::spawn(pass(from_client, to_server, None));
            tokio::spawn(pass(from_server, to_client, Some(Arc::clone(&counted))));
        }
    });
    (port, trips)
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    count: Option<Arc<AtomicU64>>,
) {
    let mut buffer = vec![0; 1 << 20];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if let Some(count) = &count {
            count.fetch_add(1, Relaxed);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
