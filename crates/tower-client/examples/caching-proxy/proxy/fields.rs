//! What a proxy changes in header fields.

use http::header::{
    CONNECTION, CONTENT_LENGTH, COOKIE, MAX_FORWARDS, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE,
    TRANSFER_ENCODING, UPGRADE, VIA,
};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

/// Fields of one connection (RFC 9110 section 7.6.1), or for the nearest proxy.
static HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    HeaderName::from_static("proxy-authentication-info"),
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Removes what concerns one connection, and what `Connection` names besides.
pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(TRANSFER_ENCODING) {
        // It was wrong, and must not be sent on (RFC 9112 section 6.3).
        headers.remove(CONTENT_LENGTH);
    }
    let named: Vec<_> = members(headers, &CONNECTION)
        .filter_map(|name| HeaderName::from_bytes(name).ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The same for a request; but whoever takes trailers from the proxy is told so to the origin, as
/// the proxy passes them on.
pub(crate) fn remove_hop_by_hop_of_request(headers: &mut HeaderMap) {
    let takes_trailers =
        members(headers, &TE).any(|coding| coding.eq_ignore_ascii_case(b"trailers"));
    remove_hop_by_hop(headers);
    if takes_trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(CONNECTION, HeaderValue::from_static("te"));
    }
}

/// Adds that the message came by here (RFC 9110 section 7.6.3), in the version that it came in.
pub(crate) fn add_via(headers: &mut HeaderMap, received: Version) {
    let via = match received {
        Version::HTTP_10 => "1.0 caching-proxy",
        Version::HTTP_2 => "2 caching-proxy",
        _ => "1.1 caching-proxy",
    };
    headers.append(VIA, HeaderValue::from_static(via));
}

/// Makes one line of several cookies' lines, which only HTTP/2 may have (RFC 9113 section 8.2.3).
pub(crate) fn join_cookies(headers: &mut HeaderMap) {
    let lines: Vec<_> = headers
        .get_all(COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if lines.len() > 1
        && let Ok(joined) = HeaderValue::from_bytes(&lines.join(&b"; "[..]))
    {
        headers.insert(COOKIE, joined);
    }
}

/// Tells whether a request must not be passed on any further; counts this stop if it may.
pub(crate) fn is_last_stop(headers: &mut HeaderMap) -> bool {
    let stops = headers
        .get(MAX_FORWARDS)
        .and_then(|stops| stops.to_str().ok());
    let Some(stops) = stops.and_then(|stops| stops.parse::<u32>().ok()) else {
        return false;
    };
    let left = stops.checked_sub(1);
    if let Some(left) = left {
        headers.insert(MAX_FORWARDS, left.into());
    }
    left.is_none()
}

/// Tells whether a message has no other transfer coding than the one that hyper undoes.
pub(crate) fn is_only_chunked(headers: &HeaderMap) -> bool {
    members(headers, &TRANSFER_ENCODING).all(|coding| coding.eq_ignore_ascii_case(b"chunked"))
}

/// The members of a field that is a list.
fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(name).into_iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b','));
    members.map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_concerns_one_connection_stays_there() {
        let mut headers = fields(&[
            ("connection", "close, X-Hop"),
            ("connection", "not a name,\t x-other"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic eDp5"),
            ("te", "gzip"),
            ("transfer-encoding", "chunked"),
            ("content-length", "7"),
            ("upgrade", "websocket"),
            ("x-hop", "1"),
            ("x-other", "1"),
            ("x-other", "2"),
            ("trailer", "x-sum"),
            ("x-end", "1"),
        ]);

        remove_hop_by_hop_of_request(&mut headers);

        assert_eq!(headers, fields(&[("trailer", "x-sum"), ("x-end", "1")]));
    }

    #[test]
    fn a_length_is_passed_on_where_it_is_the_only_one() {
        let mut headers = fields(&[("content-length", "7")]);

        remove_hop_by_hop(&mut headers);

        assert_eq!(headers, fields(&[("content-length", "7")]));
    }

    #[test]
    fn that_trailers_are_taken_is_told_to_the_origin() {
        let mut headers = fields(&[("te", "gzip, Trailers"), ("connection", "TE, close")]);

        remove_hop_by_hop_of_request(&mut headers);

        assert_eq!(headers, fields(&[("te", "trailers"), ("connection", "te")]));
    }

    #[test]
    fn the_way_of_a_message_is_told_in_order() {
        let mut headers = fields(&[("via", "1.1 first")]);

        add_via(&mut headers, Version::HTTP_2);

        let expected = fields(&[("via", "1.1 first"), ("via", "2 caching-proxy")]);
        assert_eq!(headers, expected);
    }

    #[test]
    fn cookies_of_several_lines_become_one() {
        let mut headers = fields(&[("cookie", "a=1"), ("cookie", "b=2")]);

        join_cookies(&mut headers);

        assert_eq!(headers, fields(&[("cookie", "a=1; b=2")]));
    }

    #[test]
    fn stops_are_counted_down_to_the_last() {
        for (before, is_last, after) in [
            ("2", false, "1"),
            ("1", false, "0"),
            ("0", true, "0"),
            ("none", false, "none"),
        ] {
            let mut headers = fields(&[("max-forwards", before)]);

            assert_eq!(is_last_stop(&mut headers), is_last, "{before}");

            assert_eq!(headers, fields(&[("max-forwards", after)]));
        }
    }

    fn fields(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |&(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        lines.iter().map(line).collect()
    }
}
