//! The way to the server: one connection for all commands, made when it is needed.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    manager: Mutex<Option<Numbered>>,
}

/// What keeps a connection, and what tells it from the one before.
#[derive(Clone)]
struct Numbered {
    manager: ConnectionManager,
    number: u64,
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
        self.with(async |manager| match call.query_async(manager).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                script.load().exec_async(manager).await?;
                call.query_async(manager).await
            }
            answer => answer,
        })
        .await
    }

    /// Sends several commands at once.
    pub(super) async fn pipe<T: FromRedisValue>(&self, pipe: &Pipeline) -> Result<T, RedisError> {
        self.with(async |manager| pipe.query_async(manager).await)
            .await
    }

    /// Sends a command.
    pub(super) async fn send(&self, command: &Cmd) -> Result<(), RedisError> {
        self.with(async |manager| command.exec_async(manager).await)
            .await
    }

    async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&mut ConnectionManager) -> Result<T, RedisError>,
    ) -> Result<T, RedisError> {
        let Numbered {
            mut manager,
            number,
        } = self.manager()?;
        let done = work(&mut manager).await;
        if done.as_ref().is_err_and(is_stuck) {
            self.give_up(number);
        }
        done
    }

    /// Lets the next call make another manager in place of this one.
    fn give_up(&self, number: u64) {
        let mut manager = self.lock();
        if manager.as_ref().is_some_and(|made| made.number == number) {
            *manager = None;
        }
    }

    fn manager(&self) -> Result<Numbered, RedisError> {
        // The driver would panic, also where it has connected.
        if Handle::try_current().is_err() {
            return Err((ErrorKind::Client, "it is used outside of a runtime").into());
        }
        let mut manager = self.lock();
        if let Some(manager) = &*manager {
            return Ok(manager.clone());
        }
        let config = ConnectionManagerConfig::new()
            // The next call tries again; to try in its place lets calls pile up.
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER))
            .set_concurrency_limit(AT_ONCE);
        let made = ConnectionManager::new_lazy_with_config(self.client.clone(), config)?;
        let made = Numbered {
            manager: made,
            number: fastrand::u64(..),
        };
        Ok(manager.insert(made).clone())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Numbered>> {
        self.manager.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether an error may be that of connecting which a manager repeats for ever: it connects
/// again after errors of the network alone, and not where it was answered by noise, or its password
/// was refused.
fn is_stuck(error: &RedisError) -> bool {
    !matches!(error.kind(), ErrorKind::Io | ErrorKind::Server(_))
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
