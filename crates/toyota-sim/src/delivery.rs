//! What one request leads to, decided without waiting for anything.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{StatusCode, request::Parts};

use crate::{
    api,
    exchange::Exchange,
    fault::{Fault, Kind},
    gzip,
    reply::{self, Reply},
    routing::Target,
    world::World,
};

/// The most that a request's body may hold.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;
const NOISE_LENGTH: usize = 512;
/// The beginning of an endless answer.
const ENDLESS_START: &[u8] = b"{";

/// A request's body, as far as it was read.
pub(crate) enum Upload {
    Whole(Bytes),
    TooLarge,
    /// The client went away or broke the framing.
    Broken,
    Unread,
}

impl Upload {
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone(),
            Self::TooLarge | Self::Broken | Self::Unread => Bytes::new(),
        }
    }
}

/// What goes back to the client.
pub(crate) enum Delivery {
    Answer(Reply),
    /// The answer's head and half its body.
    Truncated(Reply),
    /// The answer, piece by piece.
    Slow {
        reply: Reply,
        every: Duration,
    },
    /// The answer and then blanks for ever.
    Endless {
        start: Reply,
        every: Duration,
    },
    /// Bytes that are no HTTP.
    Noise(Bytes),
    Reset,
}

/// A request that has arrived, as far as its fault let it.
#[derive(Clone, Copy)]
pub(crate) struct Arrival<'a> {
    pub(crate) target: Target,
    pub(crate) head: &'a Parts,
    pub(crate) upload: &'a Upload,
    pub(crate) now: SystemTime,
}

/// Lets the request take effect, if its fault allows, and returns what goes back.
pub(crate) fn decide(world: &mut World, arrival: Arrival<'_>, fault: Fault) -> Delivery {
    let now = arrival.now;
    match fault.kind() {
        Kind::Pass => Delivery::Answer(serve_under(world, arrival, fault)),
        Kind::Truncated => Delivery::Truncated(serve_under(world, arrival, fault)),
        Kind::Slow { every } => Delivery::Slow {
            reply: serve_under(world, arrival, fault),
            every,
        },
        Kind::Status(status) => {
            let reply = match arrival.target {
                Target::Login { .. } => reply::empty(status),
                // The gateway identifies its errors too.
                Target::Api(_) | Target::Unknown => {
                    api::stamp(reply::empty(status), &mut world.random)
                }
            };
            Delivery::Answer(fault.overlay(reply, now))
        }
        Kind::GarbageBody => {
            serve(world, arrival);
            Delivery::Answer(fault.overlay(claimed_json(noise(world)), now))
        }
        Kind::Endless { every } => {
            serve(world, arrival);
            Delivery::Endless {
                start: fault.overlay(claimed_json(Bytes::from_static(ENDLESS_START)), now),
                every,
            }
        }
        Kind::GarbageWire => {
            serve(world, arrival);
            Delivery::Noise(noise(world))
        }
        Kind::ResetBeforeRead => Delivery::Reset,
        Kind::ResetAfterRead => {
            serve(world, arrival);
            Delivery::Reset
        }
    }
}

/// Serves a request and changes the answer as its fault says.
fn serve_under(world: &mut World, arrival: Arrival<'_>, fault: Fault) -> Reply {
    let reply = fault.overlay(serve(world, arrival), arrival.now);
    gzip::compress(reply, &arrival.head.headers)
}

fn serve(world: &mut World, arrival: Arrival<'_>) -> Reply {
    match arrival.upload {
        Upload::Whole(body) => {
            let exchange = Exchange::new(arrival.head, body, arrival.now);
            arrival.target.answer(world, &exchange)
        }
        Upload::TooLarge => reply::empty(StatusCode::PAYLOAD_TOO_LARGE),
        Upload::Broken | Upload::Unread => reply::empty(StatusCode::BAD_REQUEST),
    }
}

fn claimed_json(body: Bytes) -> Reply {
    reply::with_type(StatusCode::OK, "application/json", body)
}

/// Returns noise that starts neither JSON nor HTTP.
fn noise(world: &mut World) -> Bytes {
    let mut noise = world.random.bytes::<NOISE_LENGTH>().to_vec();
    noise.insert(0, 0xff);
    Bytes::from(noise)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::{account::Account, accounts::Accounts, random::Random, registration::Registration};

    #[test]
    fn no_body_makes_a_handler_panic() {
        let mut world = world();
        let mut random = Random::new(3);
        for (method, path) in TARGETS {
            for body in bodies(&mut random) {
                let head = http::Request::builder()
                    .method(method)
                    .uri(path)
                    .header("content-type", content_type(path))
                    .header("authorization", "basic b25lYXBwOm1hcm1hbGFkZQ==")
                    .header("cookie", "route=; =; ;; amlbcookie")
                    .body(())
                    .unwrap()
                    .into_parts()
                    .0;

                let delivery = pass(&mut world, &head, &Upload::Whole(body));

                assert!(matches!(delivery, Delivery::Answer(_)));
            }
        }
    }

    #[test]
    fn a_body_over_the_limit_is_refused() {
        let head = http::Request::get("/v1/location").body(()).unwrap();
        let head = head.into_parts().0;

        let delivery = pass(&mut world(), &head, &Upload::TooLarge);

        let Delivery::Answer(reply) = delivery else {
            panic!("not an answer");
        };
        assert_eq!(reply.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    const TARGETS: [(&str, &str); 9] = [
        (
            "POST",
            "/json/realms/root/realms/tme/authenticate?authIndexType=service&authIndexValue=oneapp",
        ),
        ("POST", "/oauth2/realms/root/realms/tme/access_token"),
        ("GET", "/oauth2/realms/root/realms/tme/authorize?%ff=&&=%"),
        ("GET", "/v1/location"),
        ("POST", "/v1/global/remote/command"),
        ("GET", "/v1/trips?from=%ff&to=&limit=-1&&=%"),
        ("GET", "/v1/trips/%2e%2e"),
        ("PUT", "/v1/vehicle-association/vehicle"),
        ("DELETE", "/nowhere"),
    ];

    fn pass(world: &mut World, head: &Parts, upload: &Upload) -> Delivery {
        let arrival = Arrival {
            target: Target::find(&head.method, head.uri.path()),
            head,
            upload,
            now: UNIX_EPOCH,
        };
        decide(world, arrival, Fault::pass())
    }

    fn content_type(path: &str) -> &'static str {
        if path.ends_with("access_token") {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        }
    }

    fn bodies(random: &mut Random) -> Vec<Bytes> {
        let mut bodies: Vec<Bytes> = [
            "",
            "{}",
            "[]",
            "null",
            "{\"authId\":7}",
            "{\"authId\":\"a.b.c\",\"callbacks\":7}",
            "grant_type=refresh_token&client_id=oneapp&refresh_token=%",
            "grant_type=authorization_code&client_id=oneapp&code=%00",
        ]
        .into_iter()
        .map(Bytes::from)
        .collect();
        bodies.push(Bytes::from("[".repeat(100_000)));
        bodies.extend((0..64).map(|_| Bytes::copy_from_slice(&random.bytes::<33>())));
        bodies
    }

    fn world() -> World {
        let registration =
            Registration::new("http://127.0.0.1:0".to_owned(), Duration::from_secs(3599));
        World::new(registration, Accounts::new(Account::demo()), 1, 0)
    }
}
