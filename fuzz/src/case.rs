//! A request, a response, rules and times, from bytes of which few are wasted.
//!
//! The first sixteen bytes choose rules, status and times from tables. The rest is text, the
//! request's lines and after an empty one the response's. In it a byte that no field may have, or
//! one of the upper half, stands for a field, a directive, a number or a date near the others.

use http::{HeaderMap, Method, StatusCode};

use crate::message::Message;
use crate::model::{Rules, date};

/// Sun, 06 Nov 1994 08:49:37 GMT.
const NOW: i64 = 784_111_777;
const FIELDS: [&str; 8] = [
    "\ncache-control: ",
    "\npragma: ",
    "\nage: ",
    "\ndate: ",
    "\nexpires: ",
    "\nlast-modified: ",
    "\nvary: ",
    "\nauthorization: ",
];
const DIRECTIVES: [&str; 16] = [
    ", max-age",
    ", s-maxage",
    ", max-stale",
    ", min-fresh",
    ", stale-while-revalidate",
    ", stale-if-error",
    ", no-cache",
    ", no-store",
    ", private",
    ", public",
    ", must-revalidate",
    ", proxy-revalidate",
    ", must-understand",
    ", immutable",
    ", only-if-cached",
    ", extension",
];
const NUMBERS: [u32; 16] = [
    0,
    1,
    2,
    5,
    9,
    10,
    11,
    59,
    60,
    61,
    1000,
    86_400,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    u32::MAX,
];
const SCALES: [i64; 8] = [1, 1, 5, 60, 3600, 86_400, 31_556_952, 0x0100_0000];
const STATUSES: [u16; 16] = [
    200, 200, 200, 203, 206, 301, 302, 304, 307, 404, 416, 429, 500, 503, 501, 599,
];

/// Everything that a decision depends on.
#[derive(Debug)]
pub struct Case {
    /// The rules of the cache.
    pub rules: Rules,
    /// The method of the request.
    pub method: Method,
    /// The status of the response.
    pub status: StatusCode,
    /// The fields of the request.
    pub request: HeaderMap,
    /// The fields of the response.
    pub response: HeaderMap,
    /// Whether a credential was added.
    pub authenticated: bool,
    /// Whether the response has a validator.
    pub has_validators: bool,
    /// When the request was sent.
    pub requested: i64,
    /// When it was answered.
    pub received: i64,
    /// When the response is asked for, in any order.
    pub asked: [i64; 2],
}

impl Case {
    /// Makes it; `None` of too few bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (head, text) = bytes.split_first_chunk::<16>()?;
        let flag = |bit: u8| head[0] >> bit & 1 == 1;
        let received = moment(NOW, head[6], head[7]);
        let message = Message::read(&spelled_out(text, received));
        Some(Self {
            rules: Rules {
                shared: flag(0),
                partial_responses: flag(1),
                percent: head[1].into(),
                cap: number(head[2]),
                while_revalidate: number(head[3]),
                if_error: number(head[4]),
            },
            method: method(head[5]),
            status: status(head[14], head[15]),
            request: message.request,
            response: message.response,
            authenticated: flag(2),
            has_validators: flag(3),
            requested: moment(received, head[8], head[9]),
            received,
            asked: [
                moment(received, head[10], head[11]),
                moment(received, head[12], head[13]),
            ],
        })
    }
}

fn spelled_out(text: &[u8], received: i64) -> Vec<u8> {
    let mut all = b"\n".to_vec();
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        let index = usize::from(byte);
        match byte {
            0x01..=0x08 => all.extend(FIELDS[index - 1].as_bytes()),
            0x80..=0x8f => all.extend(DIRECTIVES[index - 0x80].as_bytes()),
            0x90..=0x9f => all.extend(format!("={}", NUMBERS[index - 0x90]).bytes()),
            0xa0..=0xaf => all.extend(NUMBERS[index - 0xa0].to_string().bytes()),
            0xb0..=0xb2 => {
                let (scale, count) = (bytes.next().unwrap_or(0), bytes.next().unwrap_or(0));
                let date = moment(received, scale, count);
                all.extend(date::print(date, index - 0xb0).bytes());
            }
            _ => all.push(byte),
        }
    }
    all
}

fn number(byte: u8) -> u32 {
    match byte {
        0..16 => NUMBERS[usize::from(byte)],
        _ => u32::from(byte - 16),
    }
}

/// Near another one, or as far away as can be.
fn moment(from: i64, scale: u8, count: u8) -> i64 {
    match scale {
        0xfe => i64::MIN + i64::from(count),
        0xff => i64::MAX - i64::from(count),
        _ => {
            let count = i64::from(count.cast_signed());
            from.saturating_add(count * SCALES[usize::from(scale % 8)])
        }
    }
}

fn method(byte: u8) -> Method {
    match byte {
        0xfd => Method::HEAD,
        0xfe => Method::POST,
        0xff => Method::from_bytes(b"get").unwrap_or(Method::PUT),
        _ => Method::GET,
    }
}

fn status(first: u8, second: u8) -> StatusCode {
    let any = 100 + u16::from(first) * 4 + u16::from(second % 4);
    let code = match first {
        0..16 => STATUSES[usize::from(first)],
        _ => any,
    };
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}
