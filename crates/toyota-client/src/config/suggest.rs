//! What was probably meant by a name that is not known.

use super::file::CONFIG_VARIABLE;
use super::key::{self, Key, keys};

/// Longer names are no slips, and comparing them is work that somebody else could make us do.
const MAX_NAME: usize = 64;
/// How alike two names are, from 0 to 1, of which one is taken for a slip of the other.
const LIKE: f64 = 0.7;
const PREFIX: &str = "TOYOTA_";

/// Returns the key, or the section, that is meant by this path.
pub(super) fn key(path: &str) -> Option<String> {
    if path.len() > MAX_NAME {
        return None;
    }
    let path = path.to_ascii_lowercase().replace('-', "_");
    let Some((section, name)) = path.rsplit_once('.') else {
        return section(&path).or_else(|| only_key_named(&path));
    };
    let known = |key: &&Key| key.section() == section;
    let within = nearest(name, keys().filter(known).map(Key::name));
    within
        .map(|name| format!("{section}.{name}"))
        .or_else(|| nearest(&path, keys().map(Key::path)).map(str::to_owned))
        .or_else(|| only_key_named(name))
}

/// Returns the variable that is meant by one of ours that is not known.
pub(super) fn variable(name: &str) -> Option<&'static str> {
    if name.len() > MAX_NAME {
        return None;
    }
    let rest = name.strip_prefix(PREFIX)?;
    let known = keys().map(Key::variable).chain([CONFIG_VARIABLE]);
    // The prefix, which all have, would make all alike.
    let meant = nearest(rest, known.clone().filter_map(|it| it.strip_prefix(PREFIX)))?;
    known
        .into_iter()
        .find(|it| it.strip_prefix(PREFIX) == Some(meant))
}

fn section(name: &str) -> Option<String> {
    nearest(name, key::sections()).map(str::to_owned)
}

/// Returns the key that has this name in its section, if there is one and no other.
fn only_key_named(name: &str) -> Option<String> {
    let mut named = keys().filter(|key| key.name() == name);
    let first = named.next()?;
    named.next().is_none().then(|| first.path().to_owned())
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = known.map(|known| (strsim::normalized_damerau_levenshtein(name, known), known));
    alike
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized() {
        for (path, meant) in [
            ("cache.tll", Some("cache.ttl")),
            ("cache.TTL", Some("cache.ttl")),
            ("cache.max-size", Some("cache.max_size")),
            ("cahce.ttl", Some("cache.ttl")),
            ("cahce", Some("cache")),
            ("logging.levle", Some("logging.level")),
            ("auth.timeout", Some("api.timeout")),
            ("ttl", Some("cache.ttl")),
            ("password", Some("auth.password")),
            ("cache.ttl", Some("cache.ttl")),
            // Two sections have it.
            ("enabled", None),
            ("cache.colour", None),
            ("", None),
        ] {
            assert_eq!(key(path).as_deref(), meant, "{path:?}");
        }
        assert_eq!(key(&"cache.ttl".repeat(1000)), None);
    }

    #[test]
    fn a_slip_in_a_variable_is_recognized_and_other_programs_are_let_be() {
        for (name, meant) in [
            ("TOYOTA_CACHE_TLL", Some("TOYOTA_CACHE_TTL")),
            (
                "TOYOTA_RETRY_MAX_ATTEMPT",
                Some("TOYOTA_RETRY_MAX_ATTEMPTS"),
            ),
            ("TOYOTA_CONFG", Some("TOYOTA_CONFIG")),
            ("TOYOTA_LOGLEVEL", Some("TOYOTA_LOG_LEVEL")),
            ("TOYOTA_DEALER_ID", None),
            ("TOYOTA_TEST_TOKENS", None),
            ("TOYOTA_", None),
            ("PATH", None),
        ] {
            assert_eq!(variable(name), meant, "{name}");
        }
    }
}
