//! Request bodies that can be sent again.

use std::any::Any;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;

use crate::capture::ahead;
use crate::{NotRepeatable, RepeatBody};

/// How much of a request body is kept where nothing else is said: 64 KiB.
pub const DEFAULT_REPLAY_LIMIT: usize = 64 * 1024;

/// What keeping one frame costs beside its bytes: a flood of tiny frames must end at the limit too.
const FRAME_COST: usize = size_of::<Bytes>();

/// The handle by which a request's body can be had again.
///
/// A body that is whole from the start (`Full<Bytes>`, `Empty<Bytes>`, any that has already ended)
/// can be had at once and any number of times. Any other is kept while it is sent for the first
/// time, up to a limit, and can be had again when the attempt that sent it is over. A body that an
/// attempt left half-read is read on by the next.
///
/// ```
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use tower_client_call::{DEFAULT_REPLAY_LIMIT, RepeatBody, ReplayBody};
///
/// let body = ReplayBody::new(Full::new(Bytes::from("order")), DEFAULT_REPLAY_LIMIT);
/// let replay = body.keep();
/// drop(body); // sent, in vain
///
/// assert!(replay.again().is_ok());
/// ```
pub struct Replay<B>(Source<B>);

/// A request body that is kept while it is sent. See [`Replay`].
pub struct ReplayBody<B>(Sending<B>);

enum Source<B> {
    Whole(Bytes),
    Kept(Arc<Mutex<Slot<B>>>),
}

/// Most bodies are whole: no request with one becomes larger by this than it was.
enum Sending<B> {
    Whole(Bytes),
    /// `None` when there is nothing left to send.
    Kept(Option<Box<Lease<B>>>),
}

/// Where a kept body waits between two attempts.
enum Slot<B> {
    Idle(Kept<B>),
    Gone(NotRepeatable),
}

impl<B> Slot<B> {
    fn take(&mut self) -> Result<Kept<B>, NotRepeatable> {
        match mem::replace(self, Self::Gone(NotRepeatable::InUse)) {
            Self::Idle(kept) => Ok(kept),
            Self::Gone(why) => {
                *self = Self::Gone(why);
                Err(why)
            }
        }
    }
}

/// The frames that were read, and the body that has the rest.
struct Kept<B> {
    frames: Vec<Bytes>,
    trailers: Option<HeaderMap>,
    room: usize,
    rest: Option<B>,
}

/// A kept body in the hands of one attempt. Goes back to its slot when dropped.
struct Lease<B> {
    slot: Arc<Mutex<Slot<B>>>,
    kept: Option<Kept<B>>,
    /// Whether frames are still kept; if not, this attempt is the only one.
    keeping: bool,
    next: usize,
    trailers_sent: bool,
    /// Bytes of kept frames that are still to be sent.
    ahead: usize,
}

impl<B: Body + Unpin + 'static> ReplayBody<B> {
    /// Creates a body that is kept, up to `limit` bytes, while it is sent.
    #[must_use]
    pub fn new(body: B, limit: usize) -> Self {
        let body = match whole(body) {
            Ok(whole) => return Self(Sending::Whole(whole)),
            Err(body) => body,
        };
        let kept = Kept {
            frames: Vec::new(),
            trailers: None,
            room: limit,
            rest: Some(body),
        };
        let slot = Arc::new(Mutex::new(Slot::Gone(NotRepeatable::InUse)));
        Self(Sending::Kept(Some(Box::new(Lease::new(slot, kept)))))
    }
}

impl<B: Body + Unpin + 'static> RepeatBody for ReplayBody<B> {
    type Kept = Replay<B>;

    fn keep(&self) -> Replay<B> {
        Replay(match &self.0 {
            Sending::Whole(whole) => Source::Whole(whole.clone()),
            Sending::Kept(Some(lease)) => Source::Kept(Arc::clone(&lease.slot)),
            Sending::Kept(None) => Source::Whole(Bytes::new()),
        })
    }

    fn again(kept: &Replay<B>) -> Result<Self, NotRepeatable> {
        kept.again()
    }
}

