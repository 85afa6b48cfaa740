//! Which key goes when there is no more room: S3-FIFO.

use super::Shard;
use crate::Variants;
use crate::store::memory::queue::Queue;
use crate::store::memory::slots::{Line, Place};

/// Uses that something new needs to stay.
const HITS_TO_STAY: u8 = 1;
/// What is new has one part in so many.
const PARTS: usize = 10;

impl Shard {
    /// Forgets the key that is worth least, but not one that was just put; returns its entries, if
    /// there is one.
    pub(in crate::store::memory) fn evict(&mut self, kept: Option<Place>) -> Option<Variants> {
        let kept = kept.filter(|at| self.slots.get(*at).is_some());
        loop {
            let count = self.small.len() + self.main.len();
            if count == usize::from(kept.is_some()) {
                return None;
            }
            let line = if self.main.is_empty() || self.has_much_new(count) {
                Line::Small
            } else {
                Line::Main
            };
            let at = self.line(line).oldest()?;
            let slot = self.slots.get_mut(at)?;
            let hits = slot.hits();
            let needed = match line {
                Line::Small => HITS_TO_STAY,
                Line::Main => 1,
            };
            if *hits < needed && kept != Some(at) {
                return self.forget(at, line);
            }
            *hits = match line {
                Line::Small => 0,
                Line::Main => hits.saturating_sub(1),
            };
            self.unqueue(line, at);
            self.queue(Line::Main, at);
        }
    }

    pub(super) fn queue(&mut self, line: Line, at: Place) {
        if let Some(slot) = self.slots.get_mut(at) {
            slot.line = line;
        }
        let Self {
            small, main, slots, ..
        } = self;
        match line {
            Line::Small => {
                self.small_bytes += slots.get(at).map_or(0, |slot| slot.held().bytes);
                small.push(slots, at);
            }
            Line::Main => main.push(slots, at),
        }
    }

    pub(super) fn unqueue(&mut self, line: Line, at: Place) {
        let Self {
            small, main, slots, ..
        } = self;
        match line {
            Line::Small => {
                self.small_bytes -= slots.get(at).map_or(0, |slot| slot.held().bytes);
                small.unlink(slots, at);
            }
            Line::Main => main.unlink(slots, at),
        }
    }

    /// Tells whether what is new has its part of the keys, or of the bytes: a few large entries
    /// must not push out all the small ones that are used.
    fn has_much_new(&self, count: usize) -> bool {
        self.small.len() * PARTS >= count
            || !self.small.is_empty() && self.small_bytes.saturating_mul(PARTS) >= self.held.bytes
    }

    fn line(&self, line: Line) -> &Queue {
        match line {
            Line::Small => &self.small,
            Line::Main => &self.main,
        }
    }

    fn forget(&mut self, at: Place, line: Line) -> Option<Variants> {
        let count = self.small.len() + self.main.len();
        let slot = self.remove(at)?;
        if line == Line::Small {
            self.ghost.make_room(count);
            self.ghost.add(slot.hash);
        }
        Some(slot.variants)
    }
}
