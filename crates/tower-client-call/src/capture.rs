//! Reads a body up to a size and a time.

mod partial;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use self::partial::After;
pub use self::partial::{Captured, Ending, Partial};

/// Frames taken in one poll before others get their turn: a body of empty frames never ends.
const FRAMES_PER_POLL: usize = 32;

/// Reads a body until it ends, `limit` bytes have arrived, or `time_limit` has passed.
///
/// Never fails: a body that stalls or breaks off yields what arrived, as truncated. What was read
/// is not lost to others: a [`Partial`] is also the whole body.
///
/// ```
/// use std::time::Duration;
///
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use tower_client_call::capture;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let body = Full::new(Bytes::from("a long explanation"));
///
/// let captured = capture(body, 6, Duration::from_secs(1)).await.into_captured();
///
/// assert_eq!(captured.bytes, "a long");
/// assert!(captured.truncated);
/// # }
/// ```
pub fn capture<B: Body>(body: B, limit: usize, time_limit: Duration) -> Capture<B> {
    Capture::of(After::Rest(Box::pin(body)), limit, time_limit)
}

/// Future of [`capture`].
#[must_use = "futures do nothing unless polled"]
pub struct Capture<B: Body> {
    /// What is to be read, or has been.
    left: After<B>,
    /// How what is left came to be, if it needs no more reading.
    ended: Option<Ending>,
    limit: usize,
    time: Time,
    bytes: Gathered,
}

/// The time limit; no timer exists before the body makes us wait.
enum Time {
    Within(Duration),
    Running(Pin<Box<Sleep>>),
}

/// What has arrived. A body of one frame is not copied.
#[derive(Default)]
enum Gathered {
    #[default]
    Nothing,
    One(Bytes),
    Many(BytesMut),
}

impl Gathered {
    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(bytes) => bytes.len(),
            Self::Many(bytes) => bytes.len(),
        }
    }

    fn push(&mut self, more: Bytes) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::One(more),
            Self::One(first) => {
                let mut bytes = BytesMut::with_capacity(first.len() + more.len());
                bytes.extend_from_slice(&first);
                bytes.extend_from_slice(&more);
                Self::Many(bytes)
            }
            Self::Many(mut bytes) => {
                bytes.extend_from_slice(&more);
                Self::Many(bytes)
            }
        };
    }

    fn freeze(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::One(bytes) => bytes,
            Self::Many(bytes) => bytes.freeze(),
        }
    }
}

impl<B: Body> Capture<B> {
    fn of(left: After<B>, limit: usize, time_limit: Duration) -> Self {
        Self {
            left,
            ended: None,
            limit,
            time: Time::Within(time_limit),
            bytes: Gathered::default(),
        }
    }

    fn poll_time(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = match &mut self.time {
            Time::Running(sleep) => sleep,
            Time::Within(limit) => {
                self.time = Time::Running(Box::pin(tokio::time::sleep(*limit)));
                return self.poll_time(cx);
            }
        };
        sleep.as_mut().poll(cx)
    }

    /// Keeps data up to the limit; tells whether that is reached, with what is over it left.
    fn keep(&mut self, mut data: Bytes, rest: Pin<Box<B>>) -> bool {
        let room = self.limit.saturating_sub(self.bytes.len());
        let over = data.split_off(data.len().min(room));
        if !data.is_empty() {
            self.bytes.push(data);
        }
        let full = self.bytes.len() >= self.limit && !rest.is_end_stream();
        let over_limit = !over.is_empty();
        self.left = if over_limit {
            After::Over(over, rest)
        } else {
            After::Rest(rest)
        };
        full || over_limit
    }

