//! The comparisons of RFC 9110 section 8.8, the lists of section 13.1, what RFC 9111 section 4.3.1
//! wants to be sent.

use http::header::{HOST, IF_MATCH};

use super::*;

const MONDAY: &str = "Mon, 01 Jan 2024 00:00:00 GMT";
const A_SECOND_LATER: &str = "Mon, 01 Jan 2024 00:00:01 GMT";

#[test]
fn a_tag_is_what_is_quoted_and_maybe_weak() {
    // RFC 9110 section 8.8.3.
    let tag = |weak, opaque: &'static [u8]| Some(EntityTag { weak, opaque });
    let table: [(&[u8], _); 17] = [
        (b"\"xyzzy\"", tag(false, b"xyzzy")),
        (b"W/\"xyzzy\"", tag(true, b"xyzzy")),
        (b"\"\"", tag(false, b"")),
        (b"W/\"\"", tag(true, b"")),
        (b"\"a,b\"", tag(false, b"a,b")),
        (b"\"\\\"", tag(false, b"\\")),
        (b"\"\x80\xff\"", tag(false, b"\x80\xff")),
        (b"w/\"xyzzy\"", None),
        (b"W/ \"xyzzy\"", None),
        (b"W\"xyzzy\"", None),
        (b"xyzzy", None),
        (b"\"", None),
        (b"W/\"", None),
        (b"", None),
        (b"\"a b\"", None),
        (b"\"a\"b\"", None),
        (b"\"a\x7f\"", None),
    ];

    for (text, expected) in table {
        assert_eq!(EntityTag::parse(text), expected, "{}", text.escape_ascii());
    }
}

#[test]
fn weak_tags_are_equal_only_to_the_weak_comparison() {
    // RFC 9110 section 8.8.3.2, table 3.
    let table = [
        ("W/\"1\"", "W/\"1\"", false, true),
        ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true),
        ("\"a\"", "\"A\"", false, false),
    ];

    for (one, other, strong, weak) in table {
        let (one, other) = (tag(one), tag(other));
        assert_eq!(one.strong_eq(other), strong, "{one:?} {other:?}");
        assert_eq!(other.strong_eq(one), strong, "{other:?} {one:?}");
        assert_eq!(one.weak_eq(other), weak, "{one:?} {other:?}");
        assert_eq!(other.weak_eq(one), weak, "{other:?} {one:?}");
    }
}

#[test]
fn a_list_is_read_over_all_its_lines() {
    // RFC 9110 section 13.1.1, section 5.6.1.2 for empty members.
    let table: [(&[&str], &[&str]); 9] = [
        (&["\"a\""], &["\"a\""]),
        (&["\"a\", W/\"b\"", "\"c\""], &["\"a\"", "W/\"b\"", "\"c\""]),
        (&["\"a,b\",\"c\""], &["\"a,b\"", "\"c\""]),
        (&[", ,\"a\"\t,,", ""], &["\"a\""]),
        (&["a, \"b\""], &["\"b\""]),
        (&["\"a\" \"b\", \"c\""], &["\"c\""]),
        (&["\"a, \"b\"", "\"c\""], &["\"c\""]),
        (&["*, \"a\""], &["\"a\""]),
        (&[""], &[]),
    ];

    for (lines, expected) in table {
        let request = headers(&[], IF_MATCH, lines);
        let tags = EntityTags::of(&request, IF_MATCH).unwrap();
        let expected: Vec<_> = expected.iter().map(|text| tag(text)).collect();
        assert_eq!(tags.iter().collect::<Vec<_>>(), expected, "{lines:?}");
        assert!(!tags.is_any(), "{lines:?}");
    }
    assert!(EntityTags::of(&HeaderMap::new(), IF_MATCH).is_none());
}

#[test]
fn a_star_stands_alone() {
    // RFC 9110 section 13.1.2.
    let table: [(&[&str], bool); 6] = [
        (&["*"], true),
        (&[" * ,"], true),
        (&["*", "*"], false),
        (&["*, \"a\""], false),
        (&["\"*\""], false),
        (&["**"], false),
    ];

    for (lines, expected) in table {
        let request = headers(&[], IF_MATCH, lines);
        let tags = EntityTags::of(&request, IF_MATCH).unwrap();
        assert_eq!(tags.is_any(), expected, "{lines:?}");
    }
}

#[test]
fn a_date_is_strong_a_second_before_the_response() {
    // RFC 9110 section 8.8.2.2.
    let table = [
        (Some(MONDAY), Some(A_SECOND_LATER), true),
        (Some(MONDAY), Some(MONDAY), false),
        (Some(A_SECOND_LATER), Some(MONDAY), false),
        (Some(MONDAY), None, false),
        (None, Some(MONDAY), false),
        (Some("yesterday"), Some(MONDAY), false),
    ];

    for (modified, sent, expected) in table {
        let mut response = HeaderMap::new();
        modified.map(|date| response.insert(LAST_MODIFIED, date.parse().unwrap()));
        sent.map(|date| response.insert(DATE, date.parse().unwrap()));
        let validators = Validators::of(&response);
        assert_eq!(validators.last_modified_is_strong, expected, "{response:?}");
    }
}

#[test]
fn of_two_lines_neither_is_the_validator() {
    let tags = headers(&[], ETAG, &["\"a\"", "\"b\""]);
    let dates = headers(&[], LAST_MODIFIED, &[MONDAY, A_SECOND_LATER]);

    assert!(Validators::of(&tags).is_empty());
    assert!(Validators::of(&dates).is_empty());
}

