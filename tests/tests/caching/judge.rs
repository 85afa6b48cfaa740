//! Whether what was seen is what a case asks for; the same through the layer and on sockets.

use http::HeaderMap;

use crate::case::{Asked, Check, Content, Ground, SLACK, Step, value};

/// What happened in a step.
#[derive(Debug, Default)]
pub(crate) struct Happened {
    /// The fields of the requests that reached the origin.
    pub(crate) asked: Vec<HeaderMap>,
    /// What the client got.
    pub(crate) got: Got,
}

/// What a client got.
#[derive(Debug, Default)]
pub(crate) struct Got {
    /// No status: no answer, or an error in its place.
    pub(crate) status: Option<u16>,
    pub(crate) headers: HeaderMap,
    /// No body: it was broken off.
    pub(crate) body: Option<Vec<u8>>,
}

/// Returns what is wrong with a step, in sentences.
pub(crate) fn judge(step: &Step, happened: &Happened, ground: &Ground) -> Vec<String> {
    let mut wrong = Vec::new();
    let expected = match step.asked {
        Asked::No => 0,
        Asked::Yes | Asked::Meanwhile => step.origin.len(),
    };
    let asked = happened.asked.len();
    if asked != expected {
        wrong.push(format!(
            "the origin was asked {asked} times, not {expected}"
        ));
    }
    for (reply, request) in step.origin.iter().zip(&happened.asked) {
        for check in &reply.asked_with {
            let found = fails(check, request, ground);
            wrong.extend(found.map(|found| format!("the origin was asked with {found}")));
        }
    }
    wrong.extend(seen(step, &happened.got, ground));
    wrong
}

fn seen(step: &Step, got: &Got, ground: &Ground) -> Vec<String> {
    let mut wrong = Vec::new();
    let seen = &step.seen;
    if seen.status != got.status {
        wrong.push(format!(
            "the status is {:?}, not {:?}",
            got.status, seen.status
        ));
    }
    let body = got.body.as_deref().map(String::from_utf8_lossy);
    match (&seen.body, body) {
        _ if seen.status.is_none() => {}
        (Content::Whole(expected), Some(body)) if *expected == body => {}
        (Content::BrokenOff, None) => {}
        (expected, body) => wrong.push(format!("the body is {body:?}, not {expected:?}")),
    }
    for check in &seen.checks {
        let found = fails(check, &got.headers, ground);
        wrong.extend(found.map(|found| format!("the client saw {found}")));
    }
    wrong
}

/// Returns what is there if it is not what the check asks for.
fn fails(check: &Check, headers: &HeaderMap, ground: &Ground) -> Option<String> {
    let lines = |name: &str| -> Vec<String> {
        let lines = headers.get_all(name).iter();
        lines
            .map(|line| line.as_bytes().escape_ascii().to_string())
            .collect()
    };
    let written = |values: &[String]| -> Vec<String> {
        let values = values.iter().map(|written| value(written, ground));
        values
            .map(|value| value.as_bytes().escape_ascii().to_string())
            .collect()
    };
    let (name, is_good) = match check {
        Check::Lines(name, values) => (*name, lines(name) == written(values)),
        Check::Members(name, members) => {
            let mut found = members_of(&lines(name));
            let mut expected = written(members);
            found.sort();
            expected.sort();
            (*name, found == expected)
        }
        Check::Present(name) => (*name, headers.contains_key(*name)),
        Check::Absent(name) => (*name, !headers.contains_key(*name)),
        Check::About(name, least) => {
            let found = lines(name);
            let number = found.first().and_then(|line| line.parse().ok());
            let range = *least..=least + SLACK;
            let is_good = number.is_some_and(|number| range.contains(&number));
            (*name, found.len() == 1 && is_good)
        }
        Check::Did(parameter) => ("cache-status", did(&lines("cache-status"), parameter)),
        Check::DidNot(name) => {
            let name_of = |text: String| text.split('=').next().unwrap_or_default().to_owned();
            let told = parameters(&lines("cache-status"));
            (
                "cache-status",
                !told.into_iter().any(|told| name_of(told) == *name),
            )
        }
    };
    (!is_good).then(|| format!("{name}: {:?}, which is not {check:?}", lines(name)))
}

fn members_of(lines: &[String]) -> Vec<String> {
    let members = lines.iter().flat_map(|line| line.split(','));
    members.map(|member| member.trim().to_owned()).collect()
}

fn did(lines: &[String], parameter: &str) -> bool {
    parameters(lines).iter().any(|told| told == parameter)
}

/// The parameters of the last member.
fn parameters(lines: &[String]) -> Vec<String> {
    let members = members_of(lines);
    let last = members.last().cloned().unwrap_or_default();
    last.split(';')
        .skip(1)
        .map(|told| told.trim().to_owned())
        .collect()
}
