//! Routes of the API in place of built-in ones.

use serde_json::{Map, Value, json};

use super::{Kind, keywords, pattern};
use crate::routes::RouteOverride;

/// As many as there may be features.
const MOST: usize = 64;

/// Routes by feature: as a list, or as a text with white space between them.
pub(in super::super) struct Routes;

impl Kind for Routes {
    type Value = Vec<RouteOverride>;

    fn parse(&self, text: &str) -> Result<Vec<RouteOverride>, String> {
        let items: Vec<_> = text.split_ascii_whitespace().take(MOST + 1).collect();
        self.parse_list(&items)
    }

    fn parse_list(&self, items: &[&str]) -> Result<Vec<RouteOverride>, String> {
        if items.len() > MOST {
            return Err(format!("at most {MOST} features: {}", self.allowed()));
        }
        let routes = items.iter().map(|item| item.parse());
        let routes: Result<_, _> = routes.collect();
        routes.map_err(|error: crate::routes::InvalidRoute| error.to_string())
    }

    fn json(&self, value: &Vec<RouteOverride>) -> Value {
        value.iter().map(ToString::to_string).collect()
    }

    fn allowed(&self) -> String {
        "a list, or words with spaces between: FEATURE=ROUTE[,ROUTE], as in \
         status=/v3/vehicle/status,old; a route is a path, new or old"
            .to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        let item = pattern("^ *[a-z_]+ *=");
        keywords([
            ("type", json!("array")),
            ("items", Value::Object(item)),
            ("maxItems", json!(MOST)),
        ])
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(pattern("^[ \\t\\r\\n]*[a-z_]+="))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_a_list_say_the_same() {
        let text = Routes.parse("status=old\n trips=/v2/trips").unwrap();
        let list = Routes
            .parse_list(&["status = old", "trips=/v2/trips"])
            .unwrap();

        assert_eq!((text.len(), &text), (2, &list));
        assert_eq!(Routes.json(&text), json!(["status=old", "trips=/v2/trips"]));
    }

    #[test]
    fn what_is_no_route_is_told_of_by_what_it_lacks() {
        for (text, expected) in [
            ("status", "a feature, an equals sign and routes are needed"),
            ("status=old doors=/x", "no such feature"),
            (&"status=old ".repeat(65), "at most 64 features"),
        ] {
            let refused = Routes.parse(text).unwrap_err();

            assert!(refused.contains(expected), "{text:?}: {refused}");
        }
    }
}
