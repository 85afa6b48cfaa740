//! Numbers and times, each within bounds.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Number, Value, json};

use super::{Kind, keywords, quoted_number};

/// A whole number.
pub(in super::super) struct Whole<T> {
    pub(in super::super) least: T,
    pub(in super::super) most: T,
}

impl<T> Kind for Whole<T>
where
    T: Copy + Display + FromStr + PartialOrd + Into<Value> + Sync,
{
    type Value = T;

    fn is_text(&self) -> bool {
        false
    }

    fn parse(&self, text: &str) -> Result<T, String> {
        let number = ungrouped(text).parse().ok();
        let number = number.filter(|number| (self.least..=self.most).contains(number));
        number.ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &T) -> Value {
        (*value).into()
    }

    fn allowed(&self) -> String {
        format!("a whole number from {} to {}", self.least, self.most)
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(quoted_number())
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("integer")),
            ("minimum", self.least.into()),
            ("maximum", self.most.into()),
        ])
    }
}

/// A number that need not be whole.
pub(in super::super) struct Factor {
    pub(in super::super) least: f64,
    pub(in super::super) most: f64,
}

impl Kind for Factor {
    type Value = f64;

    fn is_text(&self) -> bool {
        false
    }

    fn parse(&self, text: &str) -> Result<f64, String> {
        let number = ungrouped(text).parse().ok();
        let number = number.filter(|number| (self.least..=self.most).contains(number));
        // Zero has no sign here.
        let number = number.map(|number: f64| number + 0.0);
        number.ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &f64) -> Value {
        number(*value)
    }

    fn allowed(&self) -> String {
        format!("a number from {} to {}", self.least, self.most)
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(quoted_number())
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("number")),
            ("minimum", number(self.least)),
            ("maximum", number(self.most)),
        ])
    }
}

/// A time in seconds.
pub(in super::super) struct Seconds {
    most: u32,
    is_zero_allowed: bool,
    is_whole: bool,
}

impl Seconds {
    /// More than none.
    pub(in super::super) const fn above_zero(most: u32) -> Self {
        Self {
            most,
            is_zero_allowed: false,
            is_whole: false,
        }
    }

    /// None, or more.
    pub(in super::super) const fn up_to(most: u32) -> Self {
        Self {
            is_zero_allowed: true,
            ..Self::above_zero(most)
        }
    }

    /// Without fractions.
    pub(in super::super) const fn whole_up_to(most: u32) -> Self {
        Self {
            is_whole: true,
            ..Self::up_to(most)
        }
    }
}

impl Kind for Seconds {
    type Value = Duration;

    fn is_text(&self) -> bool {
        false
    }

    fn parse(&self, text: &str) -> Result<Duration, String> {
        let seconds: Option<f64> = ungrouped(text).parse().ok();
        let seconds = seconds.filter(|seconds| *seconds <= self.most.into());
        // Neither negative nor NaN; what is less than a nanosecond is none.
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let time = time.filter(|time| self.is_zero_allowed || !time.is_zero());
        let time = time.filter(|time| !self.is_whole || time.subsec_nanos() == 0);
        time.ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &Duration) -> Value {
        number(value.as_secs_f64())
    }

    fn allowed(&self) -> String {
        let most = self.most;
        match (self.is_zero_allowed, self.is_whole) {
            (false, _) => format!("seconds above 0, at most {most}"),
            (true, false) => format!("seconds from 0 to {most}"),
            (true, true) => format!("whole seconds from 0 to {most}"),
        }
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(quoted_number())
    }

    fn schema(&self) -> Map<String, Value> {
        let kind = if self.is_whole { "integer" } else { "number" };
        let least = if self.is_zero_allowed {
            "minimum"
        } else {
            "exclusiveMinimum"
        };
        keywords([
            ("type", json!(kind)),
            (least, json!(0)),
            ("maximum", json!(self.most)),
        ])
    }
}

/// A number as short as it can be written: 60, not 60.0.
fn number(value: f64) -> Value {
    let number: Option<Number> = value.to_string().parse().ok();
    number.map_or(Value::Null, Value::Number)
}

/// Digits in groups, as TOML writes them: `1_000`.
fn ungrouped(text: &str) -> Cow<'_, str> {
    let groups: Vec<_> = text.split('_').collect();
    let is_digit = |digit: Option<char>| digit.is_some_and(|digit| digit.is_ascii_digit());
    let is_grouped = groups.windows(2).all(|pair| match pair {
        [before, after] => is_digit(before.chars().next_back()) && is_digit(after.chars().next()),
        _ => false,
    });
    if groups.len() > 1 && is_grouped {
        groups.concat().into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_can_be_grouped() {
        for (text, expected) in [
            ("1_000", "1000"),
            ("1_0_0.5_0", "100.50"),
            ("_1", "_1"),
            ("1_", "1_"),
            ("1__0", "1__0"),
            ("1_.0", "1_.0"),
            ("", ""),
        ] {
            assert_eq!(ungrouped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_number_is_written_as_short_as_it_can_be() {
        for (value, expected) in [(60.0, "60"), (0.1, "0.1"), (0.0, "0"), (0.25, "0.25")] {
            assert_eq!(number(value).to_string(), expected);
        }
    }

    #[test]
    fn a_time_is_within_its_bounds() {
        let (above, up_to, whole) = (
            Seconds::above_zero(10),
            Seconds::up_to(10),
            Seconds::whole_up_to(10),
        );
        for (text, allowed_by) in [
            ("10", [true, true, true]),
            ("0.5", [true, true, false]),
            ("3.0", [true, true, true]),
            ("0", [false, true, true]),
            ("1e-12", [false, true, true]),
            ("10.1", [false, false, false]),
            ("-1", [false, false, false]),
            ("NaN", [false, false, false]),
            ("inf", [false, false, false]),
            ("1e300", [false, false, false]),
            ("soon", [false, false, false]),
            ("", [false, false, false]),
        ] {
            let allowed = [&above, &up_to, &whole].map(|kind| kind.parse(text).is_ok());

            assert_eq!(allowed, allowed_by, "{text:?}");
        }
    }
}
