//! A proxy that knows `CONNECT` and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Proxy {
    port: u16,
    tunnels: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let tunnels = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&tunnels);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(tunnel(client, Arc::clone(&counter)));
            }
        });
        Self { port, tunnels }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn tunnels(&self) -> usize {
        self.tunnels.load(Ordering::SeqCst)
    }
}

async fn tunnel(client: TcpStream, tunnels: Arc<AtomicUsize>) {
    let mut client = BufReader::new(client);
    let mut lines = Vec::new();
    while lines
        .last()
        .is_none_or(|line: &String| !line.trim().is_empty())
    {
        let mut line = String::new();
        client.read_line(&mut line).await.unwrap();
        lines.push(line);
    }
    let target = lines[0].strip_prefix("CONNECT ").unwrap();
    let target = target.split(' ').next().unwrap();
    let mut server = TcpStream::connect(target).await.unwrap();
    tunnels.fetch_add(1, Ordering::SeqCst);
    client
        .write_all(b"HTTP/1.1 200 Connected\r\n\r\n")
        .await
        .unwrap();
    // Either side may hang up at any time.
    drop(copy_bidirectional(&mut client, &mut server).await);
}
