//! The way to the server: one connection for all commands, made when it is needed.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, Pipeline, ProtocolVersion,
    RedisError, ServerErrorKind,
};
use tokio::runtime::Handle;

use super::scripts::Script;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(1);
/// How long an answer may take: long enough for the longest entry on a slow line.
const ANSWER: Duration = Duration::from_secs(5);
/// How many commands wait for their answers at most; others wait to be sent.
const AT_ONCE: usize = 256;

/// A connection that is made anew after it was lost. While there is none, one attempt is made at a
/// time, which all wait for; an attempt that fails fails them all.
pub(super) struct Connection {
    client: Client,
    /// Made in the runtime that it is used in.
    manager: Mutex<Option<ConnectionManager>>,
}

impl Connection {
    pub(super) fn new(client: Client) -> Self {
        let manager = Mutex::new(None);
        Self { client, manager }
    }

    /// Runs a script; one that the server does not know yet is sent to it.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        call: &Cmd,
    ) -> Result<T, RedisError> {
        let mut manager = self.manager()?;
        match call.query_async(&mut manager).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                script.load().exec_async(&mut manager).await?;
                call.query_async(&mut manager).await
            }
            answer => answer,
        }
    }

    /// Sends several commands at once.
    pub(super) async fn pipe<T: FromRedisValue>(&self, pipe: &Pipeline) -> Result<T, RedisError> {
        pipe.query_async(&mut self.manager()?).await
    }

    /// Sends a command.
    pub(super) async fn send(&self, command: &Cmd) -> Result<(), RedisError> {
        command.exec_async(&mut self.manager()?).await
    }

    fn manager(&self) -> Result<ConnectionManager, RedisError> {
        let mut manager = self.manager.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(manager) = &*manager {
            return Ok(manager.clone());
        }
        if Handle::try_current().is_err() {
            return Err((ErrorKind::Client, "it is used outside of a runtime").into());
        }
        let config = ConnectionManagerConfig::new()
            // The next call tries again; to try in its place lets calls pile up.
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER))
            .set_concurrency_limit(AT_ONCE);
        let made = ConnectionManager::new_lazy_with_config(self.client.clone(), config)?;
        Ok(manager.insert(made).clone())
    }
}

/// Shows nothing: there may be a password in it.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// Returns the client for a connection that others' messages come by, and how it is made.
pub(super) fn listening(client: &Client) -> Result<(Client, AsyncConnectionConfig), RedisError> {
    let info = client.get_connection_info().clone();
    // So that messages and answers are told apart.
    let settings = info.redis_settings().clone();
    let settings = settings.set_protocol(ProtocolVersion::RESP3);
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(ANSWER));
    Ok((Client::open(info.set_redis_settings(settings))?, config))
}
