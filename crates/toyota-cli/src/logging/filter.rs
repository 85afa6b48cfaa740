//! Which lines are written: a level, or levels by target.

use tracing_subscriber::filter::{LevelFilter, Targets};

/// The beginnings of the targets of this program, its libraries, and their layers.
const OURS: [&str; 2] = ["toyota", "tower_client"];

/// A text that is neither a level nor a list of levels by target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{directive:?} is not allowed: error, warn, info, debug, trace or off, \
     or a list such as warn,toyota_client=debug"
)]
pub(crate) struct InvalidFilter {
    directive: String,
}

/// Reads what is to be written. In a list, what no target is about is not written unless a level
/// stands alone in it.
pub(super) fn parse(text: &str) -> Result<Targets, InvalidFilter> {
    if let Some(level) = level(text) {
        let targets = Targets::new().with_default(level.min(LevelFilter::WARN));
        return Ok(targets.with_targets(OURS.map(|target| (target, level))));
    }
    let mut targets = Targets::new();
    for directive in text.split(',') {
        let invalid = || InvalidFilter {
            directive: directive.trim().chars().take(100).collect(),
        };
        targets = match directive.split_once('=') {
            None => targets.with_default(level(directive).ok_or_else(invalid)?),
            Some((target, text)) => {
                let level = level(text).ok_or_else(invalid)?;
                targets.with_target(module(target).ok_or_else(invalid)?, level)
            }
        };
    }
    Ok(targets)
}

fn level(text: &str) -> Option<LevelFilter> {
    let levels = [
        ("off", LevelFilter::OFF),
        ("error", LevelFilter::ERROR),
        ("warn", LevelFilter::WARN),
        ("info", LevelFilter::INFO),
        ("debug", LevelFilter::DEBUG),
        ("trace", LevelFilter::TRACE),
    ];
    let text = text.trim();
    let mut found = levels
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(text));
    found.next().map(|(_, level)| *level)
}

/// The path of a module, or of those that begin with it.
fn module(text: &str) -> Option<&str> {
    let text = text.trim();
    let fits = |c: char| c.is_alphanumeric() || "_-:".contains(c);
    (!text.is_empty() && text.chars().all(fits)).then_some(text)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn a_level_is_for_this_program_and_warnings_are_for_its_dependencies() {
        for (text, target, most) in [
            ("INFO", "toyota", Some(Level::INFO)),
            ("info", "toyota_client::login", Some(Level::INFO)),
            ("Debug", "tower_client_auth::flight", Some(Level::DEBUG)),
            (" trace ", "toyota_sim", Some(Level::TRACE)),
            ("trace", "hyper_util::client", Some(Level::WARN)),
            ("debug", "h2", Some(Level::WARN)),
            ("debug", "rustls", Some(Level::WARN)),
            ("debug", "tower_http::follow_redirect", Some(Level::WARN)),
            ("error", "rustls", Some(Level::ERROR)),
            ("off", "rustls", None),
            ("off", "toyota", None),
        ] {
            assert_eq!(most_of(text, target), most, "{text} {target}");
        }
    }

    #[test]
    fn a_list_says_all_by_itself() {
        let text = "warn, toyota_client=DEBUG,hyper_util::client=trace";
        for (target, most) in [
            ("toyota_client::login", Some(Level::DEBUG)),
            ("toyota", Some(Level::WARN)),
            ("hyper_util::client::legacy", Some(Level::TRACE)),
            ("h2", Some(Level::WARN)),
        ] {
            assert_eq!(most_of(text, target), most, "{target}");
        }
        assert_eq!(
            most_of("toyota_client=info", "toyota_client"),
            Some(Level::INFO)
        );
        assert_eq!(most_of("toyota_client=info", "h2"), None);
        assert_eq!(most_of("debug,h2=off", "h2"), None);
    }

    #[test]
    fn what_is_neither_is_named() {
        for (text, named) in [
            ("", "\"\""),
            ("inf", "\"inf\""),
            ("3", "\"3\""),
            ("warn,toyota", "\"toyota\""),
            ("warn,", "\"\""),
            ("warn,h2=loud", "\"h2=loud\""),
            ("=info", "\"=info\""),
            ("h2=", "\"h2=\""),
            ("[span]=debug", "\"[span]=debug\""),
            ("a b=debug", "\"a b=debug\""),
            ("x\u{1b}[2J", "\"x\\u{1b}[2J\""),
        ] {
            let error = parse(text).unwrap_err();

            let expected =
                format!("{named} is not allowed: error, warn, info, debug, trace or off");
            assert!(error.to_string().starts_with(&expected), "{text}: {error}");
        }
    }

    /// The most that is written of a target.
    fn most_of(text: &str, target: &str) -> Option<Level> {
        let targets = parse(text).unwrap();
        let levels = [
            Level::TRACE,
            Level::DEBUG,
            Level::INFO,
            Level::WARN,
            Level::ERROR,
        ];
        levels
            .into_iter()
            .find(|level| targets.would_enable(target, level))
    }
}