    /// Reads a frame; ready with how the reading ended, or that it goes on.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Ending>> {
        let mut rest = match std::mem::replace(&mut self.left, After::End) {
            After::Rest(rest) => rest,
            After::Over(over, rest) => {
                let reached = self.keep(over, rest);
                return Poll::Ready(reached.then_some(Ending::LimitReached));
            }
            // Only before the reading has ended is there anything to read.
            left => {
                self.left = left;
                return Poll::Ready(Some(Ending::Complete));
            }
        };
        let polled = rest.as_mut().poll_frame(cx);
        let Poll::Ready(frame) = polled else {
            self.left = After::Rest(rest);
            return Poll::Pending;
        };
        Poll::Ready(match frame.map(|frame| frame.map(Frame::into_data)) {
            None => Some(Ending::Complete),
            Some(Err(error)) => {
                self.left = After::Error(error);
                Some(Ending::Failed)
            }
            Some(Ok(Err(frame))) => match frame.into_trailers() {
                Ok(trailers) => {
                    self.left = After::Trailers(trailers);
                    Some(Ending::Complete)
                }
                Err(_) => {
                    self.left = After::Rest(rest);
                    None
                }
            },
            Some(Ok(Ok(mut data))) => {
                let data = data.copy_to_bytes(data.remaining());
                let reached = self.keep(data, rest);
                reached.then_some(Ending::LimitReached)
            }
        })
    }

    fn finish(&mut self, ending: Ending) -> Partial<B> {
        let bytes = std::mem::take(&mut self.bytes).freeze();
        let truncated = ending != Ending::Complete;
        Partial {
            captured: Captured { bytes, truncated },
            ending,
            sent: false,
            after: std::mem::replace(&mut self.left, After::End),
        }
    }
}

