//! Stores of the cache: where each is.

use serde_json::{Map, Value, json};
use tower_client::cache::{InvalidStoreUrl, StoreUrl};

use super::{Kind, keywords, pattern};

/// As many as are opened as tiers.
const MOST: usize = 8;
const LONGEST: usize = 4096;

/// Stores as tiers, the first uppermost: as a list, or as a text with white space between them.
pub(in super::super) struct Stores;

impl Kind for Stores {
    type Value = Vec<StoreUrl>;

    fn parse(&self, text: &str) -> Result<Vec<StoreUrl>, String> {
        let items: Vec<_> = text.split_ascii_whitespace().take(MOST + 1).collect();
        self.parse_list(&items)
    }

    fn parse_list(&self, items: &[&str]) -> Result<Vec<StoreUrl>, String> {
        if !(1..=MOST).contains(&items.len()) {
            return Err(format!("1 to {MOST} stores: {}", self.allowed()));
        }
        items.iter().map(|item| store(item)).collect()
    }

    fn json(&self, value: &Vec<StoreUrl>) -> Value {
        value.iter().map(ToString::to_string).collect()
    }

    fn hides(&self, value: &Vec<StoreUrl>) -> bool {
        value.iter().any(StoreUrl::has_credentials)
    }

    fn allowed(&self) -> String {
        "a list, or words with spaces between: memory, disk:DIR, \
         redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], the same with rediss, redis+unix:///PATH"
            .to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        let item = pattern(r"^(memory$|disk:([^~]|~[^/])|rediss?://.|redis\+unix:///.)");
        keywords([
            ("type", json!("array")),
            ("items", Value::Object(item)),
            ("minItems", json!(1)),
            ("maxItems", json!(MOST)),
        ])
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(pattern("^[ \\t\\r\\n]*(memory|disk:|redis)"))
    }
}

/// Reads one, or says what would be allowed.
fn store(text: &str) -> Result<StoreUrl, String> {
    if let Some(folder) = text.strip_prefix("disk:") {
        let is_shorthand = folder == "~" || folder.starts_with("~/");
        if is_shorthand || folder.len() > LONGEST || folder.chars().any(char::is_control) {
            return Err("disk: and the path of a folder; ~ is not understood".to_owned());
        }
    } else if text.contains("***") {
        return Err("the password itself, not what stands for it".to_owned());
    }
    text.parse().map_err(|error| match error {
        InvalidStoreUrl::FeatureOff(feature) => {
            format!("a store that was built in; this one needs the feature cache-{feature}")
        }
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_a_list_say_the_same() {
        let text = Stores.parse("memory\n memory").unwrap();
        let list = Stores.parse_list(&["memory", "memory"]).unwrap();

        assert_eq!((text.len(), &text), (2, &list));
        assert_eq!(Stores.json(&text), json!(["memory", "memory"]));
    }

    #[test]
    fn what_is_no_store_is_told_of_without_what_was_written() {
        for (text, expected) in [
            ("", "1 to 8 stores: "),
            (&"memory ".repeat(9), "1 to 8 stores: "),
            ("s3cret", "no such store; "),
            ("memory s3cret:x", "no such store; "),
            ("disk:", "a store on disk without a folder"),
            ("disk:~/s3cret", "~ is not understood"),
            ("disk:~", "~ is not understood"),
            ("disk:s3\u{7}cret", "~ is not understood"),
            ("redis://***@h", "the password itself"),
            ("redis+unix:///p?***", "the password itself"),
            (
                "redis://anna:s3/cret@h",
                "not the address of a store's server",
            ),
        ] {
            let refused = Stores.parse(text).unwrap_err();

            assert!(refused.contains(expected), "{text:?}: {refused}");
            assert!(!refused.contains("s3cret"), "{refused}");
        }
        assert!(Stores.parse_list(&["disk: x", ""]).is_err());
    }

    #[cfg(not(feature = "cache-redis"))]
    #[test]
    fn a_store_that_is_not_built_in_is_told_of_as_such() {
        let refused = Stores.parse("redis://localhost").unwrap_err();

        let expected = "a store that was built in; this one needs the feature cache-redis";
        assert_eq!(refused, expected);
    }

    #[cfg(all(feature = "cache-disk", feature = "cache-redis"))]
    #[test]
    fn user_and_password_are_shown_nowhere() {
        let stores = Stores.parse_list(&["disk:/a folder", "redis://anna:s3cret@h/1"]);

        let stores = stores.unwrap();

        let shown = Stores.json(&stores);
        assert_eq!(shown, json!(["disk:/a folder", "redis://***@h/1"]));
        assert!(Stores.hides(&stores) && !Stores.hides(&stores[..1].to_vec()));
    }
}
