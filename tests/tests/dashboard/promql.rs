//! What a query of PromQL names: no parser, as it takes for granted that the query is one.

use std::collections::BTreeSet;

/// The names in a query.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Names {
    pub(crate) metrics: BTreeSet<String>,
    pub(crate) labels: BTreeSet<String>,
    /// Labels, and the values that they have to have.
    pub(crate) values: BTreeSet<(String, String)>,
}

/// Words before a list of labels.
const GROUPINGS: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];

/// Other words that are no names.
const KEYWORDS: [&str; 8] = [
    "and", "or", "unless", "bool", "offset", "atan2", "inf", "nan",
];

#[derive(Clone, Copy, Debug)]
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Sign(&'a str),
    /// A number, a duration or a variable of Grafana.
    Value,
}

/// Where in a query a token stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Expression,
    Matchers,
    Labels,
    Range,
}

/// Returns the names in a query.
pub(crate) fn names(query: &str) -> Names {
    use Place::{Expression, Labels, Matchers, Range};
    use Token::{Sign, Text, Word};

    let mut names = Names::default();
    let mut place = Expression;
    let tokens = tokens(query);
    let mut rest = tokens.as_slice();
    while let [_, next @ ..] = rest {
        match (place, rest) {
            (Expression, [Sign("{"), ..]) => place = Matchers,
            (Expression, [Sign("["), ..]) => place = Range,
            (Expression, [Word(word), Sign("("), ..]) if GROUPINGS.contains(word) => place = Labels,
            // A function, or an aggregation with its labels before or after what it is of.
            (Expression, [Word(_), Sign("("), ..]) => {}
            (Expression, [Word(_), Word(next), ..]) if GROUPINGS.contains(next) => {}
            (Expression, [Word(word), ..]) if KEYWORDS.contains(word) => {}
            (Expression, [Word(word), ..]) => drop(names.metrics.insert((*word).to_owned())),
            (Matchers, [Word("__name__"), Sign("=" | "=~"), Text(text), ..]) => {
                names.metrics.extend(text.split('|').map(str::to_owned));
            }
            (Matchers, [Word(label), Sign(sign), Text(text), ..]) => {
                names.labels.insert((*label).to_owned());
                if *sign == "=" {
                    names
                        .values
                        .insert(((*label).to_owned(), (*text).to_owned()));
                }
            }
            (Labels, [Word(label), ..]) => drop(names.labels.insert((*label).to_owned())),
            (Matchers, [Sign("}"), ..]) | (Labels, [Sign(")"), ..]) | (Range, [Sign("]"), ..]) => {
                place = Expression;
            }
            _ => {}
        }
        rest = next;
    }
    names
}

fn tokens(query: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => 2 + rest[1..].find(first).expect(query),
            '$' => 1 + length_of(&rest[1..], is_word),
            '=' | '!' | '<' | '>' => length_of(rest, |char| "=!<>~".contains(char)),
            _ => length_of(rest, is_word).max(1),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(match first {
            '"' | '\'' | '`' => Token::Text(&token[1..length - 1]),
            '$' | '.' | '0'..='9' => Token::Value,
            _ if is_word(first) => Token::Word(token),
            _ => Token::Sign(token),
        });
        rest = after.trim_start();
    }
    tokens
}

fn length_of(text: &str, takes: impl Fn(char) -> bool) -> usize {
    text.find(|char| !takes(char)).unwrap_or(text.len())
}

/// Tells whether a character belongs to a name, or to a number.
fn is_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || "_:.".contains(char)
}

#[test]
fn names_are_told_from_all_else() {
    for (query, metrics, labels) in [
        ("up", "up", ""),
        ("a:b:rate5m", "a:b:rate5m", ""),
        ("1.5e3 * 2", "", ""),
        ("rate(a_total[5m])", "a_total", ""),
        ("rate(a_total[$__rate_interval] offset 1d)", "a_total", ""),
        ("a{}", "a", ""),
        ("a{b=\"c\",d!=\"\",e=~\"f|g\", h!~'i'}", "a", "b d e h"),
        ("a{b=\"rate(c{d=1})\"}", "a", "b"),
        ("a{b=~\"$job\"} > bool c", "a c", "b"),
        ("{__name__=~\"a|b\",c=\"d\"}", "a b", "c"),
        ("{__name__!~\"a|b\"}", "", "__name__"),
        ("sum(a)", "a", ""),
        ("sum by (b, c) (a)", "a", "b c"),
        ("sum(a) by(b)", "a", "b"),
        ("topk(3, sum without (b) (a))", "a", "b"),
        ("a / on (b) group_left (c) d", "a d", "b c"),
        ("a / ignoring () group_right () d", "a d", ""),
        ("a and on (b) c unless d or e", "a c d e", "b"),
        (
            "histogram_quantile(0.99, sum by (le) (rate(a_bucket[1m])))",
            "a_bucket",
            "le",
        ),
        ("max_over_time(a[1h:5m]) - inf", "a", ""),
    ] {
        let names = names(query);

        assert_eq!(Vec::from_iter(names.metrics).join(" "), metrics, "{query}");
        assert_eq!(Vec::from_iter(names.labels).join(" "), labels, "{query}");
    }
}

#[test]
fn values_are_those_that_a_label_has_to_have() {
    let names = names("a{b=\"c\",d!=\"e\",f=~\"g\"}");

    let expected = [("b".to_owned(), "c".to_owned())];
    assert_eq!(names.values, BTreeSet::from(expected));
}
