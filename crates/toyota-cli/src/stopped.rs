//! When somebody wants the program to end.

use crate::failure::Failure;

/// Waits until somebody wants this to end, from now on: what is told between this and the wait counts.
pub(crate) fn stopped() -> Result<impl Future<Output = Result<(), Failure>>, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(Failure::internal);
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            Ok(())
        })
    }
    #[cfg(not(unix))]
    Ok(async { tokio::signal::ctrl_c().await.map_err(Failure::internal) })
}
