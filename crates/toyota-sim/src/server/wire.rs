//! A socket that can be made to misbehave.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Buf as _;
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::line::{Line, Plan};

/// One end of a connection: of one to the port, or of one in memory.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    Memory(DuplexStream),
}

impl Socket {
    pub(super) fn set_nodelay(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_nodelay(true),
            Self::Memory(_) => Ok(()),
        }
    }

    /// Closes it with a reset in place of a farewell, as far as it knows the difference.
    pub(super) fn reset(self) {
        self.linger_not();
    }

    /// Makes the close that follows a reset.
    fn linger_not(&self) {
        if let Self::Tcp(stream) = self {
            // A socket that is gone already needs none.
            let _: io::Result<()> = stream.set_zero_linger();
        }
    }

    fn reader(&mut self) -> Pin<&mut (dyn AsyncRead + Unpin)> {
        Pin::new(match self {
            Self::Tcp(stream) => stream,
            Self::Memory(stream) => stream,
        })
    }

    fn writer(&mut self) -> Pin<&mut (dyn AsyncWrite + Unpin)> {
        Pin::new(match self {
            Self::Tcp(stream) => stream,
            Self::Memory(stream) => stream,
        })
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.reader().poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writer().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer().poll_shutdown(cx)
    }
}

/// A connection with or without TLS.
#[derive(Debug)]
pub(super) enum Transport {
    Plain(Socket),
    Tls(Box<TlsStream<Socket>>),
}

impl Transport {
    fn socket(&self) -> &Socket {
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
            self.transport.socket().linger_not();
        }
    }
}
