//! Listens, and serves each connection.

// By its path, since tests include this file by its own.
#[path = "proxy/exchange.rs"]
mod exchange;
#[path = "proxy/fields.rs"]
mod fields;

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_client::cache::CacheLayer;

use self::exchange::Proxy;

/// How long a client may take for a request's head, or leave a connection unused.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a client of HTTP/2 is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long to wait after the system refused to accept, as it does when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long exchanges may take to end when the proxy has to.
const FAREWELL: Duration = Duration::from_secs(10);

/// Passes on what comes to the listener to the origin, through the cache, until it is told to end;
/// then lets exchanges end that have begun. Dropped, it drops them all.
pub(crate) async fn serve(
    listener: TcpListener,
    origin: Uri,
    cache: CacheLayer,
    until: impl Future<Output = ()>,
) {
    let proxy = Arc::new(Proxy::new(origin, &cache));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut until = pin!(until);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = &mut until => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let served = connection(stream, Arc::clone(&proxy), graceful.watcher());
                connections.spawn(served);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    // Whoever takes longer is cut off: the connections are dropped.
    let _ = timeout(FAREWELL, graceful.shutdown()).await;
}

fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

/// Serves a connection, of HTTP/1 or HTTP/2, to its end.
async fn connection(stream: TcpStream, proxy: Arc<Proxy>, watcher: Watcher) {
    // Answers are written at once; if that cannot be had they only take longer.
    let _ = stream.set_nodelay(true);
    let spoke = Notify::new();
    let service = service_fn(|request| {
        spoke.notify_one();
        let proxy = Arc::clone(&proxy);
        async move { Ok::<_, Infallible>(proxy.exchange(request).await) }
    });
    let server = server();
    let connection = server.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // How it ended is the client's to find out.
        _ = watcher.watch(connection) => {}
        () = silence(&spoke) => {}
    }
}

fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_INTERVAL);
    server
}

/// Returns when there was no first request in time: hyper's timeouts begin when it knows the
/// version, which a client could keep to itself.
async fn silence(spoke: &Notify) {
    if timeout(HEAD_TIMEOUT, spoke.notified()).await.is_ok() {
        pending::<()>().await;
    }
}
