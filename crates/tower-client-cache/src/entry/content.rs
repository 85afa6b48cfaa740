//! The content of a stored response.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// The content of a stored response: as one piece of memory, or, where it is long, as several.
///
/// A clone costs nothing, and shares the memory.
#[derive(Clone, Default)]
pub struct Content(Pieces);

#[derive(Clone)]
enum Pieces {
    One(Bytes),
    Many { all: Arc<[Bytes]>, length: u64 },
}

impl Default for Pieces {
    fn default() -> Self {
        Self::One(Bytes::new())
    }
}

impl Content {
    /// Returns its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.0 {
            Pieces::One(piece) => length(piece),
            Pieces::Many { length, .. } => *length,
        }
    }

    /// Tells whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the pieces, in their order. None is empty.
    #[must_use]
    pub fn pieces(&self) -> &[Bytes] {
        match &self.0 {
            Pieces::One(piece) if piece.is_empty() => &[],
            Pieces::One(piece) => std::slice::from_ref(piece),
            Pieces::Many { all, .. } => all,
        }
    }

    /// Returns a part, which shares the memory. What lies beyond the end is left out.
    #[must_use]
    pub fn slice(&self, range: Range<u64>) -> Self {
        let mut start = 0;
        self.pieces()
            .iter()
            .filter_map(|piece| {
                let (first, end) = (start, start + length(piece));
                start = end;
                let from = range.start.clamp(first, end) - first;
                let to = range.end.clamp(first, end) - first;
                let inside = usize::try_from(from).ok()?..usize::try_from(to).ok()?;
                (inside.start < inside.end).then(|| piece.slice(inside))
            })
            .collect()
    }

    /// Returns it as one piece, which costs a copy if there are several.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match &self.0 {
            Pieces::One(piece) => piece.clone(),
            Pieces::Many { all, .. } => all.concat().into(),
        }
    }
}

impl From<Bytes> for Content {
    fn from(piece: Bytes) -> Self {
        Self(Pieces::One(piece))
    }
}

impl FromIterator<Bytes> for Content {
    fn from_iter<I: IntoIterator<Item = Bytes>>(pieces: I) -> Self {
        let mut pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        let first = pieces.next().unwrap_or_default();
        let Some(second) = pieces.next() else {
            return first.into();
        };
        let all: Arc<[Bytes]> = [first, second].into_iter().chain(pieces).collect();
        let length = all.iter().map(length).sum();
        Self(Pieces::Many { all, length })
    }
}

/// Shows the length alone.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Content").field(&self.len()).finish()
    }
}

fn length(piece: &Bytes) -> u64 {
    // No platform's memory is larger.
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_the_bytes_of_its_range_whatever_the_pieces() {
        let text = b"0123456789";
        for cuts in [&[][..], &[3], &[1, 1, 9], &[0, 5, 10]] {
            let content = cut(text, cuts);
            for start in 0..12 {
                for end in start..12 {
                    let part = content.slice(start..end);

                    let [from, to] = [start, end].map(|at| usize::try_from(at).unwrap().min(10));
                    assert_eq!(part.to_bytes(), text[from..to], "{cuts:?} {start}..{end}");
                    assert_eq!(part.len(), u64::try_from(to - from).unwrap());
                    assert!(part.pieces().iter().all(|piece| !piece.is_empty()));
                }
            }
        }
    }

    #[test]
    fn nothing_is_no_piece() {
        let nothing: Content = [Bytes::new(), Bytes::new()].into_iter().collect();

        assert!(nothing.is_empty());
        assert!(nothing.pieces().is_empty());
        assert!(Content::default().pieces().is_empty());
    }

    fn cut(text: &'static [u8], cuts: &[usize]) -> Content {
        let mut pieces = Vec::new();
        let mut from = 0;
        for &to in cuts.iter().chain([&text.len()]) {
            pieces.push(Bytes::from_static(&text[from..to]));
            from = to;
        }
        pieces.into_iter().collect()
    }
}
