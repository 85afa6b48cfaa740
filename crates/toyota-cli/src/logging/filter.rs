//! Which lines are written: a level, or levels by target.

use toyota_client::config::{LogFilter, LogLevel};
use tracing_subscriber::filter::{LevelFilter, Targets};

/// The beginnings of the targets of this program, its libraries, and their layers.
const OURS: [&str; 2] = ["toyota", "tower_client"];

/// Returns what is to be written. In a list, what no target is about is not written unless a level
/// stands alone in it.
pub(super) fn targets(filter: &LogFilter) -> Targets {
    let mut directives = filter.directives();
    if let (Some((None, level)), None) = (directives.next(), directives.next()) {
        let level = of(level);
        let targets = Targets::new().with_default(level.min(LevelFilter::WARN));
        return targets.with_targets(OURS.map(|target| (target, level)));
    }
    filter
        .directives()
        .fold(Targets::new(), |targets, (target, level)| match target {
            Some(target) => targets.with_target(target, of(level)),
            None => targets.with_default(of(level)),
        })
}

fn of(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
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

    /// The most that is written of a target.
    fn most_of(text: &str, target: &str) -> Option<Level> {
        let targets = targets(&text.parse().unwrap());
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
