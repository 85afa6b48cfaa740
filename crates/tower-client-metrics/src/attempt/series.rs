//! The series of requests, made once and kept.

use std::sync::{Arc, OnceLock};

use http::{Method, StatusCode};

use super::names::Names;
use super::place::{Place, Server};
use super::reply::Reply;
use super::target::{ANY, ELSEWHERE, Target};
use crate::bounded::{Distinct, Few, Kept, OTHER, Room};
use crate::limits::Limits;
use crate::under_way::Gauged;
use crate::{Instruments, Label, Metric};

/// All that is kept between requests.
pub(super) struct Series<I: Instruments> {
    pub(super) instruments: I,
    pub(super) known_methods: Vec<Method>,
    names: Names,
    targets: Kept<Target<Box<str>>, OfTarget<I>>,
    servers: Distinct<Server>,
    templates: Distinct<&'static str>,
    statuses: Distinct<StatusCode>,
    target_room: Room,
    reply_room: Room,
}

/// What is kept of all requests to one target.
pub(super) struct OfTarget<I: Instruments> {
    pub(super) place: Arc<Place>,
    active: I::Gauge,
    replies: Few<Reply, OfReply<I>>,
}

/// What is kept of all requests to one target that ended alike. Sizes are not always known: their
/// series begin when one is.
pub(super) struct OfReply<I: Instruments> {
    place: Arc<Place>,
    reply: Reply,
    pub(super) duration: I::Histogram,
    request_size: OnceLock<I::Histogram>,
    response_size: OnceLock<I::Histogram>,
}

/// A request's place among the series.
pub(super) struct At<I: Instruments> {
    pub(super) series: Arc<Series<I>>,
    pub(super) target: Arc<OfTarget<I>>,
}

impl<I: Instruments> Gauged for At<I> {
    fn adjust(&self, by: i32) {
        self.series.instruments.adjust(&self.target.active, by);
    }
}

impl<I: Instruments> Series<I> {
    pub(super) fn new(instruments: I, known_methods: Vec<Method>, limits: Limits) -> Self {
        Self {
            instruments,
            known_methods,
            names: Names::default(),
            targets: Kept::new(),
            servers: Distinct::new(limits.values),
            templates: Distinct::new(limits.values),
            statuses: Distinct::new(limits.values),
            target_room: Room::new(limits.series),
            reply_room: Room::new(limits.series),
        }
    }

    pub(super) fn of_target(&self, target: Target<&str>) -> Arc<OfTarget<I>> {
        let found = self.targets.find(&target);
        found.unwrap_or_else(|| self.new_target(target))
    }

    #[cold]
    fn new_target(&self, mut target: Target<&str>) -> Arc<OfTarget<I>> {
        target.origin = target.origin.without_user();
        let server = target.origin.server();
        let server = server.filter(|server| self.servers.admits(server.clone()));
        if server.is_none() {
            target.origin = ELSEWHERE;
        }
        let admits = |template: &&'static str| self.templates.admits(template);
        target.template = target
            .template
            .map(|template| if admits(&template) { template } else { OTHER });
        let make = || {
            self.make_target(Place {
                method: target.method.name(&self.known_methods).into(),
                server: server.unwrap_or_else(Server::other),
                template: target.template,
            })
        };
        let made = self.targets.find_or_make(target, &self.target_room, make);
        made.unwrap_or_else(|| self.any_target())
    }

    /// Returns what there is no room for.
    fn any_target(&self) -> Arc<OfTarget<I>> {
        self.targets.always(ANY, || self.make_target(Place::any()))
    }

    fn make_target(&self, place: Place) -> OfTarget<I> {
        OfTarget {
            active: self.instruments.gauge(&self.names.active, &place.labels()),
            place: Arc::new(place),
            replies: Few::new(),
        }
    }

    pub(super) fn of_reply(&self, at: &OfTarget<I>, reply: Reply) -> Arc<OfReply<I>> {
        let found = at.replies.find(reply);
        found.unwrap_or_else(|| self.new_reply(at, reply))
    }

    #[cold]
    fn new_reply(&self, at: &OfTarget<I>, reply: Reply) -> Arc<OfReply<I>> {
        let status = reply.status();
        let is_known = status.is_none_or(|status| self.statuses.admits(status));
        let reply = if is_known { reply } else { reply.other() };
        let make = || self.make_reply(&at.place, reply);
        let made = at.replies.find_or_make(reply, &self.reply_room, make);
        made.unwrap_or_else(|| {
            let any = self.any_target();
            let make = || self.make_reply(&any.place, reply.other());
            any.replies.always(reply.other(), make)
        })
    }

    fn make_reply(&self, place: &Arc<Place>, reply: Reply) -> OfReply<I> {
        OfReply {
            place: Arc::clone(place),
            reply,
            duration: self.histogram(&self.names.duration, place, reply),
            request_size: OnceLock::new(),
            response_size: OnceLock::new(),
        }
    }

    #[cold]
    fn histogram(&self, metric: &Metric, place: &Place, reply: Reply) -> I::Histogram {
        let mut labels: Vec<Label<'_>> = place.labels();
        labels.extend(reply.labels());
        self.instruments.histogram(metric, &labels)
    }

    pub(super) fn record_request_size(&self, of: &OfReply<I>, bytes: u64) {
        let make = || self.histogram(&self.names.request_size, &of.place, of.reply);
        let histogram = of.request_size.get_or_init(make);
        self.instruments.record(histogram, approximate(bytes));
    }

    pub(super) fn record_response_size(&self, of: &OfReply<I>, bytes: u64) {
        let make = || self.histogram(&self.names.response_size, &of.place, of.reply);
        let histogram = of.response_size.get_or_init(make);
        self.instruments.record(histogram, approximate(bytes));
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes are exact up to 8 PiB, and beyond that to 53 bits"
)]
fn approximate(bytes: u64) -> f64 {
    bytes as f64
}
