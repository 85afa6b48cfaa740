//! What a private HTTP cache decides, by RFC 9111.
//!
//! [`policy`] is the core of a cache: plain functions on requests, responses and points in time,
//! without I/O and without a clock of their own. A response is read once, into a small value; what
//! may be done with it later are comparisons.
//!
//! The layer that stands on it is still to come.

pub mod policy;