impl<B: Body + Unpin + 'static> Replay<B> {
    /// Returns the body from its beginning.
    ///
    /// # Errors
    ///
    /// [`NotRepeatable`], at once: this neither waits nor reads.
    pub fn again(&self) -> Result<ReplayBody<B>, NotRepeatable> {
        match &self.0 {
            Source::Whole(whole) => Ok(ReplayBody(Sending::Whole(whole.clone()))),
            Source::Kept(slot) => {
                let kept = lock(slot).take()?;
                let lease = Lease::new(Arc::clone(slot), kept);
                Ok(ReplayBody(Sending::Kept(Some(Box::new(lease)))))
            }
        }
    }
}

fn lock<B>(slot: &Mutex<Slot<B>>) -> MutexGuard<'_, Slot<B>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The body's bytes, if it is whole already.
fn whole<B: Body + 'static>(body: B) -> Result<Bytes, B> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut body = Some(body);
    let any: &mut dyn Any = &mut body;
    if let Some(Some(full)) = any.downcast_mut::<Option<Full<Bytes>>>() {
        return Ok(mem::take(full).into_inner().unwrap_or_default());
    }
    body.ok_or_else(Bytes::new).map_or_else(Ok, Err)
}

impl<B> Lease<B> {
    fn new(slot: Arc<Mutex<Slot<B>>>, kept: Kept<B>) -> Self {
        let ahead = kept.frames.iter().map(Bytes::len).sum();
        Self {
            slot,
            kept: Some(kept),
            keeping: true,
            next: 0,
            trailers_sent: false,
            ahead,
        }
    }

    /// Gives up keeping: what was kept is freed and the handle says why.
    fn stop_keeping(&mut self, why: NotRepeatable) {
        self.keeping = false;
        *lock(&self.slot) = Slot::Gone(why);
        if let Some(kept) = &mut self.kept {
            kept.frames = Vec::new();
            kept.trailers = None;
            self.next = 0;
        }
    }
}

impl<B> Drop for Lease<B> {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.take().filter(|_| self.keeping) {
            *lock(&self.slot) = Slot::Idle(kept);
        }
    }
}

/// A slice keeps the whole buffer it is cut from: small ones are copied, so that little kept data
/// does not hold much memory.
fn compact(data: &Bytes) -> Bytes {
    const SMALL: usize = 1024;
    if data.len() < SMALL {
        Bytes::copy_from_slice(data)
    } else {
        data.clone()
    }
}

impl<B: Body + Unpin> Lease<B> {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Some(kept) = &mut self.kept else {
            return Poll::Ready(None);
        };
        if let Some(frame) = kept.frames.get(self.next) {
            self.next += 1;
            self.ahead -= frame.len();
            return Poll::Ready(Some(Ok(Frame::data(frame.clone()))));
        }
        if let Some(trailers) = kept.trailers.as_ref().filter(|_| !self.trailers_sent) {
            self.trailers_sent = true;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers.clone()))));
        }
        let Some(rest) = &mut kept.rest else {
            return Poll::Ready(None);
        };
        let frame = match ready!(Pin::new(rest).poll_frame(cx)) {
            Some(Ok(frame)) => frame.map_data(|mut data| data.copy_to_bytes(data.remaining())),
            Some(Err(error)) => {
                kept.rest = None;
                self.stop_keeping(NotRepeatable::Failed);
                return Poll::Ready(Some(Err(error)));
            }
            None => {
                kept.rest = None;
                return Poll::Ready(None);
            }
        };
        self.keep(&frame);
        Poll::Ready(Some(Ok(frame)))
    }

    fn keep(&mut self, frame: &Frame<Bytes>) {
        let Some(kept) = self.kept.as_mut().filter(|_| self.keeping) else {
            return;
        };
        let (left, data) = if let Some(data) = frame.data_ref() {
            (kept.room.checked_sub(data.len() + FRAME_COST), Some(data))
        } else {
            let trailers = frame.trailers_ref();
            kept.trailers = trailers.cloned();
            self.trailers_sent = true;
            let size = trailers.map_or(0, |trailers| {
                let sizes = trailers
                    .iter()
                    .map(|(name, value)| name.as_str().len() + value.len());
                sizes.sum()
            });
            (kept.room.checked_sub(size), None)
        };
        match left {
            Some(room) => {
                kept.room = room;
                if let Some(data) = data {
                    kept.frames.push(compact(data));
                    self.next += 1;
                }
            }
            None => self.stop_keeping(NotRepeatable::TooLong),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.kept.as_ref().is_none_or(|kept| {
            kept.frames.len() <= self.next
                && (kept.trailers.is_none() || self.trailers_sent)
                && kept.rest.as_ref().is_none_or(Body::is_end_stream)
        })
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.kept.as_ref().and_then(|kept| kept.rest.as_ref());
        let rest = rest.map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        ahead(self.ahead, &rest)
    }
}

