//! What is done with a store while nobody waits for it.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What is to be done with a store.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Does what nobody waits for, and knows when it is done.
#[derive(Debug, Default)]
pub(crate) struct Background(Arc<Doing>);

#[derive(Debug, Default)]
struct Doing {
    works: AtomicUsize,
    none: Notify,
    /// Where works were done that had to wait: outside a runtime, such a store cannot be asked.
    runtime: OnceLock<Handle>,
}

/// Counts a work while it is done.
struct Done(Arc<Doing>);

impl Background {
    /// Does what can be done without waiting now, and the rest in a task of its own: nobody waits
    /// for a store to write. Without any runtime the rest is not done.
    pub(crate) fn soon(&self, work: Work) {
        drop(self.begin(work));
    }

    /// Does it, also if nobody waits for it to be done any more.
    pub(crate) async fn in_any_case(&self, work: Work) {
        if let Some(rest) = self.begin(work) {
            // A task that panicked has done what it could.
            drop(rest.await);
        }
    }

    /// Waits until there is nothing that is being done.
    pub(crate) async fn idle(&self) {
        loop {
            // Listened for first, so that what ends meanwhile is heard.
            let mut none = pin!(self.0.none.notified());
            none.as_mut().enable();
            if self.0.works.load(SeqCst) == 0 {
                return;
            }
            none.await;
        }
    }

    /// Does what can be done without waiting, and returns the task that does the rest. Outside a
    /// runtime all of it is done in the one where works had to wait before, if there is one.
    fn begin(&self, mut work: Work) -> Option<JoinHandle<()>> {
        let here = Handle::try_current().ok();
        if here.is_none()
            && let Some(runtime) = self.0.runtime.get()
        {
            return Some(self.spawn(runtime, work));
        }
        let mut now = Context::from_waker(Waker::noop());
        if let Poll::Ready(()) = work.as_mut().poll(&mut now) {
            return None;
        }
        let runtime = here?;
        let task = self.spawn(&runtime, work);
        self.0.runtime.get_or_init(|| runtime);
        Some(task)
    }

    fn spawn(&self, runtime: &Handle, work: Work) -> JoinHandle<()> {
        self.0.works.fetch_add(1, SeqCst);
        let done = Done(Arc::clone(&self.0));
        runtime.spawn(async move {
            work.await;
            drop(done);
        })
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if self.0.works.fetch_sub(1, SeqCst) == 1 {
            self.0.none.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn is_idle_when_the_last_work_is_done() {
        let background = Background::default();
        let begun = Instant::now();
        for seconds in [1, 3, 2] {
            background.soon(Box::pin(sleep(Duration::from_secs(seconds))));
        }

        background.idle().await;

        assert_eq!(begun.elapsed().as_secs(), 3);
        background.idle().await;
        assert_eq!(begun.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_panics_is_done() {
        let background = Background::default();
        background.soon(Box::pin(async {
            sleep(Duration::from_secs(1)).await;
            panic!("as a store may");
        }));

        background.idle().await;
    }
}
