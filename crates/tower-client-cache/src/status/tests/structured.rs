//! Reads lists as RFC 8941 section 4.2 says, and panics at what is none.

/// A member of a list, with the parameters in their order.
#[derive(Debug, PartialEq)]
pub(super) struct Member {
    pub(super) name: Bare,
    pub(super) parameters: Vec<(String, Bare)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bare {
    Token(String),
    String(String),
    Integer(i64),
    Boolean(bool),
}

/// Reads a list of items (RFC 8941 section 4.2.1).
pub(super) fn list(text: &str) -> Vec<Member> {
    let mut rest = Rest(text);
    let mut members = Vec::new();
    while !rest.0.is_empty() {
        members.push(rest.member());
        rest.skip(&[' ', '\t']);
        if rest.0.is_empty() {
            break;
        }
        assert_eq!(rest.next(), ',');
        rest.skip(&[' ', '\t']);
        assert!(!rest.0.is_empty(), "a comma at the end");
    }
    members
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn peek(&self) -> Option<char> {
        self.0.chars().next()
    }

    fn next(&mut self) -> char {
        let first = self.peek().expect("more");
        self.0 = &self.0[first.len_utf8()..];
        first
    }

    fn skip(&mut self, what: &[char]) {
        self.0 = self.0.trim_start_matches(what);
    }

    fn while_in(&mut self, allowed: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|next| !allowed(next)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// RFC 8941 sections 4.2.3 and 4.2.3.2.
    fn member(&mut self) -> Member {
        let name = self.bare();
        let mut parameters = Vec::new();
        while self.peek() == Some(';') {
            self.next();
            self.skip(&[' ']);
            let first = self.peek().expect("a name");
            assert!(first.is_ascii_lowercase() || first == '*', "{first:?}");
            let allowed = |next: char| {
                next.is_ascii_lowercase() || next.is_ascii_digit() || "_-.*".contains(next)
            };
            let key = self.while_in(allowed).to_owned();
            let mut value = Bare::Boolean(true);
            if self.peek() == Some('=') {
                self.next();
                value = self.bare();
            }
            assert!(
                parameters.iter().all(|(other, _)| *other != key),
                "{key} twice"
            );
            parameters.push((key, value));
        }
        Member { name, parameters }
    }

    /// RFC 8941 section 4.2.3.1.
    fn bare(&mut self) -> Bare {
        match self.peek().expect("an item") {
            '"' => Bare::String(self.string()),
            '?' => {
                self.next();
                Bare::Boolean(match self.next() {
                    '0' => false,
                    '1' => true,
                    other => panic!("?{other}"),
                })
            }
            '-' | '0'..='9' => {
                let sign = self.while_in(|next| next == '-');
                let digits = self.while_in(|next| next.is_ascii_digit());
                assert!(sign.len() <= 1 && (1..=15).contains(&digits.len()));
                assert_ne!(self.peek(), Some('.'), "a decimal");
                Bare::Integer(format!("{sign}{digits}").parse().unwrap())
            }
            first => {
                assert!(first.is_ascii_alphabetic() || first == '*', "{first:?}");
                let allowed =
                    |next: char| next.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(next);
                Bare::Token(self.while_in(allowed).to_owned())
            }
        }
    }

    /// RFC 8941 section 4.2.5.
    fn string(&mut self) -> String {
        let mut text = String::new();
        assert_eq!(self.next(), '"');
        loop {
            match self.next() {
                '"' => return text,
                '\\' => {
                    let escaped = self.next();
                    assert!(matches!(escaped, '"' | '\\'), "\\{escaped}");
                    text.push(escaped);
                }
                other => {
                    assert!(matches!(other, ' '..='~'), "{other:?}");
                    text.push(other);
                }
            }
        }
    }
}