impl<B: Body> Future for Capture<B> {
    type Output = Partial<B>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Partial<B>> {
        let this = &mut *self;
        if let Some(ending) = this.ended.take() {
            return Poll::Ready(this.finish(ending));
        }
        for _ in 0..FRAMES_PER_POLL {
            match this.poll_next(cx) {
                Poll::Ready(None) => {}
                Poll::Ready(Some(ending)) => return Poll::Ready(this.finish(ending)),
                Poll::Pending => {
                    std::task::ready!(this.poll_time(cx));
                    return Poll::Ready(this.finish(Ending::TimedOut));
                }
            }
        }
        if this.poll_time(cx).is_ready() {
            return Poll::Ready(this.finish(Ending::TimedOut));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

// What is left is pinned in its box; nothing else of it is.
impl<B: Body> Unpin for Capture<B> {}

impl<B: Body> fmt::Debug for Capture<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// The hint for known bytes and then a rest.
pub(crate) fn ahead(known: usize, rest: &SizeHint) -> SizeHint {
    let known = u64::try_from(known).unwrap_or(u64::MAX);
    let mut hint = SizeHint::new();
    hint.set_lower(rest.lower().saturating_add(known));
    if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(known)) {
        hint.set_upper(upper);
    }
    hint
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use http::HeaderMap;
    use http_body_util::{BodyExt, Full};
    use tokio::time::Instant;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Frames, then silence, an end, or an error.
    struct Script {
        frames: VecDeque<&'static str>,
        then: Then,
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Then {
        End,
        Silence,
        Error,
        Trailers,
        EmptyFrames,
    }

    fn script(frames: &[&'static str], then: Then) -> Script {
        Script {
            frames: frames.iter().copied().collect(),
            then,
        }
    }

    impl Body for Script {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            if let Some(frame) = self.frames.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(Bytes::from(frame)))));
            }
            match std::mem::replace(&mut self.then, Then::End) {
                Then::End => Poll::Ready(None),
                Then::Silence => {
                    self.then = Then::Silence;
                    Poll::Pending
                }
                Then::Error => Poll::Ready(Some(Err("broken"))),
                Then::Trailers => {
                    let mut trailers = HeaderMap::new();
                    trailers.insert("x-end", http::HeaderValue::from_static("1"));
                    Poll::Ready(Some(Ok(Frame::trailers(trailers))))
                }
                Then::EmptyFrames => {
                    self.then = Then::EmptyFrames;
                    Poll::Ready(Some(Ok(Frame::data(Bytes::new()))))
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_ends_within_the_limits_is_whole() {
        for (frames, then, text) in [
            (&[][..], Then::End, ""),
            (&["ab"], Then::End, "ab"),
            (&["ab", "", "cd"], Then::End, "abcd"),
            (&["abcd"], Then::Trailers, "abcd"),
        ] {
            let partial = capture(script(frames, then), 5, SECOND).await;

            assert_eq!(partial.ending(), Ending::Complete);
            let captured = partial.into_captured();
            assert_eq!(
                (captured.bytes, captured.truncated),
                (Bytes::from(text), false)
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_longer_stalls_or_fails_is_what_arrived() {
        for (frames, then, text, ending) in [
            (&["ab", "cd"][..], Then::End, "abc", Ending::LimitReached),
            (&["abc", "d"], Then::End, "abc", Ending::LimitReached),
            (&["ab"], Then::Silence, "ab", Ending::TimedOut),
            (&["ab"], Then::Error, "ab", Ending::Failed),
            (&[], Then::Silence, "", Ending::TimedOut),
        ] {
            let start = Instant::now();

            let partial = capture(script(frames, then), 3, SECOND).await;

            let ended = partial.ending();
            let captured = partial.captured().clone();
            let failed = partial.into_error();
            let shown = format!("{frames:?} {then:?}");
            assert_eq!(
                (&captured.bytes[..], captured.truncated),
                (text.as_bytes(), true),
                "{shown}"
            );
            assert_eq!(ended, ending, "{shown}");
            assert_eq!(failed, (then == Then::Error).then_some("broken"), "{shown}");
            assert!(start.elapsed() <= SECOND, "{shown}");
        }
    }

    // In real time: paused time stands still while a body keeps the task busy.
    #[tokio::test]
    async fn a_flood_of_empty_frames_ends_in_time() {
        let flood = script(&["ab"], Then::EmptyFrames);

        let captured = capture(flood, 3, Duration::from_millis(20))
            .await
            .into_captured();

        assert_eq!(
            (&captured.bytes[..], captured.truncated),
            (&b"ab"[..], true)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_of_the_exact_length_is_whole() {
        let captured = capture(Full::new(Bytes::from("abc")), 3, SECOND)
            .await
            .into_captured();

        assert!(!captured.truncated);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_lost_to_who_reads_on() {
        for (frames, limit) in [(&["ab", "cd"][..], 3), (&["abcd"], 1), (&["ab", "cd"], 9)] {
            for then in [Then::End, Then::Trailers, Then::Error] {
                let partial = capture(script(frames, then), limit, SECOND).await;

                let read = partial.collect().await;

                let shown = format!("{frames:?} {limit} {then:?}");
                match (then, read) {
                    (Then::Error, read) => assert_eq!(read.unwrap_err(), "broken", "{shown}"),
                    (_, read) => {
                        let read = read.unwrap();
                        assert_eq!(read.trailers().is_some(), then == Then::Trailers, "{shown}");
                        assert_eq!(read.to_bytes(), "abcd", "{shown}");
                    }
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_partial_body_knows_its_length() {
        let mut partial = capture(Full::new(Bytes::from("abcd")), 2, SECOND).await;
        assert_eq!(partial.size_hint().exact(), Some(4));
        assert!(!partial.is_end_stream());

        drop(partial.frame().await);
        assert_eq!(partial.size_hint().exact(), Some(2));

        drop(partial.frame().await);
        assert!(partial.is_end_stream());
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_on_captures_what_the_first_reading_left() {
        for (frames, then, limit, text, ending) in [
            (&["ab", "cd"][..], Then::End, 9, "abcd", Ending::Complete),
            (&["abcd"], Then::Trailers, 9, "abcd", Ending::Complete),
            (&["abcd", "e"], Then::End, 3, "abc", Ending::LimitReached),
            (&["ab", "cd"], Then::Error, 9, "abcd", Ending::Failed),
            (&["ab", "cd"], Then::Silence, 9, "abcd", Ending::TimedOut),
            (&["a"], Then::End, 9, "a", Ending::Complete),
            (&["a"], Then::Error, 9, "a", Ending::Failed),
        ] {
            let first = capture(script(frames, then), 1, SECOND).await;

            let second = first.read_on(limit, SECOND).await;

            let shown = format!("{frames:?} {then:?} {limit}");
            assert_eq!(second.captured().bytes, text, "{shown}");
            assert_eq!(second.ending(), ending, "{shown}");
            if ending != Ending::Failed && then != Then::Silence {
                let whole = second.collect().await.unwrap();
                assert_eq!(
                    whole.trailers().is_some(),
                    then == Then::Trailers,
                    "{shown}"
                );
                assert_eq!(whole.to_bytes(), frames.concat(), "{shown}");
            }
        }
    }

    #[test]
    fn debug_shows_no_content() {
        let captured = Captured {
            bytes: Bytes::from("s3cret"),
            truncated: false,
        };

        assert_eq!(
            format!("{captured:?}"),
            "Captured { len: 6, truncated: false }"
        );
    }
}
