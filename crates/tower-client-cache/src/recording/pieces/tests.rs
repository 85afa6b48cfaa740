//! What is kept as it came, what is copied, and how much memory that takes.

use super::*;

const KIB: usize = 1024;

#[test]
fn what_was_appended_is_read_from_everywhere_whatever_the_chunks() {
    let text = text(100 * KIB);
    for lengths in SHAPES {
        for expected in [None, Some(text.len()), Some(40 * KIB), Some(10)] {
            let mut pieces = pieces(expected);
            for chunk in chunks(&text, lengths) {
                pieces.append(&chunk);
                let end = usize::try_from(pieces.end()).unwrap();
                for from in [0, end / 3, end.saturating_sub(9), end - 1] {
                    assert_eq!(
                        read(&pieces, from, end),
                        text[from..end],
                        "{lengths:?} {from}"
                    );
                }
                assert_eq!(pieces.read(pieces.end(), pieces.end()), None);
            }
            let content = pieces.seal();

            assert_eq!(content.to_bytes(), text, "{lengths:?} {expected:?}");
            assert_eq!(read(&pieces, 0, text.len()), text);
            assert_eq!(read(&pieces, 1, text.len()), text[1..]);
        }
    }
}

#[test]
fn nothing_is_read_beyond_the_limit() {
    let text = text(40 * KIB);
    let mut pieces = pieces(None);
    for chunk in chunks(&text, &[20 * KIB, 100]) {
        pieces.append(&chunk);
    }

    for limit in [1, 20 * KIB, 20 * KIB + 7] {
        assert_eq!(read(&pieces, 0, limit), text[..limit]);
    }
}

#[test]
fn long_chunks_are_not_copied() {
    let chunk = Bytes::from(text(16 * KIB));
    let mut pieces = pieces(None);
    pieces.append(&Bytes::from_static(b"short"));

    pieces.append(&chunk);
    pieces.append(&chunk);

    let kept: Vec<_> = pieces.whole.iter().map(|(_, piece)| piece).collect();
    assert_eq!(kept.len(), 3);
    assert!(kept[1..].iter().all(|it| it.as_ptr() == chunk.as_ptr()));
}

#[test]
fn short_chunks_are_copied_together() {
    let mut pieces = pieces(None);
    for chunk in chunks(&text(100 * KIB), &[1]) {
        pieces.append(&chunk);
        assert!(pieces.tail.capacity() <= PIECE);
    }

    assert_eq!(pieces.whole.len(), 6);
    assert!(pieces.whole.iter().all(|(_, piece)| piece.len() == PIECE));
    assert_eq!(pieces.tail.len(), 4 * KIB);
}

#[test]
fn a_known_length_is_reserved_once() {
    let text = text(40 * KIB);
    let mut pieces = pieces(Some(text.len()));
    let mut chunks = chunks(&text, &[3, 17 * KIB]);
    pieces.append(&chunks.next().unwrap());
    let start = pieces.tail.as_ptr();
    assert_eq!(pieces.tail.capacity(), text.len());

    for chunk in chunks {
        pieces.append(&chunk);
    }
    let content = pieces.seal();

    assert_eq!(content.pieces().len(), 1);
    assert_eq!(content.to_bytes().as_ptr(), start);
}

#[test]
fn what_is_stored_keeps_no_buffer_of_others_unless_it_is_long() {
    for (length, kept) in [
        (KIB, false),
        (16 * KIB, false),
        (KIB * KIB, false),
        (2 * KIB * KIB, true),
    ] {
        let chunk = Bytes::from(text(length));
        for expected in [None, Some(length)] {
            let mut pieces = pieces(expected);
            pieces.append(&chunk);

            let content = pieces.seal();

            let same = content.to_bytes().as_ptr() == chunk.as_ptr();
            assert_eq!(same, kept, "{length} {expected:?}");
        }
    }
}

#[test]
fn up_to_one_mebibyte_is_joined_at_the_end() {
    for (length, joined) in [(KIB * KIB, true), (KIB * KIB + 1, false)] {
        let text = text(length);
        let mut pieces = pieces(None);
        for chunk in chunks(&text, &[16 * KIB]) {
            pieces.append(&chunk);
        }

        let content = pieces.seal();

        assert_eq!(content.pieces().len() == 1, joined, "{length}");
        assert_eq!(content.to_bytes(), text);
    }
}

#[test]
fn what_lies_before_a_position_is_forgotten_by_whole_pieces() {
    let text = text(50 * KIB);
    let mut pieces = pieces(None);
    for chunk in chunks(&text, &[16 * KIB]) {
        pieces.append(&chunk);
    }

    for (position, whole, tail) in [(1, 3, 2), (16, 2, 2), (49, 0, 2), (50, 0, 0)] {
        pieces.forget_before(length(&text[..position * KIB]));

        assert_eq!(pieces.whole.len(), whole, "{position}");
        assert_eq!(pieces.tail.len(), tail * KIB, "{position}");
        let rest = text.len().min((position + 1) * KIB);
        assert_eq!(
            read(&pieces, position * KIB, rest),
            text[position * KIB..rest]
        );
    }
}

#[test]
fn what_is_passed_is_not_kept() {
    let mut pieces = pieces(None);
    pieces.append(&text(20 * KIB).into());
    pieces.append(&text(KIB).into());

    pieces.pass(&text(KIB).into());
    assert!(pieces.whole.is_empty());
    assert_eq!(pieces.tail.capacity(), 0);

    pieces.append(&Bytes::from_static(b"after"));
    assert_eq!(read(&pieces, 22 * KIB, 22 * KIB + 5), b"after");
}

/// Lengths of chunks, over and over.
const SHAPES: &[&[usize]] = &[
    &[KIB],
    &[100 * KIB],
    &[16 * KIB],
    &[16 * KIB - 1],
    &[20 * KIB, 1],
    &[1, 40 * KIB],
    &[7, 100, 16 * KIB + 1, 3],
];

fn pieces(expected: Option<usize>) -> Pieces {
    Pieces::new(expected.map(|length| length.try_into().unwrap()))
}

fn text(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| ((at * 31) >> 3).to_le_bytes()[0])
        .collect()
}

fn chunks(text: &[u8], lengths: &[usize]) -> impl Iterator<Item = Bytes> {
    let mut lengths = lengths.iter().cycle();
    let mut rest = Bytes::copy_from_slice(text);
    std::iter::from_fn(move || {
        let length = *lengths.next()?;
        (!rest.is_empty()).then(|| rest.split_to(length.min(rest.len())))
    })
}

/// Reads piece by piece.
fn read(pieces: &Pieces, from: usize, to: usize) -> Vec<u8> {
    let mut read = Vec::new();
    while from + read.len() < to {
        let position = from + read.len();
        let piece = pieces.read(position.try_into().unwrap(), to.try_into().unwrap());
        read.extend_from_slice(&piece.unwrap());
    }
    read
}
