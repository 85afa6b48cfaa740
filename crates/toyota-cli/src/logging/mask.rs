//! The last line of defence: no line shows a secret, a token, or more of a VIN than its end.

mod needles;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::SecretString;
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use self::needles::Needles;
use toyota_client::config::LogFormat;

/// What stands for what is hidden.
const HIDDEN: &[u8] = b"***";
const VIN: usize = 17;
/// What of a VIN may be shown.
const VIN_END: usize = 4;

/// Finds in lines what they must not show.
#[derive(Debug)]
pub(super) struct Mask {
    /// More come while lines are written.
    needles: RwLock<Needles>,
    format: LogFormat,
}

/// A line that is being looked at.
#[derive(Clone, Copy, Debug)]
struct Look<'a> {
    needles: &'a Needles,
    format: LogFormat,
}

/// Where a line is being looked at.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Within the quotes of JSON.
    in_string: bool,
    /// Within the name of a member.
    in_key: bool,
    /// Behind a letter or digit.
    in_word: bool,
    /// A token begins where no more of the line is left than this: before, there is known to be none.
    token_within: usize,
}

/// What is hidden: so many bytes, of which the last few stay.
#[derive(Clone, Copy, Debug)]
struct Found {
    length: usize,
    shown: usize,
}

impl Mask {
    pub(super) fn new(secrets: &[SecretString], format: LogFormat) -> Self {
        let mut needles = Needles::default();
        for secret in secrets {
            needles.add(secret, format);
        }
        Self {
            needles: RwLock::new(needles),
            format,
        }
    }

    /// Hides one more secret from now on.
    pub(super) fn add(&self, secret: &SecretString) {
        let needles = self.needles.write();
        let mut needles = needles.unwrap_or_else(PoisonError::into_inner);
        needles.add(secret, self.format);
    }

    /// Returns a line as it may be shown: most are as they were.
    pub(super) fn apply<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let needles = self.needles.read();
        let needles = &needles.unwrap_or_else(PoisonError::into_inner);
        let format = self.format;
        Look { needles, format }.apply(line)
    }
}

impl Look<'_> {
    fn apply<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let mut masked = Vec::new();
        let (mut rest, mut unmasked) = (line, line);
        let mut place = Place::start();
        while let Some(first) = rest.first() {
            if let Some(found) = self.find(rest, &mut place) {
                let before = unmasked.len() - rest.len();
                masked.extend_from_slice(unmasked.get(..before).unwrap_or_default());
                found.write(rest, &mut masked);
                rest = rest.get(found.length..).unwrap_or_default();
                unmasked = rest;
                place.in_word = false;
            } else {
                let length = self.unit(rest, place);
                if *first == b'"' {
                    place.in_string ^= true;
                    place.in_key =
                        self.format == LogFormat::Json && place.in_string && is_key(rest);
                }
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
    fn find(&self, rest: &[u8], place: &mut Place) -> Option<Found> {
        // Elsewhere JSON would be broken, and there is nothing but its own words.
        if self.format == LogFormat::Json && (!place.in_string || place.in_key) {
            return None;
        }
        let begins_word = !place.in_word && rest.first()?.is_ascii_alphanumeric();
        let found = match self.secret(rest, place) {
            Some(length) => Found::whole(length),
            None if begins_word => vin(rest)?,
            None => return None,
        };
        Some(self.with_overlapping(found, rest, place))
    }

    /// Returns the length of the secret at the beginning of the rest of a line.
    fn secret(&self, rest: &[u8], place: &mut Place) -> Option<usize> {
        self.needles.find(rest).or_else(|| token(rest, place))
    }

    /// Adds what begins within what is hidden, so that no end of it stays.
    fn with_overlapping(&self, found: Found, rest: &[u8], place: &mut Place) -> Found {
        let mut found = found;
        let mut offset = 0;
        loop {
            let inner = rest.get(offset..).unwrap_or_default();
            offset += self.unit(inner, *place);
            if offset >= found.length {
                return found;
            }
            let inner = rest.get(offset..).unwrap_or_default();
            if let Some(length) = self.secret(inner, place) {
                found = Found::whole(found.length.max(offset + length));
            }
        }
    }

    /// The length of what is one character or command at the beginning of the rest of a line.
    fn unit(&self, rest: &[u8], place: Place) -> usize {
        match (self.format, rest) {
            (LogFormat::Json, [b'\\', b'u', ..]) if place.in_string => 6,
            (LogFormat::Json, [b'\\', ..]) if place.in_string => 2,
            (LogFormat::Pretty, [0x1b, b'[', command @ ..]) => {
                let arguments = command
                    .iter()
                    .take_while(|byte| !(0x40..=0x7e).contains(*byte));
                arguments.count() + 3
            }
            _ => 1,
        }
    }
}

impl Place {
    fn start() -> Self {
        Self {
            in_string: false,
            in_key: false,
            in_word: false,
            token_within: usize::MAX,
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

/// The length of a signed or encrypted token (RFC 7519): base64 of an object, and more after dots.
fn token(rest: &[u8], place: &mut Place) -> Option<usize> {
    if rest.len() > place.token_within || !rest.starts_with(b"eyJ") {
        return None;
    }
    let is_token = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let length = rest.iter().take_while(is_token).count();
    let mut parts = rest.get(..length)?.split(|byte| *byte == b'.');
    if parts.nth(2).is_some() {
        return Some(length);
    }
    // What begins later among these has no more parts.
    place.token_within = rest.len() - length;
    None
}

/// Tells whether the string that a text begins with names a member.
fn is_key(text: &[u8]) -> bool {
    let mut escaped = false;
    let mut after = text.iter().skip(1).skip_while(|byte| {
        let ends = **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !ends
    });
    after.nth(1) == Some(&b':')
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
    mask: Arc<Mask>,
}

/// Writes one line.
#[derive(Debug)]
pub(super) struct MaskedLine<'a, W> {
    writer: W,
    mask: &'a Mask,
}

impl<W> Masked<W> {
    pub(super) fn new(writer: W, mask: Arc<Mask>) -> Self {
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
