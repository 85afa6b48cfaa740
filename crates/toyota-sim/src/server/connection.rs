//! One connection from its first byte to its last.

use std::{io, pin::pin, sync::Arc};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::{
    line::Line,
    service,
    wire::{Socket, Transport, Wire},
};
use crate::world::Shared;

/// Serves a connection until either side ends it or a fault resets it.
///
/// How it ended is the client's to find out: errors go nowhere.
pub(super) async fn serve(socket: Socket, mut open: Open, tls: Option<TlsAcceptor>) {
    let Ok(transport) = greet(socket, tls).await else {
        return;
    };
    let line = Arc::new(Line::default());
    let io = TokioIo::new(Wire::new(transport, Arc::clone(&line)));
    let shared = Arc::clone(&open.shared);
    let service =
        service_fn(|request| service::respond(Arc::clone(&shared), Arc::clone(&line), request));
    let server = auto::Builder::new(TokioExecutor::new());
    let mut connection = pin!(server.serve_connection(io, service));
    let mut reset = pin!(line.until_reset());
    loop {
        tokio::select! {
            _ = &mut connection => return,
            () = &mut reset => return,
            () = open.until_closing() => connection.as_mut().graceful_shutdown(),
        }
    }
}

async fn greet(socket: Socket, tls: Option<TlsAcceptor>) -> io::Result<Transport> {
    socket.set_nodelay()?;
    match tls {
        Some(acceptor) => acceptor
            .accept(socket)
            .await
            .map(Box::new)
            .map(Transport::Tls),
        None => Ok(Transport::Plain(socket)),
    }
}

/// Counts a connection as open from when it was accepted for as long as it lives.
pub(super) struct Open {
    shared: Arc<Shared>,
    closings: watch::Receiver<()>,
}

impl Open {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        shared.world().counters.connections_open += 1;
        let closings = shared.closings();
        Self { shared, closings }
    }

    async fn until_closing(&mut self) {
        if self.closings.changed().await.is_err() {
            // Nobody can ask for it any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.world().counters.connections_open -= 1;
    }
}
