//! Thousands of orders in which readers poll, leave, join and stop polling: nobody is forgotten.
//!
//! A reader is polled only after it was woken, so that a wake-up that is lost is seen.

use fastrand::Rng;

use super::*;
use crate::recording::Reader;

#[test]
fn whatever_the_order_everybody_finishes_with_the_same_bytes() {
    let mut words = std::collections::BTreeMap::<_, u32>::new();
    for seed in 0..6_000 {
        let mut run = Run::new(seed);

        run.finish();

        *words.entry(run.outcome.word()).or_default() += 1;
    }
    assert_eq!(words.len(), 4, "all endings are met: {words:?}");
}

struct Run {
    seed: u64,
    rng: Rng,
    text: Vec<u8>,
    fails: bool,
    limited: bool,
    recording: Option<Recording>,
    wire: Wire,
    outcome: Outcome,
    readers: Vec<Watched>,
}

/// A reader, and what came of it.
struct Watched {
    reader: Option<Reader>,
    bell: Arc<Bell>,
    runnable: bool,
    /// It does not poll any more, but is not dropped either.
    stopped: bool,
    read: Vec<u8>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let (steps, fails) = steps(&mut rng);
        let text = bytes_of(&steps);
        let limited = rng.u8(..) < 100;
        let limit = if limited {
            rng.u64(0..=length(&text))
        } else {
            NO_LIMIT
        };
        let (mut script, wire) = Script::new(steps);
        if rng.bool() {
            script = script.secretive();
        }
        let expected = (!limited && rng.bool()).then(|| length(&text));
        let outcome = Outcome::default();
        let recording = Recording::start(script, limit, expected, outcome.finish());
        let mut run = Self {
            seed,
            rng,
            text,
            fails,
            limited,
            recording: Some(recording),
            wire,
            outcome,
            readers: Vec::new(),
        };
        for _ in 0..run.rng.usize(1..5) {
            run.join();
        }
        run
    }

    fn finish(&mut self) {
        while self
            .readers
            .iter()
            .any(|it| it.reader.is_some() && !it.stopped)
        {
            match self.rng.u8(..) {
                0..8 => self.join(),
                8..12 => self.drop_one(),
                12..16 => self.stop_one(),
                16..20 => self.recording = None,
                20..60 => drop(self.wire.wake()),
                _ => self.poll_one(),
            }
        }
        self.readers.clear();
        self.recording = None;
        assert!(self.outcome.is_known(), "seed {}", self.seed);
        assert!(self.wire.is_dropped(), "seed {}", self.seed);
        if let Some(content) = self.outcome.content() {
            assert_eq!(content.to_bytes(), self.text, "seed {}", self.seed);
        }
    }

    fn join(&mut self) {
        let reader = self.recording.as_ref().and_then(Recording::reader);
        if let Some(reader) = reader.filter(|_| self.readers.len() < 12) {
            self.readers.push(Watched {
                reader: Some(reader),
                bell: Arc::default(),
                runnable: true,
                stopped: false,
                read: Vec::new(),
            });
        }
    }

    fn drop_one(&mut self) {
        if let Some(reader) = self.rng.choice(&mut self.readers) {
            reader.reader = None;
        }
    }

    /// With a limit one that stops holds up the others, which is not what is looked for.
    fn stop_one(&mut self) {
        if let Some(reader) = self.rng.choice(&mut self.readers)
            && !self.limited
        {
            reader.stopped = true;
        }
    }

    fn poll_one(&mut self) {
        let mut runnable = Vec::new();
        for watched in &mut self.readers {
            watched.runnable |= watched.bell.take();
            if watched.runnable && !watched.stopped && watched.reader.is_some() {
                runnable.push(watched);
            }
        }
        let Some(watched) = self.rng.choice(runnable) else {
            let waits = self.wire.wake();
            let over = self
                .readers
                .iter()
                .all(|it| it.stopped || it.reader.is_none());
            assert!(waits || over, "seed {}: nobody is woken", self.seed);
            return;
        };
        let Some(reader) = &mut watched.reader else {
            return;
        };
        match poll(reader, &watched.bell) {
            Poll::Pending => watched.runnable = false,
            Poll::Ready(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    watched.read.extend_from_slice(&data);
                }
                let known = !reader.is_end_stream() || self.outcome.is_known();
                assert!(known, "seed {}", self.seed);
            }
            Poll::Ready(last) => {
                assert!(self.outcome.is_known(), "seed {}", self.seed);
                assert_eq!(last.is_some(), self.fails, "seed {}", self.seed);
                assert_eq!(watched.read, self.text, "seed {}", self.seed);
                watched.reader = None;
            }
        }
    }
}

fn steps(rng: &mut Rng) -> (Vec<Step>, bool) {
    let lengths: Vec<_> = (0..rng.usize(0..8))
        .map(|_| match rng.u8(..4) {
            0 => 0,
            1 => rng.usize(1..40 * KIB),
            _ => rng.usize(1..20),
        })
        .collect();
    let mut steps = chunks(lengths);
    let fails = rng.u8(..) < 40;
    if fails {
        steps.push(Step::Fail);
    } else if rng.u8(..) < 40 {
        steps.push(Step::Trailers(HeaderMap::new()));
    }
    for _ in 0..rng.usize(0..6) {
        let at = rng.usize(0..=steps.len());
        // After an error nothing comes.
        if at < steps.len() || !fails {
            let idle = if rng.bool() { Step::Wait } else { Step::Yield };
            steps.insert(at, idle);
        }
    }
    (steps, fails)
}
