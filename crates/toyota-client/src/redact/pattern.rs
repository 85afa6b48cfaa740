//! What looks like a secret: each returns how much of the beginning of a text does.
//!
//! None looks further than a bound, but for what it then hides, so that a text takes time by its length.

/// An address has at most 64 bytes before its `@` and 255 after it (RFC 5321).
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;
const VIN: usize = 17;
const UUID: usize = 36;
/// The shortest random text that is taken for a token, if nothing says that it is one.
const RANDOM: usize = 32;
/// The longest phone number (E.164), and the shortest that is one without doubt.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A word of letters and digits that is as long as a VIN.
pub(super) fn vin(rest: &str) -> Option<usize> {
    let word = rest.bytes().take(VIN + 1);
    let word = word.take_while(u8::is_ascii_alphanumeric);
    let (length, digits) = word.fold((0, 0), |(length, digits), byte| {
        (length + 1, digits + usize::from(byte.is_ascii_digit()))
    });
    (length == VIN && (1..VIN).contains(&digits)).then_some(VIN)
}

/// A UUID with its dashes (RFC 9562).
pub(super) fn uuid(rest: &str) -> Option<usize> {
    let text = rest.as_bytes().get(..UUID)?;
    let ends = !rest
        .as_bytes()
        .get(UUID)
        .is_some_and(u8::is_ascii_alphanumeric);
    let right = text.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (ends && right).then_some(UUID)
}

/// An absolute link.
pub(super) fn link(rest: &str) -> Option<usize> {
    let schemes = [
        "http://",
        "https://",
        "com.toyota.oneapp:",
        "com.subaru.oneapp:",
    ];
    let is = |scheme: &&str| {
        let begin = rest.get(..scheme.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    schemes.into_iter().find(is)?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`|\\".contains(c);
    Some(rest.find(ends).unwrap_or(rest.len()))
}

/// A mail address; its `@` may be as in a URL.
pub(super) fn mail(rest: &str) -> Option<usize> {
    let mut begin = rest.char_indices().take(MAX_LOCAL + 1);
    let local = begin.find(|(_, c)| !is_local(*c))?.0;
    let after = rest.get(local..)?;
    let at = ["@", "%40"].into_iter().find(|at| after.starts_with(at))?;
    let domain = after.get(at.len()..)?;
    let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    let within = domain
        .chars()
        .take(MAX_DOMAIN)
        .take_while(|c| is_domain(*c));
    let length = within.map(char::len_utf8).sum();
    let domain = domain.get(..length)?.trim_end_matches(['.', '-']);
    (local > 0 && domain.contains('.')).then_some(local + at.len() + domain.len())
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "._+-".contains(c)
}

/// An international phone number; of groups of digits, as many as one can have.
pub(super) fn phone(rest: &str) -> Option<usize> {
    let number = rest.strip_prefix('+')?;
    let (mut digits, mut end, mut of_groups) = (0, 0, None);
    for (index, byte) in number.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = index + 1;
            }
            b' ' | b'-' | b'/' | b'(' | b')' | b'.' if index < 32 => {
                if PHONE_DIGITS.contains(&digits) {
                    of_groups = Some(end + 1);
                }
            }
            _ => break,
        }
    }
    PHONE_DIGITS
        .contains(&digits)
        .then_some(end + 1)
        .or(of_groups)
}

/// Two numbers with three decimals or more that can be degrees.
pub(super) fn position(rest: &str) -> Option<usize> {
    let first = degrees(rest)?;
    let between = rest.get(first..)?;
    let is_between = |byte: &u8| b" ,;/|\t\xc2\xb0NSEWnsew".contains(byte);
    let gap = between
        .bytes()
        .take(8)
        .take_while(|it| is_between(it))
        .count();
    let second = degrees(between.get(gap..).filter(|_| gap > 0)?)?;
    Some(first + gap + second)
}

/// `-8.682` and the like.
fn degrees(text: &str) -> Option<usize> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |text: &str| text.bytes().take(32).take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let decimals = digits(unsigned.get(whole..)?.strip_prefix('.')?);
    let good = (1..=3).contains(&whole) && (3..32).contains(&decimals);
    good.then_some(text.len() - unsigned.len() + whole + 1 + decimals)
}

/// What follows the word for a kind of credential in a header: `Bearer abc`.
pub(super) fn credential(rest: &str) -> Option<(usize, usize)> {
    let is = |scheme: &&str| {
        let begin = rest.get(..scheme.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    let scheme = ["bearer ", "basic "].into_iter().find(is)?;
    let length = run(rest.get(scheme.len()..)?);
    (length >= 8).then_some((scheme.len(), length))
}

/// The length of what a token can be made of.
pub(super) fn run(rest: &str) -> usize {
    let is = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~+/=%".contains(byte);
    rest.bytes().take_while(is).count()
}

/// Tells whether a [run] is a signed token (RFC 7519), a long number in hexadecimal, or random.
pub(super) fn is_token(run: &str) -> bool {
    let signed = run.find("eyJ").and_then(|at| run.get(at..));
    if signed.is_some_and(|token| token.split('.').nth(2).is_some()) {
        return true;
    }
    let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
    let digits = has(u8::is_ascii_digit);
    let letters = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let hex = run.bytes().all(|byte| byte.is_ascii_hexdigit()) && has(u8::is_ascii_alphabetic);
    run.len() >= RANDOM && digits && (letters || hex)
}
