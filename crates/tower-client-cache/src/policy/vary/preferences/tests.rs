//! RFC 9110 sections 12.4.2 and 12.5.

use super::*;

#[test]
fn lists_are_the_same_if_nobody_could_tell_them_apart() {
    let table: [(&str, &[&str], bool); 34] = [
        // RFC 9110 sections 5.3 and 5.6.1: lines, whitespace, empty members.
        ("gzip, br", &["gzip,br"], true),
        ("gzip, br", &["gzip\t ,  br ,"], true),
        ("gzip, br", &["gzip", "", "br"], true),
        ("gzip;q=0.5", &["gzip ; q=0.5"], true),
        ("", &[",,"], true),
        ("", &["gzip"], false),
        // Names of codings, languages and types are of any case (sections 8.3.1, 8.4.1, 8.5.1).
        ("gzip", &["GZip"], true),
        ("en-GB", &["EN-gb"], true),
        ("text/HTML;Level=1", &["Text/html;level=1"], true),
        ("text/html;level=a", &["text/html;level=A"], false),
        // Weights (section 12.4.2).
        ("gzip", &["gzip;q=1"], true),
        ("gzip", &["gzip;Q=1."], true),
        ("gzip", &["gzip;q=1.000"], true),
        ("gzip;q=0", &["gzip;q=0.000"], true),
        ("gzip;q=0.5", &["gzip;q=0.50"], true),
        ("gzip", &["gzip;q=0"], false),
        ("gzip;q=0.5", &["gzip;q=0.501"], false),
        ("gzip", &["gzip;q=1.0000"], false),
        ("gzip", &["gzip;q=1.001"], false),
        ("gzip", &["gzip;q=2"], false),
        ("gzip", &["gzip;q="], false),
        ("gzip;q=0.5", &["gzip;q=.5"], false),
        ("gzip;q=0.5", &["gzip;q=0,5"], false),
        ("a;q=1;q=0.5", &["a;q=0.5"], false),
        ("a;q=0.5;q=1", &["a;q=0.5"], false),
        ("text/html;level=1;q=1.0", &["text/html;level=1"], true),
        ("text/html;level=1", &["text/html"], false),
        // What is repeated is another list.
        ("gzip, br, GZIP", &["gzip, br"], false),
        ("gzip, gzip;q=0.5", &["gzip"], false),
        // The order may count (section 12.5.4).
        ("da, en", &["en, da"], false),
        ("da, en;q=0.5", &["en;q=0.5, da"], false),
        // In quotes anything may stand.
        ("a/b;c=\"d\"", &["a/b;c=\"d\""], false),
        ("a/b;c=\"d, E\"", &["a/b;c=\"d, e\""], false),
        ("a/b", &["a/b, c/d;e=\"f\""], false),
    ];

    for (list, lines, expected) in table {
        let one = same_preferences(list.as_bytes(), lines.iter().map(|line| line.as_bytes()));
        assert_eq!(one, expected, "{list} {lines:?}");
        let joined = lines.join(", ");
        let other = same_preferences(joined.as_bytes(), iter::once(list.as_bytes()));
        assert_eq!(other, expected, "{joined} {list}");
    }
}

#[test]
fn a_list_is_the_same_however_it_is_written() {
    let mut rng = fastrand::Rng::with_seed(125);
    for _ in 0..5_000 {
        let list: Vec<(&str, u16)> = (0..rng.usize(1..6))
            .map(|_| {
                (
                    *rng.choice(&["gzip", "br", "zstd", "*"]).unwrap(),
                    rng.u16(..=1000),
                )
            })
            .collect();

        let (one, other) = (write(&mut rng, &list), write(&mut rng, &list));

        let lines = other.iter().map(|line| line.as_bytes());
        assert!(
            same_preferences(one.join(",").as_bytes(), lines),
            "{one:?} {other:?}"
        );
    }
}

/// Writes members in lines, with whitespace, case and weights as it happens.
fn write(rng: &mut fastrand::Rng, list: &[(&str, u16)]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (name, weight) in list {
        let name = if rng.bool() {
            name.to_uppercase()
        } else {
            (*name).to_owned()
        };
        let space = *rng.choice(&["", " ", "\t "]).unwrap();
        let weight = match weight {
            1000 if rng.bool() => String::new(),
            weight if weight % 100 == 0 && rng.bool() => {
                format!(";q={:.1}", f32::from(*weight) / 1000.0)
            }
            weight => format!("{space};{space}q={}.{:03}", weight / 1000, weight % 1000),
        };
        if rng.bool() {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        line.push_str(&format!("{space}{name}{weight}{space},"));
    }
    lines
}
