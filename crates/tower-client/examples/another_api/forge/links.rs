//! Which page is next: the header `Link` (RFC 8288).

use http::header::LINK;
use http::{HeaderMap, Uri};

/// Returns the target of the first link with the relation `next`.
pub(super) fn next(headers: &HeaderMap) -> Option<Uri> {
    let lines = headers.get_all(LINK).iter();
    let links = lines.filter_map(|line| line.to_str().ok()).flat_map(links);
    let mut next = links.filter(|(_, parameters)| is_next(parameters));
    next.next()?.0.parse().ok()
}

/// Splits a line into links: their targets, and what is said of each. A comma or a semicolon may be
/// in a target.
fn links(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = line.split('<');
    parts.next();
    parts.filter_map(|part| part.split_once('>'))
}

/// Tells whether `; rel="next"` is said of a link, among others perhaps.
fn is_next(parameters: &str) -> bool {
    let pairs = parameters
        .split([';', ','])
        .filter_map(|pair| pair.split_once('='));
    let mut relations = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
    // Of several, only the first counts.
    relations.next().is_some_and(|(_, relations)| {
        let mut relations = relations.trim().trim_matches('"').split_ascii_whitespace();
        relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_next_page_is_found_however_it_is_written() {
        for (line, expected) in [
            (
                r#"<https://a.example/?page=2>; rel="next""#,
                Some("https://a.example/?page=2"),
            ),
            (
                r#"</1>; rel="prev", </3>; rel="next", </9>; rel="last""#,
                Some("/3"),
            ),
            ("</3>; rel=next", Some("/3")),
            (r#"</3>;title="more";REL="up NEXT""#, Some("/3")),
            (r#"</a,b;c>; rel="next""#, Some("/a,b;c")),
            (r#"</3>; rel="last"; rel="next""#, None),
            (r#"</3>; rel="nextish""#, None),
            (r#"</3>; title="next""#, None),
            ("</3>", None),
            ("3; rel=next", None),
            ("<3; rel=next", None),
            ("", None),
        ] {
            let headers = headers([line]);

            let found = next(&headers);

            assert_eq!(found, expected.map(|uri| uri.parse().unwrap()), "{line}");
        }
    }

    #[test]
    fn links_can_be_in_several_lines() {
        let headers = headers([r#"</9>; rel="last""#, r#"</3>; rel="next""#]);

        assert_eq!(next(&headers), Some("/3".parse().unwrap()));
    }

    fn headers<const N: usize>(lines: [&'static str; N]) -> HeaderMap {
        let line = |line| (LINK, HeaderValue::from_static(line));
        let mut headers = HeaderMap::new();
        for (name, line) in lines.map(line) {
            headers.append(name, line);
        }
        headers
    }
}