impl<B: Body + Unpin> Body for ReplayBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match mem::replace(&mut self.0, Sending::Kept(None)) {
            Sending::Whole(whole) if whole.is_empty() => Poll::Ready(None),
            Sending::Whole(whole) => Poll::Ready(Some(Ok(Frame::data(whole)))),
            Sending::Kept(None) => Poll::Ready(None),
            Sending::Kept(Some(mut lease)) => {
                let frame = lease.poll_frame(cx);
                self.0 = Sending::Kept(Some(lease));
                frame
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Sending::Whole(whole) => whole.is_empty(),
            Sending::Kept(lease) => lease.as_ref().is_none_or(|lease| lease.is_end_stream()),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Sending::Whole(whole) => ahead(whole.len(), &SizeHint::with_exact(0)),
            Sending::Kept(Some(lease)) => lease.size_hint(),
            Sending::Kept(None) => SizeHint::with_exact(0),
        }
    }
}

// Nothing in it is ever pinned: the body below has to be `Unpin` itself.
impl<B> Unpin for ReplayBody<B> {}

impl<B> fmt::Debug for Replay<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").finish_non_exhaustive()
    }
}

impl<B> fmt::Debug for ReplayBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayBody").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;

    use http_body_util::{BodyExt, Empty};
    use proptest::prelude::*;

    use super::*;

    /// A body of these frames, or of these and an error.
    #[derive(Clone, Debug, Default)]
    struct Frames {
        frames: VecDeque<Result<Bytes, ()>>,
        trailers: Option<HeaderMap>,
    }

    impl Frames {
        fn of(frames: &[&'static str]) -> Self {
            let frames = frames.iter().map(|text| Ok(Bytes::from(*text))).collect();
            Self {
                frames,
                trailers: None,
            }
        }
    }

    impl Body for Frames {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            let frame = self
                .frames
                .pop_front()
                .map(|frame| frame.map_err(|()| "broken"));
            let data = frame.map(|frame| frame.map(Frame::data));
            Poll::Ready(data.or_else(|| self.trailers.take().map(|t| Ok(Frame::trailers(t)))))
        }

        fn size_hint(&self) -> SizeHint {
            let bytes = self.frames.iter().flatten().map(Bytes::len).sum::<usize>();
            SizeHint::with_exact(bytes as u64)
        }
    }

    async fn read<B: Body<Data = Bytes>>(body: B) -> Result<(Bytes, Option<HeaderMap>), B::Error> {
        let whole = body.collect().await?;
        let trailers = whole.trailers().cloned();
        Ok((whole.to_bytes(), trailers))
    }

    /// The body to send first, and the handle to have it again.
    fn kept<B: Body + Unpin + 'static>(body: B, limit: usize) -> (ReplayBody<B>, Replay<B>) {
        let body = ReplayBody::new(body, limit);
        let replay = body.keep();
        (body, replay)
    }

    /// Reads this many frames and drops the body.
    async fn read_frames<B: Body + Unpin>(mut body: B, count: usize) {
        for _ in 0..count {
            drop(body.frame().await);
        }
    }

    #[tokio::test]
    async fn a_whole_body_can_be_had_again_at_once() {
        let (first, replay) = kept(Full::new(Bytes::from("order")), 0);

        let second = replay.again().unwrap();

        assert_eq!(read(first).await.unwrap().0, "order");
        assert_eq!(read(second).await.unwrap().0, "order");
    }

    #[tokio::test]
    async fn an_empty_body_can_be_had_again_at_once() {
        let (_first, replay) = kept(Empty::<Bytes>::new(), 0);

        let second = replay.again().unwrap();

        assert!(second.is_end_stream());
        assert_eq!(second.size_hint().exact(), Some(0));
    }

    #[tokio::test]
    async fn a_streamed_body_can_be_had_again_when_the_attempt_is_over() {
        let (first, replay) = kept(Frames::of(&["a", "b", "c"]), 1024);
        assert_eq!(replay.again().unwrap_err(), NotRepeatable::InUse);

        drop(first);
        for _ in 0..3 {
            let again = replay.again().unwrap();
            assert_eq!(again.size_hint().exact(), Some(3));
            assert_eq!(read(again).await.unwrap().0, "abc");
        }
    }

    #[tokio::test]
    async fn a_half_read_body_is_read_on_by_the_next_attempt() {
        let (first, replay) = kept(Frames::of(&["a", "b", "c"]), 1024);
        read_frames(first, 2).await;
        read_frames(replay.again().unwrap(), 1).await;

        let third = replay.again().unwrap();

        assert_eq!(read(third).await.unwrap().0, "abc");
    }

    #[tokio::test]
    async fn beyond_the_limit_it_is_sent_whole_and_not_kept() {
        let (mut first, replay) = kept(Frames::of(&["aaaa", "bbbb", "cccc"]), 4 + FRAME_COST);

        let mut sent = Vec::new();
        for _ in 0..2 {
            sent.extend(first.frame().await.unwrap().unwrap().into_data().unwrap());
        }
        assert_eq!(replay.again().unwrap_err(), NotRepeatable::TooLong);
        sent.extend(read(first).await.unwrap().0);

        assert_eq!(sent, b"aaaabbbbcccc");
        assert_eq!(replay.again().unwrap_err(), NotRepeatable::TooLong);
    }

    #[tokio::test]
    async fn a_small_frame_does_not_keep_the_buffer_that_it_is_cut_from() {
        let buffer = Bytes::from(vec![b'x'; 16 * 1024]);
        let mut sliced = Frames::of(&[]);
        sliced.frames.push_back(Ok(buffer.slice(..1)));
        sliced.frames.push_back(Ok(buffer.slice(..4096)));
        let (first, replay) = kept(sliced, 64 * 1024);
        read_frames(first, 3).await;

        let mut again = replay.again().unwrap();

        let small = again.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_ne!(small.as_ptr(), buffer.as_ptr());
        let large = again.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(large.as_ptr(), buffer.as_ptr());
    }

    #[tokio::test]
    async fn a_flood_of_empty_frames_ends_at_the_limit() {
        let flood = Frames::of(&[""; 1000]);
        let (first, replay) = kept(flood, 100 * FRAME_COST);

        read_frames(first, 101).await;

        assert_eq!(replay.again().unwrap_err(), NotRepeatable::TooLong);
    }

    #[tokio::test]
    async fn a_body_that_failed_cannot_be_had_again() {
        let mut broken = Frames::of(&["a"]);
        broken.frames.push_back(Err(()));
        let (first, replay) = kept(broken, 1024);

        assert_eq!(read(first).await.unwrap_err(), "broken");

        assert_eq!(replay.again().unwrap_err(), NotRepeatable::Failed);
    }

    #[tokio::test]
    async fn trailers_over_the_limit_are_sent_and_not_kept() {
        let mut frames = Frames::of(&[]);
        frames.frames.push_back(Ok(Bytes::from("a")));
        frames.trailers = Some(trailers("a-long-value"));
        let (first, replay) = kept(frames, 1 + FRAME_COST + 5);

        let (_, sent) = read(first).await.unwrap();

        assert_eq!(sent, Some(trailers("a-long-value")));
        assert_eq!(replay.again().unwrap_err(), NotRepeatable::TooLong);
    }

    fn trailers(value: &'static str) -> HeaderMap {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", http::HeaderValue::from_static(value));
        trailers
    }

    proptest! {
        /// Any frames, left at any points by any number of attempts: the next one has them all.
        #[test]
        fn every_attempt_sends_the_original(
            frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..20),
            with_trailers in any::<bool>(),
            left_at in proptest::collection::vec(0_usize..25, 0..6),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let original = Frames {
                    frames: frames.into_iter().map(|frame| Ok(Bytes::from(frame))).collect(),
                    trailers: with_trailers.then(|| trailers("0")),
                };
                let length = original.size_hint();
                let expected = read(original.clone()).await.unwrap();

                let (first, replay) = kept(original, usize::MAX);
                drop(first);
                for left_at in left_at {
                    read_frames(replay.again().unwrap(), left_at).await;
                }
                let last = replay.again().unwrap();

                assert_eq!(last.size_hint().exact(), length.exact());
                assert_eq!(read(last).await.unwrap(), expected);
            });
        }
    }

    #[test]
    fn nothing_here_can_fail_for_bodies_that_cannot() {
        fn check<B: Body<Error = Infallible>>() {}
        check::<ReplayBody<Full<Bytes>>>();
    }
}
