//! A server, the way to it, and what can happen to both.

use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::ErrorKind;
use tests::redis::RedisServer;

use crate::proxy::{Mode, Proxy};

/// How long it is tried to connect where nobody accepts.
const KNOCK: Duration = Duration::from_millis(200);
/// More than anybody lets wait that has room for one.
const MANY: usize = 16;

/// A server, and the way to it.
#[derive(Debug)]
pub(crate) struct Site {
    server: Mutex<RedisServer>,
    proxy: Option<Proxy>,
    url: String,
    waiting: Mutex<Vec<TcpStream>>,
}

impl Site {
    /// A server that is asked itself; `None` where there is no program for it.
    pub(crate) fn direct() -> Option<Arc<Self>> {
        let server = RedisServer::start()?;
        let url = server.url();
        Some(Self::of(server, None, url))
    }

    /// A server behind a proxy.
    pub(crate) fn proxied() -> Option<Arc<Self>> {
        let server = RedisServer::start()?;
        let proxy = Proxy::start(server.port());
        let url = format!("redis://{}", proxy.address());
        Some(Self::of(server, Some(proxy), url))
    }

    fn of(server: RedisServer, proxy: Option<Proxy>, url: String) -> Arc<Self> {
        Arc::new(Self {
            server: Mutex::new(server),
            proxy,
            url,
            waiting: Mutex::default(),
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn server(&self) -> MutexGuard<'_, RedisServer> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the server something that has to go well.
    pub(crate) fn command(&self, words: &[&str]) {
        self.server().command(words);
    }

    /// Ends the stores' connections, of which there may be none.
    pub(crate) fn disconnect(&self) {
        let killed = self
            .server()
            .try_command(&["CLIENT", "KILL", "TYPE", "normal"]);
        // It may be the asking connection itself that is ended.
        let is_good = killed
            .as_ref()
            .map_or_else(|error| error.kind() == ErrorKind::Io, |_| true);
        assert!(is_good, "{killed:?}");
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.proxy.as_ref().unwrap().set(mode);
    }

    /// Has so many wait to be accepted that nobody else can.
    pub(crate) fn fill(&self) {
        let address = self.proxy.as_ref().unwrap().address();
        let waiting: Vec<_> = (0..MANY)
            .map_while(|_| TcpStream::connect_timeout(&address, KNOCK).ok())
            .collect();
        assert!(waiting.len() < MANY, "there is always room");
        *self.waiting.lock().unwrap() = waiting;
    }

    pub(crate) fn empty(&self) {
        self.waiting.lock().unwrap().clear();
    }
}
