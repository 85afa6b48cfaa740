//! What goes wrong when it is told to, and what of it takes an effect.

mod answers;
mod breaks;
mod chance;
mod sturdy;

use std::io;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use toyota_sim::Simulator;

use crate::support::{Answer, get, within};

const UNKNOWN: &str = "GET /nowhere HTTP/1.1\r\nhost: sim\r\n\r\n";

async fn get_unknown(sim: &Simulator) -> Answer {
    get(sim, "/nowhere", http::HeaderMap::new()).await
}

async fn connect(sim: &Simulator) -> TcpStream {
    let address = sim.api_url().trim_start_matches("http://");
    within(TcpStream::connect(address)).await.unwrap()
}

/// Sends text and reads until the simulator closes the connection.
async fn exchange_raw(sim: &Simulator, text: &str) -> io::Result<Vec<u8>> {
    let mut stream = connect(sim).await;
    let mut received = Vec::new();
    within(async {
        stream.write_all(text.as_bytes()).await?;
        stream.read_to_end(&mut received).await
    })
    .await?;
    Ok(received)
}

async fn connect_http_2(sim: &Simulator) -> http2::SendRequest<Full<Bytes>> {
    let io = TokioIo::new(connect(sim).await);
    let (client, connection) = within(http2::handshake(TokioExecutor::new(), io))
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}
