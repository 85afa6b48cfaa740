//! What happened in a case, put together from the log.

mod parts;

use std::fmt;
use std::time::Duration;

pub(crate) use self::parts::{
    Answer, CallStory, FetchStory, Gain, How, OpStory, Refusal, SendStory,
};
use crate::case::{Case, Event};
use crate::log::{Entry, Issued, Model, OpKind, Outcome, Place, Token, What};

/// A moment: how much had happened, and the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct When {
    pub(crate) seq: usize,
    pub(crate) at: Duration,
}

#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) case: Case,
    pub(crate) log: Vec<Entry>,
    pub(crate) issued: Vec<Issued>,
    pub(crate) calls: Vec<CallStory>,
    pub(crate) fetches: Vec<FetchStory>,
    pub(crate) ops: Vec<OpStory>,
    pub(crate) refusals: Vec<Refusal>,
    /// When a place may have learnt of a credential.
    pub(crate) gains: Vec<Gain>,
    /// When a place has entered an epoch.
    pub(crate) epochs: Vec<(usize, Place, u64)>,
}

/// The settings, and the log: one line each.
impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.case)?;
        for (seq, Entry { at, what }) in self.log.iter().enumerate() {
            writeln!(f, "{seq:4} {at:?} {what:?}")?;
        }
        Ok(())
    }
}

impl Story {
    pub(crate) fn new(case: Case, model: &Model) -> Self {
        let state = model.lock();
        let calls = case.steps.iter().enumerate();
        let calls = calls.filter_map(|(id, (_, event))| match event {
            Event::Call(plan) => Some(CallStory {
                id,
                plan: plan.clone(),
                epoch: None,
                called: None,
                returned: None,
                polled: None,
                sends: Vec::new(),
                end: None,
                left: None,
                record: state.records[id].snapshot(),
            }),
            Event::Op(_) | Event::Revoke(_) | Event::RefuseNext(_) => None,
        });
        let mut story = Self {
            calls: calls.collect(),
            case,
            log: state.log.clone(),
            issued: state.issued.clone(),
            fetches: Vec::new(),
            ops: Vec::new(),
            refusals: Vec::new(),
            gains: Vec::new(),
            epochs: Vec::new(),
        };
        drop(state);
        let mut op_ids = Vec::new();
        for (seq, Entry { at, what }) in story.log.clone().into_iter().enumerate() {
            story.take(When { seq, at }, what, &mut op_ids);
        }
        story.refusals = story.find_refusals();
        let refusals = story.refusals.iter();
        let rejecting: Vec<_> = refusals.map(|it| story.may_reject(it)).collect();
        for (refusal, rejects) in story.refusals.iter_mut().zip(rejecting) {
            refusal.rejects = rejects;
        }
        story
    }

    fn call(&mut self, id: usize) -> &mut CallStory {
        self.calls.iter_mut().find(|it| it.id == id).unwrap()
    }

    fn take(&mut self, when: When, what: What, op_ids: &mut Vec<usize>) {
        match what {
            What::Called(id, epoch) => {
                let call = self.call(id);
                (call.called, call.epoch) = (Some(when), epoch);
            }
            What::Returned(id) => self.call(id).returned = Some(when),
            What::Polled(id) => self.call(id).polled = Some(when),
            What::Left(id) => self.call(id).left = Some(when),
            What::Ended(id, end) => self.call(id).end = Some((when, end)),
            What::Sent(sent) => {
                let call = self.call(sent.call);
                let direct = call.returned.is_none();
                let (seq, at) = sent.asked;
                let given = if direct { when } else { When { seq, at } };
                call.sends.push(SendStory {
                    sent,
                    given,
                    direct,
                    answer: None,
                });
            }
            What::Answered {
                call,
                status,
                refuses,
            } => {
                let send = self.call(call).sends.last_mut().unwrap();
                send.answer = Some(Answer {
                    when,
                    status,
                    refuses,
                    read: None,
                });
            }
            What::Read { call, nth } => {
                let answer = self.call(call).sends[nth].answer.as_mut().unwrap();
                answer.read.get_or_insert(when);
            }
            What::Fetching(fetching) => self.fetches.push(FetchStory {
                when,
                decided: self.decided(when),
                fetching,
                end: None,
            }),
            What::Fetched(fetch, outcome) => {
                self.fetches[fetch].end = Some((when, Some(outcome)));
                let place = self.fetches[fetch].fetching.place;
                match outcome {
                    Outcome::Token { token, .. } => {
                        self.gain(when, place, token, How::Fetched(fetch));
                    }
                    Outcome::Same(token) => self.gain(when, place, token, How::Again(fetch)),
                    _ => {}
                }
            }
            What::Epoch(place, epoch) => self.epochs.push((when.seq, place, epoch)),
            What::Cut(fetch) => self.fetches[fetch].end = Some((when, None)),
            What::Loaded {
                place,
                token: Ok(Some(token)),
                by_caller: false,
                ..
            } => self.gain(when, place, token, How::Loaded),
            What::Op {
                op,
                place,
                epoch,
                kind,
            } => {
                op_ids.push(op);
                // Of an epoch that is over, it is not taken.
                let taken = self.epoch(place, when.seq).0 == Some(epoch);
                if let OpKind::Set(token) = kind
                    && taken
                {
                    self.gain(when, place, token, How::Set);
                }
                self.ops.push(OpStory {
                    when,
                    place,
                    epoch,
                    kind,
                    end: None,
                });
            }
            What::OpEnded { op, how, kept } => {
                let index = op_ids.iter().position(|id| *id == op).unwrap();
                self.ops[index].end = Some((when, how, kept));
            }
            _ => {}
        }
    }

    fn decided(&self, when: When) -> usize {
        let patience = match self.case.store {
            None => Duration::ZERO,
            Some(_) => Duration::from_secs(60),
        };
        let since = when.at.saturating_sub(patience);
        self.log.iter().position(|entry| entry.at >= since).unwrap()
    }

    fn gain(&mut self, when: When, place: Place, token: Token, how: How) {
        self.gains.push(Gain {
            seq: when.seq,
            place,
            token,
            how,
        });
    }

    fn find_refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for call in self.calls.iter().filter(|call| !call.plan.elsewhere) {
            for (nth, send) in call.sends.iter().enumerate() {
                let Some(answer) = send.answer.filter(|answer| answer.refuses) else {
                    continue;
                };
                refusals.push(Refusal {
                    call: call.id,
                    place: call.plan.place,
                    token: send.sent.token.unwrap_or(usize::MAX),
                    replay: nth > 0,
                    rejects: false,
                    from: answer.when,
                    sure: self.sure(call, answer),
                    exact: answer.read.is_some(),
                });
            }
        }
        refusals
    }

    /// When the layer has seen that it is refused: at the answer's end, or when it reads no more.
    pub(crate) fn sure(&self, call: &CallStory, answer: Answer) -> Option<When> {
        if answer.read.is_some() {
            return answer.read;
        }
        let patience = if answer.status == 401 { 1 } else { 5 };
        let over = answer.when.at + Duration::from_secs(patience) + Duration::from_millis(5);
        let seq = self.log.iter().position(|entry| entry.at > over)?;
        let at = self.log[seq].at;
        let stayed = call.left.is_none_or(|left| left.at > over);
        stayed.then_some(When { seq, at })
    }
}
