//! What is known about one HTTP call: its intent, its attempts, a body that can be sent again.
//!
//! Client layers that retry, cache, authenticate or measure have to know a few facts about a call,
//! and should not have to know each other. They meet in the types of this crate, in the request's
//! [`http::Extensions`] and on the source chain of errors. Everything is optional: what is absent
//! means the documented default, so that each layer also works alone and in any order.
//!
//! | fact | who says it | absent means |
//! | --- | --- | --- |
//! | [`Operation`] | the caller | a call without a name |
//! | [`Idempotency`] | the caller | what the method and its headers say |
//! | [`Deadline`] | the caller | no deadline |
//! | [`Principal`] | the caller | nobody in particular |
//! | [`Attempt`] | a layer that repeats, to the layers inside | the first |
//! | [`CallRecord`] | the outermost layer that wants one; all write to it | nobody is listening |
//! | [`Delivery`] | whoever fails, on the error's source chain | maybe sent |
//!
//! ```
//! use http::Request;
//! use tower_client_call::{Attempt, CallRecord, Deadline, Operation};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), http::Error> {
//! let mut request = Request::get("https://api.example/v1/trips/7").body(())?;
//! let facts = request.extensions_mut();
//! facts.insert(Operation::new("trip", "/v1/trips/{id}"));
//! facts.insert(Deadline::within(std::time::Duration::from_secs(10)));
//! let record = CallRecord::find_or_insert(facts);
//!
//! assert_eq!(Attempt::of(&request), Attempt::FIRST);
//! assert_eq!(record.snapshot().attempts, 1);
//! # Ok(())
//! # }
//! ```

mod attempt;
mod capture;
mod causes;
mod deadline;
mod delivery;
mod failure;
mod idempotency;
mod invalid_setting;
mod operation;
mod peeked;
mod principal;
mod record;
mod repeat;
mod replay;
mod request_head;
mod response_error;
mod retry_after;

pub use self::attempt::Attempt;
pub use self::capture::{Capture, Captured, Ending, Partial, capture};
pub use self::causes::causes;
pub use self::deadline::Deadline;
pub use self::delivery::{Delivery, DeliveryError};
pub use self::failure::Failure;
pub use self::idempotency::Idempotency;
pub use self::invalid_setting::InvalidSetting;
pub use self::operation::Operation;
pub use self::peeked::PeekedBody;
pub use self::principal::Principal;
pub use self::record::{
    CacheOutcome, CallEvent, CallRecord, CallSnapshot, RetryReason, StopReason, Told,
};
pub use self::repeat::{NotRepeatable, RepeatBody};
pub use self::replay::{DEFAULT_REPLAY_LIMIT, Replay, ReplayBody};
pub use self::request_head::RequestHead;
pub use self::response_error::ResponseError;
pub use self::retry_after::retry_after;
