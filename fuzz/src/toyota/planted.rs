//! Documents of any kind, and such with secrets in them.

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use serde_json::{Map, Value, json};

/// Names of secrets, and such that begin or end like one.
const NAMES: [&str; 24] = [
    "access_token",
    "refreshToken",
    "ID-TOKEN",
    "authId",
    "x-api-key",
    "password",
    "client_secret",
    "vin",
    "old_vin",
    "guid",
    "subscriberGuid",
    "imei",
    "contractId",
    "subscriptionID",
    "firstName",
    "nickName",
    "emailAddress",
    "phoneNumbers",
    "zip_code",
    "latitude",
    "startLon",
    "imageUrl",
    "redirect_uri",
    "notes",
];
/// Names under which there is a secret, or there is none.
const OTHERS: [&str; 16] = [
    "name",
    "value",
    "key",
    "message",
    "code",
    "location",
    "payload",
    "status",
    "type",
    "id",
    "unit",
    "displayName",
    "odometer",
    "input",
    "description",
    "link",
];
/// What tells itself by its looks.
const LOOKS: [&str; 8] = [
    "JTSIM00000PET0001",
    "eyJhbGciOiJIUzI1NiJ9.eyJvdGsiOiJ4In0.c2ln",
    "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0n",
    "c2f4a0de-1111-4222-8333-444455556666",
    "owner.one@mail.example.com",
    "+49 170 1234567",
    "50.1109, 8.6821",
    "https://a.example/x?y=1",
];
/// What may stand before and after it.
const AROUND: [&str; 12] = [
    " ", "\n", "\t", "<", ">", "(", ")", "\"", "'", ";", "|", " \u{e4} ",
];

/// A text in a text in a text is read as a document, and no further one.
const MAX_TEXTS: usize = 3;

/// Any document.
#[derive(Arbitrary, Debug)]
pub enum AnyJson<'a> {
    /// A leaf.
    Leaf(Leaf<'a>),
    /// A list.
    List(Vec<AnyJson<'a>>),
    /// An object, by names of here or any.
    Object(Vec<(Name<'a>, AnyJson<'a>)>),
}

/// A value without others in it.
#[derive(Arbitrary, Debug)]
pub enum Leaf<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Any text.
    Text(&'a str),
    /// One that tells itself.
    Telling(Looks<'a>),
}

/// A name of a member.
#[derive(Arbitrary, Debug)]
pub enum Name<'a> {
    /// One of a secret.
    Secret(u8),
    /// One of others.
    Other(u8),
    /// Any.
    Any(&'a str),
}

/// A secret that tells itself, in a text.
#[derive(Arbitrary, Debug)]
pub struct Looks<'a> {
    before: &'a str,
    around: (u8, u8),
    which: u8,
    after: &'a str,
}

/// A document with a secret in it.
#[derive(Arbitrary, Debug)]
pub enum Planted<'a> {
    /// Under a secret's name, or within what is there.
    Under(u8, Spelling, Vec<AnyJson<'a>>, Hidden),
    /// In a text.
    In(Looks<'a>),
    /// Beside others in a list.
    Among(Vec<AnyJson<'a>>, Box<Planted<'a>>),
    /// Under any name, beside others.
    Below(Name<'a>, Vec<(Name<'a>, AnyJson<'a>)>, Box<Planted<'a>>),
    /// In a document that is a text.
    Written(Box<Planted<'a>>),
}

/// How a name is spelt.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Spelling {
    /// As it is.
    Plain,
    /// LIKE this.
    Upper,
    /// like this.
    Lower,
    /// With hyphens.
    Hyphens,
    /// With nothing between.
    Bare,
}

/// A secret that does not tell itself.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Hidden {
    /// A text.
    Text(u32),
    /// A number.
    Number(u32),
}

impl AnyJson<'_> {
    /// Makes the document, and notes the secrets in it.
    pub fn get(&self, secrets: &mut Vec<String>) -> Value {
        match self {
            Self::Leaf(leaf) => leaf.get(secrets),
            Self::List(elements) => elements.iter().map(|it| it.get(secrets)).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(name, value)| (name.get(), value.get(secrets)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

impl Leaf<'_> {
    fn get(&self, secrets: &mut Vec<String>) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => json!(flag),
            Self::Whole(number) => json!(number),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::Telling(looks) => json!(looks.get(secrets)),
        }
    }
}

impl Name<'_> {
    fn get(&self) -> String {
        match self {
            Self::Secret(which) => of(&NAMES, *which).to_owned(),
            Self::Other(which) => of(&OTHERS, *which).to_owned(),
            Self::Any(text) => (*text).to_owned(),
        }
    }
}

impl Looks<'_> {
    fn get(&self, secrets: &mut Vec<String>) -> String {
        let secret = of(&LOOKS, self.which);
        secrets.push(secret.to_owned());
        let (before, after) = (of(&AROUND, self.around.0), of(&AROUND, self.around.1));
        format!("{}{before}{secret}{after}{}", self.before, self.after)
    }
}

impl Planted<'_> {
    /// Makes the document, and notes the secrets in it.
    pub fn get(&self, secrets: &mut Vec<String>) -> Value {
        match self {
            Self::Under(name, spelling, others, hidden) => {
                let mut value: Vec<_> = others.iter().map(|it| it.get(&mut Vec::new())).collect();
                value.push(hidden.get(secrets));
                json!({ spelling.of(of(&NAMES, *name)): value })
            }
            Self::In(looks) => json!(looks.get(secrets)),
            Self::Among(others, planted) => {
                let mut all: Vec<_> = others.iter().map(|it| it.get(secrets)).collect();
                all.push(planted.get(secrets));
                all.into()
            }
            Self::Below(name, others, planted) => {
                let others = others
                    .iter()
                    .map(|(name, it)| (name.get(), it.get(&mut Vec::new())));
                let mut members: Map<_, _> = others.collect();
                members.insert(name.get(), planted.get(secrets));
                members.into()
            }
            Self::Written(planted) => {
                let document = planted.get(secrets);
                match planted.texts() < MAX_TEXTS {
                    true => json!(document.to_string()),
                    false => document,
                }
            }
        }
    }

    fn texts(&self) -> usize {
        match self {
            Self::Under(..) | Self::In(_) => 0,
            Self::Among(_, planted) | Self::Below(_, _, planted) => planted.texts(),
            Self::Written(planted) => planted.texts() + 1,
        }
    }
}

impl Spelling {
    fn of(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Hyphens => name.replace('_', "-"),
            Self::Bare => name.replace(['_', '-'], ""),
        }
    }
}

impl Hidden {
    fn get(self, secrets: &mut Vec<String>) -> Value {
        let (Self::Text(number) | Self::Number(number)) = self;
        let digits = 7_000_000_000 + u64::from(number);
        match self {
            Self::Text(_) => {
                let secret = format!("s3cret{digits}");
                secrets.push(secret.clone());
                json!(secret)
            }
            Self::Number(_) => {
                secrets.push(digits.to_string());
                json!(digits)
            }
        }
    }
}

fn of(words: &[&'static str], which: u8) -> &'static str {
    words[usize::from(which) % words.len()]
}
