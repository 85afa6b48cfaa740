//! The state of a recording, as plain steps on values; who takes them is in `reader`.

mod ending;
mod window;

use std::mem;
use std::task::Waker;

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::time::Instant;

use super::Finished;
use super::after::{After, Finish};
use super::patience::HeldUp;
use super::pieces::Pieces;
use super::places::Places;
use super::source::Source;
use crate::CacheError;

/// What readers and handles of a recording share.
pub(super) struct State {
    phase: Phase,
    places: Places,
    handles: usize,
    /// Whether there was a reader ever.
    was_read: bool,
    /// `None` while a reader polls it, and after the end.
    source: Option<Source>,
    /// Whether polling the source may bring something: it is new, it woke, or it had something the
    /// last time.
    ripe: bool,
    /// What the source says of what is still to come.
    hint: SizeHint,
    pieces: Pieces,
    /// How many bytes readers may see. There are more of them while `finish` is told the end.
    end: u64,
    trailers: Option<Box<HeaderMap>>,
    limit: u64,
    /// How long it was announced.
    expected: Option<u64>,
    /// Faster readers wait for the slowest.
    held_up: Option<HeldUp>,
    /// Gone once it was called.
    finish: Option<Finish>,
    after: Option<After>,
}

#[derive(Debug)]
enum Phase {
    /// Everything is kept.
    Recording,
    /// It is too long: only what somebody has not read yet is kept.
    Streaming,
    /// It has ended, and is kept.
    Complete,
    /// It has ended, and its beginning is not kept.
    Over,
    /// It broke off. The last reader takes the error.
    Failed(Option<CacheError>),
    /// Everybody left.
    Abandoned,
}

/// What a reader does next.
pub(super) enum Next {
    /// Return this.
    Return(Option<Result<Frame<Bytes>, CacheError>>),
    /// Poll the source. The others wait.
    Drive(Source),
    /// Wait until woken.
    Wait,
    /// Wait for a slower reader, but not longer than this.
    WaitUntil(Instant),
}

impl State {
    pub(super) fn new(source: Source, limit: u64, expected: Option<u64>, finish: Finish) -> Self {
        Self {
            phase: Phase::Recording,
            places: Places::default(),
            handles: 1,
            was_read: false,
            hint: source.size_hint(),
            source: Some(source),
            ripe: true,
            pieces: Pieces::new(expected),
            end: 0,
            trailers: None,
            limit,
            expected,
            held_up: None,
            finish: Some(finish),
            after: None,
        }
    }

    /// Returns what is to be done once this is unlocked.
    pub(super) fn take_after(&mut self) -> Option<After> {
        // Mostly there is nothing: `take` alone would copy that.
        self.after.is_some().then(|| self.after.take()).flatten()
    }

    /// Lets a reader in, if it can have everything.
    pub(super) fn join(&mut self) -> Option<usize> {
        let has_beginning = match self.phase {
            Phase::Recording | Phase::Complete => true,
            Phase::Streaming => !self.was_read,
            Phase::Over | Phase::Failed(_) | Phase::Abandoned => false,
        };
        if !has_beginning {
            return None;
        }
        self.was_read = true;
        Some(self.places.join())
    }

    /// Lets the first reader in: nothing was polled yet, and so nothing is gone.
    pub(super) fn join_first(&mut self) -> usize {
        self.was_read = true;
        self.places.join()
    }

    /// Returns the position up to which everybody has to have read for the source to be asked.
    fn window_start(&self) -> u64 {
        self.end.saturating_sub(self.limit.max(1))
    }

    /// Returns what a reader does next.
    pub(super) fn next(&mut self, id: usize, waker: &Waker) -> Next {
        let Some(place) = self.places.get_mut(id) else {
            return Next::Return(None);
        };
        place.waiting = false;
        if place.cut_off {
            self.leave(id);
            return Next::Return(Some(Err(CacheError::left_behind())));
        }
        let position = place.position;
        if let Some(piece) = self.pieces.read(position, self.end) {
            let piece = Frame::data(piece);
            self.advance(id, &piece);
            return Next::Return(Some(Ok(piece)));
        }
        if let Some(trailers) = &self.trailers
            && !mem::replace(&mut place.had_trailers, true)
        {
            return Next::Return(Some(Ok(Frame::trailers(HeaderMap::clone(trailers)))));
        }
        if !matches!(self.phase, Phase::Recording | Phase::Streaming) {
            return Next::Return(self.last_word(id).map(Err));
        }
        if let Some(forgotten) = place.wait(waker) {
            self.after().forget = Some(forgotten);
        }
        if self.is_full() {
            let up_to = self.window_start();
            let places = &self.places;
            let new = || HeldUp::new(Instant::now(), places.longest_held_up(up_to));
            return Next::WaitUntil(self.held_up.get_or_insert_with(new).deadline);
        }
        if !self.ripe {
            return Next::Wait;
        }
        match self.source.take() {
            Some(source) => {
                self.ripe = false;
                Next::Drive(source)
            }
            None => Next::Wait,
        }
    }

