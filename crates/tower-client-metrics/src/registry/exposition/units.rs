//! Units in UCUM's letters as words of a name.

use super::names::sanitized;

/// Returns the words for a unit, if it belongs into a name. As OpenTelemetry maps them for
/// Prometheus; what is in braces is a remark and no unit.
pub(super) fn words(unit: &str, is_gauge: bool) -> Option<String> {
    if unit == "1" {
        return is_gauge.then(|| "ratio".to_owned());
    }
    let (amount, per) = match unit.split_once('/') {
        Some((amount, per)) => (amount, without_remarks(per)),
        None => (unit, String::new()),
    };
    let amount = word(&without_remarks(amount), plural);
    let per = word(&per, singular);
    match (amount, per) {
        (amount, None) => amount,
        (None, Some(per)) => Some(format!("per_{per}")),
        (Some(amount), Some(per)) => Some(format!("{amount}_per_{per}")),
    }
}

fn without_remarks(unit: &str) -> String {
    let mut depth = 0_u32;
    let outside = unit.chars().filter(|char| match char {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

/// Returns the known word, or what can be written of an unknown unit.
fn word(unit: &str, known: impl Fn(&str) -> Option<&'static str>) -> Option<String> {
    let word = match known(unit) {
        Some(word) => word.to_owned(),
        None => sanitized(unit, |_| false),
    };
    let word = word.trim_matches('_');
    (!word.is_empty()).then(|| word.to_owned())
}

fn plural(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tebibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        _ => return None,
    })
}

fn singular(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_words() {
        let cases = [
            ("", None),
            ("s", Some("seconds")),
            ("By", Some("bytes")),
            ("{request}", None),
            ("{a}{b}", None),
            ("{request}/s", Some("per_second")),
            ("By/s", Some("bytes_per_second")),
            ("m/s", Some("meters_per_second")),
            ("%", Some("percent")),
            ("furlong", Some("furlong")),
            ("°F", Some("F")),
            ("é", None),
            ("/", None),
            ("}{", None),
            ("1", None),
        ];

        for (unit, expected) in cases {
            assert_eq!(words(unit, false).as_deref(), expected, "{unit}");
        }
        assert_eq!(words("1", true).as_deref(), Some("ratio"));
    }
}
