//! The model: what is to be counted, told from the plan alone.

mod leg;

use tower_client_call::{CacheOutcome, StopReason};

use crate::caller::Ended;
use crate::plan::{Again, Answer, Fetch, Patience, Plan};
use crate::tally::Tally;
use crate::words::{CANCELLED, OTHER};

/// Adds what a call counts, and returns how it ends for its caller.
pub(crate) fn foresee(plan: &Plan, tally: &mut Tally) -> Ended {
    let oracle = Oracle {
        plan,
        tally,
        patience: plan.caller.patience,
        sends: 0,
        retries: Vec::new(),
        replays: 0,
        fetches: 0,
        backoff: 0,
        credential_wait: 0,
        kept: false,
        cache: None,
        kind: None,
        stop: None,
    };
    oracle.call()
}

/// The caller has no patience left.
struct Left;

struct Oracle<'a> {
    plan: &'a Plan,
    tally: &'a mut Tally,
    patience: Patience,
    sends: u64,
    /// Their words.
    retries: Vec<&'static str>,
    replays: u64,
    fetches: u64,
    /// In eighths of a second.
    backoff: u32,
    /// In eighths of a second.
    credential_wait: u32,
    /// Whether the answer needs no attempt.
    kept: bool,
    cache: Option<&'static str>,
    kind: Option<&'static str>,
    stop: Option<&'static str>,
}

/// What the resender returns.
enum Given {
    /// An answer, and the labels of the request that brought it.
    Answer(Answer, Option<Labels>),
    Failure(String),
}

