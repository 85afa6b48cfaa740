//! Turns: who goes next, and when.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until, timeout_at};
use tower_client::call::Deadline;

use super::{Pacing, Urgency};

/// More than anybody waits for.
const MOST_WAITING: usize = 1_000;

/// Why a request was not given a turn; it was not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PaceError {
    /// Too many wait already.
    #[error("{MOST_WAITING} requests of this account wait already")]
    Crowded,
    /// Its deadline passed first.
    #[error("the deadline passed before it was this request's turn")]
    Late(#[source] tokio::time::error::Elapsed),
}

/// The wait for a turn; boxed, since most requests wait, and it reads like the protocol.
pub(super) type WaitForTurn = Pin<Box<dyn Future<Output = Result<Turn, PaceError>> + Send>>;

/// Gives requests their turns.
pub(super) struct Lane {
    pacing: Pacing,
    state: Mutex<State>,
    /// Told that a command waits, to whom waits out the gap.
    overtaken: Notify,
}

#[derive(Debug)]
struct State {
    under_way: usize,
    /// When the next request may start.
    next_start: Option<Instant>,
    commands: Waiting,
    polls: Waiting,
}

type Waiting = VecDeque<oneshot::Sender<Turn>>;

/// Leave to have a request under way; given to the next one when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    lane: Option<Arc<Lane>>,
}

/// Whose turn it is before others of the same urgency.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

impl Lane {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            state: Mutex::new(State {
                under_way: 0,
                next_start: None,
                commands: Waiting::new(),
                polls: Waiting::new(),
            }),
            overtaken: Notify::new(),
        }
    }

    /// Waits for a turn until the deadline.
    pub(super) fn turn(
        self: &Arc<Self>,
        urgency: Urgency,
        deadline: Option<Deadline>,
    ) -> WaitForTurn {
        let wait = Arc::clone(self).wait(urgency);
        match deadline {
            Some(deadline) => Box::pin(async move {
                let turn = timeout_at(deadline.instant(), wait).await;
                turn.unwrap_or_else(|late| Err(PaceError::Late(late)))
            }),
            None => Box::pin(wait),
        }
    }

    async fn wait(self: Arc<Self>, urgency: Urgency) -> Result<Turn, PaceError> {
        let mut turn = self.queue(urgency, End::Last)?.await?;
        while let Err(start) = self.start() {
            let gap = sleep_until(start);
            tokio::select! {
                () = gap => {}
                () = self.overtaken.notified(), if urgency == Urgency::Poll => {
                    // What has come goes first, and then this one before those behind it.
                    let next = self.queue(urgency, End::First)?;
                    drop(turn);
                    turn = next.await?;
                }
            }
        }
        Ok(turn)
    }

    /// Begins a request, or returns when that is possible.
    fn start(&self) -> Result<(), Instant> {
        let now = Instant::now();
        let mut state = self.state();
        match state.next_start {
            Some(start) if now < start => Err(start),
            Some(_) | None => {
                state.next_start = Some(now + self.pacing.min_gap);
                Ok(())
            }
        }
    }

    /// Stands in line, from now on.
    fn queue(
        self: &Arc<Self>,
        urgency: Urgency,
        end: End,
    ) -> Result<impl Future<Output = Result<Turn, PaceError>> + use<>, PaceError> {
        let (give, given) = oneshot::channel();
        let mut state = self.state();
        if state.under_way < self.pacing.max_in_flight {
            state.under_way += 1;
            drop(state);
            // The other end is here: it is received.
            drop(give.send(Turn::of(self)));
        } else {
            match end {
                // Who had a turn already has it again.
                End::First => state.line(urgency).push_front(give),
                End::Last => {
                    state.make_room()?;
                    state.line(urgency).push_back(give);
                }
            }
            drop(state);
            if urgency == Urgency::Command {
                self.overtaken.notify_one();
            }
        }
        // Nobody leaves the line without a turn, but by going away.
        Ok(async { given.await.map_err(|_| PaceError::Crowded) })
    }

    /// Gives a turn that is over to the next in line who is still there.
    fn pass_on(self: Arc<Self>) {
        loop {
            let mut state = self.state();
            let next = state.commands.pop_front();
            let Some(next) = next.or_else(|| state.polls.pop_front()) else {
                state.under_way -= 1;
                return;
            };
            drop(state);
            match next.send(Turn::of(&self)) {
                Ok(()) => return,
                // Whoever waited has left; the turn is still this one's to give.
                Err(mut turn) => turn.lane = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn line(&mut self, urgency: Urgency) -> &mut Waiting {
        match urgency {
            Urgency::Command => &mut self.commands,
            Urgency::Poll => &mut self.polls,
        }
    }

    /// Fails if too many wait, not counting those who have left.
    fn make_room(&mut self) -> Result<(), PaceError> {
        if self.waiting() >= MOST_WAITING {
            for line in [&mut self.commands, &mut self.polls] {
                line.retain(|waiting| !waiting.is_closed());
            }
        }
        if self.waiting() >= MOST_WAITING {
            return Err(PaceError::Crowded);
        }
        Ok(())
    }

    fn waiting(&self) -> usize {
        self.commands.len() + self.polls.len()
    }
}

impl Turn {
    fn of(lane: &Arc<Lane>) -> Self {
        let lane = Some(Arc::clone(lane));
        Self { lane }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            lane.pass_on();
        }
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (under_way, waiting) = {
            let state = self.state();
            (state.under_way, state.waiting())
        };
        f.debug_struct("Lane")
            .field("pacing", &self.pacing)
            .field("under_way", &under_way)
            .field("waiting", &waiting)
            .finish()
    }
}
