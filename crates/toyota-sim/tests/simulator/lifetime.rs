use std::io;

use tokio::{io::AsyncReadExt as _, net::TcpStream};
use toyota_sim::{Simulator, StartError};

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
