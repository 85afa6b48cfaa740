//! One request from its head to its answer.

use std::{convert::Infallible, future, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;

use super::{body::ReplyBody, in_flight::InFlight, line::Line, upload};
use crate::{
    api,
    delivery::{self, Arrival, Delivery, Upload},
    fault::{Fault, Kind},
    record::RecordedRequest,
    routing::Target,
    world::Shared,
};

pub(super) async fn respond(
    shared: Arc<Shared>,
    line: Arc<Line>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Infallible> {
    let received_at = shared.clock.now();
    let (head, body) = request.into_parts();
    let target = Target::find(&head.method, head.uri.path());
    let caller = api::caller(&shared.world(), &head.headers, received_at).map(|(place, _)| place);
    let in_flight = caller.map(|account| InFlight::begin(&shared, account));
    let fault = if in_flight.as_ref().is_some_and(InFlight::is_too_many) {
        Fault::throttled()
    } else {
        shared.world().faults.next(target.route())
    };
    let latency = fault.latency();

    let upload = match fault.kind() {
        Kind::ResetBeforeRead => Upload::Unread,
        _ => upload::read(body).await,
    };
    let record = RecordedRequest::new(target.route(), &head, &upload.bytes(), received_at);
    let delivery = {
        let mut world = shared.world();
        let now = shared.clock.now();
        let caller = api::caller(&world, &head.headers, now).map(|(place, _)| place);
        world.record(record.by(caller));
        let arrival = Arrival {
            target,
            head: &head,
            upload: &upload,
            now,
        };
        delivery::decide(&mut world, arrival, fault)
    };

    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    Ok(deliver(delivery, line).await)
}

async fn deliver(delivery: Delivery, line: Arc<Line>) -> Response<ReplyBody> {
    match delivery {
        Delivery::Answer(reply) => reply.map(ReplyBody::Whole),
        Delivery::Truncated(reply) if reply.body().is_empty() => reply.map(ReplyBody::Whole),
        Delivery::Truncated(reply) => reply.map(|whole| ReplyBody::half_of(&whole, line)),
        Delivery::Slow { reply, every } => reply.map(|whole| ReplyBody::slow(whole, every)),
        Delivery::Endless { start, every } => start.map(|start| ReplyBody::endless(start, every)),
        Delivery::Noise(noise) => {
            line.babble(noise);
            // The wire replaces this answer, whose only use is to be written.
            Response::new(ReplyBody::Whole(Bytes::new()))
        }
        Delivery::Reset => {
            line.reset();
            // The connection is dropped, and this future with it.
            future::pending().await
        }
    }
}
