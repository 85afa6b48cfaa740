//! What a layer needs of a request body to send the request again.

use std::fmt;

use bytes::Buf;
use http_body::Body;
use http_body_util::{Either, Empty, Full};

/// A request body that can be had again, or knows that it cannot.
///
/// A layer that sends requests again keeps what [`keep`](Self::keep) returns while the body is
/// sent. Bodies that are whole (`Full`, `Empty`) are kept by a cheap clone; any other body can be
/// made a [`ReplayBody`](crate::ReplayBody), or implement this itself.
///
/// ```
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use tower_client_call::RepeatBody;
///
/// let body = Full::new(Bytes::from("order"));
/// let kept = body.keep();
/// drop(body); // sent, in vain
///
/// assert!(<Full<Bytes> as RepeatBody>::again(&kept).is_ok());
/// ```
pub trait RepeatBody: Body + Sized {
    /// What is kept of the body while it is sent.
    type Kept;

    /// Returns what has to be kept. Asked before the body is sent: of one that has been read,
    /// nothing may be left.
    fn keep(&self) -> Self::Kept;

    /// Returns the body from its beginning. Asked also only to know whether that can be.
    ///
    /// # Errors
    ///
    /// [`NotRepeatable`], at once: this neither waits nor reads.
    fn again(kept: &Self::Kept) -> Result<Self, NotRepeatable>;
}

impl<D: Buf + Clone> RepeatBody for Full<D> {
    type Kept = Self;

    fn keep(&self) -> Self {
        self.clone()
    }

    fn again(kept: &Self) -> Result<Self, NotRepeatable> {
        Ok(kept.clone())
    }
}

impl<D: Buf> RepeatBody for Empty<D> {
    type Kept = ();

    fn keep(&self) {}

    fn again((): &()) -> Result<Self, NotRepeatable> {
        Ok(Self::new())
    }
}

impl<L, R> RepeatBody for Either<L, R>
where
    L: RepeatBody,
    R: RepeatBody<Data = L::Data>,
    L::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    R::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Kept = Either<L::Kept, R::Kept>;

    fn keep(&self) -> Self::Kept {
        match self {
            Self::Left(body) => Either::Left(body.keep()),
            Self::Right(body) => Either::Right(body.keep()),
        }
    }

    fn again(kept: &Self::Kept) -> Result<Self, NotRepeatable> {
        Ok(match kept {
            Either::Left(kept) => Self::Left(L::again(kept)?),
            Either::Right(kept) => Self::Right(R::again(kept)?),
        })
    }
}

/// Why a body cannot be had again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotRepeatable {
    /// It is longer than the limit; nothing of it is kept.
    TooLong,
    /// It failed while it was read.
    Failed,
    /// Another attempt is still sending it.
    InUse,
    /// It is not kept at all.
    NotKept,
}

impl fmt::Display for NotRepeatable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the request body is too long to be kept",
            Self::Failed => "the request body failed",
            Self::InUse => "the request body is still being sent",
            Self::NotKept => "the request body is not kept",
        })
    }
}

impl std::error::Error for NotRepeatable {}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::BodyExt;

    use super::*;

    async fn text_of_repeat<B: RepeatBody<Data = Bytes, Error: fmt::Debug>>(body: B) -> Bytes {
        let kept = body.keep();
        drop(body.collect().await);
        let again = B::again(&kept).unwrap();
        again.collect().await.unwrap().to_bytes()
    }

    #[tokio::test]
    async fn whole_bodies_come_back_from_their_beginning() {
        assert_eq!(
            text_of_repeat(Full::new(Bytes::from("order"))).await,
            "order"
        );
        assert_eq!(text_of_repeat(Full::<Bytes>::default()).await, "");
        assert_eq!(text_of_repeat(Empty::<Bytes>::new()).await, "");
        let either = Either::<_, Empty<Bytes>>::Left(Full::new(Bytes::from("order")));
        assert_eq!(text_of_repeat(either).await, "order");
    }
}
