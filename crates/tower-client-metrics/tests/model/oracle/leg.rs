//! What one request counts, and the body of its answer.

use super::{Given, Labels, Left, Oracle, Reading, Stop, error_word};
use crate::body::{Item, Payload, Script};
use crate::plan::{Leg, Outcome, Patience};
use crate::words::CANCELLED;

const DURATION: &str = "http.client.request.duration";
const ACTIVE: &str = "http.client.active_requests";
const REQUEST_SIZE: &str = "http.client.request.body.size";
const RESPONSE_SIZE: &str = "http.client.response.body.size";

impl Oracle<'_> {
    pub(super) fn start_leg(&mut self) {
        self.sends += 1;
        let labels = self.target();
        self.tally.gauge(ACTIVE, &borrowed(&labels));
    }

    /// Awaits the answer to a request that has been made.
    pub(super) fn leg(&mut self, leg: &Leg) -> Result<Given, Left> {
        let needed = match leg.outcome {
            Outcome::Never => u32::MAX,
            Outcome::Answer(_) | Outcome::Fails(..) => leg.delay,
        };
        let endured = match leg.patience {
            Patience::Unpolled => None,
            Patience::Pauses(pauses) => Some(pauses),
        };
        if let Err(Left) = self.wait(endured.unwrap_or(0).min(needed)) {
            self.end_leg(leg, Err(CANCELLED));
            return Err(Left);
        }
        self.kind = leg.kind.or(self.kind);
        if endured.is_none_or(|endured| endured < needed) {
            self.end_leg(leg, Err(CANCELLED));
            return Ok(Given::Failure("timeout".to_owned()));
        }
        Ok(match &leg.outcome {
            Outcome::Answer(answer) => {
                let labels = self.end_leg(leg, Ok(()));
                Given::Answer(answer.clone(), Some(labels))
            }
            Outcome::Fails(_, word) => {
                self.end_leg(leg, Err(word));
                Given::Failure((*word).to_owned())
            }
            Outcome::Never => unreachable!("nobody is as patient"),
        })
    }

    /// Counts that a request has brought its answer, or failed as this word says; returns its
    /// labels.
    pub(super) fn end_leg(&mut self, leg: &Leg, end: Result<(), &str>) -> Labels {
        let mut labels = self.target();
        let mut label = |name, value: &str| labels.push((name, value.to_owned()));
        match (&leg.outcome, end) {
            (Outcome::Answer(answer), Ok(())) => {
                label("http.response.status_code", &answer.status.to_string());
                label("network.protocol.version", answer.version.1);
                if let Some(word) = error_word(answer.status) {
                    label("error.type", &word);
                }
            }
            (_, end) => {
                let word = end.unwrap_err();
                label("error.type", word);
                // Only an answer's word is a number.
                if word.parse::<u16>().is_ok() {
                    label("http.response.status_code", word);
                }
            }
        }
        self.tally.duration(DURATION, &borrowed(&labels));
        let size = match self.plan.payload {
            Payload::Whole(bytes) | Payload::Announced(bytes) => bytes,
            Payload::Streamed => 0,
        };
        if end.is_ok() && size > 0 {
            let size = f64::from(size);
            self.tally.value(REQUEST_SIZE, &borrowed(&labels), size);
        }
        labels
    }

    pub(super) fn response_size(&mut self, labels: &Labels, reading: &Reading) {
        let size = f64::from(reading.bytes);
        self.tally.value(RESPONSE_SIZE, &borrowed(labels), size);
    }

    fn target(&self) -> Labels {
        let plan = self.plan;
        let mut labels = vec![
            ("http.request.method", plan.method.1.to_owned()),
            ("server.address", plan.place.address.to_owned()),
            ("server.port", plan.place.port.to_owned()),
        ];
        let template = plan.operation.map(|it| it.template().to_owned());
        labels.extend(template.map(|template| ("url.template", template)));
        labels
    }

    /// Reads so many frames of a body and drops it, or to its end if no number is said.
    pub(super) fn read(&mut self, body: &Script, frames: Option<u32>) -> Reading {
        let mut rest = body.clone();
        let mut bytes = 0;
        let mut frames = frames.unwrap_or(u32::MAX);
        let stop = loop {
            if frames == 0 {
                break Stop::Enough;
            }
            match rest.items.pop_front() {
                Some(Item::Data(more)) => bytes += u32::from(more),
                Some(Item::Trailers) => {}
                // Over as soon as it has begun: it is not left for whoever comes next.
                Some(Item::Pause) => match self.wait(1) {
                    Ok(()) => continue,
                    Err(Left) => break Stop::Impatient,
                },
                Some(Item::Breaks) => break Stop::Broken,
                Some(Item::Stuck) => {
                    rest.items.push_front(Item::Stuck);
                    break Stop::Impatient;
                }
                None => break Stop::End,
            }
            frames -= 1;
        };
        let all_is_there =
            rest.knows_end && rest.items.is_empty() || rest.knows_length && rest.bytes_left() == 0;
        let word = match stop {
            Stop::End => "complete",
            Stop::Broken => "error",
            Stop::Enough | Stop::Impatient if all_is_there => "complete",
            Stop::Enough | Stop::Impatient => "aborted",
        };
        Reading { stop, word, bytes }
    }
}

fn borrowed(labels: &Labels) -> Vec<(&str, &str)> {
    let labels = labels.iter().map(|(name, value)| (*name, value.as_str()));
    labels.collect()
}