type Labels = Vec<(&'static str, String)>;

/// How far a body was read.
struct Reading {
    stop: Stop,
    /// The word for the body's end.
    word: &'static str,
    bytes: u32,
}

/// Why a body was read no further.
#[derive(Clone, Copy)]
enum Stop {
    End,
    Broken,
    /// Its reader wanted no more.
    Enough,
    Impatient,
}

impl Oracle<'_> {
    fn call(mut self) -> Ended {
        let operation = self.plan.operation.map_or(OTHER, |it| it.name());
        let labels = [("operation", operation)];
        self.tally.gauge("http_call_active", &labels);
        let given = self.resend();
        if given.is_err() && self.plan.resender.notes_leaving {
            self.stop = Some(CANCELLED);
        }
        let kind = match &given {
            Err(Left) => Some(CANCELLED.to_owned()),
            Ok(Given::Failure(word)) => Some(self.kind.map_or(word.clone(), str::to_owned)),
            Ok(Given::Answer(answer, _)) => error_word(answer.status),
        };
        self.end(operation, kind.as_deref());
        match given {
            Err(Left) => Ended::Left,
            Ok(Given::Failure(_)) => Ended::Failed,
            Ok(Given::Answer(answer, brought)) => {
                let reading = self.read(&answer.body, self.plan.caller.frames);
                let labels = [("operation", operation), ("ending", reading.word)];
                self.tally.count("http_call_bodies_total", &labels, 1);
                if let Some(labels) = brought {
                    self.response_size(&labels, &reading);
                }
                match reading.stop {
                    Stop::End => Ended::Read,
                    Stop::Broken => Ended::Broken,
                    Stop::Enough | Stop::Impatient => Ended::Left,
                }
            }
        }
    }

    fn resend(&mut self) -> Result<Given, Left> {
        let resender = &self.plan.resender;
        let mut started = false;
        if let Some(leg) = resender.legs.first().filter(|_| resender.eager) {
            started = true;
            self.start_leg();
            if let Err(Left) = self.prepare() {
                self.end_leg(leg, Err(CANCELLED));
                return Err(Left);
            }
        } else {
            self.prepare()?;
        }
        let mut given = Given::Answer(resender.kept.clone(), None);
        for (number, leg) in resender.legs.iter().enumerate() {
            if !std::mem::take(&mut started) {
                self.start_leg();
            }
            given = self.leg(leg)?;
            let is_last = number + 1 == resender.legs.len();
            if !is_last || resender.refuses {
                given = self.refuse(given, leg.drained)?;
            }
            if !is_last {
                self.again(leg.again)?;
            }
        }
        let stop = resender.stop;
        let stop = stop.filter(|(reason, _)| *reason != StopReason::Succeeded);
        self.stop = stop.map(|(_, word)| word);
        Ok(given)
    }

    /// All that comes before the first request is awaited.
    fn prepare(&mut self) -> Result<(), Left> {
        if let Patience::Unpolled = self.patience {
            return Err(Left);
        }
        if let Some(fetch) = self.plan.resender.fetch {
            self.fetch(fetch)?;
        }
        if let Some((outcome, word)) = self.plan.resender.cache {
            use CacheOutcome::{Collapsed, Hit, Stale};
            self.kept = matches!(outcome, Hit | Stale | Collapsed);
            self.cache = Some(word);
        }
        Ok(())
    }

    /// An answer becomes an error.
    fn refuse(&mut self, given: Given, drained: Option<u32>) -> Result<Given, Left> {
        let Given::Answer(answer, labels) = given else {
            return Ok(given);
        };
        let reading = self.read(&answer.body, drained);
        if let Some(labels) = labels {
            self.response_size(&labels, &reading);
        }
        match reading.stop {
            Stop::Impatient => Err(Left),
            Stop::End | Stop::Broken | Stop::Enough => Ok(Given::Failure(
                error_word(answer.status).unwrap_or_else(|| OTHER.to_owned()),
            )),
        }
    }

    fn again(&mut self, again: Again) -> Result<(), Left> {
        match again {
            Again::Retry((_, word), pauses, eighths) => {
                self.wait(pauses)?;
                self.backoff += eighths;
                self.retries.push(word);
                self.kind = None;
            }
            Again::Replay(fetch) => {
                self.fetch(fetch)?;
                self.replays += 1;
            }
            Again::Redirect => {}
        }
        Ok(())
    }

    fn fetch(&mut self, fetch: Fetch) -> Result<(), Left> {
        self.wait(fetch.pauses)?;
        self.fetches += 1;
        self.credential_wait += fetch.eighths;
        Ok(())
    }

    fn wait(&mut self, pauses: u32) -> Result<(), Left> {
        match &mut self.patience {
            Patience::Pauses(left) if *left >= pauses => {
                *left -= pauses;
                Ok(())
            }
            Patience::Pauses(_) | Patience::Unpolled => Err(Left),
        }
    }

    /// Counts what is known of a call when its head has come, or nothing will.
    fn end(&mut self, operation: &str, kind: Option<&str>) {
        let of = [("operation", operation)];
        let tally = &mut *self.tally;
        let status = if kind.is_some() { "error" } else { "success" };
        let mut verdict = vec![of[0], ("status", status)];
        verdict.extend(kind.map(|kind| ("kind", kind)));
        tally.duration("http_call_duration", &verdict);
        tally.count("http_call_total", &verdict, 1);

        let retries = u64::try_from(self.retries.len()).unwrap();
        let attempts = retries + u64::from(!self.kept);
        tally.count("http_call_attempts_total", &of, attempts);
        tally.count("http_call_sends_total", &of, self.sends);
        tally.count("http_call_replays_total", &of, self.replays);
        tally.count("http_call_token_fetches_total", &of, self.fetches);
        for word in &self.retries {
            tally.count("http_call_retries_total", &[of[0], ("reason", word)], 1);
        }
        if let Some(word) = self.stop {
            tally.count("http_call_retry_stops_total", &[of[0], ("reason", word)], 1);
        }
        if let Some(word) = self.cache {
            tally.count("http_call_cache_total", &[of[0], ("outcome", word)], 1);
        }
        for (name, eighths) in [
            ("http_call_backoff", self.backoff),
            ("http_call_credential_wait", self.credential_wait),
        ] {
            if eighths > 0 {
                tally.value(name, &of, f64::from(eighths) / 8.0);
            }
        }
    }
}

/// The word for an answer that is an error.
fn error_word(status: u16) -> Option<String> {
    (status >= 400).then(|| status.to_string())
}
