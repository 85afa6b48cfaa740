//! Where the work with files is done: in threads that may block, not too many at once.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;

/// How much is done at once: the threads are those of the whole program.
const MOST: usize = 32;

/// The right to let threads work.
#[derive(Clone, Debug)]
pub(super) struct Work(Arc<Semaphore>);

impl Default for Work {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

impl Work {
    /// Does it as soon as something else is done, if that is too much already.
    pub(super) async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        run(permit.map_err(|_| Failure::Busy)?, work).await
    }

    /// Does it, if not too much is done already.
    pub(super) async fn now<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        run(permit.map_err(|_| Failure::Busy)?, work).await
    }
}

async fn run<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let runtime = Handle::try_current().map_err(|_| Failure::NoRuntime)?;
    // The permit is the thread's: it works on when nobody waits for it any more.
    let done = runtime.spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.map_err(|_| Failure::Ended)?
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn beyond_the_bound_reads_wait_and_writes_are_refused() {
        let work = Work::default();
        let (end, ends) = mpsc::channel::<()>();
        let ends = Arc::new(std::sync::Mutex::new(ends));
        let busy: Vec<_> = (0..MOST)
            .map(|_| {
                let (work, ends) = (work.clone(), Arc::clone(&ends));
                tokio::spawn(async move {
                    let wait = move || {
                        let ended = ends.lock().unwrap().recv();
                        ended.map_err(|_| Failure::Ended)
                    };
                    work.wait(wait).await
                })
            })
            .collect();
        while work.0.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        let refused = work.now(|| Ok(())).await;
        let waiting = tokio::spawn({
            let work = work.clone();
            async move { work.wait(|| Ok(7)).await }
        });
        for _ in 0..MOST {
            end.send(()).unwrap();
        }

        assert!(matches!(refused, Err(Failure::Busy)));
        assert_eq!(waiting.await.unwrap().unwrap(), 7);
        for busy in busy {
            busy.await.unwrap().unwrap();
        }
        assert!(work.now(|| Ok(())).await.is_ok());
    }

    #[test]
    fn without_a_runtime_it_is_an_error() {
        let work = Work::default();
        let mut polled = std::pin::pin!(work.now(|| Ok(())));

        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let done = polled.as_mut().poll(&mut context);

        assert!(matches!(
            done,
            std::task::Poll::Ready(Err(Failure::NoRuntime))
        ));
    }
}
