//! What others forget, as they tell it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use redis::{Client, PushInfo, PushKind, RedisError, Value};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::connection::listening;
use crate::store::Selection;
use crate::store::codec::{Codec, CodecError};
use crate::store::peers::Forgotten;

type Watcher = Arc<dyn Fn(Forgotten) + Send + Sync>;

/// How often the other side is asked whether it is still there.
const ASK: Duration = Duration::from_secs(5);
/// How long to wait before connecting again at first, and at most.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);

/// Listens on a connection of its own, in a task that ends with it, as soon as there is a watcher
/// and a runtime.
pub(super) struct Subscriber {
    heard: Arc<Heard>,
    client: Client,
    channel: String,
    /// Whether anybody listens: calls look at no more than this if not.
    is_wanted: AtomicBool,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What is done with messages.
struct Heard {
    codec: Codec,
    /// Tells own messages from others'.
    sender: [u8; 8],
    watchers: Mutex<Vec<Watcher>>,
}

impl Subscriber {
    pub(super) fn new(client: Client, channel: String, codec: Codec) -> Self {
        let sender = fastrand::u64(..).to_be_bytes();
        let watchers = Mutex::default();
        Self {
            heard: Arc::new(Heard {
                codec,
                sender,
                watchers,
            }),
            client,
            channel,
            is_wanted: AtomicBool::new(false),
            task: Mutex::default(),
        }
    }

    /// Returns what tells others that something was forgotten.
    pub(super) fn message(&self, forgotten: &Forgotten) -> Result<Vec<u8>, CodecError> {
        let told = self.heard.codec.encode_forgotten(forgotten)?;
        Ok([&self.heard.sender[..], &told].concat())
    }

    /// Tells a watcher from now on; it listens once it is [started](Self::start).
    pub(super) fn add(&self, watcher: Watcher) {
        lock(&self.heard.watchers).push(watcher);
        self.is_wanted.store(true, Relaxed);
    }

    /// Listens, if anybody watches, this is a runtime, and nothing listens yet.
    pub(super) fn start(&self) {
        if !self.is_wanted.load(Relaxed) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let mut task = lock(&self.task);
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            let heard = Arc::clone(&self.heard);
            let (client, channel) = (self.client.clone(), self.channel.clone());
            *task = Some(runtime.spawn(listen(heard, client, channel)));
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let task = lock(&self.task).take();
        if let Some(task) = task {
            task.abort();
        }
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").finish_non_exhaustive()
    }
}

impl Heard {
    fn tell(&self, forgotten: &Forgotten) {
        let watchers = lock(&self.watchers).clone();
        for watcher in watchers {
            watcher(forgotten.clone());
        }
    }

    /// Tells that nobody knows what was forgotten.
    fn tell_all(&self) {
        self.tell(&Forgotten::Matching(Selection::All));
    }

    fn hear(&self, message: &[u8]) {
        let told = match message.split_first_chunk() {
            Some((sender, _)) if *sender == self.sender => return,
            Some((_, told)) => self.codec.decode_forgotten(told),
            None => Err(CodecError::Malformed),
        };
        match told {
            Ok(forgotten) => self.tell(&forgotten),
            Err(error) => {
                tracing::debug!(%error, "a message cannot be read");
                self.tell_all();
            }
        }
    }
}

/// Listens for ever, and connects again when the connection is lost.
async fn listen(heard: Arc<Heard>, client: Client, channel: String) {
    let mut wait = SHORTEST;
    loop {
        let mut was_there = false;
        let lost = listen_once(&heard, &client, &channel, &mut was_there).await;
        if let Err(error) = lost {
            tracing::debug!(%error, "what others forget is not heard");
        }
        wait = if was_there {
            SHORTEST
        } else {
            (wait * 2).min(LONGEST)
        };
        // Half of it at random: those who lost it together do not come back together.
        sleep(wait.mul_f64(0.5 + Rng::new().f64() / 2.0)).await;
    }
}

/// Listens until the connection is lost.
async fn listen_once(
    heard: &Arc<Heard>,
    client: &Client,
    channel: &str,
    was_there: &mut bool,
) -> Result<(), RedisError> {
    let (client, config) = listening(client)?;
    let lost = Arc::new(Notify::new());
    let config = config.set_push_sender({
        let (heard, lost) = (Arc::clone(heard), Arc::clone(&lost));
        move |push: PushInfo| {
            match (push.kind, push.data.get(1)) {
                (PushKind::Message, Some(Value::BulkString(message))) => heard.hear(message),
                (PushKind::Message, _) => heard.tell_all(),
                (PushKind::Disconnection, _) => lost.notify_one(),
                _ => {}
            }
            Ok::<_, RedisError>(())
        }
    });
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await?;
    connection.subscribe(channel).await?;
    *was_there = true;
    heard.tell(&Forgotten::Missed);
    while timeout(ASK, lost.notified()).await.is_err() {
        redis::cmd("PING").exec_async(&mut connection).await?;
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