#[test]
fn asks_with_every_tag_and_with_the_date_of_the_only_response() {
    // RFC 9111 section 4.3.1.
    let dated = |tag: &str| {
        let fields = [(ETAG, tag), (LAST_MODIFIED, MONDAY)];
        headers(&fields, HOST, &[])
    };
    let (a, b, weak) = (dated("\"a\""), dated("\"b\""), dated("W/\"a\""));
    let undated = headers(&[(ETAG, "\"a\"")], HOST, &[]);
    let untagged = headers(&[(LAST_MODIFIED, MONDAY)], HOST, &[]);
    let unquoted = dated("a");
    let plain = HeaderMap::new();
    let ranged = headers(&[(RANGE, "bytes=0-")], HOST, &[]);
    let mut part = dated("\"a\"");
    part.insert(CONTENT_RANGE, HeaderValue::from_static("bytes 0-0/1"));
    type Row<'a> = (&'a HeaderMap, &'a [&'a HeaderMap], Option<&'a str>, bool);
    let table: [Row<'_>; 12] = [
        (&plain, &[], None, false),
        (&plain, &[&a], Some("\"a\""), true),
        (&plain, &[&a, &b, &a], Some("\"a\", \"b\""), false),
        (&plain, &[&a, &weak], Some("\"a\", W/\"a\""), false),
        (&plain, &[&undated], Some("\"a\""), false),
        (&plain, &[&untagged], None, true),
        (&plain, &[&untagged, &undated], Some("\"a\""), false),
        (&plain, &[&unquoted], None, true),
        (&ranged, &[&a], Some("\"a\""), true),
        (&ranged, &[&untagged], None, true),
        (&ranged, &[&part], Some("\"a\""), false),
        (&plain, &[&part], Some("\"a\""), true),
    ];

    for (request, stored, tags, date) in table {
        let sent = revalidation_headers(request, stored.iter().copied());
        let sent = |field| sent.get(field).map(|value| value.to_str().unwrap());
        assert_eq!(sent(IF_NONE_MATCH), tags, "{stored:?}");
        assert_eq!(
            sent(IF_MODIFIED_SINCE),
            date.then_some(MONDAY),
            "{stored:?}"
        );
    }
}

#[test]
fn asks_with_no_more_tags_than_fit() {
    let tagged = |tag: String| {
        let fields = [(ETAG, tag.as_str()), (LAST_MODIFIED, MONDAY)];
        headers(&fields, HOST, &[])
    };
    let of_length = |number, length| format!("\"{number:0length$}\"", length = length - 2);
    // Lengths of the tags of what is stored, and which of them are sent.
    let sixteen: Vec<_> = (0..16).collect();
    let table: [(&[usize], &[usize]); 5] = [
        (&[10; 2000], &sixteen),
        (&[1364, 1364, 1364, 5], &[0, 1, 2]),
        (&[1364, 1364, 1365, 1363], &[0, 1, 3]),
        (&[4096], &[0]),
        // What is not asked about by its tag is not asked about by its date.
        (&[4097], &[]),
    ];

    for (lengths, expected) in table {
        let numbered = lengths.iter().enumerate();
        let tags: Vec<_> = numbered
            .map(|(number, length)| of_length(number, *length))
            .collect();
        let stored: Vec<_> = tags.iter().cloned().map(tagged).collect();

        let sent = revalidation_headers(&HeaderMap::new(), &stored);

        let expected: Vec<_> = expected.iter().map(|index| tags[*index].as_str()).collect();
        let list = sent.get(IF_NONE_MATCH).map(|list| list.to_str().unwrap());
        assert_eq!(list.unwrap_or_default(), expected.join(", "));
        assert_eq!(
            sent.contains_key(IF_MODIFIED_SINCE),
            expected.len() == stored.len()
        );
    }
}

#[test]
fn what_is_sent_is_read_again() {
    let mut rng = fastrand::Rng::with_seed(9110);
    for _ in 0..2_000 {
        let opaque: Vec<Vec<u8>> = (0..rng.usize(1..6)).map(|_| opaque(&mut rng)).collect();
        let mut list = TagList::default();
        let mut tags: Vec<EntityTag<'_>> = Vec::new();
        for opaque in &opaque {
            let tag = EntityTag {
                weak: rng.bool(),
                opaque,
            };
            assert!(list.add(tag));
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }

        let request = HeaderMap::from_iter([(IF_MATCH, list.value().unwrap())]);

        let read = EntityTags::of(&request, IF_MATCH).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), tags);
    }
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let mut rng = fastrand::Rng::with_seed(8);
    let mut found = 0;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..rng.usize(..12))
            .map(|_| *rng.choice(b"\"\"\"W/,* \tab\x80\xff").unwrap())
            .collect();

        let request = HeaderMap::from_iter([(IF_MATCH, HeaderValue::try_from(bytes).unwrap())]);
        let tags = EntityTags::of(&request, IF_MATCH).unwrap();
        found += tags.iter().filter(|tag| tag.weak_eq(*tag)).count();
    }

    assert!(found > 300, "{found} tags in all of that");
}

fn tag(text: &str) -> EntityTag<'_> {
    EntityTag::parse(text.as_bytes()).unwrap()
}

fn headers(fields: &[(HeaderName, &str)], name: HeaderName, lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name.clone(), value.parse().unwrap());
    }
    for line in lines {
        headers.append(name.clone(), line.parse().unwrap());
    }
    headers
}

fn opaque(rng: &mut fastrand::Rng) -> Vec<u8> {
    let allowed = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..);
    let any: Vec<u8> = (0..rng.usize(..8)).map(|_| rng.u8(..)).collect();
    any.into_iter().filter(allowed).collect()
}
