//! What a composition does, by the layers that it has: the specification.

use std::collections::VecDeque;

use super::composition::{Composition, Part, Place};
use super::told::{Ended, Told};

/// A composition, as simple as it can be told.
pub(crate) struct Model {
    composition: Composition,
    /// What the service does about the next requests, whoever asks.
    faults: VecDeque<u16>,
    token: Token,
    is_stored: bool,
    /// Of the user's own layer: the number of the request that is under way.
    own: u32,
    pub(crate) told: Told,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    None,
    Good,
    Revoked,
}

/// What happened to one call.
#[derive(Default)]
struct Call {
    attempts: u64,
    sends: u64,
    replays: u64,
    fetches: u64,
    outcome: Option<&'static str>,
}

impl Model {
    pub(crate) fn new(composition: Composition, faults: &[u16]) -> Self {
        Self {
            composition,
            faults: faults.iter().copied().collect(),
            token: Token::None,
            is_stored: false,
            own: 0,
            told: Told::default(),
        }
    }

    /// The service takes back all tokens, and the cache forgets all.
    pub(crate) fn revoke(&mut self) {
        self.token = match self.token {
            Token::None => Token::None,
            Token::Good | Token::Revoked => Token::Revoked,
        };
        self.is_stored = false;
    }

    pub(crate) fn call(&mut self) {
        let mut call = Call::default();
        self.own_begins(Place::Outermost, &call, false);
        let status = self.cached(&mut call);
        let is_typed = self.has(Part::Errors) && status != 200;
        let seen = if is_typed { 0 } else { status };
        self.own_ends(Place::Outermost, seen, call.outcome == Some("hit"));
        self.told.ends.push(if is_typed {
            Ended::Typed(status)
        } else {
            Ended::Answer(status)
        });
        if self.has(Part::Metrics) {
            self.measure(&call, status);
        }
    }

    /// The cache answers again what was answered well.
    fn cached(&mut self, call: &mut Call) -> u16 {
        if !self.has(Part::Cache) {
            return self.repeated(call);
        }
        if self.is_stored {
            call.outcome = Some("hit");
            return 200;
        }
        call.outcome = Some("miss");
        let status = self.repeated(call);
        self.is_stored = status == 200;
        status
    }

    /// A 503 is asked about again, until the third attempt.
    fn repeated(&mut self, call: &mut Call) -> u16 {
        self.own_begins(Place::Middle, call, false);
        let status = loop {
            call.attempts += 1;
            let status = self.signed(call);
            if !self.has(Part::Retry) || status != 503 || call.attempts == 3 {
                break status;
            }
        };
        self.own_ends(Place::Middle, status, false);
        status
    }

    /// There is a token, and one that is refused is replaced once.
    fn signed(&mut self, call: &mut Call) -> u16 {
        if !self.has(Part::Auth) {
            return self.sent(call);
        }
        if self.token == Token::None {
            self.fetch(call);
        }
        match self.sent(call) {
            403 => {
                self.fetch(call);
                call.replays += 1;
                self.sent(call)
            }
            status => status,
        }
    }

    fn fetch(&mut self, call: &mut Call) {
        call.fetches += 1;
        self.token = Token::Good;
    }

    /// The service answers who has a good token, unless something is in its way.
    fn sent(&mut self, call: &mut Call) -> u16 {
        self.own_begins(Place::Innermost, call, self.has(Part::Auth));
        call.sends += 1;
        self.told.requests += 1;
        self.told.arrivals.push((self.own, self.own));
        let usual = if self.token == Token::Good { 200 } else { 403 };
        let status = self.faults.pop_front().unwrap_or(usual);
        self.own_ends(Place::Innermost, status, false);
        if self.has(Part::Metrics) {
            let error = if status == 200 {
                ""
            } else {
                &format!("error.type={status},")
            };
            let labels = format!("{error}http.response.status_code={status}");
            self.count("http.client.request.duration", &labels, 1);
        }
        status
    }

    fn own_begins(&mut self, place: Place, call: &Call, is_signed: bool) {
        if self.composition.place == place {
            let own = &mut self.told.own;
            own.requests += 1;
            own.repeats += u32::from(call.attempts > 1);
            own.signed += u32::from(is_signed);
            own.identified += u32::from(place == Place::Innermost);
            self.own = own.requests;
        }
    }

    fn own_ends(&mut self, place: Place, status: u16, is_hit: bool) {
        if self.composition.place == place {
            self.told.own.hits += u32::from(is_hit);
            self.told.own.ends.push(status);
        }
    }

    fn measure(&mut self, call: &Call, status: u16) {
        let is_error = status != 200;
        self.count("http_call_total", &self.verdict(status), 1);
        self.count("http_call_attempts_total", "", call.attempts);
        self.count("http_call_sends_total", "", call.sends);
        self.count(
            "http_call_retries_total",
            "reason=server",
            call.attempts.saturating_sub(1),
        );
        self.count("http_call_backoff", "", u64::from(call.attempts > 1));
        if is_error && self.has(Part::Retry) {
            let stop = if status == 503 {
                "attempts"
            } else {
                "not_retryable"
            };
            self.count("http_call_retry_stops_total", &format!("reason={stop}"), 1);
        }
        self.count("http_call_replays_total", "", call.replays);
        self.count("http_call_token_fetches_total", "", call.fetches);
        self.count("http_call_credential_wait", "", u64::from(call.fetches > 0));
        if let Some(outcome) = call.outcome {
            self.count("http_call_cache_total", &format!("outcome={outcome}"), 1);
        }
        let has_body = !(is_error && self.has(Part::Errors));
        self.count(
            "http_call_bodies_total",
            "ending=complete",
            u64::from(has_body),
        );
    }

    /// An error is called by its kind where there are kinds, and by its status where there are not.
    fn verdict(&self, status: u16) -> String {
        let is_typed = self.has(Part::Errors);
        match status {
            200 => "status=success".into(),
            403 if is_typed => "kind=authentication,status=error".into(),
            404 if is_typed => "kind=not_found,status=error".into(),
            503 if is_typed => "kind=server,status=error".into(),
            status => format!("kind={status},status=error"),
        }
    }

    fn count(&mut self, metric: &str, labels: &str, more: u64) {
        if more > 0 {
            let series = format!("{metric} {labels}").trim_end().to_owned();
            *self.told.measured.entry(series).or_default() += more;
        }
    }

    fn has(&self, part: Part) -> bool {
        self.composition.has(part)
    }
}
