//! What stands between a store and its server, and does not pass everything on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::commands;

const LOADING: &[u8] = b"-LOADING Redis is loading the dataset in memory\r\n";

/// What is done with connections, and with what comes by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Pass,
    /// Each answer comes so much later.
    Slow(Duration),
    /// Connections are accepted, and nothing is answered.
    Silent,
    /// Connections are not even accepted: there is room for two that wait.
    Deaf,
    /// Answers are random bytes.
    Noise,
    /// Each command is answered by an error, as of a server that reads its data.
    Loading,
}

#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
}

impl Proxy {
    /// Begins to pass on to this port.
    pub(crate) fn start(to: u16) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mode = watch::Sender::new(Mode::Pass);
        tokio::spawn(accept(listener, to, mode.subscribe()));
        Self { address, mode }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn accept(listener: TcpListener, to: u16, mut mode: watch::Receiver<Mode>) {
    while mode.wait_for(|mode| *mode != Mode::Deaf).await.is_ok() {
        tokio::select! {
            accepted = listener.accept() => {
                let (client, _) = accepted.unwrap();
                tokio::spawn(pass(client, to, mode.clone()));
            }
            changed = mode.changed() => if changed.is_err() { return },
        }
    }
}

/// Passes on until one side ends, or what comes by can no longer be understood.
async fn pass(client: TcpStream, to: u16, mode: watch::Receiver<Mode>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let begun_as = *mode.borrow();
    if begun_as == Mode::Loading {
        return load(client, mode).await;
    }
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        asked = ask(from_client, to_server, &mode) => asked,
        answered = answer(from_server, to_client, &mode) => answered,
    }
}

async fn ask(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mode: &watch::Receiver<Mode>,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let mut is_part_lost = false;
    while let length @ 1.. = from.read(&mut buffer).await? {
        let now = *mode.borrow();
        match now {
            Mode::Silent => is_part_lost = true,
            Mode::Deaf | Mode::Loading => return Ok(()),
            _ if is_part_lost => return Ok(()),
            Mode::Pass | Mode::Slow(_) | Mode::Noise => to.write_all(&buffer[..length]).await?,
        }
    }
    Ok(())
}

async fn answer(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mode: &watch::Receiver<Mode>,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let mut random = Rng::with_seed(7);
    let mut is_part_lost = false;
    while let length @ 1.. = from.read(&mut buffer).await? {
        let now = *mode.borrow();
        match now {
            Mode::Silent => is_part_lost = true,
            Mode::Noise => {
                random.fill(&mut buffer[..length]);
                is_part_lost = true;
                to.write_all(&buffer[..length]).await?;
            }
            Mode::Deaf | Mode::Loading => return Ok(()),
            _ if is_part_lost => return Ok(()),
            Mode::Pass => to.write_all(&buffer[..length]).await?,
            Mode::Slow(by) => {
                sleep(by).await;
                to.write_all(&buffer[..length]).await?;
            }
        }
    }
    Ok(())
}

/// Answers each command with an error, as long as that is what is done.
async fn load(mut client: TcpStream, mode: watch::Receiver<Mode>) -> io::Result<()> {
    let mut asked = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    while let length @ 1.. = client.read(&mut buffer).await? {
        if *mode.borrow() != Mode::Loading {
            return Ok(());
        }
        asked.extend_from_slice(&buffer[..length]);
        let answers = LOADING.repeat(commands::take(&mut asked));
        client.write_all(&answers).await?;
    }
    Ok(())
}