    /// The source has nothing yet.
    pub(super) fn park(&mut self, source: Source) {
        self.put_back(source);
        if self.ripe {
            // Who began to wait after it woke would wait for ever if this reader came no more.
            self.wake_all();
        }
    }

    /// The source woke.
    pub(super) fn source_woke(&mut self) {
        self.ripe = true;
        self.wake_all();
    }

    /// The reader that polled the source need not be woken: it knows.
    pub(super) fn stop_waiting(&mut self, id: usize) {
        if let Some(place) = self.places.get_mut(id) {
            place.waiting = false;
        }
    }

    /// Keeps a chunk, as far as it is to be kept, but does not show it yet.
    pub(super) fn keep(&mut self, frame: &Frame<Bytes>) {
        let Some(chunk) = frame.data_ref() else {
            return;
        };
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.pieces.end().saturating_add(length) > self.limit {
            self.stop_recording();
        }
        match self.phase {
            Phase::Streaming if self.places.reading() < 2 => self.pieces.pass(chunk),
            _ => self.pieces.append(chunk),
        }
    }

    /// Shows what was kept last, which the reader that polled for it returns as it came.
    pub(super) fn show(&mut self, id: usize, frame: &Frame<Bytes>) {
        self.end = self.pieces.end();
        if let Some(trailers) = frame.trailers_ref() {
            self.trailers = Some(Box::new(trailers.clone()));
        }
        self.advance(id, frame);
        self.wake_all();
    }

    /// Takes the source back, which has more: about so much.
    pub(super) fn go_on(&mut self, source: Source, hint: SizeHint) {
        self.hint = hint;
        self.ripe = true;
        self.put_back(source);
    }

    /// Returns what is still to come for a reader.
    pub(super) fn size_hint(&self, id: usize) -> SizeHint {
        let place = self.places.get(id).filter(|place| !place.cut_off);
        let Some(place) = place else {
            return SizeHint::default();
        };
        let kept = self.end.saturating_sub(place.position);
        let upper = self.hint.upper();
        let upper = upper.and_then(|upper| upper.checked_add(kept));
        let mut hint = SizeHint::new();
        hint.set_lower(self.hint.lower().saturating_add(kept));
        if let Some(upper) = upper.filter(|upper| *upper >= hint.lower()) {
            hint.set_upper(upper);
        }
        hint
    }

    /// Tells whether a reader has everything.
    pub(super) fn is_end(&self, id: usize) -> bool {
        let over = matches!(self.phase, Phase::Complete | Phase::Over);
        over && self.places.get(id).is_none_or(|place| {
            let rest = self.trailers.is_some() && !place.had_trailers;
            !place.cut_off && !rest && place.position >= self.end
        })
    }

    /// Notes that a reader has a frame.
    fn advance(&mut self, id: usize, frame: &Frame<Bytes>) {
        let Some(place) = self.places.get_mut(id) else {
            return;
        };
        place.had_trailers |= frame.is_trailers();
        let length = frame.data_ref().map_or(0, Bytes::len);
        let to = place.position + u64::try_from(length).unwrap_or(u64::MAX);
        let up_to = self.window_start();
        if let Some(held_up) = &mut self.held_up {
            let now = Instant::now();
            self.places.charge(up_to, now - held_up.since);
            held_up.since = now;
        }
        self.places.advance(id, to);
        self.move_window();
    }

    fn put_back(&mut self, source: Source) {
        if self.is_live() {
            self.source = Some(source);
        } else {
            self.after().source = Some(source);
        }
    }

    /// Tells whether the source has not ended.
    fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Recording | Phase::Streaming)
    }

    fn wake_all(&mut self) {
        let mut waiting = self.places.take_waiting().peekable();
        if waiting.peek().is_some() {
            self.after.get_or_insert_default().wake.extend(waiting);
        }
    }

    fn after(&mut self) -> &mut After {
        self.after.get_or_insert_default()
    }
}
