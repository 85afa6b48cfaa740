//! Compression of answers for clients that ask for it.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY},
};

use crate::reply::Reply;

/// Shorter bodies would hardly shrink.
const WORTHWHILE: usize = 1024;

/// Compresses `reply` if the request accepts gzip and it is worth the while.
pub(crate) fn compress(reply: Reply, request: &HeaderMap) -> Reply {
    let eligible = reply.body().len() >= WORTHWHILE
        && !reply.headers().contains_key(CONTENT_ENCODING)
        && accepts_gzip(request);
    if !eligible {
        return reply;
    }
    let Some(compressed) = gzip(reply.body()) else {
        return reply;
    };
    let mut reply = reply.map(|_| compressed);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    reply
}

fn gzip(body: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Returns whether `accept-encoding` names gzip with a weight above zero (RFC 9110, section
/// 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip") && !weighs_nothing(parameters)
        })
}

fn weighs_nothing(parameters: &str) -> bool {
    parameters
        .trim()
        .strip_prefix("q=")
        .and_then(|weight| weight.trim().parse::<f32>().ok())
        .is_some_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use http::StatusCode;

    use super::*;
    use crate::reply;

    #[test]
    fn compresses_what_is_long_for_who_asks() {
        let body = "x".repeat(WORTHWHILE);
        let plain = reply::html(StatusCode::OK, body.clone());

        let reply = compress(plain, &accepting("br;q=1.0, gzip"));

        assert_eq!(reply.headers()[CONTENT_ENCODING], "gzip");
        let mut unpacked = String::new();
        GzDecoder::new(reply.body().as_ref())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, body);
    }

    #[test]
    fn leaves_the_rest_as_it_is() {
        let long = "x".repeat(WORTHWHILE);
        for (body, accepted) in [
            ("short", "gzip"),
            (long.as_str(), "identity"),
            (long.as_str(), "gzip;q=0"),
            (long.as_str(), "br, gzip; q=0.000"),
        ] {
            let plain = reply::html(StatusCode::OK, body.to_owned());

            let reply = compress(plain, &accepting(accepted));

            assert_eq!(reply.headers().get(CONTENT_ENCODING), None, "{accepted}");
            assert_eq!(reply.body(), body);
        }
    }

    fn accepting(codings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(codings))])
    }
}
