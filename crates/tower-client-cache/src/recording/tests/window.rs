//! Answers that are too long to be kept: what is read already is forgotten, and fast readers wait
//! for slow ones.

use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::task::Context;

use http_body::Frame;

use super::*;

const LIMIT: u64 = 64 * 1024;

#[test]
fn a_single_reader_streams_with_nothing_kept() {
    const MIB: usize = 1024 * KIB;
    let (held, most) = <(Count, Count)>::default();
    let body = Long {
        left: 64 * 16,
        held: Arc::clone(&held),
        most: Arc::clone(&most),
    };
    let outcome = Outcome::default();
    let limit = (4 * MIB).try_into().unwrap();
    let recording = Recording::start(body, limit, None, outcome.finish());
    let mut reader = recording.reader().unwrap();

    let (read, ended) = read(&mut reader);

    assert!(ended);
    assert_eq!(read.len(), 64 * MIB);
    assert_eq!(outcome.word(), "too long");
    let most = most.load(SeqCst);
    assert!((4 * MIB..5 * MIB).contains(&most), "{most}");
    assert_eq!(held.load(SeqCst), 0);
}

#[test]
fn exactly_the_limit_is_kept() {
    for (limit, word) in [(30, "complete"), (29, "too long")] {
        let (recording, _, outcome) = record(&chunks([10, 10, 10]), limit);
        let mut reader = recording.reader().unwrap();

        assert_eq!(read(&mut reader).0.len(), 30);

        assert_eq!(outcome.word(), word);
        assert_eq!(recording.reader().is_some(), limit == 30);
    }
}

#[test]
fn what_is_announced_as_too_long_has_one_reader() {
    let (script, _) = Script::new(chunks([100]));
    let outcome = Outcome::default();
    let recording = Recording::start(script, 99, Some(100), outcome.finish());
    assert_eq!(outcome.word(), "too long");

    let mut first = recording.reader().unwrap();

    assert!(recording.reader().is_none());
    assert_eq!(read(&mut first).0.len(), 100);
    assert_eq!(outcome.word(), "too long");
}

#[test]
fn nobody_joins_once_it_is_too_long() {
    let (recording, ..) = record(&chunks([10, 10]), 15);
    let mut first = recording.reader().unwrap();
    drop(poll_idly(&mut first));
    let _second = recording.reader().unwrap();

    drop(poll_idly(&mut first));

    assert!(recording.reader().is_none());
}

#[test]
fn fast_readers_wait_for_the_slowest() {
    let steps = chunks([10 * KIB; 30]);
    let (recording, wire, _) = record(&steps, LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let bell = Arc::new(Bell::default());

    // As many as fit, and the one that did not.
    let (start, _) = read(&mut fast);
    assert_eq!(start.len(), 70 * KIB);
    assert!(poll(&mut fast, &bell).is_pending());
    assert_eq!(wire.polls.load(SeqCst), 7);
    assert!(!bell.take());

    assert!(poll_idly(&mut slow).is_ready());
    assert!(bell.take());
    let mut text = start;
    let mut slowly = 16 * KIB;
    while text.len() < 300 * KIB {
        text.extend(read(&mut fast).0);
        assert!(text.len() <= slowly + 74 * KIB);
        if let Poll::Ready(Some(Ok(frame))) = poll_idly(&mut slow) {
            slowly += frame.data_ref().unwrap().len();
        }
    }

    assert_eq!(text, bytes_of(&steps));
}

#[test]
fn without_a_limit_in_sight_nobody_waits() {
    let (recording, ..) = record(&chunks([10 * KIB; 6]), LIMIT);
    let [mut fast, mut slow] = [recording.reader().unwrap(), recording.reader().unwrap()];

    assert!(read(&mut fast).1);

    assert_eq!(read(&mut slow).0.len(), 60 * KIB);
}

#[test]
fn even_without_any_window_all_get_everything() {
    let steps = chunks([10; 20]);
    let (recording, ..) = record(&steps, 0);
    let mut readers: Vec<_> = (0..3).map(|_| recording.reader().unwrap()).collect();
    let mut texts = vec![Vec::new(); 3];

    for _ in 0..30 {
        for (reader, text) in readers.iter_mut().zip(&mut texts) {
            text.extend(read(reader).0);
        }
    }

    assert!(texts.iter().all(|text| *text == bytes_of(&steps)));
}

#[test]
fn if_the_slow_reader_leaves_the_others_go_on() {
    let (recording, ..) = record(&chunks([10 * KIB; 30]), LIMIT);
    let [mut fast, slow] = [recording.reader().unwrap(), recording.reader().unwrap()];
    let bell = Arc::new(Bell::default());
    drop(read(&mut fast));
    assert!(poll(&mut fast, &bell).is_pending());

    drop(slow);

    assert!(bell.take());
    assert!(read(&mut fast).1);
}

type Count = Arc<AtomicUsize>;

/// A body of chunks of 64 KiB, which knows how many bytes of it are held.
struct Long {
    left: usize,
    held: Count,
    most: Count,
}

impl Body for Long {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.left = left;
        let chunk = Held::new(&self.held);
        self.most.fetch_max(self.held.load(SeqCst), SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(chunk)))))
    }
}

struct Held(Vec<u8>, Count);

impl Held {
    fn new(held: &Count) -> Self {
        held.fetch_add(64 * KIB, SeqCst);
        Self(vec![b'x'; 64 * KIB], Arc::clone(held))
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.1.fetch_sub(self.0.len(), SeqCst);
    }
}
