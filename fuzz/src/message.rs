//! A request and a response as text, so that seeds can be read and a dictionary helps.

use http::{HeaderMap, HeaderName, HeaderValue, Uri};

/// A target, the fields of a request, and those of a response.
#[derive(Debug, Default)]
pub struct Message {
    /// The first line, if it is a URI.
    pub target: Option<Uri>,
    /// The lines up to an empty one.
    pub request: HeaderMap,
    /// The lines after it.
    pub response: HeaderMap,
}

impl Message {
    /// Reads it; lines that no parser of HTTP would let through are left out.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let mut lines = text.split(|byte| *byte == b'\n');
        let target = lines.next().and_then(|line| Uri::try_from(line).ok());
        let mut message = Self {
            target,
            ..Self::default()
        };
        let mut is_response = false;
        for line in lines {
            if line.is_empty() {
                is_response = true;
            } else if is_response {
                append(&mut message.response, line);
            } else {
                append(&mut message.request, line);
            }
        }
        message
    }
}

/// Returns all lines of each name as one (RFC 9110 section 5.3).
#[must_use]
pub fn joined(headers: &HeaderMap) -> HeaderMap {
    rewritten(headers, |values| vec![values.join(b", ".as_slice())])
}

/// Returns each member of each line as a line of its own; lines with quotes stay as they are.
#[must_use]
pub fn split(headers: &HeaderMap) -> HeaderMap {
    rewritten(headers, |values| {
        let members = |line: &&[u8]| -> Vec<Vec<u8>> {
            if line.contains(&b'"') {
                return vec![line.to_vec()];
            }
            let members = line.split(|byte| *byte == b',');
            members.map(|member| member.trim_ascii().to_vec()).collect()
        };
        values.iter().flat_map(members).collect()
    })
}

fn rewritten(headers: &HeaderMap, rewrite: impl Fn(&[&[u8]]) -> Vec<Vec<u8>>) -> HeaderMap {
    let mut new = HeaderMap::new();
    for name in headers.keys() {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect();
        for value in rewrite(&values) {
            let value = HeaderValue::from_bytes(&value).expect("made of values");
            new.append(name, value);
        }
    }
    new
}

fn append(headers: &mut HeaderMap, line: &[u8]) {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return;
    };
    let (name, value) = line.split_at(colon);
    // What a parser of HTTP hands on has no whitespace around it (RFC 9110 section 5.5).
    let value = HeaderValue::from_bytes(value[1..].trim_ascii());
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), value) {
        headers.append(name, value);
    }
}
