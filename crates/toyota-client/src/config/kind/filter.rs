//! What is logged.

use serde_json::{Map, Value, json};

use super::{Kind, keywords};
use crate::config::LogFilter;
use crate::config::log_filter::MAX_FILTER;

/// A level, in any case.
const LEVEL: &str = "([Oo][Ff][Ff]|[Ee][Rr][Rr][Oo][Rr]|[Ww][Aa][Rr][Nn]|[Ii][Nn][Ff][Oo]\
                     |[Dd][Ee][Bb][Uu][Gg]|[Tt][Rr][Aa][Cc][Ee])";

/// A level, or levels by target.
pub(in super::super) struct Filter;

impl Kind for Filter {
    type Value = LogFilter;

    fn parse(&self, text: &str) -> Result<LogFilter, String> {
        text.parse().map_err(|_| self.allowed())
    }

    fn json(&self, value: &LogFilter) -> Value {
        json!(value.as_str())
    }

    fn allowed(&self) -> String {
        "OFF, ERROR, WARN, INFO, DEBUG, TRACE, or a filter such as warn,toyota_client=debug"
            .to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        let directive = format!(" *([A-Za-z0-9_:-]+ *= *)?{LEVEL} *");
        keywords([
            ("type", json!("string")),
            ("maxLength", json!(MAX_FILTER)),
            ("pattern", json!(format!("^{directive}(,{directive})*$"))),
        ])
    }
}
