//! Documents with secrets planted in them: none survives, and nothing else is touched.

use proptest::prelude::*;
use serde_json::Map;

use super::*;
use crate::hostile::json as any_json;

/// Names under which secrets stand, and the mark of each.
const TELLING: [(&str, &str); 12] = [
    ("access_token", "[token]"),
    ("tokenId", "[token]"),
    ("password", "[token]"),
    ("x-api-key", "[token]"),
    ("subscriberGuid", "[id]"),
    ("imei", "[id]"),
    ("firstName", "[name]"),
    ("nickName", "[name]"),
    ("emailAddress", "[mail]"),
    ("phoneNumber", "[phone]"),
    ("startLat", "[position]"),
    ("imageUrl", "[link]"),
];
const HARMLESS: [&str; 8] = [
    "payload",
    "status",
    "odometer",
    "unit",
    "timestamp",
    "features",
    "modelName",
    "category",
];

/// What comes in, and what is to come out.
#[derive(Clone, Debug)]
struct Pair(Value, Value);

/// A text that is in no document by chance.
fn secret() -> impl Strategy<Value = String> {
    "[a-z0-9]{4,12}".prop_map(|text| format!("s3cret{text}"))
}

/// The same name in another spelling.
fn spelling() -> impl Strategy<Value = fn(&str) -> String> {
    proptest::sample::select(vec![
        (|name: &str| name.to_owned()) as fn(&str) -> String,
        |name: &str| name.to_ascii_uppercase(),
        |name: &str| name.to_ascii_lowercase(),
        |name: &str| name.replace('_', "-"),
        |name: &str| name.replace(['_', '-'], ""),
        |name: &str| format!("_{name}"),
    ])
}

/// Two that can be degrees would be a position.
fn no_degrees() -> impl Strategy<Value = f64> {
    any::<f64>().prop_map(|number| if number.abs() < 1000.0 { 0.5 } else { number })
}

fn harmless() -> impl Strategy<Value = Pair> {
    let text = "[ a-zäöü]{0,20}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        no_degrees().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_map(|value| Pair(value.clone(), value))
}

/// A secret as a text, as a number, or somewhere below.
fn hidden(mark: &'static str) -> impl Strategy<Value = Pair> {
    let leaf = prop_oneof![
        secret().prop_map(Value::from),
        (100_000_i64..).prop_map(Value::from),
        (1.5..90.0).prop_map(Value::from),
    ];
    let leaf = leaf.prop_map(move |value| Pair(value, mark.into()));
    leaf.prop_recursive(2, 4, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(list),
            inner.prop_map(|Pair(a, b)| Pair(
                serde_json::json!({"x": a}),
                serde_json::json!({"x": b})
            )),
        ]
    })
}

fn member() -> impl Strategy<Value = (String, Pair)> {
    (proptest::sample::select(&TELLING[..]), spelling()).prop_flat_map(|((name, mark), spell)| {
        hidden(mark).prop_map(move |pair| (spell(name), pair))
    })
}

fn document() -> impl Strategy<Value = Pair> {
    harmless().prop_recursive(5, 40, 5, |inner| {
        let name = proptest::sample::select(&HARMLESS[..]).prop_map(ToOwned::to_owned);
        let any_member = prop_oneof![2 => (name, inner.clone()), 1 => member()];
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(list),
            proptest::collection::btree_map("[a-z]{1,3}", any_member, 0..5)
                .prop_map(|members| object(members.into_values())),
        ]
    })
}

fn list(pairs: Vec<Pair>) -> Pair {
    let (a, b): (Vec<_>, Vec<_>) = pairs.into_iter().map(|Pair(a, b)| (a, b)).unzip();
    Pair(a.into(), b.into())
}

fn object(members: impl Iterator<Item = (String, Pair)>) -> Pair {
    let (mut a, mut b) = (Map::new(), Map::new());
    for (name, Pair(value, redacted)) in members {
        a.insert(name.clone(), value);
        b.insert(name, redacted);
    }
    Pair(a.into(), b.into())
}

proptest! {
    #[test]
    fn no_secret_survives_and_nothing_else_is_touched(Pair(document, expected) in document()) {
        let redacted = redact(&document);

        prop_assert!(!redacted.to_string().contains("s3cret"));
        prop_assert_eq!(redacted, expected);
    }

    #[test]
    fn no_vin_survives_anywhere(document in any_json(), path in any::<prop::sample::Index>()) {
        let mut document = document;
        let mut places = texts(&mut document);
        if places.is_empty() {
            return Ok(());
        }
        let place = path.index(places.len());
        places[place].push_str(" JTSIM00000PET0001");

        prop_assert!(!redact(&document).to_string().contains("JTSIM"));
    }

    #[test]
    fn what_is_redacted_stays_as_it_is(document in any_json()) {
        let once = redact(&document);

        prop_assert_eq!(redact(&once), once);
    }

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        let redactor = Redactor::new().hide("a\u{fc}bc");

        let once = redactor.text(&text).into_owned();

        prop_assert_eq!(&*redactor.text(&once), &*once);
    }

    #[test]
    fn a_secret_in_a_line_does_not_survive(before in "[ -~]{0,20}", secret in secret(), after in "[a-z =&]{0,9}") {
        let line = format!("{before} {secret}&password={secret} {after}");

        let redacted = Redactor::new().hide(&secret).text(&line).into_owned();

        prop_assert!(!redacted.contains(&secret), "{}", redacted);
    }
}

/// All texts of a document, to be changed.
fn texts(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(elements) => elements.iter_mut().flat_map(texts).collect(),
        Value::Object(members) => members.values_mut().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
