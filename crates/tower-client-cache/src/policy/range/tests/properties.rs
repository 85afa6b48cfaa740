//! The arithmetic of ranges beside a slow model of it, and what any bytes are read as.

use super::*;

#[test]
fn ranges_are_those_of_a_slow_model_with_room_for_all_numbers() {
    let mut rng = fastrand::Rng::with_seed(14);
    let mut satisfied = 0;
    for _ in 0..100_000 {
        let length = number_of_a_length(&mut rng);
        let (a, b) = (
            number_around(&mut rng, length),
            number_around(&mut rng, length),
        );
        let text = match rng.u8(..3) {
            0 => format!("bytes={a}-{b}"),
            1 => format!("bytes={a}-"),
            _ => format!("bytes=-{b}"),
        };

        let asked = RangeRequest::parse(text.as_bytes());
        let resolved = asked.and_then(|asked| asked.resolve(length));

        let found = resolved.map(|range| (range.first().into(), range.last().into()));
        assert_eq!(found, model(&text, length.into()), "{text} of {length}");
        if let Some(range) = resolved {
            satisfied += 1;
            assert_eq!(range.len(), range.last() - range.first() + 1);
            let complete = Some(length);
            let part = ContentRange::Part { range, complete };
            assert_eq!(ContentRange::parse(part.to_string().as_bytes()), Some(part));
            assert_eq!(part.covers(asked.unwrap()), Some(range));
        }
    }

    assert!(satisfied > 20_000, "only {satisfied} could be satisfied");
}

#[test]
fn what_is_written_is_read_again() {
    let mut rng = fastrand::Rng::with_seed(416);
    for _ in 0..10_000 {
        let (a, b) = (number_of_a_length(&mut rng), number_of_a_length(&mut rng));
        let asked = match rng.u8(..3) {
            0 => Between {
                first: a.min(b),
                last: a.max(b),
            },
            1 => Onward(a),
            _ => Suffix(a),
        };

        let read = RangeRequest::parse(asked.to_string().as_bytes());

        assert_eq!(read, Some(asked));
    }
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let mut rng = fastrand::Rng::with_seed(206);
    let mut understood = 0;
    for _ in 0..50_000 {
        let mut text = rng
            .choice(["bytes=", "bytes ", ""])
            .unwrap()
            .as_bytes()
            .to_vec();
        let noise = (0..rng.usize(..10)).map(|_| *rng.choice(b"0199--/*, \xff=").unwrap());
        text.extend(noise.collect::<Vec<_>>());

        let asked = RangeRequest::parse(&text).and_then(|asked| asked.resolve(rng.u64(..)));
        understood += usize::from(asked.is_some() || ContentRange::parse(&text).is_some());
    }

    assert!(understood > 200, "{understood} in all of that");
}

/// RFC 9110 section 14.1.2, word by word, in numbers that none of these overflows.
fn model(text: &str, length: u128) -> Option<(u128, u128)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (Option<u128>, Option<u128>) = (first.parse().ok(), last.parse().ok());
    let end = length.checked_sub(1)?;
    match (first, last) {
        (Some(first), Some(last)) if last < first => None,
        (Some(first), _) if first >= length => None,
        (Some(first), Some(last)) if last >= length => Some((first, end)),
        (Some(first), Some(last)) => Some((first, last)),
        (Some(first), None) => Some((first, end)),
        (None, Some(0)) | (None, None) => None,
        (None, Some(count)) if count > length => Some((0, end)),
        (None, Some(count)) => Some((length - count, end)),
    }
}

fn number_of_a_length(rng: &mut fastrand::Rng) -> u64 {
    match rng.u8(..4) {
        0 => rng.u64(..4),
        1 => u64::MAX - rng.u64(..4),
        2 => rng.u64(..1_000),
        _ => rng.u64(..),
    }
}

fn number_around(rng: &mut fastrand::Rng, length: u64) -> u128 {
    match rng.u8(..4) {
        0 => rng.u128(..5),
        1 => (u128::from(length) + rng.u128(..5)).saturating_sub(2),
        2 => rng.u128(..u128::from(length) + 2),
        _ => u128::from(u64::MAX) + rng.u128(..5) - 2,
    }
}
