//! When two lists of preferences (`Accept` and its like) mean the same.

use std::iter;

/// The weight of what has none (RFC 9110 section 12.4.2).
const DEFAULT: u16 = 1000;

/// Whether the lists mean the same whatever recipient reads them.
///
/// Letters of names may differ in case, whitespace in amount, weights in how they are written. The
/// order counts: members of equal weight are equally good by RFC
/// 9110, but servers take the first they have, and for languages section 12.5.4 says so; one client
/// writes the same order every time, so nothing is lost. Where there are quotes, a comma or a
/// semicolon may be part of a value: such lists are not taken apart, and never the same here.
pub(super) fn same_preferences<'a>(list: &'a [u8], lines: impl Iterator<Item = &'a [u8]>) -> bool {
    let (mut one, mut other) = (members(iter::once(list)), members(lines));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(Some(one)), Some(Some(other))) if one == other => {}
            _ => return false,
        }
    }
}

/// Returns the members of a list; `None` for one that has quotes.
fn members<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = Option<Member<'a>>> {
    let texts = lines.flat_map(|line| split(line, b','));
    texts.map(|text| (!text.contains(&b'"')).then(|| Member::parse(text)))
}

/// One thing that is accepted: a media range, a coding, a language.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    /// It and its parameters, without the weight.
    wanted: &'a [u8],
    /// In thousandths.
    weight: u16,
}

impl<'a> Member<'a> {
    fn parse(text: &'a [u8]) -> Self {
        let last = text.iter().rposition(|byte| *byte == b';');
        let weighed = last
            .and_then(|at| text.split_at_checked(at))
            .and_then(|(wanted, weight)| Some((wanted, self::weight(weight.get(1..)?)?)));
        let (wanted, weight) = weighed.unwrap_or((text, DEFAULT));
        Self { wanted, weight }
    }

    fn parts(&self) -> impl Iterator<Item = Part<'a>> {
        split(self.wanted, b';').map(Part::parse)
    }
}

impl PartialEq for Member<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self.parts().eq(other.parts())
    }
}

/// The name of what is accepted, or a parameter: of that the name is of any case, the value is as
/// the type defines it.
struct Part<'a> {
    name: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> Part<'a> {
    fn parse(text: &'a [u8]) -> Self {
        let mut parts = text.splitn(2, |byte| *byte == b'=');
        Self {
            name: parts.next().unwrap_or_default(),
            value: parts.next(),
        }
    }
}

impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(other.name) && self.value == other.value
    }
}

/// Reads `q=` and a number from 0 to 1 with at most three decimals; `None` if it is anything else.
fn weight(parameter: &[u8]) -> Option<u16> {
    let (name, value) = parameter.trim_ascii().split_at_checked(2)?;
    let (whole, rest) = value.split_at_checked(1)?;
    let decimals = rest
        .strip_prefix(b".")
        .or(rest.is_empty().then_some(rest))?;
    if !name.eq_ignore_ascii_case(b"q=")
        || decimals.len() > 3
        || !decimals.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let digits = decimals.iter().chain(b"000").take(3);
    let thousandths = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        b"0" => Some(thousandths),
        b"1" if thousandths == 0 => Some(DEFAULT),
        _ => None,
    }
}

/// Splits, without whitespace around what is between the separators, and without what is empty.
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |byte| *byte == separator)
        .map(<[u8]>::trim_ascii)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests;
