//! A listening socket that its owner can close while another task waits on it.

use std::{
    future::poll_fn,
    io,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Debug)]
pub(crate) struct Listener(Arc<Mutex<Option<TcpListener>>>);

impl Listener {
    /// Listens on 127.0.0.1 and returns the port, which is a free one if `port` is 0.
    pub(crate) async fn bind(port: u16) -> io::Result<(Self, u16)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        Ok((Self(Arc::new(Mutex::new(Some(listener)))), port))
    }

    /// Waits for the next connection; none means that the listener is closed.
    pub(super) async fn accept(&self) -> Option<io::Result<TcpStream>> {
        poll_fn(|cx| self.poll_accept(cx)).await
    }

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<Option<io::Result<TcpStream>>> {
        let listener = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match listener.as_ref() {
            Some(listener) => listener
                .poll_accept(cx)
                .map(|accepted| Some(accepted.map(|(stream, _)| stream))),
            None => Poll::Ready(None),
        }
    }

    /// Closes the socket; from now on its port refuses connections.
    pub(crate) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
