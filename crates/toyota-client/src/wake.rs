//! Waking parked cars: when it is worth it, and how often it may be done.
//!
//! The service answers from what a car last told it, and a parked car tells nothing until it is woken.
//! Each wake takes from its 12 V battery, which nothing fills while it stands. So wakes are counted for
//! each car before they are sent ([`WakeQuota`]), and what a program does by itself is decided by
//! [`decide`]: a car is asked after it has stopped, rather than again and again.

mod quota;
mod strategy;

pub use self::quota::{Spent, WakeLedger, WakeQuota, WakeQuotas};
pub use self::strategy::{
    Action, Decision, Inputs, Seen, Standing, Trigger, WakeOptions, WakeState, decide,
};
