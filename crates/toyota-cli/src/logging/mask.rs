//! The last line of defence: no line shows a secret, a token, or more of a VIN than its end.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write};

use secrecy::{ExposeSecret, SecretString};
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use super::Format;

/// What stands for what is hidden.
const HIDDEN: &[u8] = b"***";
/// Anything shorter is in too many words to be hidden.
const SHORTEST_SECRET: usize = 4;
const VIN: usize = 17;
/// What of a VIN may be shown.
const VIN_END: usize = 4;

/// Finds in lines what they must not show.
#[derive(Debug)]
pub(super) struct Mask {
    /// The secrets, in each spelling that a line can have them in; long ones first.
    needles: Vec<SecretString>,
    /// The bytes that a needle begins with.
    starts: [bool; 256],
    format: Format,
}

/// Where a line is being looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Within the quotes of JSON.
    in_string: bool,
    /// Behind a letter or digit.
    in_word: bool,
}

/// What is hidden: so many bytes, of which the last few stay.
#[derive(Clone, Copy, Debug)]
struct Found {
    length: usize,
    shown: usize,
}

impl Mask {
    pub(super) fn new(secrets: &[SecretString], format: Format) -> Self {
        let secrets = secrets.iter().map(ExposeSecret::expose_secret);
        let secrets = secrets.filter(|secret| secret.len() >= SHORTEST_SECRET);
        let mut needles: Vec<_> = secrets
            .flat_map(|secret| spellings_of(secret, format))
            .collect();
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.expose_secret().len()));
        let mut starts = [false; 256];
        for needle in &needles {
            if let Some(first) = needle.expose_secret().bytes().next() {
                starts[usize::from(first)] = true;
            }
        }
        Self {
            needles,
            starts,
            format,
        }
    }

    /// Returns a line as it may be shown: most are as they were.
    pub(super) fn apply<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let mut masked = Vec::new();
        let (mut rest, mut unmasked) = (line, line);
        let mut place = Place::default();
        while let Some(first) = rest.first() {
            if let Some(found) = self.find(rest, place) {
                let before = unmasked.len() - rest.len();
                masked.extend_from_slice(unmasked.get(..before).unwrap_or_default());
                found.write(rest, &mut masked);
                rest = rest.get(found.length..).unwrap_or_default();
                unmasked = rest;
                place.in_word = false;
            } else {
                let length = self.unit(rest, place);
                place.in_string ^= *first == b'"';
                place.in_word = length == 1 && first.is_ascii_alphanumeric();
                rest = rest.get(length..).unwrap_or_default();
            }
        }
        if unmasked.len() == line.len() {
            return line.into();
        }
        masked.extend_from_slice(unmasked);
        masked.into()
    }

    /// Tells what is to be hidden at the beginning of the rest of a line.
    fn find(&self, rest: &[u8], place: Place) -> Option<Found> {
        // Elsewhere JSON would be broken, and there is nothing but its own words.
        if self.format == Format::Json && !place.in_string {
            return None;
        }
        let first = *rest.first()?;
        if self.starts[usize::from(first)] {
            let mut needles = self.needles.iter().map(|needle| needle.expose_secret());
            if let Some(needle) = needles.find(|needle| rest.starts_with(needle.as_bytes())) {
                return Some(Found::whole(needle.len()));
            }
        }
        let begins_word = !place.in_word && first.is_ascii_alphanumeric();
        token(rest).or_else(|| if begins_word { vin(rest) } else { None })
    }

    /// The length of what is one character or command at the beginning of the rest of a line.
    fn unit(&self, rest: &[u8], place: Place) -> usize {
        match (self.format, rest) {
            (Format::Json, [b'\\', b'u', ..]) if place.in_string => 6,
            (Format::Json, [b'\\', ..]) if place.in_string => 2,
            (Format::Pretty, [0x1b, b'[', command @ ..]) => {
                let arguments = command
                    .iter()
                    .take_while(|byte| !(0x40..=0x7e).contains(*byte));
                arguments.count() + 3
            }
            _ => 1,
        }
    }
}

impl Found {
    fn whole(length: usize) -> Self {
        Self { length, shown: 0 }
    }

    fn write(self, rest: &[u8], masked: &mut Vec<u8>) {
        if self.shown == 0 {
            masked.extend_from_slice(HIDDEN);
        } else {
            let shown = rest.get(self.length - self.shown..self.length);
            masked.extend_from_slice("…".as_bytes());
            masked.extend_from_slice(shown.unwrap_or_default());
        }
    }
}

/// A text as it can be in a line: as it is, as `Debug` writes it, as a URL's query has it.
fn spellings_of(secret: &str, format: Format) -> Vec<SecretString> {
    let debug = without_quotes(&format!("{secret:?}")).to_owned();
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut spellings = vec![secret.to_owned(), debug, encoded];
    if format == Format::Json {
        let in_json = spellings
            .iter()
            .map(|text| serde_json::Value::from(text.as_str()));
        let in_json = in_json.map(|text| without_quotes(&text.to_string()).to_owned());
        spellings = in_json.collect();
    }
    spellings.sort_unstable();
    spellings.dedup();
    spellings.into_iter().map(SecretString::from).collect()
}

fn without_quotes(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}

/// A signed or encrypted token (RFC 7519): base64 of an object, and more after dots.
fn token(rest: &[u8]) -> Option<Found> {
    if !rest.starts_with(b"eyJ") {
        return None;
    }
    let is_token = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let length = rest.iter().take_while(is_token).count();
    let parts = rest.get(..length)?.split(|byte| *byte == b'.');
    (parts.take(3).count() == 3).then_some(Found::whole(length))
}

/// A word of letters and digits that is as long as a VIN.
fn vin(rest: &[u8]) -> Option<Found> {
    let word = rest.iter().take(VIN + 1);
    let word = word.take_while(|byte| byte.is_ascii_alphanumeric());
    let (mut length, mut digits) = (0, 0);
    for byte in word {
        length += 1;
        digits += usize::from(byte.is_ascii_digit());
    }
    (length == VIN && (1..VIN).contains(&digits)).then_some(Found {
        length,
        shown: VIN_END,
    })
}

/// Writes what a mask leaves of each line.
#[derive(Debug)]
pub(super) struct Masked<W> {
    writer: W,
    mask: Mask,
}

/// Writes one line.
#[derive(Debug)]
pub(super) struct MaskedLine<'a, W> {
    writer: W,
    mask: &'a Mask,
}

impl<W> Masked<W> {
    pub(super) fn new(writer: W, mask: Mask) -> Self {
        Self { writer, mask }
    }
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Masked<W> {
    type Writer = MaskedLine<'a, W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskedLine {
            writer: self.writer.make_writer(),
            mask: &self.mask,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        MaskedLine {
            writer: self.writer.make_writer_for(metadata),
            mask: &self.mask,
        }
    }
}

/// A line comes in one piece.
impl<W: Write> Write for MaskedLine<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.writer.write_all(&self.mask.apply(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
