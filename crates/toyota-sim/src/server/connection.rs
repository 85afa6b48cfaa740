//! One connection from its first byte to its last.

use std::{io, sync::Arc};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::{
    line::Line,
    service,
    wire::{Transport, Wire},
};
use crate::world::Shared;

/// Serves a connection until either side ends it or a fault resets it.
///
/// How it ended is the client's to find out: errors go nowhere.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, tls: Option<TlsAcceptor>) {
    let _open = Open::new(Arc::clone(&shared));
    let Ok(transport) = greet(stream, tls).await else {
        return;
    };
    let line = Arc::new(Line::default());
    let io = TokioIo::new(Wire::new(transport, Arc::clone(&line)));
    let service =
        service_fn(|request| service::respond(Arc::clone(&shared), Arc::clone(&line), request));
    let server = auto::Builder::new(TokioExecutor::new());
    tokio::select! {
        _ = server.serve_connection(io, service) => {}
        () = line.until_reset() => {}
    }
}

async fn greet(stream: TcpStream, tls: Option<TlsAcceptor>) -> io::Result<Transport> {
    stream.set_nodelay(true)?;
    match tls {
        Some(acceptor) => acceptor
            .accept(stream)
            .await
            .map(Box::new)
            .map(Transport::Tls),
        None => Ok(Transport::Plain(stream)),
    }
}

/// Counts a connection as open for as long as it lives.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        shared.world().counters.connections_open += 1;
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.world().counters.connections_open -= 1;
    }
}
