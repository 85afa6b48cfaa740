//! What is under way, counted by a gauge.

use std::ops::Deref;

/// Something that is under way from its creation until it is dropped, however that comes about.
pub(crate) struct UnderWay<T: Gauged>(T);

/// Something whose gauge can be moved.
pub(crate) trait Gauged {
    fn adjust(&self, by: i32);
}

impl<T: Gauged> UnderWay<T> {
    pub(crate) fn new(gauged: T) -> Self {
        gauged.adjust(1);
        Self(gauged)
    }
}

impl<T: Gauged> Drop for UnderWay<T> {
    fn drop(&mut self) {
        self.0.adjust(-1);
    }
}

impl<T: Gauged> Deref for UnderWay<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
