//! Where answers are stored: by the command line, or by a variable that may have a password.

use tower_client::cache::{InvalidStoreUrl, StoreUrl};

/// A store that the command line names. Its text is not kept: it may have a password.
#[derive(Clone, Debug)]
pub(crate) struct Named(Result<StoreUrl, InvalidStoreUrl>);

impl From<String> for Named {
    fn from(text: String) -> Self {
        Self(text.parse())
    }
}

/// Why the stores that are named are not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Invalid(&'static str, InvalidStoreUrl),
    Visible,
}

/// Returns the stores that are meant: those of the command line, or else those of the variable.
pub(crate) fn chosen(named: &[Named], variable: Option<&str>) -> Result<Vec<StoreUrl>, Refused> {
    if named.is_empty() {
        let texts = variable.unwrap_or_default();
        let texts = texts.split(|c: char| c == ',' || c.is_whitespace());
        let urls = texts.filter(|text| !text.is_empty()).map(str::parse);
        let urls: Result<_, _> = urls.collect();
        return urls.map_err(|error| Refused::Invalid("CACHE_STORE", error));
    }
    let urls = named.iter().map(|Named(url)| url.clone());
    let urls: Result<Vec<_>, _> = urls.collect();
    let urls = urls.map_err(|error| Refused::Invalid("--store", error))?;
    if urls.iter().any(StoreUrl::has_credentials) {
        return Err(Refused::Visible);
    }
    Ok(urls)
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(place, error) => write!(f, "{place}: {error}"),
            Self::Visible => f.write_str(
                "--store with a user or a password can be read by others: say it by CACHE_STORE",
            ),
        }
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_variable_and_memory_is_neither() {
        let named = ["memory", "disk:/a folder"].map(|text| Named::from(text.to_owned()));

        let by_line = chosen(&named, Some("redis://localhost")).unwrap();
        let by_variable = chosen(&[], Some("memory, redis://anna:s3cret@h\n disk:/b")).unwrap();
        let by_default = chosen(&[], None).unwrap();

        assert_eq!(shown(&by_line), "memory disk:/a folder");
        assert_eq!(shown(&by_variable), "memory redis://***@h disk:/b");
        assert_eq!(shown(&by_default), "");
    }

    #[test]
    fn a_password_on_the_command_line_is_refused_and_shown_nowhere() {
        let named = [Named::from("redis://anna:s3cret@localhost".to_owned())];

        let refused = chosen(&named, None).unwrap_err();

        assert_eq!(refused, Refused::Visible);
        let shown = format!("{named:?} {refused}");
        assert!(
            shown.contains("CACHE_STORE") && !shown.contains("s3cret"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_no_store_is_told_by_where_it_was_said() {
        let named = [Named::from("s3cret:".to_owned())];

        let by_line = chosen(&named, None).unwrap_err().to_string();
        let by_variable = chosen(&[], Some("memory s3cret:")).unwrap_err().to_string();

        assert!(by_line.starts_with("--store: no such store"), "{by_line}");
        assert!(
            by_variable.starts_with("CACHE_STORE: no such store"),
            "{by_variable}"
        );
        assert!(!format!("{by_line} {by_variable}").contains("s3cret"));
    }

    fn shown(urls: &[StoreUrl]) -> String {
        urls.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
