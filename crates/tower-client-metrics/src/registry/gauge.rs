//! A number that goes up and down.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

use super::drops::{Drops, Slot};

/// A gauge of a [`Registry`](crate::Registry).
///
/// Cheap to clone and to use; all clones are the same number. What would make it infinite, or no
/// number at all, is dropped.
#[derive(Clone, Debug)]
pub struct Gauge(pub(super) Slot<GaugeCell>);

impl Gauge {
    /// Gives it a value.
    pub fn set(&self, value: f64) {
        if let Some(cell) = self.0.get() {
            cell.set(value);
        }
    }

    /// Moves it up or down. From then on it is a number of things that come and go, which
    /// [`Registry::reset`](crate::Registry::reset) leaves alone.
    pub fn adjust(&self, by: f64) {
        if let Some(cell) = self.0.get() {
            cell.adjust(by);
        }
    }

    /// Returns its value.
    #[must_use]
    pub fn value(&self) -> f64 {
        let read = self.0.peek().and_then(GaugeCell::read);
        read.unwrap_or_default()
    }
}

const UNUSED: u8 = 0;
const SET: u8 = 1;
const ADJUSTED: u8 = 2;

/// The numbers of one gauge.
#[derive(Debug)]
pub(super) struct GaugeCell {
    bits: AtomicU64,
    state: AtomicU8,
    drops: Drops,
}

impl GaugeCell {
    pub(super) fn new(drops: Drops) -> Self {
        Self {
            bits: AtomicU64::default(),
            state: AtomicU8::new(UNUSED),
            drops,
        }
    }

    pub(super) fn set(&self, value: f64) {
        if !value.is_finite() {
            return self.drops.count();
        }
        self.bits.store(value.to_bits(), Relaxed);
        // Once adjusted it stays that, whatever the result says.
        let _: Result<u8, u8> = self.state.compare_exchange(UNUSED, SET, Relaxed, Relaxed);
    }

    pub(super) fn adjust(&self, by: f64) {
        if !by.is_finite() {
            return self.drops.count();
        }
        if self.state.load(Relaxed) != ADJUSTED {
            self.state.store(ADJUSTED, Relaxed);
        }
        let moved = self.bits.fetch_update(Relaxed, Relaxed, |bits| {
            let sum = f64::from_bits(bits) + by;
            sum.is_finite().then_some(sum.to_bits())
        });
        if moved.is_err() {
            self.drops.count();
        }
    }

    /// Returns its value, if it was ever used.
    pub(super) fn read(&self) -> Option<f64> {
        let value = f64::from_bits(self.bits.load(Relaxed));
        (value != 0.0 || self.state.load(Relaxed) != UNUSED).then_some(value)
    }

    /// Forgets what it was set to. What it was adjusted by stays: whoever moved it up will move it
    /// down again.
    pub(super) fn reset(&self) {
        let bits = self.bits.load(Relaxed);
        let state = self.state.load(Relaxed);
        if state == SET || f64::from_bits(bits) == 0.0 {
            // Both only if nobody used it meanwhile: whoever did is newer than the reset.
            let _: Result<u8, u8> = self.state.compare_exchange(state, UNUSED, Relaxed, Relaxed);
            let _: Result<u64, u64> = self.bits.compare_exchange(bits, 0, Relaxed, Relaxed);
        }
    }
}
