//! A socket that can be made to misbehave.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Buf as _;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::line::{Line, Plan};

/// A connection with or without TLS.
#[derive(Debug)]
pub(super) enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Transport {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }

    fn reader(&mut self) -> Pin<&mut (dyn AsyncRead + Unpin)> {
        Pin::new(match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream,
        })
    }

    fn writer(&mut self) -> Pin<&mut (dyn AsyncWrite + Unpin)> {
        Pin::new(match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream,
        })
    }
}

/// A transport that follows its line's [`Plan`].
#[derive(Debug)]
pub(super) struct Wire {
    transport: Transport,
    line: Arc<Line>,
}

impl Wire {
    pub(super) fn new(transport: Transport, line: Arc<Line>) -> Self {
        Self { transport, line }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.transport.reader().poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { transport, line } = self.get_mut();
        let mut plan = line.plan();
        let Plan::Babble(noise) = &mut *plan else {
            return transport.writer().poll_write(cx, buf);
        };
        while noise.has_remaining() {
            let written = ready!(transport.writer().poll_write(cx, noise))?;
            noise.advance(written);
        }
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { transport, line } = self.get_mut();
        ready!(transport.writer().poll_flush(cx))?;
        let over = match &*line.plan() {
            Plan::Talk | Plan::Reset => false,
            Plan::HangUp => true,
            Plan::Babble(noise) => noise.is_empty(),
        };
        Poll::Ready(if over {
            Err(io::ErrorKind::BrokenPipe.into())
        } else {
            Ok(())
        })
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.transport.writer().poll_shutdown(cx)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if *self.line.plan() == Plan::Reset {
            // Zero linger makes the close that follows a reset. A socket that is gone already
            // needs none.
            let _: io::Result<()> = self.transport.tcp().set_zero_linger();
        }
    }
}
