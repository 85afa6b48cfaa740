//! Directives printed in one of the many ways that mean the same.

use std::iter;

use fastrand::Rng;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, HeaderValue};

/// A directive to print.
#[derive(Clone)]
pub(super) struct Member {
    name: &'static str,
    argument: Option<String>,
}

impl Member {
    pub(super) fn flag(name: &'static str, is_set: bool) -> Option<Self> {
        let argument = None;
        is_set.then_some(Self { name, argument })
    }

    pub(super) fn seconds(name: &'static str, seconds: Option<u32>) -> Option<Self> {
        let argument = Some(seconds?.to_string());
        Some(Self { name, argument })
    }

    pub(super) fn fields(name: &'static str, fields: &[HeaderName]) -> Option<Self> {
        let names: Vec<_> = fields.iter().map(HeaderName::as_str).collect();
        let argument = Some(names.join(" ,\t"));
        (!fields.is_empty()).then_some(Self { name, argument })
    }

    fn print(&self, random: &mut Rng) -> Vec<u8> {
        let name = self.name.bytes().map(|byte| {
            if random.bool() {
                byte.to_ascii_uppercase()
            } else {
                byte
            }
        });
        let mut printed: Vec<u8> = name.collect();
        if let Some(argument) = &self.argument {
            printed.push(b'=');
            let is_token = !argument.contains([' ', '\t', ',']);
            if is_token && random.bool() {
                printed.extend(argument.bytes());
            } else {
                quote(argument, &mut printed, random);
            }
        }
        printed
    }
}

/// Prints directives in any order and case, with any whitespace, empty members and unknown
/// directives between them, some of them twice, in any number of lines.
pub(super) fn scrambled(members: impl Iterator<Item = Member>, seed: u64) -> HeaderMap {
    let mut random = Rng::with_seed(seed);
    let mut members: Vec<_> = members.collect();
    members.extend_from_within(..random.usize(..=members.len()));
    let mut printed: Vec<_> = members
        .iter()
        .map(|member| member.print(&mut random))
        .collect();
    for junk in JUNK {
        if random.bool() {
            printed.push(junk.to_vec());
        }
    }
    random.shuffle(&mut printed);
    let mut lines = vec![Vec::new()];
    for member in printed {
        if random.u8(..4) == 0 {
            lines.push(Vec::new());
        }
        let line = lines.last_mut().unwrap();
        line.extend(space(&mut random));
        line.extend(member);
        line.extend(space(&mut random));
        line.extend(iter::repeat_n(b',', random.usize(1..3)));
    }
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CACHE_CONTROL, HeaderValue::from_bytes(&line).unwrap());
    }
    headers
}

/// Members that mean nothing, whatever is in them.
const JUNK: [&[u8]; 6] = [
    b"",
    b"no-transform",
    b"x=\"no-store, max-age=0, \\\", no-cache, \\\\\"",
    b"x-max-age=0",
    b"\xff\xfe",
    b"max=\"\xe4, private\"",
];

fn quote(text: &str, printed: &mut Vec<u8>, random: &mut Rng) {
    printed.push(b'"');
    for byte in text.bytes() {
        if random.u8(..4) == 0 {
            printed.push(b'\\');
        }
        printed.push(byte);
    }
    printed.push(b'"');
}

fn space(random: &mut Rng) -> Vec<u8> {
    let length = random.usize(..3);
    iter::repeat_with(|| if random.bool() { b' ' } else { b'\t' })
        .take(length)
        .collect()
}
