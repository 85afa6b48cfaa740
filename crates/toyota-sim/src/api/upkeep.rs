//! How a car fares: its warning lights, what was done to it, and how far it went.

use serde_json::{Value, json};

use super::envelope;
use crate::account::{Car, Payload};

/// Returns the health, whose envelope has no `message`.
pub(super) fn health(car: &Car) -> Value {
    let mut envelope = envelope::plain(car.payload(Payload::Health));
    if let Some(envelope) = envelope.as_object_mut() {
        envelope.remove("message");
    }
    envelope
}

/// Returns the service history; that of a car without one has not even an envelope.
pub(super) fn service_history(car: &Car) -> Value {
    car.payload(Payload::ServiceHistory).map_or_else(
        || json!({}),
        |payload| envelope::messages("OSH-001", "Request Processed successfully", payload),
    )
}

/// Returns the odometer alone.
pub(super) fn odometer(car: &Car) -> Value {
    envelope::service(car.payload(Payload::Odometer))
}
