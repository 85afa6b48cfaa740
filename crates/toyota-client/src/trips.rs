//! Trips: where the car went, how far, and on how much fuel.
//!
//! A page of trips with their routes has megabytes. It is walked as text, and only what is not a
//! route is parsed; each route stays the text that it came as until its points are
//! [asked for](Trip::route), one by one.

pub(crate) mod alone;
mod behaviour;
pub mod export;
mod id;
mod lazy;
mod number;
pub(crate) mod page;
mod paging;
mod period;
pub(crate) mod query;
mod route;
mod scan;
mod scores;
mod stream;
mod summaries;
mod summary;
mod trip;

pub use self::behaviour::{Behaviour, BehaviourKind, CoachingParameter};
pub use self::id::{InvalidTripId, TripId};
pub use self::lazy::Elements;
pub use self::paging::End;
pub use self::period::Period;
pub use self::query::{Range, TripQuery};
pub use self::route::{DrivingMode, RoutePoint};
pub use self::scores::{HybridCoaching, Scores};
pub use self::stream::Trips;
pub use self::summaries::{Interval, Overview, Summaries};
pub use self::summary::TripSummary;
pub use self::trip::Trip;
