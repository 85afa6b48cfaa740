//! Turns: who goes next, and when.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until, timeout_at};
use tower_client::call::Deadline;

use super::{Pacing, Urgency};

/// More than anybody waits for.
const MOST_WAITING: usize = 1_000;
/// As the retry layer: who asks for more is not heeded for longer.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// Why a request was not given a turn; it was not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PaceError {
    /// Too many wait already.
    #[error("{MOST_WAITING} requests of this account wait already")]
    Crowded,
    /// Its deadline would have passed first.
    #[error("it is not this request's turn before its deadline")]
    Late(#[source] io::Error),
}

/// The wait for a turn; boxed, since most requests wait, and it reads like the protocol.
pub(super) type WaitForTurn = Pin<Box<dyn Future<Output = Result<Turn, PaceError>> + Send>>;

/// Gives requests their turns.
pub(super) struct Lane {
    pacing: Pacing,
    state: Mutex<State>,
    /// Told that a command waits, to whom waits for its start.
    overtaken: Notify,
}

#[derive(Debug)]
struct State {
    under_way: usize,
    /// Whether one of those has its turn and waits for its start still: nobody else has one then, so
    /// that whoever goes first is given the next.
    starting: bool,
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
    has_started: bool,
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
                starting: false,
                next_start: None,
                commands: Waiting::new(),
                polls: Waiting::new(),
            }),
            overtaken: Notify::new(),
        }
    }

    /// Waits for a turn, if there is one before the deadline.
    pub(super) fn turn(
        self: &Arc<Self>,
        urgency: Urgency,
        deadline: Option<Deadline>,
    ) -> WaitForTurn {
        let lane = Arc::clone(self);
        let Some(deadline) = deadline.map(Deadline::instant) else {
            return Box::pin(async move { lane.wait(urgency, None).await });
        };
        Box::pin(async move {
            let turn = lane.wait(urgency, Some(deadline));
            match timeout_at(deadline, turn).await {
                // Both can have come at once.
                Ok(turn) if Instant::now() < deadline => turn,
                Ok(_) | Err(_) => Err(PaceError::late()),
            }
        })
    }

    async fn wait(
        self: Arc<Self>,
        urgency: Urgency,
        deadline: Option<Instant>,
    ) -> Result<Turn, PaceError> {
        let mut turn = self.queue(urgency, End::Last)?.await?;
        while let Err(start) = turn.start() {
            if deadline.is_some_and(|deadline| deadline <= start) {
                return Err(PaceError::late());
            }
            tokio::select! {
                () = sleep_until(start) => {}
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

    /// Stands in line, from now on.
    fn queue(
        self: &Arc<Self>,
        urgency: Urgency,
        end: End,
    ) -> Result<impl Future<Output = Result<Turn, PaceError>> + use<>, PaceError> {
        let (give, given) = oneshot::channel();
        let mut state = self.state();
        match end {
            // Who had a turn already has it again.
            End::First => state.line(urgency).push_front(give),
            End::Last => {
                state.make_room()?;
                state.line(urgency).push_back(give);
            }
        }
        drop(state);
        self.grant();
        if urgency == Urgency::Command {
            self.overtaken.notify_one();
        }
        // Nobody leaves the line without a turn, but by going away.
        Ok(async { given.await.map_err(|_| PaceError::Crowded) })
    }

    /// Gives a turn to the next in line who is still there, if there is one to give.
    fn grant(self: &Arc<Self>) {
        loop {
            let mut state = self.state();
            if state.starting || state.under_way >= self.pacing.max_in_flight {
                return;
            }
            let Some(next) = state.next() else {
                return;
            };
            state.under_way += 1;
            state.starting = true;
            drop(state);
            match next.send(Turn::of(self)) {
                Ok(()) => return,
                // Whoever waited has left.
                Err(turn) => drop(turn.give_back()),
            }
        }
    }

    /// Starts nothing for so long, since the service asks for it.
    fn rest(&self, time: Duration) {
        let start = Instant::now() + time.min(LONGEST_REST);
        let mut state = self.state();
        state.next_start = state.next_start.max(Some(start));
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

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let command = self.commands.pop_front();
        command.or_else(|| self.polls.pop_front())
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

impl PaceError {
    fn late() -> Self {
        Self::Late(io::ErrorKind::TimedOut.into())
    }
}

impl Turn {
    fn of(lane: &Arc<Lane>) -> Self {
        Self {
            lane: Some(Arc::clone(lane)),
            has_started: false,
        }
    }

    /// Begins the request, or returns when that is possible.
    fn start(&mut self) -> Result<(), Instant> {
        let Some(lane) = &self.lane else {
            return Ok(());
        };
        let now = Instant::now();
        let mut state = lane.state();
        match state.next_start {
            Some(start) if now < start => return Err(start),
            Some(_) | None => state.next_start = Some(now + lane.pacing.min_gap),
        }
        state.starting = false;
        drop(state);
        self.has_started = true;
        lane.grant();
        Ok(())
    }

    /// Starts nothing else for so long, since the service asks for it.
    pub(super) fn rest(&self, time: Duration) {
        if let Some(lane) = &self.lane {
            lane.rest(time);
        }
    }

    /// Takes the turn back, and gives it to nobody.
    fn give_back(mut self) -> Option<Arc<Lane>> {
        self.end()
    }

    fn end(&mut self) -> Option<Arc<Lane>> {
        let lane = self.lane.take()?;
        let mut state = lane.state();
        state.under_way -= 1;
        if !self.has_started {
            state.starting = false;
        }
        drop(state);
        Some(lane)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(lane) = self.end() {
            lane.grant();
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
