use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use toyota_sim::{Fault, Route, Simulator, StartError};

use crate::support::{log_in, start, within};

#[tokio::test]
async fn dropping_it_refuses_new_connections_and_closes_old_ones() {
    let sim = start().await;
    let address = sim.api_url().trim_start_matches("http://").to_owned();
    let mut open = within(TcpStream::connect(&address)).await.unwrap();

    drop(sim);

    let refused = within(TcpStream::connect(&address)).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    let mut received = Vec::new();
    // Closed or reset: the connection may not have been accepted yet.
    let _: io::Result<usize> = within(open.read_to_end(&mut received)).await;
    assert!(received.is_empty());
}

#[tokio::test]
async fn a_port_is_free_again_after_the_drop() {
    let sim = start().await;
    let port = sim.api_url().rsplit(':').next().unwrap().parse().unwrap();

    let taken = within(Simulator::builder().port(port).start()).await;
    drop(sim);
    let free = within(Simulator::builder().port(port).start()).await;

    assert!(matches!(taken, Err(StartError::Bind(_))));
    assert!(free.unwrap().api_url().ends_with(&port.to_string()));
}

#[tokio::test]
async fn open_connections_are_counted_until_they_close() {
    let sim = start().await;
    let address = sim.api_url().trim_start_matches("http://");
    let stream = within(TcpStream::connect(address)).await.unwrap();
    within(until(|| sim.counters().connections_open == 1)).await;

    drop(stream);

    within(until(|| sim.counters().connections_open == 0)).await;
    assert_eq!(sim.counters().connections_accepted, 1);
}

#[tokio::test]
async fn open_connections_can_be_closed() {
    let sim = start().await;
    let address = sim.api_url().trim_start_matches("http://");
    let mut idle = Vec::new();
    for request in ["", "GET /nowhere HTTP/1.1\r\nhost: sim\r\n\r\n"] {
        let mut stream = within(TcpStream::connect(address)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        idle.push(stream);
    }
    within(until(|| sim.counters().requests_total() == 1)).await;
    within(until(|| sim.counters().connections_open == 2)).await;

    sim.close_connections();

    let mut received = Vec::new();
    for mut stream in idle {
        within(stream.read_to_end(&mut received)).await.unwrap();
    }
    assert!(String::from_utf8_lossy(&received).starts_with("HTTP/1.1 403"));
    within(until(|| sim.counters().connections_open == 0)).await;
    log_in(&sim).await;
}

#[tokio::test]
async fn a_connection_that_is_busy_is_closed_after_its_answer() {
    let sim = start().await;
    let slow = Fault::pass().after(Duration::from_millis(100));
    sim.script(Route::Unknown, [slow]);
    let address = sim.api_url().trim_start_matches("http://");
    let mut busy = within(TcpStream::connect(address)).await.unwrap();
    let request = "GET /nowhere HTTP/1.1\r\nhost: sim\r\n\r\n";
    busy.write_all(request.as_bytes()).await.unwrap();
    within(until(|| sim.counters().requests_total() == 1)).await;

    sim.close_connections();

    let mut received = String::new();
    within(busy.read_to_string(&mut received)).await.unwrap();
    assert!(received.starts_with("HTTP/1.1 403"), "{received}");
}

#[tokio::test]
async fn two_simulators_share_no_tokens() {
    let first = start().await;
    let second = start().await;

    let tokens = (log_in(&first).await, log_in(&second).await);

    assert_ne!(tokens.0.access, tokens.1.access);
}

async fn until(mut holds: impl FnMut() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}
