//! The simulated service on a socket.

mod body;
mod connection;
mod line;
mod listener;
mod service;
mod tls;
mod upload;
mod wire;

use std::{io, sync::Arc, time::Duration};

use tokio::{net::TcpStream, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use self::connection::Open;
pub(crate) use self::{listener::Listener, tls::Identity};
use crate::world::Shared;

/// How long to wait after the system refused to accept, as it does when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves each connection in a task of its own until the listener is closed; dropped, it drops
/// them all.
pub(crate) async fn run(listener: Listener, shared: Arc<Shared>, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    while let Some(accepted) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok(stream) if wants_reset(&shared) => reset(stream),
            Ok(stream) => {
                let open = Open::new(Arc::clone(&shared));
                connections.spawn(connection::serve(stream, open, tls.clone()));
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

/// Closes a connection with a reset in place of a farewell.
fn reset(stream: TcpStream) {
    // A socket that is gone already needs no reset.
    let _: io::Result<()> = stream.set_zero_linger();
    drop(stream);
}
