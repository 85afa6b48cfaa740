//! Connections that never leave the process.

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};

use super::Simulator;
use crate::server;

impl Simulator {
    /// Opens a connection in memory, which is served as one to the port is, with TLS if the simulator
    /// speaks it.
    ///
    /// No socket takes part, so that Tokio's clock can be paused: a week of the simulator's time
    /// then takes as long as its requests do. A reset is an end here.
    #[must_use]
    pub fn connect(&self) -> impl AsyncRead + AsyncWrite + Send + Unpin + std::fmt::Debug + use<> {
        let (near, far) = tokio::io::duplex(server::IN_MEMORY);
        // Only a server that has stopped takes none: then the connection ends at once.
        let _: Result<(), DuplexStream> = self.connections.send(far).map_err(|refused| refused.0);
        near
    }
}
