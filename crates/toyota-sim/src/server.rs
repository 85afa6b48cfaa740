//! The simulated service on a socket.

mod body;
mod connection;
mod in_flight;
mod line;
mod listener;
mod service;
mod tls;
mod upload;
mod wire;

use std::{io, sync::Arc, time::Duration};

use tokio::{io::DuplexStream, sync::mpsc, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use self::{connection::Open, wire::Socket};
pub(crate) use self::{listener::Listener, tls::Identity};
use crate::world::Shared;

/// How long to wait after the system refused to accept, as it does when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How much a connection in memory holds in either direction, in bytes.
pub(crate) const IN_MEMORY: usize = 64 * 1024;

/// Where connections come from.
pub(crate) struct Incoming {
    pub(crate) listener: Listener,
    pub(crate) in_memory: mpsc::UnboundedReceiver<DuplexStream>,
}

impl Incoming {
    /// Waits for the next connection; none means that the listener is closed.
    async fn accept(&mut self) -> Option<io::Result<Socket>> {
        tokio::select! {
            accepted = self.listener.accept() => Some(accepted?.map(Socket::Tcp)),
            Some(stream) = self.in_memory.recv() => Some(Ok(Socket::Memory(stream))),
        }
    }
}

/// Serves each connection in a task of its own until the listener is closed; dropped, it drops
/// them all.
pub(crate) async fn run(mut incoming: Incoming, shared: Arc<Shared>, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    while let Some(accepted) = incoming.accept().await {
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok(socket) if wants_reset(&shared) => socket.reset(),
            Ok(socket) => {
                let open = Open::new(Arc::clone(&shared));
                connections.spawn(connection::serve(socket, open, tls.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Counts a connection and returns whether it is to be reset.
fn wants_reset(shared: &Shared) -> bool {
    let mut world = shared.world();
    world.counters.connections_accepted += 1;
    let wanted = world.resets > 0;
    world.resets = world.resets.saturating_sub(1);
    wanted
}
