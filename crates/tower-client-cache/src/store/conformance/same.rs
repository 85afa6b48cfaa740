//! In what entries differ.

use std::fmt::Debug;
use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use crate::{Entry, Fields};

/// Returns the first thing in which two entries differ: what was expected, what was found. How
/// often they were used is not compared, nor how their content is cut into pieces.
pub(super) fn difference(expected: &Entry, found: &Entry) -> Option<[String; 2]> {
    let entries = [expected, found];
    let [own, other] = entries.map(|entry| lines(&entry.head().fields));
    differ("the status", entries.map(Entry::status))
        .or_else(|| differ("decisions by", entries.map(|entry| *entry.stored())))
        .or_else(|| {
            // Values are not shown.
            let names = entries.map(|entry| entry.head().vary.names().cloned().collect::<Vec<_>>());
            differ("a selection by", names)
        })
        .or_else(|| {
            let same = expected.head().vary == found.head().vary;
            (!same).then(|| ["the selecting values that it had".into(), "others".into()])
        })
        .or_else(|| differ("the fields", [&own, &other].map(|lines| names(lines))))
        .or_else(|| fields(&own, &other))
        .or_else(|| {
            differ(
                "content of a length of",
                entries.map(|entry| entry.content().len()),
            )
        })
        .or_else(|| {
            let same = expected.content().to_bytes() == found.content().to_bytes();
            (!same).then(|| ["the bytes of the content".into(), "other bytes".into()])
        })
        .or_else(|| differ("a content of the id", entries.map(Entry::content_id)))
        .or_else(|| differ("a time of storing of", entries.map(Entry::created)))
        .or_else(|| differ("the tags", entries.map(tags)))
        .or_else(|| differ("the id", entries.map(Entry::variant)))
}

/// Compares the values of fields of the same names.
fn fields(expected: &[Line], found: &[Line]) -> Option<[String; 2]> {
    expected.iter().zip(found).find_map(|(own, other)| {
        let name = &own.0;
        let told = |sensitive: bool| {
            if sensitive {
                "sensitive"
            } else {
                "not sensitive"
            }
        };
        if own.1 != other.1 {
            return Some([format!("the value of {name}"), "another value".into()]);
        }
        let [own, other] = [own, other].map(|line| line.1.is_sensitive());
        (own != other).then(|| {
            [
                format!("a field {name} that is {}", told(own)),
                format!("one that is {}", told(other)),
            ]
        })
    })
}

fn differ<T: PartialEq + Debug>(what: &str, [expected, found]: [T; 2]) -> Option<[String; 2]> {
    let same = expected == found;
    (!same).then(|| [format!("{what} {expected:?}"), format!("{found:?}")])
}

type Line = (HeaderName, HeaderValue);

/// The lines by name: only those of one name have an order that means something.
fn lines(fields: &Fields) -> Vec<Line> {
    let mut lines: Vec<_> = fields.iter().collect();
    lines.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
    lines
}

fn names(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|(name, _)| name.to_string()).collect()
}

fn tags(entry: &Entry) -> Vec<Arc<str>> {
    let mut tags = entry.tags().to_vec();
    tags.sort();
    tags
}
